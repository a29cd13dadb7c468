/**
 * The draws of a program. Value n of stream s in task p depends on (seed, s, p, n) alone, so no schedule can move a
 * draw from one task to another. All of it is integer arithmetic, which any language repeats bit for bit:
 *
 *   mix(z)          the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators)
 *   word(h, n)      mix(h + (n + 1) * 0x9e3779b97f4a7c15): output n of SplitMix64 seeded with h
 *   name(text)      FNV-1a, 64 bits, of the UTF-8 bytes
 *   root task       mix(seed)
 *   child task      word(parent ^ name(procedure), index), index counting the parent's spawns of that procedure from 0
 *   stream          mix(task ^ name(stream))
 *   value n         a whole number made from word(stream, n) by `draw`
 */
import { logTable, normalOctaves, normalSteps, normalTable, octaveSteps, powerTable } from "./draw-tables.ts";
import { fromWhole, multiply, multiplyHigh, plus, scaleBelow, xor, xorShifted } from "./hash64.ts";
import type { Hash64 } from "./hash64.ts";
import type { Distribution } from "./tree.ts";

const twoTo32 = 4_294_967_296;
const golden: Hash64 = { hi: 0x9e3779b9 | 0, lo: 0x7f4a7c15 };
const mixA: Hash64 = { hi: 0xbf58476d | 0, lo: 0x1ce4e5b9 };
const mixB: Hash64 = { hi: 0x94d049bb | 0, lo: 0x133111eb };
const fnvOffset: Hash64 = { hi: 0xcbf29ce4 | 0, lo: 0x84222325 | 0 };
const fnvPrime: Hash64 = { hi: 0x100, lo: 0x1b3 };
/** round(ln(2) * 2^32). */
const ln2 = 2_977_044_472;

export function mix(value: Hash64, out: Hash64): Hash64 {
  multiply(xorShifted(value, 30, out), mixA, out);
  multiply(xorShifted(out, 27, out), mixB, out);
  return xorShifted(out, 31, out);
}

/** Output `n`, from 0, of SplitMix64 seeded with `hash`. */
export function word(hash: Hash64, n: number, out: Hash64): Hash64 {
  multiply(fromWhole(n + 1, step), golden, step);
  return mix(plus(hash, step, out), out);
}
const step: Hash64 = { hi: 0, lo: 0 };

/** The hash of a procedure's or a stream's name: compute it once and keep it. */
export function nameHash(text: string): Hash64 {
  const hash = { ...fnvOffset };
  for (const byte of utf8(text)) {
    hash.lo ^= byte;
    multiply(hash, fnvPrime, hash);
  }
  return hash;
}

/** The hash of the task that runs main; `seed` is a whole number, 0 to 2^53-1. */
export function rootHash(seed: number, out: Hash64): Hash64 {
  return mix(fromWhole(seed, out), out);
}

/** The hash of the `index`-th task, from 0, that `parent` spawns of the procedure with this `nameHash`. */
export function taskHash(parent: Hash64, procName: Hash64, index: number, out: Hash64): Hash64 {
  return word(xor(parent, procName, out), index, out);
}

/** The hash of a task's stream with this `nameHash`. */
export function streamHash(task: Hash64, streamName: Hash64, out: Hash64): Hash64 {
  return mix(xor(task, streamName, out), out);
}

/** A choice in 0..limit-1, equally likely but for 1 in 2^64/limit; limits are 1 to 2^53-1. */
export function below(limit: number, stream: Hash64, n: number): number {
  return scaleBelow(word(stream, n, drawn), limit);
}
const drawn: Hash64 = { hi: 0, lo: 0 };

/** Value `n`, from 0, of a stream: a whole number, at most 2^53-1. */
export function draw(from: Distribution, stream: Hash64, n: number): number {
  switch (from.dist) {
    case "constant":
      return from.value;
    case "uniform":
      return from.low + below(from.high - from.low + 1, stream, n);
    case "exponential":
      return times(from.mean, times(ln2, minusLog2(word(stream, n, drawn))));
    case "erlang":
      return times(from.mean, times(ln2, meanMinusLog2(word(stream, n, drawn), from.k)));
    case "lognormal":
      return timesPowerOfTwo(
        from.median,
        Math.trunc((normal(word(stream, n, drawn)) * from.sigmaPerMille) / 1000),
      );
    case "pareto":
      return timesPowerOfTwo(
        from.scale,
        Math.floor((minusLog2(word(stream, n, drawn)) * 1000) / from.shapePerMille),
      );
    case "twoPoint":
      return below(1_000_000, stream, n) < from.slowPerMillion ? from.slow : from.fast;
    case "table":
      return from.values[below(from.values.length, stream, n)] ?? 0;
  }
}

