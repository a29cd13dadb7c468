// A module that awaits at its top level what never settles ends with 13.
const log = console.log;

process.on("exit", (c) => log("exit", c));
setTimeout(() => log("timeout"), 2);
log("before");
await new Promise(() => {});
log("never");
