/** D18: what is drawn has the distribution that it is said to have: chi-square on 64 equally likely bins, fixed seed. */
import {
  type Draws,
  draw,
  erlang,
  exponential,
  lognormal,
  nameHash,
  pareto,
  rootHash,
  streamHash,
  uniform,
} from "@orrery/program";
import { expect, test } from "vitest";

const BINS = 64;
const DRAWS = 64_000;
/** Of 63 degrees of freedom, exceeded once in a thousand. */
const CRITICAL = 103.4;

/** Distribution functions, of the value in units of the parameter. */
const normal = (z: number): number => {
  // Abramowitz and Stegun 7.1.26, good to 1.5e-7.
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp((-z * z) / 2);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
};

test.each<[string, Draws<"int">, (x: number) => number]>([
  ["uniform", uniform(0, 9_999_999), (x) => (x + 0.5) / 1e7],
  ["exponential", exponential(10_000_000), (x) => 1 - Math.exp(-x / 1e7)],
  ["erlang of 2", erlang(2, 10_000_000), (x) => 1 - Math.exp(-x / 5e6) * (1 + x / 5e6)],
  ["lognormal", lognormal(10_000_000, 500), (x) => (x <= 0 ? 0 : normal(Math.log(x / 1e7) / 0.5))],
  ["pareto", pareto(10_000_000, 2500), (x) => 1 - (1e7 / Math.max(x, 1e7)) ** 2.5],
])("%s", (name, { from }, distribution) => {
  const stream = streamHash(rootHash(7, { hi: 0, lo: 0 }), nameHash(name), { hi: 0, lo: 0 });
  const counts = new Array<number>(BINS).fill(0);
  for (let n = 0; n < DRAWS; n++) {
    const bin = Math.floor(BINS * distribution(draw(from, stream, n)));
    counts[Math.min(BINS - 1, bin)]!++;
  }
  const expected = DRAWS / BINS;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(CRITICAL);
});
