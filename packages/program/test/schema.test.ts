import { describe, expect, expectTypeOf, test } from "vitest";
import { check, ProgramError } from "@orrery/program";
import type { Expr, OpName, Program, Stmt } from "@orrery/program";
import { parseProgram, ProgramSchema } from "@orrery/program/schema";
import type { ExprSchema, StmtSchema } from "@orrery/program/schema";
import { everyOp } from "./every-op.ts";

const empty = {
  name: "p",
  doc: "",
  params: [],
  services: [],
  shared: [],
  procs: {},
  main: [],
  policies: { end: "quiescent", selectPolicy: "random", onDetachedFailure: "abort" },
};

/** Lines of the error for a program with these parts. */
function refusals(parts: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    parseProgram({ ...empty, ...parts });
  } catch (error) {
    if (error instanceof ProgramError)
      return error.message
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
    throw error;
  }
  return [];
}

describe("the schema", () => {
  test("has the types of the tree", () => {
    expectTypeOf<typeof ProgramSchema.Type>().toExtend<Program>();
    expectTypeOf<Program>().toExtend<typeof ProgramSchema.Type>();
    expectTypeOf<Stmt>().toExtend<typeof StmtSchema.Type>();
    expectTypeOf<Expr>().toExtend<typeof ExprSchema.Type>();
    expectTypeOf<(typeof StmtSchema.Type)["op"]>().toEqualTypeOf<OpName>();
  });

  test("reads back every program that was written as JSON", () => {
    for (const tree of [everyOp, check(everyOp).program, empty]) {
      expect(parseProgram(JSON.parse(JSON.stringify(tree)))).toEqual(tree);
    }
  });

  test("knows as many operations as the fixture with every operation has", () => {
    const main = ProgramSchema.fields.main.ast;
    const statement = main._tag === "Arrays" ? main.rest[0] : undefined;
    const union = statement?._tag === "Suspend" ? statement.thunk() : undefined;
    expect(union?._tag === "Union" ? union.types.length : 0).toBe(check(everyOp).manifest.ops.length);
  });
});

describe("parseProgram refuses, with the place and the nearest valid value", () => {
  test.each<[title: string, parts: Readonly<Record<string, unknown>>, says: readonly string[]]>([
    [
      "an unknown operation",
      { main: [{ op: "repeat", count: { lit: 1 }, body: [{ op: "yeild" }] }] },
      [`error at main[0].body[0].op: there is no op "yeild"; did you mean yield?`],
    ],
    [
      "a statement without an operation",
      { main: [{ chan: { var: "c" } }] },
      [`error at main[0]: the key "op" is missing`],
    ],
    ["something else for a statement", { main: [7] }, ["error at main[0]: 7 is not an object"]],
    ["something else for a block", { main: { op: "yield" } }, ["error at main: an object is not a list"]],
    [
      "a missing operand",
      { procs: { worker: { args: [], body: [{ op: "send", chan: { var: "c" } }] } } },
      [`error at procs.worker.body[0]: the key "value" is missing`],
    ],
    [
      "a misspelt key",
      { main: [{ op: "send", chan: { var: "c" }, vlaue: { lit: 1 } }] },
      [`error at main[0].vlaue: there is no key "vlaue" here; did you mean value?`],
    ],
    [
      "a key too many",
      { main: [{ op: "yield", colour: "red" }] },
      [`error at main[0].colour: there is no key "colour" here`],
    ],
    [
      "an expression with a misspelt key",
      { main: [{ op: "sleep", dur: { parm: "d" } }] },
      [
        "error at main[0].dur: it needs one of the keys lit, var, param, unary, binary, at, list, map, get, has, record, field, with, procRef, self; did you mean param?",
      ],
    ],
    [
      "an unknown operator deep inside",
      {
        main: [
          {
            op: "let",
            bind: "x",
            value: {
              binary: "+",
              left: { lit: 1 },
              right: { binary: "mn", left: { lit: 1 }, right: { lit: 2 } },
            },
          },
        ],
      },
      [
        `error at main[0].value.right.binary: "mn" is not one of +, -, *, /, %, ==, !=, <, <=, >, >=, and, or, min, max; did you mean min?`,
      ],
    ],
    [
      "a number that is not whole",
      { main: [{ op: "let", bind: "x", value: { lit: 1.5 } }] },
      ["error at main[0].value.lit: 1.5 is not a whole number or true or false or a text or null"],
    ],
    [
      "an unknown error",
      { main: [{ op: "throw", kind: "Timout" }] },
      [
        `error at main[0].kind: "Timout" is not one of Cancelled, Timeout, ChannelClosed, CloseOfClosed, CloseOfNone, NegativeGroup, NoneDeref, UnlockOfUnlocked, Overflow, AssertFailed, Rejected, TaskFailed, DepthExceeded; did you mean Timeout?`,
      ],
    ],
    [
      "an unknown type of parameter",
      { params: [{ name: "n", type: "number", default: 1, doc: "" }] },
      [`error at params[0].type: there is no type "number"`],
    ],
    [
      "an unknown distribution",
      {
        services: [
          {
            name: "db",
            servers: 1,
            queueLimit: null,
            latency: { dist: "expnential", mean: 1 },
            failPerMillion: 0,
          },
        ],
      },
      [`error at services[0].latency.dist: there is no dist "expnential"; did you mean exponential?`],
    ],
    [
      "an unknown policy",
      { policies: { ...empty.policies, end: "quiesent" } },
      [`error at policies.end: "quiesent" is not one of quiescent, main; did you mean quiescent?`],
    ],
    [
      "several slips, each once",
      { name: 5, main: [{ op: "yield" }, { op: "recv" }, { op: "clsoe", chan: { lit: null } }] },
      [
        "error at name: 5 is not a text",
        `error at main[1]: the key "chan" is missing`,
        `error at main[2].op: there is no op "clsoe"; did you mean close?`,
      ],
    ],
  ])("%s", (_, parts, says) => {
    expect(refusals(parts)).toEqual(says);
  });

  test("what is nested without measure", () => {
    let value: unknown = { lit: 1 };
    for (let i = 0; i < 100_000; i++) value = { unary: "neg", arg: value };
    expect(refusals({ main: [{ op: "let", bind: "x", value }] })).toEqual([
      "error at the program: lists and objects are nested more than 400 deep",
    ]);
  });

  test("what is no object at all", () => {
    expect(() => parseProgram("spawn-order")).toThrow(
      `this is not a program:\n  error at the program: "spawn-order" is not an object`,
    );
  });
});
