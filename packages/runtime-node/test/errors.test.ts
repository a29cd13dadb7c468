/** Ends of the process and what it writes to its standard error, beside what the conformance programs show. */
import { expect, test } from "vitest";
import { runNode } from "../src/index.ts";
import { prints } from "./run.ts";

const boom = (): never => {
  throw new Error("boom");
};

test("a rejection with something else than an Error is wrapped", () => {
  const { exitCode, diagnostics } = runNode(({ Promise }) => void Promise.reject(42));
  expect(exitCode).toBe(1);
  expect(diagnostics[0]!.text).toMatch(
    /^UnhandledPromiseRejection: .* The promise rejected with the reason "42"\./,
  );
});

test("an error that nobody catches ends the process with 1", () => {
  expect(
    prints(({ process, setTimeout, log }) => {
      process.on("exit", (code) => log("exit", code));
      setTimeout(boom, 1);
      setTimeout(() => log("never"), 5);
    }),
  ).toBe("exit 1 [exit 1]");
});

test("the error of an unhandled rejection is told", () => {
  const { exitCode, diagnostics } = runNode(({ Promise }) => void Promise.reject(new Error("boom")));
  expect(exitCode).toBe(1);
  expect(diagnostics).toEqual([{ kind: "uncaught", text: "Error: boom\n\nNode.js v24.21.0" }]);
});

test("a warning that nobody listens to is told", () => {
  const { diagnostics } = runNode(({ setTimeout }) => void setTimeout(() => {}, -7));
  expect(diagnostics).toEqual([
    {
      kind: "warning",
      text: "(node:1) TimeoutNegativeWarning: -7 is a negative number.\nTimeout duration was set to 1.",
    },
  ]);
});
