import { describe, expect, test } from "vitest";
import { check, checkOrThrow, defaultPolicies, formatProblem, program } from "@orrery/program";
import type { Block, Expr, ParamValues, Program, Stmt } from "@orrery/program";

const n: Expr = { lit: 1 };
const v = (name: string): Expr => ({ var: name });
const ms = (count: number): Expr => ({ lit: count * 1_000_000, unit: "ns" });
const when = (cond: Expr, then: Block, otherwise: Block = []): Stmt => ({
  op: "if",
  cond,
  // oxlint-disable-next-line unicorn/no-thenable -- a field of the tree, never awaited
  then,
  else: otherwise,
});
const yieldOp: Stmt = { op: "yield" };

/** A program of this main; `rest` adds declarations. */
function of(main: Block, rest: Partial<Program> = {}): Program {
  return {
    name: "p",
    doc: "",
    params: [],
    services: [],
    shared: [],
    procs: {},
    main,
    policies: defaultPolicies,
    ...rest,
  };
}

function findings(tree: Program, given?: ParamValues): readonly string[] {
  return check(tree, given).problems.map(formatProblem);
}

const intParam = { name: "n", type: "int", default: 4, min: 1, max: 64, doc: "" } as const;
const durParam = { name: "d", type: "dur", default: 5_000_000, min: 0, max: 1_000_000_000, doc: "" } as const;
const enumParam = {
  name: "order",
  type: "enum",
  default: "naive",
  values: ["naive", "asymmetric"],
  doc: "",
} as const;
const boolParam = { name: "flag", type: "bool", default: false, doc: "" } as const;
const params = [intParam, durParam, enumParam, boolParam];
const worker = {
  args: [
    { name: "i", type: "int" },
    { name: "out", type: "chan" },
  ],
  body: [],
} as const;

