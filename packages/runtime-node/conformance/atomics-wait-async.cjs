// waitAsync is resolved through the platform's task queue in poll, never at once, and does not hold the loop.
const log = console.log;

const ia = new Int32Array(new SharedArrayBuffer(4));
log(Atomics.waitAsync(ia, 0, 1).value, Atomics.waitAsync(ia, 0, 0, 0).value);
for (const n of [1, 2]) Atomics.waitAsync(ia, 0, 0).value.then((v) => log("w" + n, v));
log("notified", Atomics.notify(ia, 0));
process.nextTick(() => log("tick"));
Promise.resolve().then(() => log("micro"));
setTimeout(() => log("timer"), 30);
