// Random programs over channels, locks, conditions, timers and yields give on one P what go1.26.8 gave.
import { expect, it } from "vitest";
import { randomProgram, runOnModel } from "./random-programs.ts";
import recorded from "./real/recorded.json" with { type: "json" };

/** Runs of a program with a select between two channels, which may go either way. */
const SEEDS = 24;

it("gives the recorded output of every random program", () => {
  const wrong: unknown[] = [];
  for (const [seed, { text, outputs }] of recorded.programs.entries()) {
    expect(text).toBe(randomProgram(seed));
    const seen = new Set<string>();
    for (let run = 1; run <= (text.includes("@") ? SEEDS : 1); run++) seen.add(runOnModel(text, run));
    if (!outputs.some((output) => seen.has(output)))
      wrong.push({ text, recorded: outputs, model: [...seen] });
  }
  expect(wrong).toEqual([]);
});