/** Title, main, rest of the program, and all that the checker says. */
const errors: readonly (readonly [
  title: string,
  main: Block,
  rest: Partial<Program>,
  says: readonly string[],
])[] = [
  [
    "an unknown local, with the nearest",
    [
      { op: "chan", bind: "out", cap: n },
      { op: "close", chan: v("otu") },
    ],
    {},
    [`error at main/1: there is no local "otu"; did you mean out?`],
  ],
  [
    "an unknown local with none near, with all there are",
    [
      { op: "chan", bind: "out", cap: n },
      { op: "close", chan: v("queue") },
    ],
    {},
    [`error at main/1: there is no local "queue"; there is out`],
  ],
  [
    "a local used where it is out of sight",
    [when({ lit: true }, [{ op: "chan", bind: "c", cap: n }]), { op: "close", chan: v("c") }],
    {},
    [
      "error at main/1: the local c is not in sight here: it is bound at main/0.then.0, later or inside a block",
    ],
  ],
  [
    "a parameter written as a local",
    [{ op: "log", text: "{0}", args: [v("n")] }],
    { params },
    [`error at main/0: there is no local "n", but a parameter of that name; did you mean params.n?`],
  ],
  [
    "keys of the wrong type, of a map and of what is none",
    [
      { op: "let", bind: "m", value: { map: [[{ lit: "a" }, n]], keys: "str" } },
      { op: "put", map: v("m"), key: n, value: n },
      { op: "delete", map: v("m"), key: ms(1) },
      { op: "let", bind: "x", value: { get: v("m"), key: { lit: true } } },
      { op: "let", bind: "y", value: { has: n, key: n } },
      { op: "forEach", list: v("m"), bind: "each", body: [yieldOp] },
      { op: "forEach", list: v("m"), key: "k", bind: "each", body: [{ op: "sleep", dur: v("k") }] },
      { op: "let", bind: "same", value: { binary: "==", left: v("m"), right: v("m") } },
    ],
    {},
    [
      "error at main/1: a key of m needs a string, but 1 is a number",
      "error at main/2: a key of m needs a string, but 1ms is a duration",
      "error at main/3: a key of m needs a string, but true is a bool",
      "error at main/4: has needs a map, but 1 is a number",
      "error at main/5: the list of forEach needs a list, but m is a map with string keys",
      "error at main/6.body.0: the duration of sleep needs a duration, but k is a string",
      "error at main/7: m == m: maps are not compared; compare what they hold",
    ],
  ],
  [
    "a key that a map has twice, and a key that fits no map",
    [
      {
        op: "let",
        bind: "m",
        value: {
          map: [
            [{ param: "n" }, n],
            [{ lit: 4 }, n],
            [{ lit: "a" }, n],
          ],
          keys: "int",
        },
      },
      { op: "put", map: v("m"), key: n, value: n, max: { lit: -1 } },
    ],
    { params: [intParam], shared: [{ name: "all", type: "intMap", init: null, length: 2 }] },
    [
      "error at shared.all: a map is a single cell: a list of cells cannot hold maps",
      `error at main/0: a key of the map needs an int, but "a" is a string`,
      "error at main/0: the map has the key 4 twice",
      "error at main/1: the max of put is -1, but the least is 0; did you mean 0?",
    ],
  ],
  [
    "records: an unknown field, one that is missing, a wrong type, the wrong record",
    [
      { op: "let", bind: "o", value: { record: "Order", fields: { id: n, quantity: n } } },
      { op: "let", bind: "p", value: { record: "Order", fields: { id: { lit: "a" } } } },
      { op: "let", bind: "q", value: { field: "qty", of: v("o"), record: "Order" } },
      { op: "let", bind: "r", value: { field: "qantity", of: v("o"), record: "Order" } },
      { op: "let", bind: "s", value: { field: "id", of: v("o"), record: "Ordre" } },
      { op: "let", bind: "t", value: { field: "id", of: v("o"), record: "Line" } },
      { op: "let", bind: "u", value: { with: v("o"), fields: { id: n, quantity: n }, record: "Order" } },
      { op: "let", bind: "w", value: { record: "Order", fields: { quantity: n, id: n } } },
      { op: "let", bind: "x", value: { binary: "==", left: v("o"), right: v("o") } },
    ],
    { records: { Order: { id: "int", quantity: "int" }, Line: { id: "int", rest: "list" } } },
    [
      'error at main/1: the field id of Order needs an int, but "a" is a string',
      'error at main/1: Order {id: "a"} lacks quantity: int',
      `error at main/2: there is no field of Order "qty"; there is id, quantity`,
      `error at main/3: there is no field of Order "qantity"; did you mean quantity?`,
      `error at main/4: there is no record "Ordre"; did you mean Order?`,
      "error at main/5: the field id needs a record Line, but o is a record Order",
      "error at main/6: Order {o with id: 1, quantity: 1} changes every field: write a new record",
      "error at main/7: the fields of Order have the order id, quantity",
      "error at main/8: o == o: records are not compared; compare what they hold",
    ],
  ],
  [
    "records that are declared wrongly, and types of those that are not",
    [yieldOp],
    {
      records: { order: {}, Line: { next: "record:Lime", id_: "int" } },
      procs: { take: { args: [{ name: "o", type: "record:Lines" }], body: [] } },
    },
    [
      "error at records.order: a record's name begins with a capital letter; did you mean Order?",
      "error at records.order: the record has no field",
      "error at records.Line: the field id_ cannot end with _",
      `error at records.Line: there is no record "Lime"; did you mean Line?`,
      `error at procs.take: there is no record "Lines"; did you mean Line?`,
    ],
  ],
  [
    "references: an unknown type or procedure, what does not fit the type, wrong uses",
    [
      { op: "let", bind: "o", value: { procRef: "plus", type: "Step", args: [n] } },
      { op: "let", bind: "p", value: { procRef: "plus", type: "Stop", args: [n] } },
      { op: "let", bind: "q", value: { procRef: "plug", type: "Step", args: [n] } },
      { op: "let", bind: "r", value: { procRef: "plus", type: "Step", args: [{ lit: "a" }] } },
      { op: "let", bind: "s", value: { procRef: "plus", type: "Step", args: [] } },
      { op: "let", bind: "t", value: { procRef: "rest", type: "Step", args: [] } },
      { op: "callRef", ref: v("o"), type: "Step", args: [] },
      { op: "callRef", ref: v("o"), type: "Step", args: [{ lit: "a" }] },
      { op: "spawnRef", ref: v("o"), type: "Other", args: [n] },
      { op: "callRef", ref: v("o"), type: "Sep", args: [n] },
      { op: "callRef", ref: n, type: "Other", args: [n], bind: "u" },
      { op: "let", bind: "w", value: { binary: "==", left: v("o"), right: v("o") } },
      { op: "log", text: "{0}", args: [v("o")] },
      { op: "store", cell: "kept", value: n },
    ],
    {
      procTypes: {
        Step: { args: [{ name: "b", type: "int" }], returns: "int" },
        Other: { args: [{ name: "b", type: "int" }] },
      },
      shared: [{ name: "kept", type: "proc:Step", init: null }],
      procs: {
        plus: {
          args: [
            { name: "a", type: "int" },
            { name: "b", type: "int" },
          ],
          returns: "int",
          body: [{ op: "return", value: v("a") }],
        },
        rest: { args: [{ name: "b", type: "int" }], body: [] },
      },
    },
    [
      'error at main/1: there is no procedure type "Stop"; did you mean Step?',
      'error at main/2: there is no procedure "plug"; did you mean plus?',
      'error at main/3: the argument a of plus needs an int, but "a" is a string',
      "error at main/4: Step to plus(...) still takes (a: int, b: int), but Step takes (b: int)",
      "error at main/5: rest returns nothing, but Step returns an int",
      "error at main/6: Step takes (b: int), but callRef gives 0",
      'error at main/7: the argument b of Step needs an int, but "a" is a string',
      "error at main/8: the reference of spawnRef needs a reference Other, but o is a reference Step",
      "error at main/9: the reference of callRef needs a reference Sep, but o is a reference Step",
      'error at main/9: there is no procedure type "Sep"; did you mean Step?',
      "error at main/10: the reference of callRef needs a reference Other, but 1 is a number",
      "error at main/10: Other returns nothing, so u cannot be bound to it",
      "error at main/11: o == o: references are not compared",
      "error at main/12: a reference has nothing to show in a log",
      "error at main/13: the shared cell kept needs a reference Step, but 1 is a number",
    ],
  ],
  [
    "types of references that are declared wrongly, a handler among procedures that wait",
    [
      { op: "promise", bind: "p" },
      { op: "onResolve", promise: v("p"), proc: "handle", args: [] },
      { op: "let", bind: "o", value: { procRef: "handle", type: "Step", args: [] } },
      { op: "let", bind: "q", value: { procRef: "wait", type: "Step", args: [] } },
      { op: "callRef", ref: v("o"), type: "Step", args: [n] },
      {
        op: "while",
        cond: { unary: "isNone", arg: { procRef: "wait", type: "Step", args: [] } },
        spin: true,
        body: [],
      },
    ],
    {
      procTypes: {
        Step: { args: [{ name: "b", type: "int" }] },
        step: { args: [{ name: "b", type: "proc:Stop" }] },
      },
      procs: {
        handle: { args: [{ name: "b", type: "int" }], body: [] },
        wait: { args: [{ name: "b", type: "int" }], body: [yieldOp] },
      },
    },
    [
      'error at procTypes.step: there is no procedure type "Stop"; did you mean Step?',
      "error at procTypes.step: the name of a procedure type begins with a capital letter",
      "error at main/1: handle is a handler, so no reference to it can be of a type whose calls are awaited",
      "error at main/5: Step to wait(...) stands in while: bind it to a local before",
    ],
  ],
  [
    "an unknown parameter",
    [{ op: "log", text: "{0}", args: [{ param: "m" }] }],
    { params: [intParam] },
    [`error at main/0: there is no parameter "m"; did you mean n?`],
  ],
  [
    "an unknown procedure",
    [
      { op: "spawn", proc: "wroker", args: [n, v("c")] },
      { op: "call", proc: "worker", args: [n, { lit: null }] },
    ],
    { procs: { worker } },
    [
      `error at main/0: there is no local "c"`,
      `error at main/0: there is no procedure "wroker"; did you mean worker?`,
    ],
  ],
  [
    "an unknown service",
    [{ op: "callService", service: "bd" }],
    {
      services: [
        {
          name: "db",
          servers: 1,
          queueLimit: null,
          latency: { dist: "constant", value: 1 },
          failPerMillion: 0,
        },
      ],
    },
    [`error at main/0: there is no service "bd"; did you mean db?`],
  ],
  [
    "an unknown shared cell",
    [{ op: "load", cell: "cuonter", bind: "x" }],
    { shared: [{ name: "counter", type: "int", init: 0 }] },
    [`error at main/0: there is no shared cell "cuonter"; did you mean counter?`],
  ],
  [
    "an unknown label",
    [{ op: "repeat", count: n, label: "outer", body: [{ op: "break", label: "otter" }] }],
    {},
    [`error at main/0.body.0: there is no loop around this with the label "otter"; did you mean outer?`],
  ],
  [
    "a channel operation on something else",
    [
      { op: "let", bind: "x", value: n },
      { op: "send", chan: v("x"), value: n },
    ],
    {},
    ["error at main/1: the channel of send needs a channel, but x is an int"],
  ],
  [
    "an int where a duration is needed",
    [{ op: "repeat", count: n, bind: "i", body: [{ op: "sleep", dur: v("i") }] }],
    {},
    [
      "error at main/0.body.0: the duration of sleep needs a duration, but i is an int; multiply it by a duration, for example i * 1ms",
    ],
  ],
  [
    "a condition that is no bool",
    [when(n, [])],
    {},
    ["error at main/0: the condition of if needs a bool, but 1 is a number"],
  ],
  [
    "a sum of an int and a duration",
    [{ op: "let", bind: "x", value: { binary: "+", left: { param: "n" }, right: { param: "d" } } }],
    { params },
    ["error at main/0: params.n + params.d: + does not take an int and a duration"],
  ],
  [
    "a product of durations",
    [{ op: "let", bind: "x", value: { binary: "*", left: { param: "d" }, right: ms(1) } }],
    { params },
    ["error at main/0: params.d * 1ms: * does not take a duration and a duration"],
  ],
  [
    "arithmetic on a bool",
    [{ op: "let", bind: "x", value: { binary: "-", left: { lit: true }, right: n } }],
    {},
    ["error at main/0: - needs an int or a duration, but true is a bool"],
  ],
  [
    "a comparison across types",
    [{ op: "let", bind: "x", value: { binary: "==", left: { param: "order" }, right: n } }],
    { params },
    ["error at main/0: params.order == 1: == does not take a string and a number"],
  ],
  [
    "a word that an enum parameter cannot be",
    [{ op: "let", bind: "x", value: { binary: "==", left: { param: "order" }, right: { lit: "niave" } } }],
    { params },
    [`error at main/0: there is no value of params.order "niave"; did you mean naive?`],
  ],
  [
    "a match case that an enum parameter cannot be",
    [
      {
        op: "match",
        value: { param: "order" },
        cases: [
          { tag: "asymetric", body: [] },
          { tag: 1, body: [] },
        ],
      },
    ],
    { params },
    [
      `error at main/0: there is no value of params.order "asymetric"; did you mean asymmetric?`,
      "error at main/0: the case 1 is a number, but params.order is a string",
    ],
  ],
  [
    "a match case twice",
    [
      {
        op: "match",
        value: n,
        cases: [
          { tag: 1, body: [] },
          { tag: 1, body: [] },
        ],
      },
    ],
    {},
    ["error at main/0: the case 1 appears twice"],
  ],
  [
    "an assignment of another type",
    [
      { op: "let", bind: "x", value: n },
      { op: "assign", name: "x", value: { lit: true } },
    ],
    {},
    ["error at main/1: the local x needs an int, but true is a bool"],
  ],
  [
    "an assignment to a loop's local",
    [{ op: "repeat", count: n, bind: "i", body: [{ op: "assign", name: "i", value: n }] }],
    {},
    ["error at main/0.body.0: i belongs to the loop at main/0 and cannot be assigned"],
  ],
  [
    "too few arguments",
    [{ op: "spawn", proc: "worker", args: [n] }],
    { procs: { worker } },
    ["error at main/0: worker takes 2 arguments (i: int, out: chan), but spawn gives 1"],
  ],
  [
    "an argument of another type",
    [{ op: "spawn", proc: "worker", args: [{ lit: "one" }, { lit: null }] }],
    { procs: { worker } },
    [`error at main/0: the argument i of worker needs an int, but "one" is a string`],
  ],
  [
    "a name bound twice",
    [
      { op: "mutex", bind: "m" },
      { op: "mutex", bind: "m" },
    ],
    {},
    ["error at main/1: m is already bound at main/0: assign to it, or take another name"],
  ],
  [
    "a name bound again inside a block",
    [
      { op: "mutex", bind: "m" },
      { op: "repeat", count: n, bind: "m", body: [] },
    ],
    {},
    ["error at main/1: m is already bound at main/0: assign to it, or take another name"],
  ],
  [
    "a local with an argument's name",
    [{ op: "call", proc: "p", args: [n] }],
    { procs: { p: { args: [{ name: "i", type: "int" }], body: [{ op: "mutex", bind: "i" }] } } },
    ["error at p/0: i is already an argument of p: assign to it, or take another name"],
  ],
  [
    "a name that is none",
    [{ op: "mutex", bind: "my lock" }],
    {},
    [`error at main/0: "my lock" cannot be a name: letters, digits and _, beginning with a letter`],
  ],
  [
    "a while without a bound",
    [{ op: "while", cond: { lit: true }, body: [] }],
    {},
    ["error at main/0: the loop has neither a bound nor the mark spin: give the greatest number of turns"],
  ],
  [
    "a while with both",
    [{ op: "while", cond: { lit: false }, bound: n, spin: true, body: [] }],
    {},
    ["error at main/0: the loop has both a bound and the mark spin: keep one"],
  ],
  ["a break outside every loop", [{ op: "break" }], {}, ["error at main/0: break is outside every loop"]],
  [
    "a break out of a defer",
    [{ op: "repeat", count: n, body: [{ op: "defer", body: [{ op: "break" }] }] }],
    {},
    ["error at main/0.body.0.body.0: break is outside every loop of this defer"],
  ],
  [
    "a return out of a finally",
    [{ op: "try", body: [], catches: [], finally: [{ op: "return" }] }],
    {},
    ["error at main/0.finally.0: return cannot leave a finally block"],
  ],
  [
    "a label used by two loops, one in the other",
    [{ op: "repeat", count: n, label: "a", body: [{ op: "repeat", count: n, label: "a", body: [] }] }],
    {},
    ["error at main/0.body.0: a loop around this one has the label a too"],
  ],
  [
    "an end without the result",
    [{ op: "call", proc: "five", args: [] }],
    {
      procs: {
        five: {
          args: [],
          returns: "int",
          body: [when({ param: "flag" }, [{ op: "return", value: n }])],
        },
      },
      params,
    },
    ["error at procs.five: five can reach its end without returning an int"],
  ],
  [
    "a return without the result",
    [{ op: "call", proc: "five", args: [] }],
    { procs: { five: { args: [], returns: "int", body: [{ op: "return" }] } } },
    ["error at five/0: five must return an int"],
  ],
  [
    "a result of another type",
    [{ op: "call", proc: "five", args: [] }],
    { procs: { five: { args: [], returns: "int", body: [{ op: "return", value: { lit: "5" } }] } } },
    [`error at five/0: the result of five needs an int, but "5" is a string`],
  ],
  [
    "a result that is not declared",
    [{ op: "return", value: n }],
    {},
    ["error at main/0: main declares no result, so it cannot return 1"],
  ],
  [
    "a local bound to no result",
    [{ op: "call", proc: "worker", args: [n, { lit: null }], bind: "x" }],
    { procs: { worker } },
    ["error at main/0: worker declares no result, so x cannot be bound to it"],
  ],
  [
    "a select without cases",
    [{ op: "select", cases: [] }],
    {},
    ["error at main/0: the select has no case, so nothing can happen in it"],
  ],
  [
    "a select with otherwise and timeout",
    [
      {
        op: "select",
        cases: [{ dir: "recv", chan: { lit: null }, body: [] }],
        otherwise: [],
        timeout: { dur: ms(1), body: [] },
      },
    ],
    {},
    [
      "error at main/0: the select never waits because of its otherwise, so its timeout cannot happen: keep one",
    ],
  ],
  [
    "a negative capacity",
    [{ op: "chan", bind: "c", cap: { lit: -1 } }],
    {},
    ["error at main/0: the capacity of chan is -1, but the least is 0; did you mean 0?"],
  ],
  [
    "a negative duration",
    [{ op: "cpu", dur: { binary: "-", left: { param: "d" }, right: ms(6) } }],
    { params },
    ["error at main/0: the duration of cpu is -1ms, but the least is 0; did you mean 0?"],
  ],
  [
    "a choice among none",
    [{ op: "choose", n: { lit: 0 }, bind: "x" }],
    {},
    ["error at main/0: the number of choices of choose is 0, but the least is 1; did you mean 1?"],
  ],
  [
    "an index below 0",
    [{ op: "let", bind: "x", value: { at: { list: [] }, index: { lit: -1 } } }],
    {},
    ["error at main/0: the index -1 is below 0; did you mean 0?"],
  ],
  [
    "a division by zero",
    [{ op: "let", bind: "x", value: { binary: "/", left: n, right: { lit: 0 } } }],
    {},
    ["error at main/0: 1 / 0 divides by zero"],
  ],
  [
    "an index on a single cell",
    [{ op: "store", cell: "one", index: n, value: n }],
    { shared: [{ name: "one", type: "int", init: 0 }] },
    ["error at main/0: one is a single cell and has no index"],
  ],
  [
    "a list of cells without an index",
    [{ op: "store", cell: "many", value: n }],
    { shared: [{ name: "many", type: "int", init: 0, length: 3 }] },
    ["error at main/0: many is a list of cells: store needs an index"],
  ],
  [
    "an index beyond the cells",
    [{ op: "store", cell: "many", index: { lit: 4 }, value: n }],
    { params, shared: [{ name: "many", type: "int", init: 0, length: { param: "n" } }] },
    ["error at main/0: many has 4 cells, so there is none at 4; did you mean 3?"],
  ],
  [
    "a store of another type",
    [{ op: "store", cell: "one", value: { lit: true } }],
    { shared: [{ name: "one", type: "int", init: 0 }] },
    ["error at main/0: the shared cell one needs an int, but true is a bool"],
  ],
  [
    "a log that shows what it has not got",
    [{ op: "log", text: "{0} {1}", args: [n] }],
    {},
    ["error at main/0: the text has {1}, but the log has 1 argument"],
  ],
  [
    "a draw beyond its distribution",
    [{ op: "draw", stream: "s", from: { dist: "erlang", k: 0, mean: 5 }, bind: "x" }],
    {},
    ["error at main/0: k is 0, but must be a whole number from 1 to 1000; did you mean 1?"],
  ],
  [
    "a negative draw of durations",
    [{ op: "draw", stream: "s", from: { dist: "uniform", low: -5, high: 5 }, bind: "x", unit: "ns" }],
    {},
    ["error at main/0: low is -5, but must be a whole number of at least 0; did you mean 0?"],
  ],
];

