/**
 * What to bear in mind when runtimes are compared by this study: those of the twelve pitfalls (docs/fair-comparison.md) that no
 * construction rules out, where they are met.
 */
import {
  check,
  constantNumber,
  formatDuration,
  isTimed,
  type Manifest,
  operandsOf,
  type ParamValues,
  type Program,
  type Stmt,
  walk,
} from "@orrery/program";
import type { Run, Study } from "./study.ts";

/** Below this the resolution of timers shows: Node counts whole milliseconds, the kernel's slack is 50 us. */
const COARSE_NS = 10_000_000;
const LOOPS: ReadonlySet<string> = new Set(["asyncio", "node"]);

export function fairness({ subject, runs }: Study): readonly string[] {
  if (runs.length === 0) return [];
  const { parameters, cores } = runs[0]!.result;
  const { program, params, manifest } = check(subject.program, parameters);
  return [
    ...emulated(runs),
    ...shortWaits(program, params, runs),
    ...idleCores(manifest, cores, runs),
    ...omission(manifest),
    ...oneSchedule(manifest),
    ...endings(program),
  ];
}

/** Pitfall 2: what a support class does is told as such. */
function emulated(runs: readonly Run[]): readonly string[] {
  const own = runs.flatMap(({ model, result }) => {
    const ops = Object.entries(result.tiers).flatMap(([op, tier]) => (tier === "emulated" ? [op] : []));
    return ops.length === 0 ? [] : [`${model.name} (${ops.join(", ")})`];
  });
  return own.length === 0 ? [] : [`a support class does it, for want of an idiom: ${own.join("; ")}`];
}

/** Pitfall 6. */
function shortWaits(program: Program, params: ParamValues, runs: readonly Run[]): readonly string[] {
  if (!runs.some(({ model }) => model.name === "node")) return [];
  let shortest = Infinity;
  for (const s of statementsOf(program))
    if (isTimed(s.op))
      for (const { expr, wants } of operandsOf(s)) {
        const ns = wants === "dur" ? constantNumber(expr, params) : undefined;
        if (ns !== undefined && ns < shortest) shortest = ns;
      }
  if (shortest >= COARSE_NS) return [];
  return [
    `it waits for ${formatDuration(shortest)}: timers differ in resolution, and Node's count whole milliseconds`,
  ];
}

/** Pitfall 8. */
function idleCores({ ops }: Manifest, cores: number, runs: readonly Run[]): readonly string[] {
  const loops = runs.map(({ model }) => model.name).filter((name) => LOOPS.has(name));
  const others = runs.some(
    ({ result: { options } }) => Number(options["GOMAXPROCS"] ?? options["parallelism"] ?? 1) > 1,
  );
  if (loops.length === 0 || !others || !ops.includes("cpu")) return [];
  return [`${loops.join(" and ")} compute on one core of ${cores}; as many processes would use them all`];
}

/** Pitfall 10. */
function omission({ closedLoop }: Manifest): readonly string[] {
  if (!closedLoop) return [];
  return [
    "its clients wait for each answer before they ask again, so that a stall hides the requests not sent",
  ];
}

/** Pitfall 12. */
function oneSchedule({ orderSensitive }: Manifest): readonly string[] {
  return orderSensitive ? ["who is first decides something: one schedule of many, try other seeds"] : [];
}

/** Pitfall 9. */
function endings({ policies }: Program): readonly string[] {
  return [
    ...(policies.end === "main"
      ? ["it ends with main, as each runtime does that: what is left differs"]
      : []),
    ...(policies.onDetachedFailure === "native"
      ? ["a failure that nobody waits for ends some of the runtimes and not others"]
      : []),
  ];
}

function statementsOf(program: Program): readonly Stmt[] {
  const found: Stmt[] = [];
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (s) => found.push(s));
  return found;
}
