// The pass works with a frozen now, and what is overdue then is due 1 ms later, so the check phase comes first.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setTimeout(() => {
  log("t1");
  setTimeout(() => log("nested, long due"), 1);
  setImmediate(() => log("immediate"));
  busy(10);
}, 1);
setTimeout(() => log("t2"), 2);
busy(5);