describe("the checker reports", () => {
  test.each(errors)("%s", (_, main, rest, says) => {
    expect(findings(of(main, rest)).filter((text) => text.startsWith("error"))).toEqual(says);
  });
});

describe("the checker reports in declarations", () => {
  const declared: readonly (readonly [title: string, rest: Partial<Program>, says: readonly string[]])[] = [
    ["a name twice", { params: [intParam, intParam] }, ["error at params.n: the name n is declared twice"]],
    [
      "a name that is none",
      { shared: [{ name: "the cell", type: "int", init: 0 }] },
      [
        `error at shared.the cell: "the cell" cannot be a name: letters, digits and _, beginning with a letter`,
      ],
    ],
    [
      "a procedure called main",
      { procs: { main: { args: [], body: [] } } },
      ["error at procs.main: a procedure cannot be called main"],
    ],
    [
      "an argument twice",
      {
        procs: {
          f: {
            args: [
              { name: "i", type: "int" },
              { name: "i", type: "int" },
            ],
            body: [],
          },
        },
      },
      ["error at procs.f: the argument i is declared twice"],
    ],
    [
      "a default out of range",
      { params: [{ ...intParam, default: 100 }] },
      ["error at params.n: its default: 100 is outside 1 to 64; did you mean 64?"],
    ],
    [
      "an empty range",
      { params: [{ ...durParam, min: 2_000_000, max: 1_000_000 }] },
      ["error at params.d: its least value 2ms is above its greatest 1ms"],
    ],
    [
      "a default that is no value",
      { params: [{ ...enumParam, default: "niave" }] },
      [`error at params.order: its default: "niave" is not one of naive, asymmetric; did you mean naive?`],
    ],
    [
      "a cell that starts as something else",
      { shared: [{ name: "flag", type: "bool", init: 0 }] },
      ["error at shared.flag: it holds a bool, but starts as 0"],
    ],
    [
      "a length that is no int",
      { params, shared: [{ name: "cells", type: "int", init: 0, length: { param: "d" } }] },
      ["error at shared.cells: length needs an int, but the parameter d is not one"],
    ],
    [
      "a latency of an unknown parameter",
      {
        params,
        services: [{ name: "db", servers: 0, queueLimit: null, latency: { param: "dd" }, failPerMillion: 0 }],
      },
      [
        "error at services.db: servers is 0, but must be a whole number of at least 1; did you mean 1?",
        `error at services.db: latency: there is no parameter "dd"; did you mean d?`,
      ],
    ],
    [
      "an empty table",
      {
        services: [
          {
            name: "db",
            servers: 1,
            queueLimit: 0,
            latency: { dist: "table", values: [] },
            failPerMillion: 0,
          },
        ],
      },
      ["error at services.db: table: it needs at least one value"],
    ],
  ];
  test.each(declared)("%s", (_, rest, says) => {
    expect(findings(of([], rest)).filter((text) => text.startsWith("error"))).toEqual(says);
  });
});

