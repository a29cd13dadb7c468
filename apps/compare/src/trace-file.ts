/** Every event of a trace as JSON, an object a line: a head per run, then its events. */
import { kindNames } from "@orrery/simulator";
import { SCHEMA_VERSION } from "./json.ts";
import type { Run } from "./study.ts";

const LINES_PER_PART = 10_000;

export function* traceParts({ result, trace, names }: Run): Generator<string> {
  const { workload, runtime, version, seed, cores, traceHash } = result;
  const head = { schemaVersion: SCHEMA_VERSION, workload, runtime, version, seed, cores, traceHash };
  let part = `${JSON.stringify({ ...head, events: trace.length })}\n`;
  for (let seq = 0; seq < trace.length; seq++) {
    const { kind, task, ...rest } = trace.at(seq);
    const path = task < 0 ? null : names.path(task);
    part += `${JSON.stringify({ seq, kind: kindNames[kind], ...rest, task, path })}\n`;
    if (seq % LINES_PER_PART !== LINES_PER_PART - 1) continue;
    yield part;
    part = "";
  }
  yield part;
}
