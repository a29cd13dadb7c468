// The period of an interval counts from the start of its callback.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

let n = 0;
const iv = setInterval(() => {
  log("interval", ++n);
  if (n === 2) return clearInterval(iv);
  busy(30);
  setTimeout(() => log("timeout"), 25);
}, 40);