describe("parameters", () => {
  const tree = of([], { params });

  test("take their defaults, given values and texts", () => {
    expect(check(tree).params).toEqual({ n: 4, d: 5_000_000, order: "naive", flag: false });
    expect(check(tree, { n: "8", d: "1.5ms", order: "asymmetric", flag: "true" }).params).toEqual({
      n: 8,
      d: 1_500_000,
      order: "asymmetric",
      flag: true,
    });
  });

  test.each<[ParamValues, string]>([
    [{ n: 100 }, "error at params.n: 100 is outside 1 to 64; did you mean 64?"],
    [{ n: "four" }, `error at params.n: "four" is not an int: write a whole number such as 4`],
    [{ d: "2s" }, "error at params.d: 2s is outside 0ns to 1s; did you mean 1s?"],
    [
      { d: "soon" },
      `error at params.d: "soon" is not a duration: it is not a number and a unit; write for example "100ms", "1.5s" or "250us"`,
    ],
    [{ flag: "yes" }, `error at params.flag: "yes" is not a bool: write true or false`],
    [
      { order: "asymetric" },
      `error at params.order: "asymetric" is not one of naive, asymmetric; did you mean asymmetric?`,
    ],
    [{ odrer: "naive" }, `error at params.odrer: there is no parameter "odrer"; did you mean order?`],
  ])("given as %j are refused", (given, says) => {
    expect(findings(tree, given)).toEqual([says]);
  });
});

