/** What the ports share, as prelude.py has it for the real programs. */
import { type ConformanceProgram, printed } from "@orrery/runtime";
import { type AsyncioRun, runAsyncio, runPython } from "../run_asyncio.ts";
import { typeName } from "../exceptions.ts";
import type { Version } from "../python.ts";
import type { Awaitable, Coroutine } from "../task.ts";

export interface Program extends ConformanceProgram {
  /** The seed draws the order of sets too, which CPython leaves to addresses. */
  readonly port: ((seed?: number, version?: Version) => string) | { readonly lacks: string };
}

/** The programs of a file: each is run by its name. */
export function inFile(file: string, programs: readonly Omit<Program, "run">[]): readonly Program[] {
  return programs.map((program) => ({ ...program, run: ["python", file, program.name] }));
}

/** A coroutine function, run as asyncio.run does. */
export const coroutine = (main: Parameters<typeof runAsyncio>[0]): Program["port"] => {
  return (seed = 1, version = "3.11") => text(runAsyncio(main, { seed, version, setOrder: "shuffle" }));
};

/** A plain function, run outside any loop. */
export const plain = (body: Parameters<typeof runPython>[0]): Program["port"] => {
  return (seed = 1, version = "3.11") => text(runPython(body, { seed, version, setOrder: "shuffle" }));
};

function text({ output, raised, ended }: AsyncioRun): string {
  const how = raised !== null ? `raised ${raised.split("(")[0]}` : ended ? "" : "[never ended]";
  return printed(output.join("\n"), how);
}

export function* nop<V = null>(value: V = null as V): Coroutine<V> {
  return value;
}

export function* wrap<V>(awaitable: Awaitable<V>): Coroutine<V> {
  return yield* awaitable;
}

/** Value, or name of the exception; takes no iteration of its own. */
export function* outcome(awaitable: Awaitable): Coroutine<unknown> {
  try {
    return yield* awaitable;
  } catch (error) {
    return typeName(error);
  }
}

export function outcome_of_call<V>(call: () => V): V | string {
  try {
    return call();
  } catch (error) {
    return typeName(error);
  }
}

/** An exception of Python's that the library has no class for. */
export function exception(name: string): Error {
  const error = new Error("");
  error.name = name;
  return error;
}

/** `range(count)` */
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
