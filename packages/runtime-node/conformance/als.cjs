// An AsyncLocalStorage context follows who awaits, not who resolves.
const { AsyncLocalStorage } = require("node:async_hooks");

const log = console.log;

const als = new AsyncLocalStorage();
const ws = [];
als.run("waiter", async () => {
  await new Promise((r) => ws.push(r));
  log("resumed", als.getStore());
});
als.run("timer", () =>
  setTimeout(() => {
    ws[0]();
    process.nextTick(() => log("tick", als.getStore()));
  }, 1),
);
als.run("imm", () => setImmediate(() => log("immediate", als.getStore())));
log("outside", als.getStore());