describe("the checker warns of", () => {
  const lock = (mutex: string): Stmt => ({ op: "lock", mutex: v(mutex) });
  const unlock = (mutex: string): Stmt => ({ op: "unlock", mutex: v(mutex) });
  const m: Stmt = { op: "mutex", bind: "m" };
  const leak = "warning at main/1: m can still be locked when the procedure ends";
  const proc = (body: Block) => ({ args: [], body });

  test.each<[title: string, main: Block, rest: Partial<Program>, says: readonly string[]]>([
    [
      "a sleep that Node rounds",
      [{ op: "sleep", dur: { lit: 250_000, unit: "ns" } }],
      {},
      [
        "warning at main/0: sleeps 250us, but Node rounds to whole milliseconds: 1ms there; did you mean 1ms?",
      ],
    ],
    [
      "a timeout that Node rounds",
      [
        {
          op: "select",
          cases: [{ dir: "recv", chan: { lit: null }, body: [] }],
          timeout: { dur: { lit: 2_500_000, unit: "ns" }, body: [] },
        },
      ],
      {},
      ["warning at main/0: waits 2.5ms, but Node rounds to whole milliseconds: 2ms there; did you mean 2ms?"],
    ],
    [
      "a catch that loses a cancellation",
      [{ op: "try", body: [yieldOp], catches: [{ kinds: ["Cancelled"], body: [] }] }],
      {},
      ["warning at main/0: catch 0 takes Cancelled and does not throw it again, so the cancellation is lost"],
    ],
    [
      "a catch of everything that loses a cancellation",
      [
        { op: "scopeRace", body: [] },
        { op: "try", body: [yieldOp], catches: [{ kinds: ["*"], body: [] }] },
      ],
      {},
      ["warning at main/1: catch 0 takes Cancelled and does not throw it again, so the cancellation is lost"],
    ],
    [
      "no catch that throws it again",
      [
        {
          op: "try",
          body: [yieldOp],
          catches: [{ kinds: ["Cancelled"], body: [{ op: "throw", kind: "Cancelled" }] }],
        },
      ],
      {},
      [],
    ],
    [
      "a catch that nothing reaches",
      [
        {
          op: "try",
          body: [],
          catches: [
            { kinds: ["*"], body: [] },
            { kinds: ["Timeout"], body: [] },
          ],
        },
      ],
      {},
      ["warning at main/0: catch 1 never sees Timeout: an earlier catch takes it"],
    ],
    ["a mutex that nothing unlocks", [m, lock("m")], {}, [leak]],
    ["a mutex that a branch leaves locked", [m, lock("m"), when({ lit: true }, [unlock("m")])], {}, [leak]],
    [
      "a mutex that a return leaves locked",
      [m, lock("m"), when({ lit: true }, [{ op: "return" }]), unlock("m")],
      {},
      [leak],
    ],
    [
      "no mutex that every branch unlocks",
      [m, lock("m"), when({ lit: true }, [unlock("m")], [unlock("m")])],
      {},
      [],
    ],
    [
      "no mutex that a defer unlocks",
      [m, lock("m"), { op: "defer", body: [unlock("m")] }, { op: "return" }],
      {},
      [],
    ],
    [
      "no mutex that a finally unlocks",
      [
        m,
        lock("m"),
        { op: "try", body: [{ op: "throw", kind: "Timeout" }], catches: [], finally: [unlock("m")] },
      ],
      {},
      [],
    ],
    [
      "no mutex that is locked and unlocked in a loop",
      [
        m,
        {
          op: "repeat",
          count: n,
          body: [lock("m"), when({ lit: true }, [unlock("m"), { op: "continue" }]), unlock("m")],
        },
      ],
      {},
      [],
    ],
    [
      "a statement that nothing reaches",
      [{ op: "return" }, yieldOp],
      {},
      ["warning at main/1: this statement is never reached"],
    ],
    [
      "a procedure that calls itself without a condition",
      [{ op: "call", proc: "f", args: [] }],
      { procs: { f: proc([yieldOp, { op: "call", proc: "f", args: [] }]) } },
      ["warning at f/1: f comes back here without a condition, so this never ends"],
    ],
    [
      "procedures that call each other without a condition",
      [{ op: "call", proc: "f", args: [] }],
      {
        procs: {
          f: proc([{ op: "call", proc: "g", args: [] }]),
          g: proc([{ op: "spawn", proc: "f", args: [] }]),
        },
      },
      [
        "warning at f/0: g comes back here without a condition, so this never ends",
        "warning at g/0: f comes back here without a condition, so this never ends",
      ],
    ],
    [
      "no recursion that ends",
      [{ op: "call", proc: "f", args: [] }],
      {
        procs: {
          f: proc([when({ lit: true }, [{ op: "return" }]), { op: "call", proc: "f", args: [] }]),
        },
      },
      [],
    ],
    [
      "a procedure that nothing starts",
      [],
      { procs: { f: proc([]) } },
      ["warning at procs.f: nothing that main starts calls or spawns it"],
    ],
    [
      "an argument that a log does not show",
      [{ op: "log", text: "x", args: [n] }],
      {},
      ["warning at main/0: the text does not show argument 0: write {0} where it belongs"],
    ],
  ])("%s", (_, main, rest, says) => {
    expect(findings(of(main, rest))).toEqual(says);
  });
});

