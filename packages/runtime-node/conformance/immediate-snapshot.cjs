// Immediates made by a batch wait for the next turn of the loop.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setImmediate(() => {
  log("i1");
  setImmediate(() => log("i3"));
  setTimeout(() => log("timer"), 1);
  busy(4);
});
setImmediate(() => log("i2"));
