import { expect, test } from "vitest";
import { bar, duration, fit, percent, whole, wrap } from "../src/text.ts";

test("durations have three digits and a unit, and never round into the next unit's four", () => {
  const cases = [0, 7, 999, 1000, 12_345, 999_499, 999_500, 20_400_000, 999_600_000, 1.05e9, -1500];
  expect(cases.map(duration)).toEqual([
    "0 ns",
    "7 ns",
    "999 ns",
    "1.00 us",
    "12.3 us",
    "999 us",
    "1.00 ms",
    "20.4 ms",
    "1.00 s",
    "1.05 s",
    "-1.50 us",
  ]);
});

test("bars share a scale, and anything above nothing shows", () => {
  expect(bar(10, 10, 4)).toBe("████");
  expect(bar(5, 10, 4)).toBe("██");
  expect(bar(1e-6, 10, 4)).toBe("▏");
  expect(bar(0, 10, 4)).toBe("");
});

test("numbers, per cents, fitting and wrapping", () => {
  expect([whole(1_234_567), percent(1, 30), percent(1, 3), fit("abcdef", 4)]).toEqual([
    "1 234 567",
    "3.3 %",
    "33 %",
    "abc…",
  ]);
  expect(wrap("one two three", 9, "- ")).toEqual(["- one two", "  three"]);
});
