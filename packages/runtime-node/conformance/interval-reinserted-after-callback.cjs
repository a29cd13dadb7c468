// A timeout of the same length made in an interval's callback precedes the next tick of the interval.
const log = console.log;

let n = 0;
const iv = setInterval(() => {
  log("interval", ++n);
  setTimeout(() => log("timeout", n), 4);
  if (n === 3) clearInterval(iv);
}, 4);
