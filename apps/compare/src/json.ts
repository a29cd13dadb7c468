/** The results as JSON: the contract of docs/cli.md. */
import type { Run } from "./study.ts";

export const SCHEMA_VERSION = 1;

/** What the JSON tells of a run: not its trace, which would keep many runs in memory. */
export type Judged = Pick<Run, "result" | "expected" | "violations">;

export const judgedOf = ({ result, expected, violations }: Run): Judged => ({ result, expected, violations });

const runJson = ({ result, expected, violations }: Judged): object => ({
  ...result,
  expectations: { checked: expected, failed: violations },
});

export const resultsJson = (runs: readonly Judged[]): string =>
  `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, runs: runs.map(runJson) }, null, 2)}\n`;
