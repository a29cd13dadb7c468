import { checkOrThrow, type Program, type Writer } from "@orrery/program";
import { program } from "@orrery/program";
import { runSpec } from "../configure.ts";
import { Execution } from "../execution.ts";
import type { RuntimeModel } from "../model.ts";
import type { RunResult } from "../result.ts";

type AnyWriter = Writer<Record<never, never>, Record<never, never>, Record<never, never>>;

/** A program without parameters. */
export function write(name: string, body: (writer: AnyWriter) => void): Program {
  return program(name, { doc: name, params: {}, services: {}, shared: {} }, body);
}

export type Asked = NonNullable<Parameters<typeof runSpec>[3]>;

export function prepare(model: RuntimeModel, source: Program, asked: Asked = {}): Execution {
  const checked = checkOrThrow(source);
  return new Execution(runSpec(model, checked.program, checked.params, asked));
}

export function runToEnd(model: RuntimeModel, source: Program, asked: Asked = {}): RunResult {
  return prepare(model, source, asked).run().result();
}

export function ensure(holds: boolean, message: () => string): void {
  if (!holds) throw new Error(message());
}

export function same(what: string, seen: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, saw ${a}`);
}

export const texts = (result: RunResult): string[] => result.log.map(({ text }) => text);

/** Runs to completion and compares the log. */
export function expectLog(
  model: RuntimeModel,
  source: Program,
  expected: readonly string[],
  asked?: Asked,
): void {
  const result = runToEnd(model, source, asked);
  same(`${source.name}: log`, texts(result), expected);
  same(`${source.name}: outcome`, result.outcome, "completed");
}
