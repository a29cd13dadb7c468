// Since libuv 1.45 timers run once more before the check whether the loop is alive, unreferenced ones too.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setImmediate(() => {
  setTimeout(() => log("unref timer ran"), 1).unref();
  busy(5);
  log("immediate");
});
process.on("exit", () => log("exit"));
