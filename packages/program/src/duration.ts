/**
 * Durations as text: `1.5ms`, `250us`, `3s`, `2m`, `1h`; a number without a unit is nanoseconds. In the tree and in
 * every model a duration is an integer number of nanoseconds, 0 to 2^53-1 (about 104 days).
 */

/** Nanoseconds in one of each unit, largest first. */
const nanosecondsPer = {
  h: 3_600_000_000_000,
  m: 60_000_000_000,
  s: 1_000_000_000,
  ms: 1_000_000,
  us: 1_000,
  ns: 1,
} as const;

export type DurationUnit = keyof typeof nanosecondsPer;

/** A duration written as text, as far as a type can tell. */
export type DurationText = `${number}${DurationUnit}`;

const shape = /^(\d+)(?:\.(\d+))?\s*([a-zA-Zµμ]*)$/;

/** A text that cannot be read as a duration. */
export class DurationError extends Error {
  override readonly name = "DurationError";
}

/** Whether `text` is meant as a duration: a number followed by one of the units. It may still be out of range. */
export const looksLikeDuration = (text: string): boolean =>
  /^-?\d+(\.\d+)?(ns|us|µs|μs|ms|s|m|h)$/.test(text);

/**
 * Nanoseconds of `text`. Throws DurationError when it is not a number with an optional unit, is not a whole number of
 * nanoseconds, is negative, or is beyond 2^53-1 ns.
 */
export function parseDuration(text: string | number): number {
  if (typeof text === "number") {
    if (Number.isSafeInteger(text) && text >= 0) return text;
    throw new DurationError(
      `${text} is not a duration: a plain number is whole nanoseconds, 0 to 2^53-1, for example 1000000 or "1ms"`,
    );
  }
  const trimmed = text.trim();
  const parts = shape.exec(trimmed);
  if (parts === null) {
    const why = trimmed.startsWith("-") ? "it is negative" : "it is not a number and a unit";
    throw new DurationError(
      `"${text}" is not a duration: ${why}; write for example "100ms", "1.5s" or "250us"`,
    );
  }
  const [, whole = "", fraction = "", unitText = ""] = parts;
  const unit = unitText === "" ? "ns" : unitText.replace(/^[µμ]s$/, "us");
  if (!isUnit(unit)) {
    throw new DurationError(
      `"${text}" is not a duration: there is no unit "${unitText}"; the units are ns, us, ms, s, m, h, for example "100ms"`,
    );
  }
  const scaled = BigInt(whole + fraction) * BigInt(nanosecondsPer[unit]);
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) {
    throw new DurationError(`"${text}" is not a whole number of nanoseconds; the smallest duration is "1ns"`);
  }
  const nanoseconds = Number(scaled / divisor);
  if (!Number.isSafeInteger(nanoseconds)) {
    throw new DurationError(`"${text}" is too long; the longest duration is 2^53-1 ns, about "2500h"`);
  }
  return nanoseconds;
}

/**
 * The shortest usual text of a whole number of nanoseconds, which `parseDuration` reads back exactly: the largest unit
 * that needs at most three decimals, and hours and minutes only when whole.
 */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return "0ns";
  const sign = nanoseconds < 0 ? "-" : "";
  const size = Math.abs(nanoseconds);
  for (const unit of ["h", "m"] as const) {
    if (size % nanosecondsPer[unit] === 0) return `${sign}${size / nanosecondsPer[unit]}${unit}`;
  }
  for (const unit of ["s", "ms", "us"] as const) {
    const scale = nanosecondsPer[unit];
    if (size >= scale && size % (scale / 1000) === 0) {
      const thousandths = size / (scale / 1000);
      const fraction = String(thousandths % 1000)
        .padStart(3, "0")
        .replace(/0+$/, "");
      return `${sign}${Math.floor(thousandths / 1000)}${fraction === "" ? "" : `.${fraction}`}${unit}`;
    }
  }
  return `${sign}${size}ns`;
}

function isUnit(text: string): text is DurationUnit {
  return Object.hasOwn(nanosecondsPer, text);
}
