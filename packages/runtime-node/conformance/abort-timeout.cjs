// AbortSignal.timeout does not hold the loop, and any() marks all dependents as aborted before their events.
const log = console.log;

const s = AbortSignal.timeout(5);
const any = AbortSignal.any([s, new AbortController().signal]);
any.addEventListener("abort", () => log("any", any.reason.name));
s.addEventListener("abort", () => {
  log("timeout", s.reason.name, any.aborted);
  queueMicrotask(() => log("micro"));
});
setTimeout(() => log("keeper"), 15);
AbortSignal.timeout(60).addEventListener("abort", () => log("never"));