describe("the checker accepts", () => {
  test.each<[string, Block]>([
    ["a bare number as nanoseconds", [{ op: "sleep", dur: { lit: 5_000_000 } }]],
    [
      "an int times a duration",
      [
        {
          op: "repeat",
          count: n,
          bind: "i",
          body: [{ op: "sleep", dur: { binary: "*", left: v("i"), right: ms(1) } }],
        },
      ],
    ],
    [
      "what comes out of a channel, anywhere",
      [
        { op: "chan", bind: "c", cap: n },
        { op: "recv", chan: v("c"), bind: "x" },
        { op: "sleep", dur: v("x") },
        { op: "close", chan: v("x") },
      ],
    ],
    ["none as a channel", [{ op: "send", chan: { lit: null }, value: n }]],
    [
      "a local that starts as none",
      [
        { op: "let", bind: "c", value: { lit: null } },
        { op: "chan", bind: "d", cap: n },
        { op: "assign", name: "c", value: v("d") },
        { op: "close", chan: v("c") },
      ],
    ],
    [
      "the same name in blocks side by side",
      [when({ lit: true }, [{ op: "mutex", bind: "x" }], [{ op: "chan", bind: "x", cap: n }])],
    ],
    [
      "a break to an outer label",
      [
        {
          op: "repeat",
          count: n,
          label: "outer",
          body: [{ op: "repeat", count: n, body: [{ op: "break", label: "outer" }] }],
        },
      ],
    ],
  ])("%s", (_, main) => {
    expect(findings(of(main))).toEqual([]);
  });

  test("a procedure that returns on every path", () => {
    const body: Block = [
      {
        op: "while",
        cond: { lit: true },
        spin: true,
        body: [when({ lit: true }, [{ op: "return", value: n }])],
      },
    ];
    expect(
      findings(
        of([{ op: "call", proc: "f", args: [] }], { procs: { f: { args: [], returns: "int", body } } }),
      ),
    ).toEqual([]);
  });
});

