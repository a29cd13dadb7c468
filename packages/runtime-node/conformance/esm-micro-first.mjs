// The body of an ES module runs inside a microtask: its awaits go on before the first tick.
const log = console.log;

process.nextTick(() => log("tick"));
Promise.resolve().then(() => log("micro"));
log("main");
await null;
log("after await");
queueMicrotask(() => log("micro 2"));
