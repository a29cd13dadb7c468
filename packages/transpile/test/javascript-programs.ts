// oxlint-disable unicorn/no-thenable -- `then` is a field of the tree, never awaited
/** The programs of the Java tests, and what is another matter on Node: calls that suspend, channels whose tasks begin at once. */
import type { Expr, Program, Stmt } from "@orrery/program";
import type { Entry } from "../src/index.ts";
import { empty, entries as shared, entryOf } from "./java-programs.ts";

const v = (name: string): Expr => ({ var: name });
const i = (value: number): Expr => ({ lit: value });
const ms = (value: number): Expr => ({ lit: value * 1e6, unit: "ns" });
const log = (text: string, ...args: readonly Expr[]): Stmt => ({ op: "log", text, args });

const own: Readonly<Record<string, Partial<Program>>> = {
  Pipes: {
    params: [{ name: "maxItems", type: "int", default: 3, min: 1, max: 9, doc: "items sent" }],
    procs: {
      sender: {
        args: [{ name: "c", type: "chan" }],
        body: [
          {
            op: "repeat",
            count: { param: "maxItems" },
            bind: "n",
            body: [{ op: "send", chan: v("c"), value: v("n") }, log("sent {0}", v("n"))],
          },
          { op: "close", chan: v("c") },
          {
            op: "try",
            body: [{ op: "send", chan: v("c"), value: i(9) }],
            catches: [{ kinds: ["ChannelClosed"], body: [log("closed")] }],
          },
        ],
      },
      reader: {
        args: [{ name: "c", type: "chan" }],
        body: [
          { op: "recv", chan: v("c"), bind: "first" },
          log("first {0}", v("first")),
          {
            op: "range",
            chan: v("c"),
            bind: "x",
            body: [
              { op: "if", cond: { binary: "==", left: v("x"), right: i(1) }, then: [{ op: "continue" }] },
              log("read {0}", v("x")),
            ],
          },
          { op: "recvOk", chan: v("c"), bind: "last", ok: "ok" },
          log("{0} {1}", v("last"), v("ok")),
        ],
      },
      pick: {
        args: [
          { name: "a", type: "chan" },
          { name: "b", type: "chan" },
        ],
        body: [
          {
            op: "repeat",
            count: i(3),
            label: "picks",
            body: [
              {
                op: "select",
                cases: [
                  {
                    dir: "recv",
                    chan: v("a"),
                    bind: "x",
                    ok: "xo",
                    body: [log("a {0} {1}", v("x"), v("xo"))],
                  },
                  { dir: "send", chan: v("b"), value: i(7), body: [log("b")] },
                ],
                timeout: { dur: ms(3), body: [log("late"), { op: "break", label: "picks" }] },
              },
            ],
          },
        ],
      },
    },
    main: [
      { op: "chan", bind: "c", cap: i(0) },
      { op: "spawn", proc: "sender", args: [v("c")], bind: "s" },
      { op: "spawn", proc: "reader", args: [v("c")], bind: "r", deferred: true },
      { op: "settleAll", tasks: { list: [v("s"), v("r")] }, bind: "ends" },
      log("{0} {1}", v("ends"), { unary: "isOk", arg: { at: v("ends"), index: i(1) } }),
      { op: "chan", bind: "a", cap: i(1) },
      { op: "chan", bind: "b", cap: i(0) },
      { op: "spawn", proc: "pick", args: [v("a"), v("b")], bind: "p" },
      { op: "send", chan: v("a"), value: i(5) },
      { op: "recv", chan: v("b"), bind: "got" },
      log("got {0}", v("got")),
      { op: "join", task: v("p") },
      { op: "select", cases: [{ dir: "recv", chan: v("a"), body: [] }], otherwise: [log("nothing")] },
    ],
  },
  Calls: {
    procs: {
      locked: {
        args: [
          { name: "m", type: "mutex" },
          { name: "n", type: "int" },
        ],
        returns: "int",
        body: [
          { op: "lock", mutex: v("m") },
          { op: "defer", body: [{ op: "unlock", mutex: v("m") }, log("unlocked {0}", v("n"))] },
          { op: "sleep", dur: ms(1) },
          { op: "return", value: { binary: "*", left: v("n"), right: i(2) } },
        ],
      },
      down: {
        args: [{ name: "n", type: "int" }],
        returns: "int",
        body: [
          {
            op: "if",
            cond: { binary: "==", left: v("n"), right: i(0) },
            then: [{ op: "throw", kind: "User:bottom" }],
          },
          { op: "yieldMicro" },
          { op: "call", proc: "down", args: [{ binary: "-", left: v("n"), right: i(1) }], bind: "x" },
          { op: "return", value: v("x") },
        ],
      },
      square: {
        args: [{ name: "n", type: "int" }],
        returns: "int",
        body: [{ op: "return", value: { binary: "*", left: v("n"), right: v("n") } }],
      },
      late: {
        args: [{ name: "n", type: "int" }],
        body: [
          {
            op: "repeat",
            count: v("n"),
            bind: "k",
            body: [{ op: "defer", body: [{ op: "sleep", dur: ms(1) }, log("late {0}", v("k"))] }],
          },
          log("body"),
        ],
      },
    },
    main: [
      { op: "mutex", bind: "m" },
      { op: "spawn", proc: "locked", args: [v("m"), i(1)], bind: "t" },
      { op: "call", proc: "locked", args: [v("m"), i(2)], bind: "x" },
      log("x {0}", v("x")),
      { op: "joinAny", tasks: { list: [v("t")] }, firstSuccess: true, bind: "y" },
      log("y {0}", v("y")),
      {
        op: "try",
        body: [{ op: "call", proc: "down", args: [i(3)] }],
        catches: [{ kinds: ["User:bottom"], body: [log("bottom")] }],
        finally: [log("finally")],
      },
      { op: "spawn", proc: "down", args: [i(2)], bind: "d" },
      {
        op: "try",
        body: [{ op: "join", task: v("d") }],
        catches: [
          { kinds: ["User:bottom"], body: [log("no")] },
          { kinds: ["TaskFailed"], body: [log("failed")] },
        ],
      },
      { op: "call", proc: "square", args: [i(3)], bind: "nine" },
      { op: "spawn", proc: "square", args: [v("nine")], bind: "sq" },
      { op: "join", task: v("sq"), bind: "all" },
      log("{0} {1}", v("nine"), v("all")),
      { op: "call", proc: "late", args: [i(2)] },
    ],
  },
  Handles: {
    procs: {
      n: { args: [], returns: "int", body: [{ op: "yieldMicro" }, { op: "return", value: i(4) }] },
      wait: {
        args: [{ name: "p", type: "promise" }],
        body: [
          { op: "await", promise: v("p"), bind: "t" },
          { op: "join", task: v("t"), bind: "x" },
          log("{0}", v("x")),
        ],
      },
    },
    main: [
      { op: "promise", bind: "p" },
      { op: "spawn", proc: "wait", args: [v("p")], bind: "w" },
      { op: "spawn", proc: "n", args: [], bind: "t" },
      { op: "resolve", promise: v("p"), value: v("t") },
      { op: "joinAll", tasks: { list: [v("w"), v("t")] } },
      log("{0}", v("t")),
    ],
  },
};

/** Every program with the name that it is known by. */
export const entries: readonly Entry[] = [
  ...shared,
  ...Object.entries(own).map(([key, parts]) => entryOf({ ...empty, name: key.toLowerCase(), ...parts }, key)),
];
