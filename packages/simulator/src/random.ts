/**
 * sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, as in PractRand): 128 bits of state in four int32s, so it
 * needs no BigInt. One instance per named stream: one more draw in one place shifts nothing elsewhere.
 */
export class Sfc32 {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, stream: string) {
    this.a = hashString(stream, seed | 0);
    this.b = hashString(stream, Math.trunc(seed / 0x1_0000_0000) ^ 0x9e3779b9);
    this.c = seed | 0;
    for (let i = 0; i < 15; i++) this.next(); // the warm-up the author recommends
  }

  /** A uniform 32-bit unsigned integer. */
  next(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A uniform integer in 0..n-1 (n in 1..2^21), by Lemire's multiply-shift with rejection: exactly uniform. */
  below(n: number): number {
    const threshold = (0x1_0000_0000 - n) % n;
    for (;;) {
      const product = this.next() * n; // below 2^53: exact
      const high = Math.floor(product / 0x1_0000_0000);
      if (product - high * 0x1_0000_0000 >= threshold) return high;
    }
  }
}

/** FNV-1a over UTF-16 code units with a murmur3 finaliser. */
export function hashString(text: string, seed: number): number {
  let h = (seed ^ 0x811c9dc5) | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h);
}

/** murmur3's 32-bit finaliser. */
export function mix32(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