describe("the manifest", () => {
  const manifest = (main: Block, rest: Partial<Program> = {}) => check(of(main, rest)).manifest;
  const now: Stmt = { op: "now", bind: "t" };

  test("lists the operations used", () => {
    expect(manifest([yieldOp, { op: "repeat", count: n, body: [{ op: "fileStat" }, yieldOp] }]).ops).toEqual([
      "fileStat",
      "repeat",
      "yield",
    ]);
  });
  test("flags time in a condition, not in an observation", () => {
    const later: Stmt = { op: "let", bind: "u", value: { binary: "+", left: v("t"), right: ms(1) } };
    expect(manifest([now, later, when({ binary: ">", left: v("u"), right: ms(5) }, [])]).timeDependent).toBe(
      true,
    );
    expect(manifest([now, later, { op: "mark", name: "m", from: v("u") }]).timeDependent).toBe(false);
  });
  test("flags what asks who was first", () => {
    expect(manifest([{ op: "tryRecv", chan: { lit: null }, ok: "ok" }]).orderSensitive).toBe(true);
    expect(manifest([{ op: "recv", chan: { lit: null } }]).orderSensitive).toBe(false);
    const shared = [{ name: "all", type: "intMap", init: null }] as const;
    const load: Stmt = { op: "load", cell: "all", bind: "m" };
    const put: Stmt = { op: "put", map: v("m"), key: n, value: n };
    expect(check(of([load], { shared })).manifest.orderSensitive).toBe(false);
    expect(check(of([load, put], { shared })).manifest.orderSensitive).toBe(true);
  });
  test("flags what one runtime alone defines", () => {
    expect(manifest([{ op: "yieldMicro" }]).runtimeSpecific).toBe(true);
    expect(manifest([yieldOp]).runtimeSpecific).toBe(false);
  });
  test("flags spinning and recursion", () => {
    expect(manifest([{ op: "while", cond: { lit: false }, spin: true, body: [] }]).unbounded).toBe(true);
    expect(
      manifest([], {
        procs: {
          f: { args: [], body: [{ op: "repeat", count: n, body: [{ op: "spawn", proc: "f", args: [] }] }] },
        },
      }).recursive,
    ).toBe(true);
    expect(manifest([yieldOp])).toMatchObject({ unbounded: false, recursive: false });
  });
});

describe("checkOrThrow", () => {
  test("lists every error", () => {
    const tree = program("two-slips", { doc: "" }, ({ main }) => {
      main((b) => {
        b.break();
        b.continue();
      });
    });
    expect(() => checkOrThrow(tree)).toThrow(
      "the program two-slips cannot run:\n  error at main/0: break is outside every loop\n  error at main/1: continue is outside every loop",
    );
  });
  test("returns the checked program when there are only warnings", () => {
    const checked = checkOrThrow(of([{ op: "return" }, yieldOp]));
    expect(checked.program.main[1]).toEqual({ id: "main/1", op: "yield" });
    expect(checked.problems).toHaveLength(1);
  });
});