/** round(whole * fixed / 2^32), at most 2^53-1; `fixed` is a whole number of 2^-32 units, below 2^53. */
function times(whole: number, fixed: number): number {
  const fixedHigh = Math.floor(fixed / twoTo32);
  const fixedLow = fixed >>> 0;
  const wholeHigh = Math.floor(whole / twoTo32);
  const wholeLow = whole >>> 0;
  const lowHigh = multiplyHigh(fixedLow, wholeLow) >>> 0;
  const half = Math.imul(fixedLow, wholeLow) >>> 31;
  return saturate(fixedHigh * whole + (fixedLow * wholeHigh + lowHigh + half));
}

/** round(whole * 2^(exponent / 2^32)), at most 2^53-1. */
function timesPowerOfTwo(whole: number, exponent: number): number {
  const octaves = Math.floor(exponent / twoTo32);
  const power = interpolate(powerTable(), exponent - octaves * twoTo32);
  if (octaves >= 53) return whole === 0 ? 0 : Number.MAX_SAFE_INTEGER;
  if (octaves >= 0) return times(saturate(whole * 2 ** octaves), power);
  return Math.floor(times(whole, power) / 2 ** -octaves + 0.5);
}

/** -log2 of value / 2^64 in 2^-32 units: 0 to 64 * 2^32. */
function minusLog2(value: Hash64): number {
  const zeros = value.hi === 0 ? 32 + Math.clz32(value.lo) : Math.clz32(value.hi);
  if (zeros === 64) return 64 * twoTo32;
  return (zeros + 1) * twoTo32 - interpolate(logTable(), fractionAfter(value, zeros));
}

/** The 32 bits after the leading one of `value`, which `zeros` zeros precede. */
function fractionAfter(value: Hash64, zeros: number): number {
  const shift = zeros + 1;
  if (shift >= 64) return 0;
  if (shift >= 32) return (value.lo << (shift - 32)) >>> 0;
  return ((value.hi << shift) | (value.lo >>> (32 - shift))) >>> 0;
}

/** Mean of `k` independent minusLog2: of the outputs of SplitMix64 seeded with `value`. */
function meanMinusLog2(value: Hash64, k: number): number {
  let sum = 0;
  for (let i = 0; i < k; i++) sum += minusLog2(word(value, i, part));
  return Math.floor(sum / k);
}
const part: Hash64 = { hi: 0, lo: 0 };

/** log2(e) times a standard normal variable, in 2^-32 units. The last bit is the sign, the others are how far out. */
function normal(value: Hash64): number {
  const negative = (value.lo & 1) === 1;
  const zeros = Math.min(Math.clz32(value.hi), normalOctaves - 1);
  // Within an octave of probability the table runs from the upper end, where the fraction is all ones, down.
  const position = (twoTo32 - 1 - fractionAfter(value, zeros)) * normalSteps;
  const index = zeros * normalSteps + Math.floor(position / twoTo32);
  const size = between(normalTable(), index, position % twoTo32) * 512;
  return negative ? -size : size;
}

/** The value of an octave's table at `fraction` / 2^32 of the way through, on a straight line between entries. */
function interpolate(table: readonly number[], fraction: number): number {
  const position = fraction * octaveSteps;
  return between(table, Math.floor(position / twoTo32), position % twoTo32);
}

/** table[index] + (table[index + 1] - table[index]) * part / 2^32, rounded down; the 8 lowest bits of `part` count for nothing. */
function between(table: readonly number[], index: number, part: number): number {
  const low = table[index] ?? 0;
  const high = table[index + 1] ?? low;
  return low + Math.floor(((high - low) * (part >>> 8)) / 16_777_216);
}

function saturate(value: number): number {
  return value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : value;
}

function utf8(text: string): readonly number[] {
  return [...text].flatMap((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return [code];
    if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
    if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
    return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  });
}
