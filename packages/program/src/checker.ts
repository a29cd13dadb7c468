/** The checker: everything that can be known about a program before it runs. */
import { endlessStarts, reachable } from "./calls.ts";
import { bodyProblems } from "./check-body.ts";
import { resourceProblems } from "./check-resources.ts";
import { declarationsProblems } from "./check-declarations.ts";
import { withIds } from "./ids.ts";
import { leftLocked } from "./locks.ts";
import { manifestOf } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { paramValues } from "./params.ts";
import type { ParamValues } from "./params.ts";
import { ProgramError } from "./problem.ts";
import type { Problem } from "./problem.ts";
import type { Program } from "./tree.ts";

export interface CheckedProgram {
  /** The program with the ids of its statements. */
  readonly program: Program;
  /** A value for every parameter. */
  readonly params: ParamValues;
  readonly manifest: Manifest;
  /** Errors first, then warnings, each in the order of the program. */
  readonly problems: readonly Problem[];
}

/** Checks a program with the given values of parameters, or their texts; the others take their defaults. */
export function check(program: Program, given: ParamValues = {}): CheckedProgram {
  const numbered = withIds(program);
  const { values, problems } = paramValues(numbered, given);
  const all = [
    ...problems,
    ...declarationsProblems(numbered),
    ...["main", ...Object.keys(numbered.procs)].flatMap((name) => bodyProblems(name, numbered, values)),
    ...[numbered.main, ...Object.values(numbered.procs).map((proc) => proc.body)].flatMap((body) =>
      resourceProblems(body, values),
    ),
    ...wholeProgramWarnings(numbered),
  ];
  return {
    program: numbered,
    params: values,
    manifest: manifestOf(numbered),
    problems: [
      ...all.filter((each) => each.severity === "error"),
      ...all.filter((each) => each.severity === "warning"),
    ],
  };
}

/** As `check`; throws ProgramError, which lists them, when there are errors. */
export function checkOrThrow(program: Program, given: ParamValues = {}): CheckedProgram {
  const checked = check(program, given);
  const errors = checked.problems.filter((problem) => problem.severity === "error");
  if (errors.length > 0) throw new ProgramError(`the program ${program.name} cannot run:`, errors);
  return checked;
}

function wholeProgramWarnings(program: Program): readonly Problem[] {
  const warning = (at: string, message: string): Problem => ({ severity: "warning", at, message });
  const used = reachable(program);
  const bodies = [program.main, ...Object.values(program.procs).map((proc) => proc.body)];
  return [
    ...Object.keys(program.procs)
      .filter((name) => !used.has(name))
      .map((name) => warning(`procs.${name}`, "nothing that main starts calls or spawns it")),
    ...endlessStarts(program).map((start) =>
      warning(start.id ?? "", `${start.proc} comes back here without a condition, so this never ends`),
    ),
    ...bodies
      .flatMap((body) => leftLocked(body, program))
      .map(({ at, mutex }) => warning(at, `${mutex} can still be locked when the procedure ends`)),
  ];
}
