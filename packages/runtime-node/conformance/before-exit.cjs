// At a natural exit the microtasks of an exit listener still run, ticks and immediates do not.
const log = console.log;

let n = 0;
process.on("beforeExit", () => {
  log("beforeExit");
  if (n++ < 1) setImmediate(() => log("immediate"));
});
process.on("exit", (c) => {
  log("exit", c);
  setImmediate(() => log("never"));
  process.nextTick(() => log("never"));
  Promise.resolve().then(() => log("micro in exit"));
});
