// A due list is emptied of every due timer before the next list is looked at.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setTimeout(() => log("A due 10"), 10);
busy(3);
setTimeout(() => log("C due 15"), 12);
busy(4);
setTimeout(() => log("B due 17"), 10);
busy(20);
