// Without a busy wait the boundary of a millisecond decides between timeout 0 and immediate.
const log = console.log;

setTimeout(() => log("timeout"), 0);
setImmediate(() => log("immediate"));
