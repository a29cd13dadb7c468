// A connection over TCP from listen to close.
const net = require("node:net");

const log = console.log;

const server = net.createServer((s) => {
  log("server connection");
  s.on("data", (d) => {
    log("server data", String(d));
    s.end("pong");
  });
});
server.on("close", () => log("server close"));
server.listen(0, "127.0.0.1", () => {
  log("listening");
  const c = net.connect(server.address().port, "127.0.0.1");
  c.on("connect", () => {
    log("client connect");
    c.write("ping", () => log("client written"));
  });
  c.on("data", (d) => log("client data", String(d)));
  c.on("end", () => log("client end"));
  c.on("close", () => {
    log("client close");
    server.close();
  });
});
log("main");
