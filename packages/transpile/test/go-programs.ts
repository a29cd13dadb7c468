// oxlint-disable unicorn/no-thenable -- `then` is a field of the tree, never awaited
/** More small programs: how blocks end, what is shared, what is cancelled; what Go has a way of its own to say. */
import type { BinaryOp, Expr, Proc, Program, Stmt } from "@orrery/program";
import type { Entry } from "../src/index.ts";
import { empty, entryOf } from "./java-programs.ts";

const v = (name: string): Expr => ({ var: name });
const i = (value: number): Expr => ({ lit: value });
const ms = (value: number): Expr => ({ lit: value * 1e6, unit: "ns" });
const b = (binary: BinaryOp, left: Expr, right: Expr): Expr => ({ binary, left, right });
const log = (text: string, ...args: readonly Expr[]): Stmt => ({ op: "log", text, args });
const nap: Proc = {
  args: [{ name: "n", type: "int" }],
  returns: "int",
  body: [
    { op: "sleep", dur: b("*", v("n"), ms(5)) },
    log("nap {0}", v("n")),
    { op: "if", cond: b("==", v("n"), i(3)), then: [{ op: "throw", kind: "User:three", message: "m" }] },
    { op: "return", value: v("n") },
  ],
};

const neg = (arg: Expr): Expr => ({ unary: "neg", arg });
const list = (...items: readonly Expr[]): Expr => ({ list: items });

