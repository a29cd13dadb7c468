// destroy events are batched into the next check phase.
const { createHook } = require("node:async_hooks");

const log = console.log;

const ids = new Map();
const out = [];
const k = {};
const nm = (id) => ids.get(id) ?? "-";
const h = createHook({
  init(id, t, tr) {
    k[t] = (k[t] ?? 0) + 1;
    ids.set(id, t + k[t]);
    out.push(`init ${nm(id)} < ${nm(tr)}`);
  },
  before(id) {
    out.push("before " + nm(id));
  },
  after(id) {
    out.push("after " + nm(id));
  },
  destroy(id) {
    if (!nm(id).startsWith("P")) out.push("destroy " + nm(id));
  },
  promiseResolve(id) {
    out.push("resolve " + nm(id));
  },
}).enable();
setImmediate(() => {
  process.nextTick(() => {});
});
(async () => {
  await null;
})();
setImmediate(() => {
  setImmediate(() => {
    h.disable();
    log(out.join("\n"));
  });
});
