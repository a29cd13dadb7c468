/** Mistakes that a writer makes, and what the checker says: the statement, and what would be right. */
import { describe, expect, test } from "vitest";
import { check, defaultPolicies, formatProblem, ProgramError } from "@orrery/program";
import { parseProgram } from "@orrery/program/schema";
import type { Block, Expr, Policies, Program } from "@orrery/program";

const v = (name: string): Expr => ({ var: name });
const i = (lit: number): Expr => ({ lit });
const ms = (count: number): Expr => ({ lit: count * 1e6, unit: "ns" });
const worker = {
  args: [
    { name: "n", type: "int" },
    { name: "out", type: "chan" },
  ],
  body: [],
} as const;
const idle = { args: [], body: [] } as const;

function said(main: Block, rest: Partial<Program>): readonly string[] {
  const tree: unknown = {
    ...{ name: "p", doc: "", params: [], services: [], shared: [], procs: {} },
    ...{ main, policies: defaultPolicies },
    ...rest,
  };
  try {
    return check(parseProgram(tree)).problems.map(formatProblem);
  } catch (error) {
    if (error instanceof ProgramError) return error.problems.map(formatProblem);
    throw error;
  }
}

const wrong: readonly (readonly [title: string, main: Block, rest: Partial<Program>, says: string])[] = [
  [
    "kind: lock a channel",
    [
      { op: "chan", bind: "c", cap: i(0) },
      { op: "lock", mutex: v("c") },
    ],
    {},
    "error at main/1: the mutex of lock needs a mutex, but c is a channel",
  ],
  [
    "kind: join a timer",
    [
      { op: "timer", bind: "t", channel: "c", dur: ms(5) },
      { op: "join", task: v("t") },
    ],
    {},
    "error at main/1: the task of join needs a task, but t is a timer",
  ],
  [
    "kind: joinAll literal list of ints",
    [{ op: "joinAll", tasks: { list: [i(1)] } }],
    {},
    "error at main/0: each of the tasks of joinAll needs a task, but 1 is a number",
  ],
  [
    "type: sleep an int",
    [
      { op: "let", bind: "x", value: i(5) },
      { op: "sleep", dur: v("x") },
    ],
    {},
    "error at main/1: the duration of sleep needs a duration, but x is an int; multiply it by a duration, for example x * 1ms",
  ],
  [
    "type: add a bool",
    [{ op: "let", bind: "x", value: { binary: "+", left: { lit: true }, right: i(1) } }],
    {},
    "error at main/0: + needs an int or a duration, but true is a bool",
  ],
  [
    "type: wrong argument",
    [
      { op: "chan", bind: "c", cap: i(0) },
      { op: "spawn", proc: "worker", args: [v("c"), i(1)] },
    ],
    { procs: { worker } },
    "error at main/1: the argument n of worker needs an int, but c is a channel",
  ],
  [
    "type: too few arguments",
    [{ op: "spawn", proc: "worker", args: [i(1)] }],
    { procs: { worker } },
    "error at main/0: worker takes 2 arguments (n: int, out: chan), but spawn gives 1",
  ],
  [
    "type: map key",
    [
      { op: "let", bind: "m", value: { map: [], keys: "int" } },
      { op: "put", map: v("m"), key: { lit: "a" }, value: i(1) },
    ],
    {},
    'error at main/1: a key of m needs an int, but "a" is a string',
  ],
  [
    "type: load of map cell then push",
    [
      { op: "load", cell: "c", bind: "x" },
      { op: "push", list: v("x"), value: i(1) },
    ],
    { shared: [{ name: "c", type: "intMap", init: null }] },
    "error at main/1: the list of push needs a list, but x is a map with int keys",
  ],
  [
    "type: param of wrong use",
    [{ op: "repeat", count: { param: "d" }, body: [] }],
    { params: [{ name: "d", type: "dur", default: 1, min: 0, max: 10, doc: "" }] },
    "error at main/0: the count of repeat needs an int, but params.d is a duration",
  ],
  [
    "scope: local of a block",
    [
      { op: "repeat", count: i(2), bind: "i", body: [] },
      { op: "log", text: "{0}", args: [v("i")] },
    ],
    {},
    "error at main/1: the local i is not in sight here: it is bound at main/0, later or inside a block",
  ],
  [
    "scope: local of another procedure",
    [
      { op: "chan", bind: "out", cap: i(1) },
      { op: "call", proc: "f", args: [] },
    ],
    { procs: { f: { args: [], body: [{ op: "send", chan: v("out"), value: i(1) }] } } },
    'error at f/0: there is no local "out" in f: main has one, to be passed as an argument',
  ],
  [
    "scope: bound twice",
    [
      { op: "let", bind: "x", value: i(1) },
      { op: "repeat", count: i(2), body: [{ op: "let", bind: "x", value: i(2) }] },
    ],
    {},
    "error at main/1.body.0: x is already bound at main/0: assign to it, or take another name",
  ],
  [
    "scope: break out of a deferred block",
    [{ op: "repeat", count: i(2), body: [{ op: "defer", body: [{ op: "break" }] }] }],
    {},
    "error at main/0.body.0.body.0: break is outside every loop of this defer",
  ],
  [
    "scope: join before spawn",
    [
      { op: "join", task: v("t") },
      { op: "spawn", proc: "w", args: [], bind: "t" },
    ],
    { procs: { w: idle } },
    "error at main/0: the local t is not in sight here: it is bound at main/1, later or inside a block",
  ],
  [
    "bound: none",
    [{ op: "while", cond: { lit: true }, body: [{ op: "yield" }] }],
    {},
    "error at main/0: the loop has neither a bound nor the mark spin: give the greatest number of turns",
  ],
  [
    "bound: negative repeat",
    [{ op: "repeat", count: i(-3), body: [] }],
    {},
    "error at main/0: the count of repeat is -3, but the least is 0; did you mean 0?",
  ],
  [
    "bound: while bound dur",
    [{ op: "while", cond: { lit: true }, bound: ms(5), body: [{ op: "yield" }] }],
    {},
    "error at main/0: the bound of while needs an int, but 5ms is a duration",
  ],
  [
    "bound: acquire more than permits",
    [
      { op: "sem", bind: "s", permits: i(2) },
      { op: "acquire", sem: v("s"), count: i(3) },
    ],
    {},
    "warning at main/1: acquire asks for 3 permits, but s is made with 2; did you mean 2?",
  ],
  [
    "bound: cell index",
    [{ op: "load", cell: "c", index: i(3), bind: "x" }],
    { shared: [{ name: "c", type: "int", init: 0, length: 3 }] },
    "error at main/0: c has 3 cells, so there is none at 3; did you mean 2?",
  ],
  [
    "bound: overflow arithmetic",
    [{ op: "let", bind: "x", value: { binary: "*", left: i(2 ** 52), right: i(4) } }],
    {},
    "error at main/0: 4503599627370496 * 4 is beyond the integers of the language, -(2^53-1) to 2^53-1",
  ],
  [
    "policy: unknown select policy",
    [{ op: "yield" }],
    { policies: { ...defaultPolicies, selectPolicy: "randon" } as unknown as Policies },
    'error at policies.selectPolicy: "randon" is not one of random, first, rotating; did you mean random?',
  ],
  [
    "policy: unknown fairness of mutexes",
    [{ op: "yield" }],
    { policies: { ...defaultPolicies, lockFairness: "barjing" } as unknown as Policies },
    'error at policies.lockFairness: "barjing" is not one of native, fifo, barging; did you mean barging?',
  ],
  [
    "policy: unknown end",
    [{ op: "yield" }],
    { policies: { ...defaultPolicies, end: "quiesent" } as unknown as Policies },
    'error at policies.end: "quiesent" is not one of quiescent, main; did you mean quiescent?',
  ],
  [
    "policy: catchUp",
    [{ op: "ticker", bind: "t", channel: "c", dur: ms(5), catchUp: "skip" }] as unknown as Block,
    {},
    'error at main[0].catchUp: "skip" is not one of drop, burst, drift',
  ],
  [
    "policy: onError",
    [{ op: "scope", onError: "cancel", body: [] }] as unknown as Block,
    {},
    'error at main[0].onError: "cancel" is not one of cancelSiblings, waitAll; did you mean cancelSiblings?',
  ],
  [
    "kind: catch",
    [{ op: "try", body: [{ op: "yield" }], catches: [{ kinds: ["Timeuot"], body: [] }] }] as unknown as Block,
    {},
    'error at main[0].catches[0].kinds[0]: "Timeuot" is not one of Cancelled, Timeout, ChannelClosed, CloseOfClosed, CloseOfNone, NegativeGroup, NoneDeref, UnlockOfUnlocked, Overflow, AssertFailed, Rejected, TaskFailed, DepthExceeded, *; did you mean Timeout?',
  ],
  [
    "kind: unknown op",
    [{ op: "spwan", proc: "w", args: [] }] as unknown as Block,
    {},
    'error at main[0].op: there is no op "spwan"; did you mean spawn?',
  ],
  [
    "policy: swallow cancel",
    [{ op: "scopeRace", body: [{ op: "spawn", proc: "w", args: [] }] }],
    {
      procs: {
        w: {
          args: [],
          body: [
            {
              op: "try",
              body: [{ op: "sleep", dur: ms(5) }],
              catches: [{ kinds: ["Cancelled"], body: [{ op: "log", text: "x" }] }],
            },
          ],
        },
      },
    },
    "warning at w/0: catch 0 takes Cancelled and does not throw it again, so the cancellation is lost",
  ],
  [
    "kind: handler waits",
    [
      { op: "promise", bind: "p" },
      { op: "onResolve", promise: v("p"), proc: "h", args: [] },
    ],
    { procs: { h: { args: [{ name: "x", type: "int" }], body: [{ op: "sleep", dur: ms(1) }] } } },
    "error at main/1: h is a handler and cannot wait, but h/0 is a sleep: spawn a task",
  ],
  [
    "kind: withToken a task",
    [
      { op: "spawn", proc: "w", args: [], bind: "t" },
      { op: "withToken", token: v("t"), body: [{ op: "yield" }] },
    ],
    { procs: { w: idle } },
    "error at main/1: the token of withToken needs a token, but t is a task",
  ],
  [
    "kind: monitorWait outside",
    [
      { op: "monitor", bind: "m" },
      { op: "monitorWait", monitor: v("m") },
    ],
    {},
    "warning at main/1: monitorWait outside of m raises UnlockOfUnlocked: put it into an enter of m",
  ],
  [
    "kind: bind result of none",
    [{ op: "call", proc: "w", args: [], bind: "x" }],
    { procs: { w: idle } },
    "error at main/0: w declares no result, so x cannot be bound to it",
  ],
];

describe("the checker says what is wrong with", () => {
  test.each(wrong)("%s", (_, main, rest, says) => {
    expect(said(main, rest)[0]).toBe(says);
  });
});
