// A rejection may be handled in any tick or microtask of the same drain; later it is reported.
const log = console.log;

process.on("unhandledRejection", (r) => log("unhandled", r));
process.on("rejectionHandled", () => log("rejectionHandled"));
const late = Promise.reject("late");
const micro = Promise.reject("micro");
const tick = Promise.reject("tick");
Promise.resolve().then(() => micro.catch(() => log("caught in micro")));
process.nextTick(() => tick.catch(() => log("caught in tick")));
setImmediate(() => {
  log("immediate");
  late.catch(() => log("caught in immediate"));
});
