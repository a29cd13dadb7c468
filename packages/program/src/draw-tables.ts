/**
 * The fixed-point tables behind draws. Each entry is a real number times a power of two, rounded to an integer. They
 * are computed when first used. Libraries of mathematics differ by less than 2^-18 in these numbers before rounding, and
 * `rounded` asserts that each is at least 2^-14 away from where rounding turns, so every machine computes the same
 * integers, and source in another language can carry them as they are.
 */

/** Steps of the logarithm and power tables across one octave. */
export const octaveSteps = 256;
/** Steps of the normal table within one octave of probability, and octaves: the tail is cut at 2^-33 on each side. */
export const normalSteps = 32;
export const normalOctaves = 32;

/** Entry i is log2(1 + i/256) * 2^32, for i in 0..256. */
export const logTable = lazily(() =>
  rounded(octaveSteps + 1, (i) => Math.log2(1 + i / octaveSteps) * 2 ** 32),
);

/** Entry i is 2^(i/256) * 2^32, for i in 0..256. */
export const powerTable = lazily(() => rounded(octaveSteps + 1, (i) => 2 ** (i / octaveSteps) * 2 ** 32));

/**
 * Entry 32k + j is log2(e) * z * 2^23 where a standard normal variable is farther than z from 0 with probability
 * 2^-k * (1 - j/64): the quantiles at 32 equal steps through each halving of the probability.
 */
export const normalTable = lazily(() => {
  let z = 0;
  return rounded(normalSteps * normalOctaves + 1, (i) => {
    const octave = Math.floor(i / normalSteps);
    const probability = 2 ** -octave * (1 - (i % normalSteps) / (2 * normalSteps));
    z = quantile(probability / 2, z);
    return (z * 2 ** 23) / Math.LN2;
  });
});

function lazily<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}

function rounded(length: number, entry: (index: number) => number): readonly number[] {
  return Array.from({ length }, (_, index) => {
    const value = entry(index);
    const toTurn = Math.abs(value - Math.floor(value) - 0.5);
    if (toTurn < 2 ** -14)
      throw new Error(`table entry ${index} is ${toTurn} from a rounding turn: change the scale`);
    return Math.round(value);
  });
}

/** The z with upper tail probability `tail`, by Newton's method from a smaller z. */
function quantile(tail: number, start: number): number {
  let z = start;
  for (let step = 0; step < 60; step++) {
    const next = z + (upperTail(z) - tail) / density(z);
    if (Math.abs(next - z) < 1e-15 * (1 + z)) return next;
    z = next;
  }
  return z;
}

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Probability of a standard normal variable above z: the power series near 0, Laplace's continued fraction beyond 3. */
function upperTail(z: number): number {
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 3; term > sum * 1e-17; n += 2) {
      term *= (z * z) / n;
      sum += term;
    }
    return 0.5 - density(z) * sum;
  }
  let fraction = z;
  for (let n = 200; n >= 1; n--) fraction = z + n / fraction;
  return density(z) / fraction;
}
