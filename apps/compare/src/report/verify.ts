/** What `orrery verify` tells on a terminal. */
import type { LogOrigin, RunResult } from "@orrery/runtime";
import type { Target } from "@orrery/transpile";
import { type Mismatch, type NativeResult, sideBySide, type VerifyResult } from "@orrery/verify";
import { duration, left, type Paint, right, wrap } from "../text.ts";

/** `java      spawn-order            O1  agree    94.6 us   4.52 ms` and why, when there is something to say. */
export function verdictLine(result: VerifyResult | NativeResult, paint: Paint): string {
  const { runtime, name, level, verdict, why } = result;
  const colour = verdict === "agree" ? paint.green : verdict === "differ" ? paint.red : paint.dim;
  const times =
    result.kind === "workload" && result.model !== null && result.real !== null
      ? ` ${right(duration(result.model.makespanNs), 9)}${right(duration(result.real.makespanNs), 10)}`
      : "";
  const first = `${left(runtime, 9)}${left(name, 22)} ${left(level, 4)}${colour(left(verdict, 8))}${times}`;
  return why === "" ? first : [first, ...wrap(why, 80, "    ").map(paint.dim)].join("\n");
}

/** Both logs where they part, and where the model's line comes from. */
export function differenceReport(
  model: RunResult,
  real: RunResult,
  line: number,
  origin: LogOrigin | null,
): readonly string[] {
  const rule =
    origin === null
      ? []
      : [
          `  line ${line + 1} of the model: statement ${origin.statement}, its task ran by "${origin.reason}"`,
        ];
  return [...sideBySide(model, real, line), ...rule];
}

/** A random program that differs, shrunk: the program, its source, both logs, and how to see it again. */
export function mismatchReport(
  mismatch: Mismatch,
  target: Target,
  fuzzClass: string,
  printed: string,
): string {
  const { program, params, model, real, why, line, origin, seed } = mismatch;
  const { file } = target.source({ key: "mismatch", program, params });
  return [
    `\nseed ${seed}: ${why}`,
    "",
    printed.trimEnd(),
    "",
    `${file.path}:`,
    file.text.trimEnd(),
    "",
    ...(real === null ? [] : differenceReport(model, real, line, origin)),
    "",
    `again: orrery verify --fuzz 1 --seed ${seed} --class ${fuzzClass} --runtimes ${model.runtime}`,
    "",
  ].join("\n");
}
