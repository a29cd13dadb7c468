// refresh() moves a timer to the tail of its list.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

const a = setTimeout(() => log("a"), 5);
setTimeout(() => log("b"), 5);
a.refresh();
busy(8);
