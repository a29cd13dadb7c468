/**
 * Native conformance: programs in a runtime's own language and their ports to the model's native library. What the real ones
 * print is recorded beside them, so a port is judged without a toolchain; where there is one the real ones run again too.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Conformance, type ConformanceProgram, printed, type RecordedOutputs } from "@orrery/runtime";
import { type Limits, runChild } from "./child.ts";
import type { Verdict } from "./judge.ts";
import type { Toolchain } from "./toolchains.ts";

/** One conformance program in verify's report, and in its JSON. */
export interface NativeResult {
  readonly kind: "native";
  readonly runtime: string;
  readonly name: string;
  /** What it prints is the order of its log, on the processors that the program says. */
  readonly level: "O1";
  readonly verdict: Verdict;
  readonly why: string;
  readonly model: { readonly output: string } | null;
  /** Every output that the real runtime is known to give, and the one that it gave now, if it ran. */
  readonly real: {
    readonly version: string;
    readonly outputs: readonly string[];
    readonly now: string | null;
  } | null;
}

const FILE = "recorded.json";
const BUILD_LIMITS: Limits = { timeMs: 120_000, memoryBytes: 4e9 };
const RUN_LIMITS: Limits = { timeMs: 30_000, memoryBytes: 2e9 };
/** Runs of each program of which the distinct outputs are recorded. */
const RECORDED_RUNS = 10;
/** More looks at a real program that printed something new, before that is told: the machine may have been busy. */
const SECOND_LOOKS = 4;

/** Judges every program of a model; without a toolchain against what is recorded. */
export async function verifyNative(
  runtime: string,
  conformance: Conformance,
  toolchain: Toolchain | null,
): Promise<readonly NativeResult[]> {
  const { version, outputs } = await recordedOutputs(conformance);
  const judgeAll = async (
    live: ((program: ConformanceProgram) => Promise<string>) | null,
  ): Promise<readonly NativeResult[]> => {
    const results: NativeResult[] = [];
    for (const program of conformance.programs)
      results.push(await judgeOne(runtime, program, version, outputs[program.name] ?? [], live));
    return results;
  };
  return toolchain === null ? judgeAll(null) : withBuilt(conformance, toolchain, judgeAll);
}

/** Runs the real programs and writes down every output they give; returns how many programs ran. */
export async function recordNative(
  runtime: string,
  conformance: Conformance,
  toolchain: Toolchain,
): Promise<number> {
  const outputs = await withBuilt(conformance, toolchain, async (live) => {
    const seen: Record<string, readonly string[]> = {};
    for (const program of conformance.programs) {
      const texts = new Set<string>();
      for (let run = 0; run < RECORDED_RUNS; run++) texts.add(await live(program));
      seen[program.name] = [...texts].toSorted();
    }
    return seen;
  });
  const recorded: RecordedOutputs = {
    version: toolchain.version,
    command: `orrery verify --native --record --runtimes ${runtime}`,
    outputs,
  };
  await writeFile(new URL(FILE, conformance.folder), `${JSON.stringify(recorded, null, 2)}\n`);
  return conformance.programs.length;
}

async function recordedOutputs({ folder }: Conformance): Promise<RecordedOutputs> {
  return JSON.parse(await readFile(new URL(FILE, folder), "utf8")) as RecordedOutputs;
}

async function judgeOne(
  runtime: string,
  program: ConformanceProgram,
  version: string,
  outputs: readonly string[],
  live: ((program: ConformanceProgram) => Promise<string>) | null,
): Promise<NativeResult> {
  const { name, port } = program;
  let now: string | null = null;
  if (live !== null)
    for (let look = 0; look <= SECOND_LOOKS && (now === null || !outputs.includes(now)); look++)
      now = await live(program);
  const common = {
    kind: "native" as const,
    runtime,
    name,
    level: "O1" as const,
    real: { version, outputs, now },
  };
  if (now !== null && !outputs.includes(now))
    return {
      ...common,
      verdict: "differ",
      why: `the real program printed "${now}", recorded is ${known(outputs)}`,
      model: null,
    };
  if (typeof port !== "function")
    return { ...common, verdict: "skipped", why: `the model lacks ${port.lacks}`, model: null };
  const output = port();
  return outputs.includes(output)
    ? { ...common, verdict: "agree", why: "", model: { output } }
    : {
        ...common,
        verdict: "differ",
        why: `the model prints "${output}", the real runtime ${known(outputs)}`,
        model: { output },
      };
}

const known = (outputs: readonly string[]): string =>
  outputs.length === 0 ? "nothing" : outputs.map((output) => `"${output}"`).join(" or ");

/** Builds the programs in a copy of their folder, and removes it when `use` has ended. */
async function withBuilt<T>(
  conformance: Conformance,
  { tools }: Toolchain,
  use: (live: (program: ConformanceProgram) => Promise<string>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-native-"));
  const command = ([tool, ...args]: readonly string[]): readonly string[] => [tools[tool!] ?? tool!, ...args];
  try {
    await cp(fileURLToPath(conformance.folder), folder, { recursive: true });
    for (const words of conformance.build) {
      const { status, stderr, killed } = await runChild(command(words), folder, {}, BUILD_LIMITS);
      if (status !== 0) throw new Error(`${words.join(" ")}: ${killed ?? stderr.trim()}`);
    }
    return await use(async ({ run, environment = {} }) => {
      const { stdout, stderr, status, killed } = await runChild(
        command(run),
        folder,
        environment,
        RUN_LIMITS,
      );
      if (killed !== null) return `[killed: beyond its ${killed}]`;
      return printed(stdout, status === 0 ? "" : conformance.exitText(status ?? -1, stderr));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
