/** Compares the facts of one run with what its workload expects. */
import { formatDuration } from "@orrery/program";
import type { ParamValue } from "@orrery/program";
import type { Expectation, Outcome, Parameters, RuntimeName, Stat, Workload } from "./workload.ts";

/** Order statistics of a mark or a measure. */
export type Stats = { readonly [S in Stat as `${S}Ns`]: number };

/** What is known of one run, simulated or real; a run's result has all of it. */
export interface RunFacts {
  readonly runtime: string;
  /** Parameters of the run; those left out had their defaults. */
  readonly parameters: Parameters;
  readonly options: Readonly<Record<string, ParamValue>>;
  readonly cores: number;
  /** Name of the cost profile. */
  readonly profile: string;
  readonly outcome: Outcome;
  /** In the order of logging. */
  readonly log: readonly { readonly text: string }[];
  readonly makespanNs: number;
  /** Marks and measures by name. */
  readonly marks: Readonly<Record<string, Stats>>;
  readonly counts: Readonly<Record<string, number>>;
  /** `leaked`: those that wait for ever although main has ended. */
  readonly tasks: { readonly leaked: readonly unknown[] };
}

export interface Violation {
  readonly expectation: Expectation;
  /** For people: what was expected, what was seen, and why it was expected. */
  readonly message: string;
}

/** The expectations that speak of such a run. */
export function applicable(workload: Workload, facts: RunFacts): readonly Expectation[] {
  return workload.expectations.filter((expectation) => speaksOf(workload, expectation, facts));
}

/** Empty when the run is as expected. */
export function checkExpectations(workload: Workload, facts: RunFacts): readonly Violation[] {
  const violations: Violation[] = [];
  for (const expectation of applicable(workload, facts)) {
    const difference = compare(expectation, facts);
    if (difference === null) continue;
    const { expected, seen } = difference;
    const where = `${workload.program.name} on ${facts.runtime}`;
    violations.push({
      expectation,
      message: `${where}: expected ${expected}, saw ${seen} (${expectation.because})`,
    });
  }
  return violations;
}

function speaksOf(workload: Workload, { runtime, when = {} }: Expectation, facts: RunFacts): boolean {
  const options = { ...workload.options?.[facts.runtime as RuntimeName], ...when.options };
  return (
    (runtime === "*" || [runtime].flat().some((name) => name === facts.runtime)) &&
    (when.profile === "any" || (when.profile === "zero") === (facts.profile === "zero")) &&
    (when.cores === undefined || when.cores === facts.cores) &&
    Object.entries(options).every(([name, value]) => String(facts.options[name]) === value) &&
    workload.program.params.every(
      ({ name, default: value }) => (when.parameters?.[name] ?? value) === (facts.parameters[name] ?? value),
    )
  );
}

type Difference = { readonly expected: string; readonly seen: string } | null;

function compare(expectation: Expectation, facts: RunFacts): Difference {
  switch (expectation.kind) {
    case "log":
      return logDifference(
        expectation.equals,
        facts.log.map(({ text }) => text),
      );
    case "outcome":
      return expectation.is === facts.outcome
        ? null
        : { expected: `the outcome ${expectation.is}`, seen: facts.outcome };
    case "leaked":
      return expectation.tasks === facts.tasks.leaked.length
        ? null
        : { expected: `${expectation.tasks} leaked tasks`, seen: `${facts.tasks.leaked.length}` };
    case "count": {
      const { name, min, max } = expectation;
      const seen = facts.counts[name] ?? 0;
      const expected = `the count ${name} to be ${min === max ? min : `${min} to ${max}`}`;
      return within(seen, min, max) ? null : { expected, seen: `${seen}` };
    }
    case "makespan":
      return spanDifference("a makespan of", expectation, facts.makespanNs);
    case "mark":
    case "measure": {
      const { kind, name, stat } = expectation;
      return spanDifference(
        `the ${kind} ${name} to have ${stat}`,
        expectation,
        facts.marks[name]?.[`${stat}Ns`],
      );
    }
  }
}

function logDifference(expected: readonly string[], seen: readonly string[]): Difference {
  const length = Math.max(expected.length, seen.length);
  for (let i = 0; i < length; i++) {
    if (expected[i] === seen[i]) continue;
    const line = `line ${i + 1}`;
    return {
      expected: `the log ${quoted(expected)}`,
      seen: `${quoted(seen)}, which differs in ${line}: ${seen[i] ?? "nothing"} for ${expected[i] ?? "nothing"}`,
    };
  }
  return null;
}

const SHOWN_LINES = 24;

function quoted(lines: readonly string[]): string {
  const more = lines.length > SHOWN_LINES ? ` ... (${lines.length} lines)` : "";
  return `"${lines.slice(0, SHOWN_LINES).join(" ")}"${more}`;
}

function spanDifference(
  subject: string,
  { minNs, maxNs }: { readonly minNs: number; readonly maxNs: number },
  seenNs: number | undefined,
): Difference {
  if (seenNs !== undefined && within(seenNs, minNs, maxNs)) return null;
  const range =
    minNs === maxNs ? formatDuration(minNs) : `${formatDuration(minNs)} to ${formatDuration(maxNs)}`;
  return {
    expected: `${subject} ${range}`,
    seen: seenNs === undefined ? "none recorded" : formatDuration(seenNs),
  };
}

const within = (value: number, min: number, max: number): boolean => value >= min && value <= max;
