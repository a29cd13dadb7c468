/** The thread pool, sockets, streams, workers. */
import { ms } from "../library.ts";
import type { EventEmitter } from "../node/events.ts";
import type { Program } from "./prelude.ts";

export const io: readonly Program[] = [
  {
    name: "pool-fifo",
    pins: "With one pool thread completions come in the order of submission, and each drains ticks and microtasks",
    poolSize: 1,
    port({ pbkdf2, fs, process, Promise, log }) {
      pbkdf2(30, () => {
        log("pbkdf2");
        process.nextTick(() => log("tick"));
      });
      fs.stat(() => {
        log("stat");
        Promise.resolve().then(() => log("micro"));
      });
      fs.access(() => log("access"));
      fs.promises.stat().then(() => log("promises.stat"));
      log("main");
    },
  },
  {
    name: "pool-batch",
    pins: "All queued completions are delivered in one poll, before any immediate",
    poolSize: 1,
    *port({ fs, setImmediate, process, log }) {
      for (const n of [1, 2, 3])
        fs.stat(() => {
          log("stat", n);
          setImmediate(() => log("immediate", n));
          process.nextTick(() => log("tick", n));
        });
      yield ms(120);
    },
  },
  {
    name: "pool-slow-io",
    pins: "getaddrinfo is slow I/O: a second look-up goes behind the work queued after it",
    poolSize: 1,
    port({ pbkdf2, dns, fs, log }) {
      pbkdf2(50, () => log("pbkdf2"));
      dns.lookup(1, () => log("lookup 1"));
      dns.lookup(1, () => log("lookup 2"));
      fs.stat(() => log("stat 1"));
      fs.stat(() => log("stat 2"));
    },
  },
  {
    name: "readfile-four-trips",
    pins: "readFile takes open, fstat, read and close: three stats overtake it",
    poolSize: 1,
    port({ fs, log }) {
      let n = 0;
      let done = false;
      fs.readFile(1000, () => {
        done = true;
        log("readFile after", n, "stats");
      });
      (function again() {
        fs.stat(() => {
          n++;
          if (!done) again();
        });
      })();
    },
  },
  {
    name: "tcp-order",
    pins: "A connection over TCP from listen to close",
    port({ net, log }) {
      const server = net.createServer((s) => {
        log("server connection");
        s.on("data", (d) => {
          log("server data", d);
          s.end("pong");
        });
      });
      server.on("close", () => log("server close"));
      server.listen(() => {
        log("listening");
        const c = net.connect(server);
        c.on("connect", () => {
          log("client connect");
          c.write("ping", () => log("client written"));
        });
        c.on("data", (d) => log("client data", d));
        c.on("end", () => log("client end"));
        c.on("close", () => {
          log("client close");
          server.close();
        });
      });
      log("main");
    },
  },
  {
    name: "writable-drain",
    pins: "The callback of an async _write comes after the flush of the buffer; drain, when the length is 0, precedes it",
    port({ stream, setImmediate, log }) {
      const w = stream.writable({
        highWaterMark: 4,
        write(chunk, callback) {
          log("_write", chunk);
          setImmediate(callback);
        },
      });
      w.on("drain", () => log("drain"))
        .on("finish", () => log("finish"))
        .on("close", () => log("close"));
      log(w.write("ab", () => log("cb ab")));
      log(w.write("cd", () => log("cb cd")));
      w.once("drain", () => {
        log(w.write("e"));
        w.end(() => log("end cb"));
      });
    },
  },
  {
    name: "writable-sync",
    pins: "After a sync _write the length is 0 again, so write() is true, and the callbacks come in one tick",
    port({ stream, process, log }) {
      const w = stream.writable({
        highWaterMark: 2,
        write(chunk, callback) {
          log("_write", chunk);
          callback();
        },
      });
      w.on("drain", () => log("never"));
      log(w.write("abc", () => log("cb 1")));
      log(w.write("d", () => log("cb 2")));
      process.nextTick(() => log("tick"));
      log("main");
    },
  },
  {
    name: "readable-flow",
    pins: "A stream resumes in a tick, and a sync source is pumped inside of it",
    port({ stream, process, Promise, log }) {
      let n = 0;
      const r = stream.readable({
        objectMode: true,
        highWaterMark: 2,
        read(self) {
          log("_read");
          self.push(n < 3 ? n++ : null);
        },
      });
      r.on("data", (d) => log("data", d))
        .on("end", () => log("end"))
        .on("close", () => log("close"));
      process.nextTick(() => log("tick"));
      Promise.resolve().then(() => log("micro"));
      log("main");
    },
  },
  {
    name: "pipeline-error",
    pins: "An error destroys the streams of a pipeline upstream, then downstream, and the callback comes last",
    port({ stream, setImmediate, process, log }) {
      const tag = <S extends InstanceType<typeof EventEmitter>>(s: S, name: string): S =>
        s.on("close", () => log(name, "close")).on("error", () => log(name, "error"));
      let n = 0;
      stream.pipeline(
        tag(
          stream.readable({
            objectMode: true,
            read(self) {
              self.push(++n);
            },
          }),
          "src",
        ),
        tag(
          stream.transform({
            objectMode: true,
            transform(chunk, callback) {
              setImmediate(() => (chunk === 2 ? callback(new Error("bad")) : callback(null, chunk)));
            },
          }),
          "mid",
        ),
        tag(
          stream.writable({
            objectMode: true,
            write(chunk, callback) {
              log("write", chunk);
              process.nextTick(callback);
            },
          }),
          "dst",
        ),
        (error) => log("callback", error?.message),
      );
    },
  },
  {
    name: "worker",
    pins: "What a worker posts from its queues arrives in order, and exit comes last",
    port({ worker, log }) {
      const w = worker(({ process, Promise, setImmediate }, parentPort) => {
        parentPort.postMessage("sync");
        process.nextTick(() => parentPort.postMessage("tick"));
        Promise.resolve().then(() => parentPort.postMessage("micro"));
        setImmediate(() => {
          parentPort.postMessage("immediate");
          process.exit(7);
        });
      });
      w.on("online", () => log("online"))
        .on("message", (m) => log(m))
        .on("exit", (code) => log("exit", code));
      log("created");
    },
  },
  {
    name: "worker-terminate",
    pins: "terminate() ends a worker with 1: exit, its ticks, then the promise",
    port({ worker, process, log }) {
      const w = worker(({ setInterval }, parentPort) => {
        setInterval(() => {}, 1000);
        parentPort.postMessage("up");
      });
      w.on("message", (m) => {
        log(m);
        w.terminate().then((code) => log("terminated", code));
        log("terminate called");
      });
      w.on("exit", (code) => {
        log("exit", code);
        process.nextTick(() => log("tick"));
      });
    },
  },
];
