/** A run is a pure function of its spec: twice the same, the same from a recording, the same when cut and continued. */
import { RecordingDecisions, ReplayingDecisions, SeededDecisions } from "@orrery/simulator";
import type { Check } from "../kit.ts";
import { ensure, prepare, runToEnd, same } from "./harness.ts";
import { mixed } from "./programs.ts";

export const determinismChecks: readonly Check[] = [
  {
    name: "the same arguments give the same run, to the hash",
    run(model) {
      for (const cores of [1, 4])
        for (const seed of [1, 2]) {
          const [a, b] = [0, 1].map(() => runToEnd(model, mixed, { cores, seed }));
          same(`result on ${cores} cores with seed ${seed}`, a, b);
        }
    },
  },
  {
    name: "a recording replays to the same hash, whatever the seed of the replay",
    run(model) {
      const recording = new RecordingDecisions(new SeededDecisions(5));
      const recorded = runToEnd(model, mixed, { seed: 5, decisions: recording });
      const replayed = runToEnd(model, mixed, {
        seed: 6,
        decisions: new ReplayingDecisions(recording.decisions),
      });
      same("hash", replayed.traceHash, recorded.traceHash);
      same("log", replayed.log, recorded.log);
    },
  },
  {
    name: "a run cut anywhere and looked into is the run that was not cut",
    run(model) {
      const whole = runToEnd(model, mixed);
      const stepped = prepare(model, mixed);
      while (!stepped.done) {
        stepped.step(97);
        JSON.stringify(stepped.inspect());
      }
      same("hash when stepped", stepped.result().traceHash, whole.traceHash);
      const timed = prepare(model, mixed);
      for (let t = 0; t < whole.makespanNs; t += 1_234_567) timed.runUntil(t).inspect();
      same("result when run by time", timed.run().result(), whole);
    },
  },
  {
    name: "the trace off changes nothing but the hash",
    run(model) {
      const on = runToEnd(model, mixed);
      const off = runToEnd(model, mixed, { trace: false });
      same("result", { ...off, traceHash: "" }, { ...on, traceHash: "" });
      ensure(on.traceHash !== off.traceHash, () => "the traced run has the hash of an empty trace");
    },
  },
];
