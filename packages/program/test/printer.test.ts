import { expect, test } from "vitest";
import { print, printExpr, withIds } from "@orrery/program";
import type { Expr } from "@orrery/program";
import { everyOp } from "./every-op.ts";

test("a program prints as pseudo-code", async () => {
  await expect(print(everyOp)).toMatchFileSnapshot("printed/every-op.txt");
});

test("a program prints with its ids at the right", async () => {
  await expect(print(withIds(everyOp), { ids: true })).toMatchFileSnapshot("printed/every-op-ids.txt");
});

test("the fairness of mutexes is printed where a program chooses it", () => {
  const { policies } = everyOp;
  expect(print({ ...everyOp, policies: { ...policies, lockFairness: "fifo" } })).toContain(
    ", mutexes fifo\n",
  );
  expect(print(everyOp)).not.toContain(", mutexes");
});

test("without ids in the tree, asking for them changes nothing", () => {
  expect(print(everyOp, { ids: true })).toBe(print(everyOp));
});

const a: Expr = { var: "a" };
const b: Expr = { var: "b" };
const c: Expr = { var: "c" };
const binary = (op: "+" | "-" | "*" | "and" | "or" | "==", left: Expr = a, right: Expr = b): Expr => ({
  binary: op,
  left,
  right,
});

test.each<[Expr, string]>([
  [binary("*", binary("+"), c), "(a + b) * c"],
  [binary("+", binary("*"), c), "a * b + c"],
  [binary("-", a, binary("-", b, c)), "a - (b - c)"],
  [binary("-", binary("-"), c), "a - b - c"],
  [binary("and", binary("or"), c), "(a or b) and c"],
  [binary("or", binary("and"), c), "a and b or c"],
  [{ unary: "not", arg: binary("==") }, "not a == b"],
  [binary("==", { unary: "not", arg: a }, b), "(not a) == b"],
  [{ unary: "not", arg: binary("and") }, "not (a and b)"],
  [{ unary: "neg", arg: binary("+") }, "-(a + b)"],
  [{ at: binary("+"), index: { lit: 0 }, otherwise: { lit: null } }, "((a + b)[0] else none)"],
  [{ map: [[{ lit: 1 }, a]], keys: "int" }, "int map {1: a}"],
  [{ get: a, key: b, otherwise: c }, "(a{b} else c)"],
  [{ has: a, key: b }, "has(a, b)"],
  [{ record: "Order", fields: { id: a } }, "Order {id: a}"],
  [
    { field: "id", of: { with: a, fields: { id: b }, record: "Order" }, record: "Order" },
    "Order {a with id: b}.id",
  ],
  [{ procRef: "add", type: "Step", args: [a, b] }, "Step to add(a, b, ...)"],
  [{ lit: 1_500_000, unit: "ns" }, "1.5ms"],
  [{ lit: 'a "word"' }, '"a \\"word\\""'],
])("%j prints as %s", (expr, text) => {
  expect(printExpr(expr)).toBe(text);
});
