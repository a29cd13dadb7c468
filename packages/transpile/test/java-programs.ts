// oxlint-disable unicorn/no-thenable -- `then` is a field of the tree, never awaited
/** Small programs that between them use every operation of the language, and its errors. */
import { checkOrThrow, type Distribution, type Expr, type Program, type Stmt } from "@orrery/program";
import type { Entry } from "../src/index.ts";

const v = (name: string): Expr => ({ var: name });
const i = (value: number): Expr => ({ lit: value });
const ms = (value: number): Expr => ({ lit: value * 1e6, unit: "ns" });
const log = (text: string, ...args: readonly Expr[]): Stmt => ({ op: "log", text, args });

export const empty: Program = {
  name: "sample",
  doc: "A sample.",
  params: [],
  services: [],
  shared: [],
  procs: {},
  main: [],
  policies: { end: "quiescent", selectPolicy: "first", onDetachedFailure: "abort" },
};

export const distributions: readonly Distribution[] = [
  { dist: "constant", value: 5 },
  { dist: "uniform", low: 3, high: 9007199254740000 },
  { dist: "exponential", mean: 1000000 },
  { dist: "exponential", mean: 9007199254740991 },
  { dist: "erlang", k: 3, mean: 500000 },
  { dist: "lognormal", median: 1000000, sigmaPerMille: 800 },
  { dist: "lognormal", median: 1000, sigmaPerMille: 2000 },
  { dist: "pareto", scale: 1000, shapePerMille: 1200 },
  { dist: "pareto", scale: 1000, shapePerMille: 100 },
  { dist: "twoPoint", fast: 1, slow: 2, slowPerMillion: 300000 },
  { dist: "table", values: [4, 5, 6, 7] },
];

