// Locks are granted first come, first served, and a free one at once; a held lock does not keep the process alive.
const log = console.log;

const L = navigator.locks;
L.request("a", async () => {
  log("A in");
  await null;
  log("A out");
}).then(() => log("A done"));
L.request("a", async () => log("B in"));
for (const s of ["S1", "S2"]) L.request("a", { mode: "shared" }, async () => log(s, "in"));
L.request("a", { ifAvailable: true }, async (l) => log("C", l));
process.nextTick(() => log("tick"));
Promise.resolve()
  .then(() => log("m1"))
  .then(() => log("m2"))
  .then(() => log("m3"))
  .then(() => log("m4"));
log("main");
