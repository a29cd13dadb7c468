/** Recordings of decisions in a file: written by `--record`, read by `--replay`. */
import type { ParamValues } from "@orrery/program";
import type { Decision } from "@orrery/simulator";
import * as Effect from "effect/Effect";
import { badInput } from "./errors.ts";
import { parseJson, readText } from "./files.ts";

/** One run's decisions, and what else the run is a function of. */
export interface Recording {
  readonly workload: string;
  readonly runtime: string;
  readonly parameters: ParamValues;
  /** Options of the runtime, as texts. */
  readonly options: Readonly<Record<string, string>>;
  readonly cores: number;
  readonly seed: number;
  readonly profile: string;
  readonly traceHash: string;
  readonly decisions: readonly Decision[];
}

const VERSION = 1;

/** The file in parts: a decision a line. */
export function* recordingParts(recordings: readonly Recording[]): Generator<string> {
  yield `{"schemaVersion":${VERSION},"recordings":[\n`;
  for (const [i, { decisions, ...rest }] of recordings.entries()) {
    yield `${i === 0 ? "" : ",\n"}${JSON.stringify(rest).slice(0, -1)},"decisions":[\n`;
    for (const [n, decision] of decisions.entries())
      yield `${n === 0 ? "" : ",\n"}${JSON.stringify(decision)}`;
    yield "]}";
  }
  yield "\n]}\n";
}

export const readRecordings = Effect.fnUntraced(function* (path: string) {
  const value = (yield* parseJson(path, yield* readText(path))) as {
    readonly schemaVersion?: unknown;
    readonly recordings?: unknown;
  } | null;
  if (typeof value !== "object" || value === null || !Array.isArray(value.recordings))
    return yield* Effect.fail(
      badInput(`${path}: this is not a recording; orrery run W --runtime R --record FILE writes one`),
    );
  if (value.schemaVersion !== VERSION)
    return yield* Effect.fail(
      badInput(`${path}: schemaVersion is ${String(value.schemaVersion)}; this version reads ${VERSION}`),
    );
  const wrong = value.recordings.findIndex((each) => !isRecording(each));
  if (wrong >= 0)
    return yield* Effect.fail(badInput(`${path}: recordings[${wrong}] is incomplete or malformed`));
  return value.recordings as readonly Recording[];
});

function isRecording(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const each = value as Partial<Record<keyof Recording, unknown>>;
  return (
    typeof each.workload === "string" &&
    typeof each.runtime === "string" &&
    typeof each.cores === "number" &&
    typeof each.seed === "number" &&
    typeof each.profile === "string" &&
    typeof each.parameters === "object" &&
    typeof each.options === "object" &&
    Array.isArray(each.decisions) &&
    each.decisions.every(
      (decision: unknown) =>
        Array.isArray(decision) &&
        typeof decision[0] === "string" &&
        typeof decision[1] === "number" &&
        typeof decision[2] === "number",
    )
  );
}

/** The recording of one run among those of a file. */
export const recordingOf = (
  path: string,
  recordings: readonly Recording[],
  workload: string,
  runtime: string,
) => {
  const found = recordings.find((each) => each.workload === workload && each.runtime === runtime);
  return found === undefined
    ? Effect.fail(
        badInput(
          `${path}: it holds no run of ${workload} on ${runtime}; there is ${recordings
            .map((each) => `${each.workload} on ${each.runtime}`)
            .join(", ")}`,
        ),
      )
    : Effect.succeed(found);
};
