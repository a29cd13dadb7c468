// What the model says of its goroutines, beside what a real Go says: the same but for numbers, addresses and arguments.
import { describe, expect, it } from "vitest";
import { cases, modelText, shape } from "./diagnostics.ts";
import { goVersion, withRealTexts } from "./real/diagnostics.ts";
import recorded from "./real/diagnostics.json" with { type: "json" };

const texts: Readonly<Record<string, string>> = recorded.texts;

describe("says what Go has said", () => {
  for (const name of Object.keys(cases))
    it(name, () => {
      expect(shape(name, modelText(name))).toEqual(shape(name, texts[name]!));
    });
});

/** A busy computer may suspend the real process in the middle of a case: then it is asked again. */
const LOOKS = 3;
const hasGo = goVersion() !== "";

it.skipIf(!hasGo)(
  hasGo ? "says what the Go on the path says now" : "skipped: no go on PATH",
  { timeout: 120_000 },
  () => {
    withRealTexts((text, names) => {
      for (const name of names) {
        const says = shape(name, modelText(name));
        let real = shape(name, text(name));
        for (let look = 1; look < LOOKS && real.join("\n") !== says.join("\n"); look++)
          real = shape(name, text(name));
        expect({ name, says }).toEqual({ name, says: real });
      }
    });
  },
);
