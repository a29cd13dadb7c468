/** The files that a run leaves when it is asked to: page, trace, recording. */
import * as Effect from "effect/Effect";
import { writeText } from "./files.ts";
import { Page } from "./html/page.ts";
import { type Recording, writeRecordings } from "./recording.ts";
import type { Asked } from "./settings.ts";
import type { Study } from "./study.ts";
import { traceLines } from "./trace-file.ts";

export class Outputs {
  private readonly asked: Asked;
  private readonly page: Page;
  private readonly recordings: Recording[] = [];
  private readonly traces: string[] = [];

  /** `runs`: how many there will be in all. */
  constructor(asked: Asked, runs: number) {
    this.asked = asked;
    this.page = new Page(runs);
  }

  add(study: Study): void {
    if (this.asked.html !== undefined) this.page.add(study);
    for (const run of study.runs) {
      if (run.recording !== null) this.recordings.push(run.recording);
      if (this.asked.trace !== undefined) this.traces.push(traceLines(run));
    }
  }

  write() {
    const { html, record, trace } = this.asked;
    return Effect.gen({ self: this }, function* () {
      if (html !== undefined) yield* writeText(html, this.page.html());
      if (record !== undefined) yield* writeRecordings(record, this.recordings);
      if (trace !== undefined) yield* writeText(trace, this.traces.join(""));
    });
  }
}
