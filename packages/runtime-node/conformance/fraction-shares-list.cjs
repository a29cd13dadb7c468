// Lists are keyed by whole milliseconds.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setTimeout(() => log("a 2"), 2);
setTimeout(() => log("b 2.9"), 2.9);
setTimeout(() => log("c 2"), 2);
busy(6);
