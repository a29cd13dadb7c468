// The losing timer of a race must be aborted, or it holds the process.
const tp = require("node:timers/promises");

const log = console.log;

const within = async (p, ms) => {
  const ac = new AbortController();
  try {
    return await Promise.race([p, tp.setTimeout(ms, "timeout", { signal: ac.signal })]);
  } finally {
    ac.abort();
  }
};
(async () => {
  log(await within(new Promise(() => {}), 3));
  log(await within(new Promise((r) => setTimeout(r, 3, "fast")), 60000));
  log("timers left", process.getActiveResourcesInfo().filter((x) => x === "Timeout").length);
})();
