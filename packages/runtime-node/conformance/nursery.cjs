// The first failure aborts the siblings, and the scope waits for all cleanups.
const tp = require("node:timers/promises");

const log = console.log;

async function nursery(fns) {
  const ac = new AbortController();
  const ps = fns.map((f) =>
    f(ac.signal).catch((e) => {
      ac.abort(e);
      throw e;
    }),
  );
  const rs = await Promise.allSettled(ps);
  if (ac.signal.aborted) throw ac.signal.reason;
  return rs.map((r) => r.value);
}
const child = (name, ms, bad) => async (signal) => {
  try {
    await tp.setTimeout(ms, null, { signal });
    if (bad) throw new Error(name + " failed");
    log(name, "ok");
  } catch (e) {
    log(name, e.name);
    throw e;
  } finally {
    log(name, "cleanup");
  }
};
(async () => {
  try {
    await nursery([child("a", 2), child("b", 12, true), child("c", 500)]);
  } catch (e) {
    log("nursery:", e.message);
  }
})();