const programs: Readonly<Record<string, Partial<Program>>> = {
  signs: {
    procs: {
      p: {
        args: [{ name: "a", type: "int" }],
        returns: "int",
        body: [{ op: "return", value: b("%", v("a"), i(9)) }],
      },
    },
    main: [
      { op: "call", proc: "p", args: [i(7)], bind: "m" },
      { op: "let", bind: "x", value: b("max", i(-4), b("min", v("m"), i(4))) },
      log(
        "{0} {1} {2} {3} {4}",
        b("-", v("x"), i(-3)),
        b("-", i(-2), neg(v("x"))),
        b("*", b("-", i(1), i(-1)), v("x")),
        b("-", b("-", v("x"), i(-3)), v("x")),
        b("-", v("x"), b("*", i(-3), v("x"))),
      ),
      { op: "let", bind: "l", value: list(b("-", v("x"), neg(v("x"))), b("+", v("x"), i(-3))) },
      log("{0} {1}", v("l"), b("-", v("x"), i(-3))),
    ],
  },
  jumps: {
    procs: {
      nap,
      p: {
        args: [{ name: "k", type: "int" }],
        returns: "int",
        body: [
          {
            op: "repeat",
            count: i(5),
            bind: "i",
            label: "outer",
            body: [
              {
                op: "try",
                body: [
                  {
                    op: "repeat",
                    count: i(3),
                    bind: "j",
                    body: [
                      {
                        op: "scope",
                        onError: "waitAll",
                        body: [
                          { op: "spawn", proc: "nap", args: [i(1)] },
                          {
                            op: "if",
                            cond: b("and", b("==", v("i"), i(1)), b("==", v("j"), i(1))),
                            then: [{ op: "continue", label: "outer" }],
                          },
                          { op: "if", cond: b("==", v("j"), i(2)), then: [{ op: "break" }] },
                          {
                            op: "if",
                            cond: b("==", v("i"), v("k")),
                            then: [{ op: "return", value: b("+", v("j"), i(100)) }],
                          },
                          log("{0} {1}", v("i"), v("j")),
                        ],
                      },
                    ],
                  },
                  { op: "if", cond: b("==", v("i"), i(2)), then: [{ op: "throw", kind: "User:a" }] },
                ],
                catches: [
                  { kinds: ["User:a"], body: [log("caught {0}", v("i")), { op: "continue" }] },
                  { kinds: ["User:b"], body: [] },
                ],
                finally: [{ op: "let", bind: "z", value: v("i") }, log("finally {0}", v("z"))],
              },
              log("end {0}", v("i")),
            ],
          },
          { op: "return", value: i(7) },
        ],
      },
    },
    main: [
      { op: "call", proc: "p", args: [i(3)], bind: "r" },
      log("r {0}", v("r")),
      { op: "call", proc: "p", args: [i(9)], bind: "r2" },
      log("r {0}", v("r2")),
      { op: "call", proc: "p", args: [i(0)] },
    ],
  },
  overtaken: {
    procs: {
      bad: { args: [], body: [{ op: "throw", kind: "User:bad" }] },
      p: {
        args: [],
        returns: "int",
        body: [
          {
            op: "repeat",
            count: i(2),
            bind: "n",
            body: [
              {
                op: "try",
                body: [
                  {
                    op: "scope",
                    onError: "waitAll",
                    body: [
                      { op: "spawn", proc: "bad", args: [] },
                      { op: "if", cond: b("==", v("n"), i(0)), then: [{ op: "break" }] },
                      { op: "return", value: i(1) },
                    ],
                  },
                ],
                catches: [{ kinds: ["TaskFailed"], body: [log("failed {0}", v("n"))] }],
              },
              { op: "try", body: [log("goes on {0}", v("n"))], catches: [], finally: [] },
            ],
          },
          { op: "return", value: i(2) },
        ],
      },
    },
    main: [{ op: "call", proc: "p", args: [], bind: "r" }, log("{0}", v("r"))],
  },
  defers: {
    procs: {
      nap,
      q: {
        args: [{ name: "c", type: "chan" }],
        body: [
          {
            op: "defer",
            body: [log("first"), { op: "recv", chan: v("c"), bind: "x" }, log("x {0}", v("x"))],
          },
          {
            op: "repeat",
            count: i(2),
            bind: "i",
            body: [
              { op: "let", bind: "y", value: b("*", v("i"), i(2)) },
              {
                op: "try",
                body: [
                  {
                    op: "defer",
                    body: [log("in try {0} {1}", v("i"), v("y")), { op: "throw", kind: "User:d" }],
                  },
                  log("body"),
                ],
                catches: [{ kinds: ["*"], body: [log("no")] }],
              },
            ],
          },
          { op: "throw", kind: "User:e" },
        ],
      },
      w: {
        args: [],
        body: [
          { op: "defer", body: [log("w deferred")] },
          { op: "let", bind: "l", value: { list: [i(1)] } },
          { op: "let", bind: "u", value: b("+", { at: v("l"), index: i(4) }, i(1)) },
          log("no {0}", v("u")),
        ],
      },
    },
    main: [
      { op: "chan", bind: "c", cap: i(1) },
      { op: "send", chan: v("c"), value: i(5) },
      {
        op: "try",
        body: [{ op: "call", proc: "q", args: [v("c")] }],
        catches: [
          { kinds: ["User:e"], body: [log("e")] },
          { kinds: ["User:d"], body: [log("d")] },
        ],
      },
      {
        op: "try",
        body: [{ op: "call", proc: "w", args: [] }],
        catches: [{ kinds: ["NoneDeref"], body: [log("nd")] }],
      },
      { op: "spawn", proc: "w", args: [], bind: "t" },
      { op: "settleAll", tasks: { list: [v("t")] }, bind: "rs" },
      log("{0}", v("rs")),
      { op: "spawn", proc: "w", args: [], bind: "t2" },
      {
        op: "try",
        body: [{ op: "join", task: v("t2") }],
        catches: [{ kinds: ["TaskFailed"], body: [log("tf")] }],
      },
    ],
  },
  lists: {
    shared: [
      { name: "hs", type: "mutex", init: null, length: 2 },
      { name: "names", type: "str", init: "a", length: 2 },
    ],
    procs: {
      grow: {
        args: [{ name: "l", type: "list" }],
        body: [
          { op: "push", list: v("l"), value: i(3) },
          { op: "setAt", list: v("l"), index: i(0), value: i(9) },
        ],
      },
      give: {
        args: [],
        returns: "list",
        body: [
          { op: "let", bind: "a", value: { list: [i(1), i(2)] } },
          { op: "return", value: v("a") },
        ],
      },
    },
    main: [
      { op: "let", bind: "l", value: { list: [i(1), i(2)] } },
      { op: "call", proc: "grow", args: [v("l")] },
      log("{0} {1}", v("l"), { unary: "len", arg: v("l") }),
      { op: "spawn", proc: "grow", args: [v("l")], bind: "t" },
      { op: "join", task: v("t") },
      log("{0}", v("l")),
      {
        op: "forEach",
        list: v("l"),
        bind: "x",
        body: [
          {
            op: "if",
            cond: b("<", { unary: "len", arg: v("l") }, i(7)),
            then: [{ op: "push", list: v("l"), value: b("+", v("x"), i(1)) }],
          },
          log("x {0}", v("x")),
        ],
      },
      { op: "call", proc: "give", args: [], bind: "g" },
      log("{0}", { at: v("g"), index: i(1), otherwise: i(0) }),
      { op: "let", bind: "n", value: { at: v("g"), index: i(8) } },
      log("{0} {1}", v("n"), { unary: "isNone", arg: v("n") }),

      { op: "mutex", bind: "m" },
      { op: "store", cell: "hs", index: i(1), value: v("m") },
      { op: "load", cell: "hs", index: i(1), bind: "mm" },
      { op: "lock", mutex: v("mm") },
      { op: "load", cell: "hs", index: i(0), bind: "m0" },
      log("{0}", b("==", v("m0"), { lit: null })),
      {
        op: "try",
        body: [{ op: "lock", mutex: v("m0") }],
        catches: [{ kinds: ["NoneDeref"], body: [log("no lock")] }],
      },
      { op: "load", cell: "names", index: i(1), bind: "s" },
      log("{0} {1}", v("s"), b("==", v("s"), { lit: "a" })),
      { op: "spawn", proc: "give", args: [], bind: "t1" },
      { op: "spawn", proc: "give", args: [], bind: "t2" },
      { op: "joinAll", tasks: { list: [v("t1"), v("t2")] }, bind: "all" },
      log("{0}", v("all")),
      { op: "let", bind: "q", value: b("min", b("/", i(-7), i(2)), b("%", i(-7), i(3))) },
      log("{0} {1}", v("q"), b("-", i(3), b("-", i(2), i(1)))),
      { op: "let", bind: "zero", value: i(0) },
      {
        op: "try",
        body: [log("{0}", b("/", i(1), v("zero")))],
        catches: [{ kinds: ["Overflow"], body: [log("div")] }],
      },
      { op: "let", bind: "mixed", value: { list: [i(1), { lit: "x" }, { lit: null }, { lit: true }] } },
      log("{0}", v("mixed")),
      {
        op: "forEach",
        list: v("mixed"),
        bind: "each",
        body: [
          {
            op: "match",
            value: v("each"),
            cases: [
              { tag: 1, body: [log("one")] },
              { tag: "x", body: [log("ex")] },
              { tag: null, body: [log("none")] },
            ],
            otherwise: [log("else")],
          },
        ],
      },
    ],
  },
  closedChannels: {
    procs: {
      prod: {
        args: [{ name: "c", type: "chan" }],
        body: [
          { op: "repeat", count: i(3), bind: "i", body: [{ op: "send", chan: v("c"), value: v("i") }] },
          { op: "close", chan: v("c") },
        ],
      },
      replier: {
        args: [{ name: "rq", type: "chan" }],
        body: [
          { op: "recv", chan: v("rq"), bind: "back" },
          { op: "send", chan: v("back"), value: { lit: "hi" } },
        ],
      },
    },
    main: [
      { op: "chan", bind: "c", cap: i(0) },
      { op: "spawn", proc: "prod", args: [v("c")] },
      { op: "recv", chan: v("c"), bind: "a" },
      log("{0}", v("a")),
      { op: "recvOk", chan: v("c"), bind: "bq", ok: "ok" },
      log("{0} {1}", v("bq"), v("ok")),
      { op: "recvOk", chan: v("c"), ok: "ok2" },
      log("{0}", v("ok2")),
      { op: "recvOk", chan: v("c"), bind: "un", ok: "ok3" },
      log("{0}", v("ok3")),
      { op: "recv", chan: v("c"), bind: "d" },
      log("{0}", v("d")),
      { op: "recv", chan: v("c") },
      {
        op: "try",
        body: [{ op: "send", chan: v("c"), value: i(1) }],
        catches: [{ kinds: ["ChannelClosed"], body: [log("closed")] }],
      },
      {
        op: "try",
        body: [{ op: "trySend", chan: v("c"), value: i(1), ok: "o" }],
        catches: [{ kinds: ["ChannelClosed"], body: [log("closed2")] }],
      },
      {
        op: "try",
        body: [{ op: "select", cases: [{ dir: "send", chan: v("c"), value: i(1), body: [] }] }],
        catches: [{ kinds: ["ChannelClosed"], body: [log("closed3")] }],
      },
      { op: "chan", bind: "rq", cap: i(0) },
      { op: "spawn", proc: "replier", args: [v("rq")] },
      { op: "chan", bind: "back", cap: i(0) },
      { op: "send", chan: v("rq"), value: v("back") },
      { op: "recv", chan: v("back"), bind: "hi" },
      log("{0}", v("hi")),
      { op: "tryRecv", chan: { lit: null }, bind: "tn", ok: "tno" },
      log("{0} {1}", v("tn"), v("tno")),
      {
        op: "try",
        body: [{ op: "chanLen", chan: { lit: null }, bind: "ln" }, log("{0}", v("ln"))],
        catches: [{ kinds: ["NoneDeref"], body: [log("no len")] }],
      },
      {
        op: "select",
        cases: [
          { dir: "recv", chan: v("c"), bind: "sx", ok: "so", body: [log("{0} {1}", v("sx"), v("so"))] },
        ],
        timeout: { dur: ms(1), body: [] },
      },
      {
        op: "select",
        cases: [
          { dir: "recv", chan: v("back"), bind: "sx", body: [log("{0}", v("sx"))] },
          { dir: "send", chan: v("rq"), value: v("back"), body: [] },
        ],
        otherwise: [log("neither")],
      },
    ],
  },
  stops: {
    procs: {
      nap,
      waits: {
        args: [
          { name: "c", type: "chan" },
          { name: "m", type: "mutex" },
          { name: "g", type: "group" },
          { name: "s", type: "sem" },
          { name: "p", type: "promise" },
          { name: "k", type: "int" },
        ],
        body: [
          {
            op: "try",
            body: [
              {
                op: "match",
                value: v("k"),
                cases: [
                  { tag: 0, body: [{ op: "recv", chan: v("c"), bind: "x" }, log("{0}", v("x"))] },
                  { tag: 1, body: [{ op: "lock", mutex: v("m") }] },
                  { tag: 2, body: [{ op: "groupWait", group: v("g") }] },
                  { tag: 3, body: [{ op: "acquire", sem: v("s"), count: i(2) }] },
                  { tag: 4, body: [{ op: "await", promise: v("p"), bind: "y" }, log("{0}", v("y"))] },
                  { tag: 5, body: [{ op: "range", chan: v("c"), bind: "r", body: [log("{0}", v("r"))] }] },
                  {
                    tag: 6,
                    body: [
                      {
                        op: "select",
                        cases: [{ dir: "recv", chan: v("c"), bind: "q", body: [log("{0}", v("q"))] }],
                        timeout: { dur: ms(500), body: [] },
                      },
                    ],
                  },
                  { tag: 7, body: [{ op: "send", chan: v("c"), value: i(1) }] },
                ],
              },
            ],
            catches: [
              {
                kinds: ["Cancelled"],
                body: [log("cancelled {0}", v("k")), { op: "throw", kind: "Cancelled" }],
              },
            ],
          },
        ],
      },
    },
    main: [
      { op: "chan", bind: "c", cap: i(0) },
      { op: "mutex", bind: "m" },
      { op: "group", bind: "g" },
      { op: "groupAdd", group: v("g"), count: i(1) },
      { op: "sem", bind: "s", permits: i(1) },
      { op: "promise", bind: "p" },
      { op: "lock", mutex: v("m") },
      {
        op: "scopeRace",
        bind: "w",
        body: [
          { op: "spawn", proc: "nap", args: [i(2)] },
          {
            op: "repeat",
            count: i(8),
            bind: "k",
            body: [
              {
                op: "if",
                cond: b("!=", v("k"), i(7)),
                then: [
                  { op: "spawn", proc: "waits", args: [v("c"), v("m"), v("g"), v("s"), v("p"), v("k")] },
                ],
              },
            ],
          },
        ],
      },
      log("w {0}", v("w")),
      { op: "unlock", mutex: v("m") },
      { op: "tryLock", mutex: v("m"), ok: "got" },
      log("{0}", v("got")),
      {
        op: "try",
        body: [
          {
            op: "scope",
            onError: "cancelSiblings",
            body: [
              { op: "spawn", proc: "nap", args: [i(3)] },
              { op: "spawn", proc: "waits", args: [v("c"), v("m"), v("g"), v("s"), v("p"), i(7)] },
              { op: "recv", chan: { lit: null } },
            ],
          },
        ],
        catches: [{ kinds: ["TaskFailed"], body: [log("failed")] }],
        finally: [log("fin")],
      },
      {
        op: "try",
        body: [
          {
            op: "scope",
            onError: "waitAll",
            body: [
              { op: "spawn", proc: "waits", args: [v("c"), v("m"), v("g"), v("s"), v("p"), i(1)] },
              { op: "sleep", dur: ms(2) },
              { op: "throw", kind: "User:x" },
            ],
          },
        ],
        catches: [{ kinds: ["User:x"], body: [log("x")] }],
      },
    ],
  },
  promises: {
    procs: {
      nap,
      res: {
        args: [{ name: "p", type: "promise" }],
        body: [{ op: "await", promise: v("p"), bind: "x" }, log("{0}", v("x"))],
      },
    },
    main: [
      { op: "promise", bind: "p" },
      { op: "spawn", proc: "res", args: [v("p")] },
      { op: "spawn", proc: "res", args: [v("p")] },
      { op: "spawn", proc: "res", args: [v("p")] },
      { op: "yield" },
      { op: "resolve", promise: v("p"), value: { lit: "v" } },
      log("resolved"),
      { op: "yield" },
      { op: "let", bind: "ts", value: { list: [] } },
      {
        op: "repeat",
        count: i(3),
        bind: "k",
        body: [
          { op: "spawn", proc: "nap", args: [b("-", i(4), v("k"))], bind: "t" },
          { op: "push", list: v("ts"), value: v("t") },
        ],
      },
      { op: "joinAny", tasks: v("ts"), firstSuccess: true, bind: "f" },
      log("{0}", v("f")),
      {
        op: "try",
        body: [{ op: "joinAll", tasks: v("ts"), bind: "all" }, log("{0}", v("all"))],
        catches: [{ kinds: ["TaskFailed"], body: [log("tf")] }],
      },
      { op: "settleAll", tasks: v("ts"), bind: "rs" },
      {
        op: "forEach",
        list: v("rs"),
        bind: "r",
        body: [
          { op: "if", cond: { unary: "isOk", arg: v("r") }, then: [{ op: "count", name: "ok" }] },
          log("{0}", v("r")),
        ],
      },
      log("{0}", { at: v("ts"), index: i(0) }),
      { op: "offload", dur: ms(1), workers: i(2) },
      { op: "detach", proc: "nap", args: [i(1)] },
    ],
  },
  endsWithMain: {
    policies: { end: "main", selectPolicy: "random", onDetachedFailure: "ignore" },
    procs: {
      deep: {
        args: [{ name: "n", type: "int" }],
        returns: "int",
        body: [
          {
            op: "while",
            cond: { lit: true },
            spin: true,
            body: [
              {
                op: "try",
                body: [
                  { op: "if", cond: b(">", v("n"), i(2)), then: [{ op: "return", value: v("n") }] },
                  { op: "assign", name: "n", value: b("+", v("n"), i(1)) },
                ],
                catches: [],
                finally: [log("f {0}", v("n"))],
              },
            ],
          },
          { op: "return", value: i(0) },
        ],
      },
      fails: { args: [], body: [{ op: "assert", cond: { lit: false }, message: "a" }] },
    },
    main: [
      { op: "call", proc: "deep", args: [i(0)], bind: "d" },
      log("{0}", v("d")),
      { op: "detach", proc: "fails", args: [] },
      { op: "yield" },
      { op: "chan", bind: "c", cap: i(1) },
      { op: "select", cases: [{ dir: "send", chan: v("c"), value: i(4), body: [log("sent")] }] },
      {
        op: "repeat",
        count: i(2),
        body: [
          {
            op: "select",
            cases: [{ dir: "recv", chan: v("c"), bind: "x", body: [log("{0}", v("x")), { op: "continue" }] }],
            otherwise: [{ op: "break" }],
          },
        ],
      },
      log("end"),
    ],
  },
};

/** Those that `java-programs.ts` has not. */
export const goEntries: readonly Entry[] = Object.entries(programs).map(([key, part]) =>
  entryOf({ ...empty, ...part }, key),
);
