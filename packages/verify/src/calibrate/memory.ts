/** Memory per task: peak resident memory of processes with many sleeping tasks, and the line through two of them. */
import { checkOrThrow, duration, int, type Program, program } from "@orrery/program";
import type { MemoryFigures } from "@orrery/runtime";
import { runBatch } from "../batch.ts";
import type { Limits } from "../child.ts";
import type { CalibrationBench } from "./measure.ts";

/** All of them sleep until the last one has begun. */
const sleepers: Program = program(
  "memory",
  {
    doc: "tasks that sleep at the same time",
    params: { n: int(1, { min: 1, max: 10_000_000, doc: "tasks" }) },
  },
  ({ params, proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => b.sleep(duration("5s")));
    main((b) => b.scope("waitAll", () => b.repeat(params.n, () => b.spawn(sleeper))));
  },
);

/**
 * A collector takes as much as it likes before it collects. What a program needs shows where it keeps no more than that: a
 * young generation of one size, an old one that grows by what survives. The java launcher reads this variable.
 */
const STEADY = {
  JDK_JAVA_OPTIONS: "-XX:+UseSerialGC -Xmn32m -Xms64m -Xmx4g -XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10",
} as const;

/** Between them lies what is asked of a model most. */
const COUNTS = [50_000, 400_000] as const;
/** A garbage collector makes two processes differ: the median of so many counts, or one of a very large one. */
const RUNS = 3;
const LARGE = 500_000;
const LIMITS: Limits = { timeMs: 120_000, memoryBytes: 16e9 };

export async function measureMemory(
  bench: CalibrationBench,
): Promise<MemoryFigures | { readonly broken: string }> {
  const peaks: number[] = [];
  for (const n of COUNTS) {
    const peak = await peakOfSleepers(bench, n);
    if (typeof peak !== "number") return peak;
    peaks.push(peak);
  }
  const [few, many] = COUNTS;
  const taskBytes = Math.round((peaks[1]! - peaks[0]!) / (many - few));
  return { baseBytes: Math.max(0, Math.round(peaks[0]! - taskBytes * few)), taskBytes };
}

/** Peak resident memory of a process with so many sleeping tasks, bytes. */
export async function peakOfSleepers(
  { target, toolchain, options, seed }: CalibrationBench,
  n: number,
): Promise<number | { readonly broken: string }> {
  const { program: checked, params } = checkOrThrow(sleepers, { n });
  const key = "m";
  const peaks: number[] = [];
  for (let run = 0; run < (n > LARGE ? 1 : RUNS); run++) {
    const [outcome] = await runBatch(
      target,
      toolchain,
      [{ key, program: checked, params }],
      [{ key, seed }],
      {
        options,
        limits: LIMITS,
        environment: STEADY,
      },
    );
    if ("broken" in outcome!) return { broken: outcome.broken };
    peaks.push(outcome!.peakBytes);
  }
  return peaks.toSorted((a, b) => a - b)[peaks.length >> 1]!;
}
