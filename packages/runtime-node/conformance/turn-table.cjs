// The microtask turn, 1 being the first, in which the continuation of each construct runs.
const log = console.log;

const P = Promise;
const r0 = () => P.resolve();
const cases = {
  then: (cb) => r0().then(cb),
  "await value": async (cb) => {
    await 1;
    cb();
  },
  "await promise": async (cb) => {
    await r0();
    cb();
  },
  "await thenable": async (cb) => {
    await {
      then(r) {
        r();
      },
    };
    cb();
  },
  "await subclass": async (cb) => {
    class S extends P {}
    await S.resolve();
    cb();
  },
  "resolve(promise)": (cb) => new P((r) => r(r0())).then(cb),
  "then returns promise": (cb) => r0().then(r0).then(cb),
  "async returns value": (cb) => (async () => 1)().then(cb),
  "async returns promise": (cb) => (async () => r0())().then(cb),
  "async returns await": (cb) => (async () => await r0())().then(cb),
  "catch passthrough": (cb) =>
    r0()
      .catch(() => {})
      .then(cb),
  finally: (cb) =>
    r0()
      .finally(() => {})
      .then(cb),
  "all([])": (cb) => P.all([]).then(cb),
  "all([p])": (cb) => P.all([r0()]).then(cb),
  allSettled: (cb) => P.allSettled([P.reject()]).then(cb),
  race: (cb) => P.race([r0()]).then(cb),
  any: (cb) => P.any([r0()]).then(cb),
  "any all rejected": (cb) => P.any([P.reject()]).catch(cb),
  "any([])": (cb) => P.any([]).catch(cb),
  "try(() => p)": (cb) => P.try(r0).then(cb),
  "gen yield": (cb) =>
    (async function* () {
      yield 1;
    })()
      .next()
      .then(cb),
  "gen end": (cb) => (async function* () {})().next().then(cb),
  "gen return v": (cb) =>
    (async function* () {
      return 1;
    })()
      .next()
      .then(cb),
  "gen yield*": (cb) =>
    (async function* () {
      yield* (async function* () {
        yield 1;
      })();
    })()
      .next()
      .then(cb),
  "for await [1] body": async (cb) => {
    for await (const _ of [1]) cb();
  },
  "for await [1] after": async (cb) => {
    for await (const _ of [1]);
    cb();
  },
  "for await gen body": async (cb) => {
    for await (const _ of (async function* () {
      yield 1;
    })())
      cb();
  },
  "for await gen after": async (cb) => {
    for await (const _ of (async function* () {
      yield 1;
    })());
    cb();
  },
  "for await gen break": async (cb) => {
    for await (const _ of (async function* () {
      yield 1;
    })())
      break;
    cb();
  },
  "Array.fromAsync": (cb) => Array.fromAsync([1]).then(cb),
};
(async () => {
  const out = [];
  for (const [k, start] of Object.entries(cases)) {
    await new P((r) => setImmediate(r));
    let turn = 0;
    let done = false;
    start(() => {
      done = true;
      out.push(k + " " + (turn + 1));
    });
    queueMicrotask(function next() {
      turn++;
      if (!done) queueMicrotask(next);
    });
  }
  await new P((r) => setImmediate(r));
  log(out.join("\n"));
})();
