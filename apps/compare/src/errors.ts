/** What ends a command early, with its exit status. */
import { nearest } from "@orrery/program";
import * as Data from "effect/Data";

/** Wrong use or bad input: exit status 2. The message says what is wrong, where, and the nearest valid value. */
export class BadInput extends Data.TaggedError("BadInput")<{ readonly message: string }> {}

/** The command gave its answer, and the answer is that something differs: exit status 1. */
export class Differs extends Data.TaggedError("Differs")<{ readonly message: string }> {}

/** A real runtime is needed and not here: exit status 3. */
export class MissingRuntime extends Data.TaggedError("MissingRuntime")<{ readonly message: string }> {}

export const badInput = (message: string): BadInput => new BadInput({ message });

/** `there is no runtime "goo"; did you mean go?` and what there is. */
export function unknownName(kind: string, name: string, candidates: readonly string[]): string {
  const meant = nearest(name, candidates);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `there is no ${kind} "${name}"${hint}\n${kind}s: ${candidates.join(", ")}`;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
