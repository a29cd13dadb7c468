// abort() runs the listeners at once; a promise timer with a signal rejects six turns later.
const tp = require("node:timers/promises");

const log = console.log;

const ac = new AbortController();
const s = ac.signal;
s.addEventListener("abort", () => log("listener 1", s.reason));
tp.setTimeout(1000, 0, { signal: s }).catch((e) => log(e.name, e.code, e.cause));
s.onabort = () => log("onabort");
let p = Promise.resolve();
for (const n of [1, 2, 3, 4, 5, 6, 7]) p = p.then(() => log("turn", n));
ac.abort("why");
ac.abort("again");
log("after abort");
