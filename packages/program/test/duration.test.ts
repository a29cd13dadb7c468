import { describe, expect, test } from "vitest";
import { DurationError, formatDuration, looksLikeDuration, parseDuration } from "@orrery/program";

describe("parseDuration", () => {
  test.each<[string | number, number]>([
    ["1.5ms", 1_500_000],
    ["250us", 250_000],
    ["250µs", 250_000],
    ["3s", 3_000_000_000],
    ["2m", 120_000_000_000],
    ["1h", 3_600_000_000_000],
    ["0.000000001s", 1],
    ["7ns", 7],
    ["42", 42],
    [42, 42],
    [" 5 ms ", 5_000_000],
    ["0.1s", 100_000_000],
  ])("reads %j as %d ns", (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  test.each<[string | number, string]>([
    [
      "10 minutes",
      `"10 minutes" is not a duration: there is no unit "minutes"; the units are ns, us, ms, s, m, h, for example "100ms"`,
    ],
    [
      "soon",
      `"soon" is not a duration: it is not a number and a unit; write for example "100ms", "1.5s" or "250us"`,
    ],
    ["-5ms", `"-5ms" is not a duration: it is negative; write for example "100ms", "1.5s" or "250us"`],
    ["0.5ns", `"0.5ns" is not a whole number of nanoseconds; the smallest duration is "1ns"`],
    ["2600000h", `"2600000h" is too long; the longest duration is 2^53-1 ns, about "2500h"`],
    [
      1.5,
      `1.5 is not a duration: a plain number is whole nanoseconds, 0 to 2^53-1, for example 1000000 or "1ms"`,
    ],
    [
      -1,
      `-1 is not a duration: a plain number is whole nanoseconds, 0 to 2^53-1, for example 1000000 or "1ms"`,
    ],
  ])("refuses %j", (text, message) => {
    expect(() => parseDuration(text)).toThrow(new DurationError(message));
  });
});

describe("formatDuration", () => {
  test.each<[number, string]>([
    [0, "0ns"],
    [1, "1ns"],
    [999, "999ns"],
    [1_500, "1.5us"],
    [1_234_567, "1234.567us"],
    [1_500_000, "1.5ms"],
    [100_000_000, "100ms"],
    [1_001_000_000, "1.001s"],
    [90_000_000_000, "90s"],
    [120_000_000_000, "2m"],
    [5_400_000_000_000, "90m"],
    [7_200_000_000_000, "2h"],
    [-1_500_000, "-1.5ms"],
  ])("writes %d ns as %s", (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text);
  });

  test("writes what parseDuration reads back", () => {
    for (let exponent = 0; exponent < 53; exponent++) {
      for (const nanoseconds of [
        2 ** exponent,
        3 ** Math.floor(exponent / 2),
        10 ** Math.floor(exponent / 4) * 7,
      ]) {
        expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
      }
    }
  });
});

test("looksLikeDuration tells durations from words", () => {
  expect(["5ms", "1.5s", "3µs", "-5ms"].map(looksLikeDuration)).toEqual([true, true, true, true]);
  expect(["naive", "5", "ms", "5 apples", "m5"].map(looksLikeDuration)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
