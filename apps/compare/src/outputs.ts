/** The files that runs leave when they are asked to: page, traces, recordings. */
import * as Effect from "effect/Effect";
import { checkWritable, writeParts, writeText } from "./files.ts";
import { Page } from "./html/page.ts";
import { type Recording, recordingParts } from "./recording.ts";
import type { Asked } from "./settings.ts";
import type { Study } from "./study.ts";
import { traceParts } from "./trace-file.ts";

export class Outputs {
  private readonly asked: Asked;
  private readonly page: Page;
  private readonly recordings: Recording[] = [];

  private constructor(asked: Asked, runs: number) {
    this.asked = asked;
    this.page = new Page(runs);
  }

  /** `runs`: how many there will be in all. Fails now for what could not be written then. */
  static open(asked: Asked, runs: number) {
    return Effect.gen(function* () {
      const paths = [asked.html, asked.record, asked.trace].filter((path) => path !== undefined);
      yield* Effect.forEach(paths, checkWritable);
      if (asked.trace !== undefined) yield* writeText(asked.trace, "");
      return new Outputs(asked, runs);
    });
  }

  add(study: Study) {
    const { html, trace } = this.asked;
    if (html !== undefined) this.page.add(study);
    for (const { recording } of study.runs) if (recording !== null) this.recordings.push(recording);
    return trace === undefined
      ? Effect.void
      : Effect.forEach(study.runs, (run) => writeParts(trace, "a", traceParts(run)), { discard: true });
  }

  close() {
    const { html, record } = this.asked;
    return Effect.gen({ self: this }, function* () {
      if (html !== undefined) yield* writeText(html, this.page.html());
      if (record !== undefined) yield* writeParts(record, "w", recordingParts(this.recordings));
    });
  }
}
