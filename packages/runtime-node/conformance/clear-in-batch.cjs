// A timer of the same batch can be cleared by a callback or by the microtasks after it.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setTimeout(() => {
  log("a");
  clearTimeout(c);
  Promise.resolve().then(() => clearTimeout(d));
}, 1);
setTimeout(() => log("b"), 1);
const c = setTimeout(() => log("c"), 1);
const d = setTimeout(() => log("d"), 1);
setTimeout(() => log("e"), 1);
busy(4);
