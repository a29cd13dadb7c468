/** Every event of a trace as JSON, an object a line: a head per run, then its events. */
import { kindNames } from "@orrery/simulator";
import { SCHEMA_VERSION } from "./json.ts";
import type { Run } from "./study.ts";

export function traceLines({ result, trace, names }: Run): string {
  const { workload, runtime, version, seed, cores, traceHash } = result;
  const head = {
    schemaVersion: SCHEMA_VERSION,
    workload,
    runtime,
    version,
    seed,
    cores,
    traceHash,
    events: trace.length,
  };
  const lines = [JSON.stringify(head)];
  for (let seq = 0; seq < trace.length; seq++) {
    const { kind, task, ...rest } = trace.at(seq);
    lines.push(
      JSON.stringify({ seq, kind: kindNames[kind], ...rest, task, path: task < 0 ? null : names.path(task) }),
    );
  }
  return `${lines.join("\n")}\n`;
}
