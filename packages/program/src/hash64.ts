/**
 * 64-bit numbers as two int32 halves, with the few operations that draws need, on `Math.imul` alone. Results are
 * written into `out`, which may be one of the operands.
 */
export interface Hash64 {
  hi: number;
  lo: number;
}

const twoTo32 = 4_294_967_296;

/** The 64-bit number of a whole number, 0 to 2^53-1. */
export function fromWhole(whole: number, out: Hash64): Hash64 {
  out.hi = (whole / twoTo32) | 0;
  out.lo = whole | 0;
  return out;
}

/** The upper 32 bits, as an int32, of the product of two uint32s. */
export function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** a * b modulo 2^64. */
export function multiply(a: Hash64, b: Hash64, out: Hash64): Hash64 {
  const hi = (multiplyHigh(a.lo, b.lo) + Math.imul(a.hi, b.lo) + Math.imul(a.lo, b.hi)) | 0;
  out.lo = Math.imul(a.lo, b.lo);
  out.hi = hi;
  return out;
}

/** a + b modulo 2^64. */
export function plus(a: Hash64, b: Hash64, out: Hash64): Hash64 {
  const lo = (a.lo >>> 0) + (b.lo >>> 0);
  out.hi = (a.hi + b.hi + (lo >= twoTo32 ? 1 : 0)) | 0;
  out.lo = lo | 0;
  return out;
}

export function xor(a: Hash64, b: Hash64, out: Hash64): Hash64 {
  out.hi = a.hi ^ b.hi;
  out.lo = a.lo ^ b.lo;
  return out;
}

/** value ^ (value >>> shift), for shifts 1 to 31. */
export function xorShifted(value: Hash64, shift: number, out: Hash64): Hash64 {
  const lo = value.lo ^ ((value.lo >>> shift) | (value.hi << (32 - shift)));
  out.hi = value.hi ^ (value.hi >>> shift);
  out.lo = lo;
  return out;
}

/** floor(value * limit / 2^64): a whole number in 0..limit-1, for a limit of 1 to 2^53-1. */
export function scaleBelow(value: Hash64, limit: number): number {
  const limitHigh = Math.floor(limit / twoTo32);
  const limitLow = limit >>> 0;
  const low = multiplyHigh(value.lo, limitLow) >>> 0;
  const crossA = (Math.imul(value.lo, limitHigh) >>> 0) + (Math.imul(value.hi, limitLow) >>> 0) + low;
  const carry = Math.floor(crossA / twoTo32);
  const crossHigh =
    (multiplyHigh(value.lo, limitHigh) >>> 0) + (multiplyHigh(value.hi, limitLow) >>> 0) + carry;
  return (value.hi >>> 0) * limitHigh + crossHigh;
}
