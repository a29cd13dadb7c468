// uv_run runs timers once before the body of the loop.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setImmediate(() => log("immediate"));
setTimeout(() => log("timeout"), 1);
busy(5);