const programs: Readonly<Record<string, Partial<Program>>> = {
  nestedDefer: {
    procs: {
      p: {
        args: [{ name: "n", type: "int" }],
        body: [
          { op: "let", bind: "x", value: i(1) },
          {
            op: "repeat",
            count: v("n"),
            bind: "i",
            body: [{ op: "defer", body: [log("d {0} {1}", v("i"), v("x"))] }],
          },
          { op: "assign", name: "x", value: i(7) },
          { op: "if", cond: { lit: true }, then: [{ op: "defer", body: [log("last")] }] },
          log("body"),
        ],
      },
    },
    main: [
      { op: "call", proc: "p", args: [i(3)] },
      { op: "defer", body: [log("md")] },
      log("m"),
      { op: "defer", body: [log("md2")] },
    ],
  },
  scopes: {
    procs: {
      ok: {
        args: [{ name: "n", type: "int" }],
        returns: "int",
        body: [{ op: "sleep", dur: ms(5) }, log("ok {0}", v("n")), { op: "return", value: v("n") }],
      },
      bad: { args: [], body: [{ op: "sleep", dur: ms(2) }, log("bad"), { op: "throw", kind: "User:x" }] },
      stub: {
        args: [],
        body: [
          {
            op: "try",
            body: [{ op: "sleep", dur: ms(50) }],
            catches: [{ kinds: ["Cancelled"], body: [log("cancelled"), { op: "throw", kind: "Cancelled" }] }],
            finally: [log("fin")],
          },
        ],
      },
    },
    main: [
      {
        op: "try",
        body: [
          {
            op: "scope",
            onError: "cancelSiblings",
            body: [
              { op: "spawn", proc: "stub", args: [] },
              { op: "spawn", proc: "bad", args: [] },
              { op: "sleep", dur: ms(100) },
              log("never"),
            ],
          },
        ],
        catches: [{ kinds: ["TaskFailed"], body: [log("tf")] }],
      },
      {
        op: "try",
        body: [
          {
            op: "scope",
            onError: "waitAll",
            body: [
              { op: "spawn", proc: "ok", args: [i(1)] },
              { op: "spawn", proc: "bad", args: [] },
              log("in"),
            ],
          },
        ],
        catches: [{ kinds: ["*"], body: [log("tf2")] }],
      },
      {
        op: "scopeRace",
        bind: "w",
        body: [
          { op: "spawn", proc: "ok", args: [i(5)] },
          { op: "spawn", proc: "stub", args: [] },
        ],
      },
      log("w {0}", v("w")),
      {
        op: "scopeRace",
        leaveLosers: true,
        bind: "w2",
        body: [
          { op: "spawn", proc: "ok", args: [i(6)] },
          { op: "spawn", proc: "stub", args: [] },
        ],
      },
      log("w2 {0}", { binary: "+", left: v("w2"), right: i(1) }),
      {
        op: "try",
        body: [{ op: "scopeRace", body: [{ op: "spawn", proc: "bad", args: [] }] }],
        catches: [{ kinds: ["TaskFailed"], body: [log("race failed")] }],
      },
      {
        op: "repeat",
        count: i(3),
        bind: "k",
        body: [
          {
            op: "scope",
            onError: "waitAll",
            body: [
              { op: "spawn", proc: "ok", args: [v("k")] },
              { op: "if", cond: { binary: "==", left: v("k"), right: i(1) }, then: [{ op: "break" }] },
            ],
          },
        ],
      },
    ],
  },
  chans: {
    procs: {
      r: {
        args: [{ name: "c", type: "chan" }],
        body: [{ op: "range", chan: v("c"), bind: "x", body: [log("r {0}", v("x"))] }, log("closed")],
      },
      snd: {
        args: [{ name: "c", type: "chan" }],
        body: [
          { op: "send", chan: v("c"), value: i(9) },
          log("sent"),
          {
            op: "try",
            body: [{ op: "send", chan: v("c"), value: i(10) }],
            catches: [{ kinds: ["ChannelClosed"], body: [log("cc")] }],
          },
        ],
      },
    },
    main: [
      { op: "chan", bind: "c", cap: i(1) },
      { op: "trySend", chan: v("c"), value: i(1), ok: "ok" },
      { op: "chanLen", chan: v("c"), bind: "l" },
      { op: "chanCap", chan: v("c"), bind: "cp" },
      log("{0} {1} {2}", v("ok"), v("l"), v("cp")),
      { op: "trySend", chan: v("c"), value: i(1), ok: "ok2" },
      { op: "tryRecv", chan: v("c"), bind: "tv", ok: "ok3" },
      { op: "tryRecv", chan: v("c"), bind: "tv2", ok: "ok4" },
      log("{0} {1} {2} {3} {4}", v("ok2"), v("tv"), v("ok3"), v("tv2"), v("ok4")),
      { op: "spawn", proc: "snd", args: [v("c")], bind: "t" },
      { op: "yield" },
      { op: "recvOk", chan: v("c"), bind: "a", ok: "aok" },
      log("{0} {1}", v("a"), v("aok")),
      { op: "send", chan: v("c"), value: i(3) },
      { op: "yield" },
      { op: "close", chan: v("c") },
      { op: "settleAll", tasks: { list: [v("t")] }, bind: "rs" },
      log("{0} {1}", v("rs"), { unary: "isOk", arg: { at: v("rs"), index: i(0) } }),
      { op: "spawn", proc: "r", args: [v("c")], bind: "t2" },
      { op: "join", task: v("t2") },
      {
        op: "try",
        body: [{ op: "close", chan: v("c") }],
        catches: [
          { kinds: ["CloseOfNone"], body: [log("no")] },
          { kinds: ["CloseOfClosed"], body: [log("coc")] },
        ],
      },
      {
        op: "try",
        body: [{ op: "close", chan: { lit: null } }],
        catches: [{ kinds: ["CloseOfNone"], body: [log("con")] }],
      },
      { op: "chan", bind: "u", cap: i(0) },
      {
        op: "select",
        cases: [
          { dir: "recv", chan: v("u"), bind: "x", ok: "xo", body: [log("x")] },
          { dir: "send", chan: { lit: null }, value: i(1), body: [] },
        ],
        timeout: { dur: ms(3), body: [log("timeout")] },
      },
      {
        op: "repeat",
        count: i(3),
        body: [
          {
            op: "select",
            cases: [
              {
                dir: "recv",
                chan: v("c"),
                bind: "x",
                ok: "xo",
                body: [log("{0} {1}", v("x"), v("xo")), { op: "break" }],
              },
            ],
          },
        ],
      },
      { op: "select", cases: [{ dir: "recv", chan: v("u"), body: [] }], otherwise: [log("other")] },
    ],
  },
  misc: {
    shared: [
      { name: "cell", type: "int", init: 3 },
      { name: "cells", type: "bool", init: true, length: 4 },
      { name: "h", type: "chan", init: null },
    ],
    procs: {
      fib: {
        args: [{ name: "n", type: "int" }],
        returns: "int",
        body: [
          {
            op: "if",
            cond: { binary: "<", left: v("n"), right: i(2) },
            then: [{ op: "return", value: v("n") }],
          },
          { op: "call", proc: "fib", args: [{ binary: "-", left: v("n"), right: i(1) }], bind: "a" },
          { op: "call", proc: "fib", args: [{ binary: "-", left: v("n"), right: i(2) }], bind: "b" },
          { op: "return", value: { binary: "+", left: v("a"), right: v("b") } },
        ],
      },
      deep: {
        args: [{ name: "n", type: "int" }],
        body: [{ op: "call", proc: "deep", args: [{ binary: "+", left: v("n"), right: i(1) }] }],
      },
      f: {
        args: [{ name: "p", type: "promise" }],
        returns: "int",
        body: [
          { op: "await", promise: v("p"), bind: "x" },
          log("got {0}", v("x")),
          { op: "return", value: { self: "index" } },
        ],
      },
    },
    main: [
      { op: "call", proc: "fib", args: [i(10)], bind: "x" },
      log("{0}", v("x")),
      { op: "load", cell: "cell", bind: "cell" },
      { op: "store", cell: "cells", index: i(2), value: { lit: false } },
      { op: "load", cell: "cells", index: v("cell"), bind: "y" },
      log("{0} {1}", v("cell"), v("y")),
      { op: "load", cell: "h", bind: "hh" },
      log("{0}", { unary: "isNone", arg: v("hh") }),
      {
        op: "try",
        body: [
          { op: "load", cell: "cells", index: { binary: "+", left: v("cell"), right: i(1) }, bind: "z" },
          log("no"),
        ],
        catches: [{ kinds: ["NoneDeref"], body: [log("nd")] }],
      },
      {
        op: "try",
        body: [
          { op: "let", bind: "big", value: { binary: "*", left: { lit: 9007199254740991 }, right: v("x") } },
          log("no"),
        ],
        catches: [{ kinds: ["Overflow"], body: [log("of")] }],
      },
      {
        op: "try",
        body: [{ op: "call", proc: "deep", args: [i(0)] }],
        catches: [{ kinds: ["DepthExceeded"], body: [log("de")] }],
      },
      { op: "promise", bind: "p" },
      { op: "spawn", proc: "f", args: [v("p")], bind: "t1" },
      { op: "spawn", proc: "f", args: [v("p")], bind: "t2" },
      { op: "yield" },
      { op: "resolve", promise: v("p"), value: i(4) },
      { op: "joinAll", tasks: { list: [v("t1"), v("t2")] }, bind: "rs" },
      log("{0}", v("rs")),
      { op: "joinAny", tasks: { list: [v("t1"), v("t2")] }, bind: "r1" },
      log("{0}", v("r1")),
      { op: "promise", bind: "q" },
      { op: "reject", promise: v("q"), kind: "User:z" },
      { op: "resolve", promise: v("q"), value: { lit: "s" } },
      {
        op: "try",
        body: [{ op: "await", promise: v("q"), bind: "qq" }],
        catches: [
          { kinds: ["User:y"], body: [] },
          { kinds: ["User:z", "Timeout"], body: [log("uz")] },
        ],
      },
      { op: "atomic", bind: "at", init: i(5) },
      { op: "atomicAdd", atomic: v("at"), value: i(2), bind: "av" },
      { op: "atomicCas", atomic: v("at"), expect: i(7), value: i(1), ok: "cas" },
      { op: "atomicLoad", atomic: v("at"), bind: "al" },
      { op: "atomicStore", atomic: v("at"), value: i(0) },
      log("{0} {1} {2}", v("av"), v("cas"), v("al")),
      { op: "mutex", bind: "m" },
      { op: "lock", mutex: v("m") },
      { op: "tryLock", mutex: v("m"), ok: "tl" },
      { op: "unlock", mutex: v("m") },
      {
        op: "try",
        body: [{ op: "unlock", mutex: v("m") }],
        catches: [{ kinds: ["UnlockOfUnlocked"], body: [log("uu {0}", v("tl"))] }],
      },
      { op: "sem", bind: "sm", permits: i(2) },
      { op: "acquire", sem: v("sm"), count: i(2) },
      { op: "release", sem: v("sm"), count: i(2) },
      { op: "group", bind: "g" },
      { op: "groupAdd", group: v("g"), count: i(1) },
      { op: "groupDone", group: v("g") },
      { op: "groupWait", group: v("g") },
      {
        op: "try",
        body: [{ op: "groupDone", group: v("g") }],
        catches: [{ kinds: ["NegativeGroup"], body: [log("ng")] }],
      },
      { op: "let", bind: "ls", value: { list: [] } },
      { op: "push", list: v("ls"), value: i(1) },
      { op: "push", list: v("ls"), value: { lit: "x" } },
      { op: "setAt", list: v("ls"), index: i(0), value: { lit: true } },
      { op: "forEach", list: v("ls"), bind: "e", body: [log("{0}", v("e"))] },
      log("{0} {1}", { at: v("ls"), index: i(5), otherwise: i(8) }, { unary: "len", arg: v("ls") }),
      {
        op: "match",
        value: { at: v("ls"), index: i(1) },
        cases: [
          { tag: 1, body: [log("one")] },
          { tag: "x", body: [log("ex")] },
        ],
        otherwise: [log("o")],
      },
      {
        op: "while",
        cond: { lit: true },
        bound: i(3),
        label: "outer",
        body: [
          {
            op: "repeat",
            count: i(2),
            bind: "r",
            body: [
              log("r{0}", v("r")),
              {
                op: "match",
                value: { lit: "a" },
                cases: [{ tag: "a", body: [{ op: "break", label: "outer" }] }],
              },
            ],
          },
        ],
      },
      {
        op: "try",
        body: [
          { op: "while", cond: { binary: "==", left: i(1), right: i(1) }, bound: i(2), body: [log("w")] },
        ],
        catches: [{ kinds: ["AssertFailed"], body: [log("bound")] }],
      },
      {
        op: "try",
        body: [{ op: "assert", cond: { lit: false }, message: "m" }],
        catches: [{ kinds: ["*"], body: [log("af")] }],
      },
      { op: "cpu", dur: ms(1) },
      { op: "block", dur: ms(1) },
      { op: "offload", dur: ms(1) },
      { op: "fileRead", bytes: i(100), stall: ms(1) },
      { op: "fileStat" },
      { op: "expect", cond: { lit: true }, message: "e" },
      { op: "mark", name: "k" },
      { op: "measure", name: "k", value: i(3) },
      { op: "gauge", name: "gg", value: i(3) },
      { op: "count", name: "cc", by: i(2) },
      { op: "choose", n: i(100), bind: "ch" },
      log("{0}", v("ch")),
      log(
        "{0} {1}",
        { binary: "/", left: { unary: "neg", arg: v("x") }, right: i(2) },
        { binary: "%", left: { unary: "neg", arg: v("x") }, right: i(2) },
      ),
    ],
  },
  dead: {
    procs: {
      w: { args: [{ name: "m", type: "mutex" }], body: [{ op: "lock", mutex: v("m") }, log("never")] },
    },
    main: [
      { op: "mutex", bind: "m" },
      { op: "lock", mutex: v("m") },
      { op: "spawn", proc: "w", args: [v("m")], bind: "t" },
      log("a"),
      { op: "join", task: v("t") },
    ],
  },
  leak: {
    procs: { w: { args: [], body: [log("w"), { op: "recv", chan: { lit: null } }, log("never")] } },
    main: [{ op: "spawn", proc: "w", args: [] }, log("a")],
  },
  abort: {
    procs: { w: { args: [], body: [log("w"), { op: "throw", kind: "User:x", message: "boo" }] } },
    main: [{ op: "detach", proc: "w", args: [] }, log("a"), { op: "sleep", dur: ms(5) }, log("b")],
  },
  mainFails: { main: [log("a"), { op: "throw", kind: "User:x" }] },
};

const draws: Partial<Program> = {
  main: distributions.map((from, index) => ({
    op: "repeat",
    count: i(60),
    body: [{ op: "draw", stream: `s${index}`, from, bind: "x" }, log(`${index} {0}`, v("x"))],
  })),
};

export const entryOf = (given: Program, key: string): Entry => {
  const checked = checkOrThrow(given);
  return { key, program: checked.program, params: checked.params };
};

/** Every program with the name that it is known by. */
export const entries: readonly Entry[] = Object.entries({ ...programs, draws }).map(([name, parts]) =>
  entryOf({ ...empty, name, ...parts }, `${name[0]!.toUpperCase()}${name.slice(1)}`),
);
