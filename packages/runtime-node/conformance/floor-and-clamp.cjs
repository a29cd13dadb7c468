// A duration outside of [1, 2^31-1] becomes 1 and joins the list of 1 ms, with a warning.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

process.removeAllListeners("warning");
process.on("warning", (w) => log(w.name));
for (const d of [1, 0, -7, NaN, "x", undefined, null, 1.999, 0.5, 2 ** 31]) setTimeout(() => log(d), d);
busy(4);
