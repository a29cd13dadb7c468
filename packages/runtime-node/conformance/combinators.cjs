// Losers keep running, results keep the order of the input, and the first queued reaction wins a race.
const log = console.log;

const d = (ms, v, bad) =>
  new Promise((res, rej) =>
    setTimeout(() => {
      log("settle", v);
      if (bad) rej(v);
      else res(v);
    }, ms),
  );
let rb;
const b = new Promise((r) => {
  rb = r;
});
(async () => {
  log(await Promise.all([d(15, "slow"), d(5, "fast"), "now"]));
  try {
    await Promise.all([d(5, "x", true), d(12, "y")]);
  } catch (e) {
    log("caught", e);
  }
  log(await Promise.race([Promise.resolve().then(() => "one turn later"), "plain"]));
  setImmediate(rb, "b");
  log(await Promise.race([d(50, "a"), b]));
  const e = await Promise.any([d(30, "late", true), d(15, "early", true)]).catch((e) => e);
  log(e.constructor.name, e.errors.join());
})();
