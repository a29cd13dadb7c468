import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { below, draw, nameHash, rootHash, streamHash, taskHash, word } from "@orrery/program";
import type { Distribution, Hash64 } from "@orrery/program";
import { logTable, normalTable, powerTable } from "../src/draw-tables.ts";
import { fromWhole } from "../src/hash64.ts";

interface Reference {
  readonly splitMix: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly root: Readonly<Record<string, string>>;
  readonly stream: string;
  readonly tables: Readonly<Record<"log" | "power" | "normal", string>>;
  readonly draws: readonly {
    readonly from: Distribution;
    readonly first: readonly number[];
    readonly hash: string;
  }[];
}
// Written by draws/reference.py.
const reference: Reference = JSON.parse(
  readFileSync(new URL("draws/reference.json", import.meta.url), "utf8"),
);

const zero = (): Hash64 => ({ hi: 0, lo: 0 });
const hex = (hash: Hash64): string =>
  [hash.hi, hash.lo].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
const hashed = (numbers: readonly number[]): string => hex(nameHash(numbers.map((n) => `${n},`).join("")));
const worker2 = (): Hash64 => taskHash(rootHash(1, zero()), nameHash("worker"), 2, zero());
const latency = streamHash(taskHash(worker2(), nameHash("child"), 0, zero()), nameHash("latency"), zero());
const values = (from: Distribution, count: number, stream = latency): number[] =>
  Array.from({ length: count }, (_, n) => draw(from, stream, n));

describe("SplitMix64", () => {
  test("gives the published outputs for the seed 1234567", () => {
    const outputs = [0, 1, 2, 3, 4].map((n) =>
      BigInt(`0x${hex(word(fromWhole(1234567, zero()), n, zero()))}`),
    );
    expect(outputs).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ]);
  });
});

describe("hashes agree with the reference in Python", () => {
  test("of names", () => {
    for (const [text, hash] of Object.entries(reference.names)) expect(hex(nameHash(text))).toBe(hash);
  });
  test("of root tasks", () => {
    for (const [seed, hash] of Object.entries(reference.root))
      expect(hex(rootHash(Number(seed), zero()))).toBe(hash);
  });
  test("of a stream two tasks down", () => {
    expect(hex(latency)).toBe(reference.stream);
  });
});

describe("tables agree with the reference in Python", () => {
  test.each(Object.entries({ log: logTable, power: powerTable, normal: normalTable }))(
    "%s",
    (name, table) => {
      expect(hashed(table())).toBe(reference.tables[name as keyof Reference["tables"]]);
    },
  );
});

describe("draws agree with the reference in Python", () => {
  test.each(reference.draws.map((each) => [JSON.stringify(each.from), each] as const))(
    "%s",
    (_, { from, first, hash }) => {
      expect(values(from, 4)).toEqual(first);
      expect(hashed(values(from, 20_000))).toBe(hash);
    },
  );
});

describe("each distribution has its mean and its coefficient of variation", () => {
  const scale = 10_000_000;
  const sigma = 0.5;
  const shape = 4;
  // The share of 1/100 allowed is four standard errors or more for 200 000 values.
  test.each<[Distribution, number, number]>([
    [{ dist: "constant", value: scale }, scale, 0],
    [{ dist: "uniform", low: 0, high: 2 * scale }, scale, 1 / Math.sqrt(3)],
    [{ dist: "exponential", mean: scale }, scale, 1],
    [{ dist: "erlang", k: 4, mean: scale }, scale, 1 / 2],
    [
      { dist: "lognormal", median: scale, sigmaPerMille: 500 },
      scale * Math.exp(sigma ** 2 / 2),
      Math.sqrt(Math.exp(sigma ** 2) - 1),
    ],
    [
      { dist: "pareto", scale, shapePerMille: 4000 },
      (scale * shape) / (shape - 1),
      1 / Math.sqrt(shape * (shape - 2)),
    ],
    [{ dist: "twoPoint", fast: 0, slow: scale, slowPerMillion: 250_000 }, scale / 4, Math.sqrt(3)],
    [{ dist: "table", values: [1, 2, 3] }, 2, Math.sqrt(1 / 6)],
  ])("%j", (from, mean, variation) => {
    const drawn = values(from, 200_000);
    const average = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - average) ** 2, 0) / drawn.length;
    expect(Math.abs(average / mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(Math.sqrt(variance) / average - variation)).toBeLessThan(
      from.dist === "pareto" ? 0.05 : 0.01,
    );
  });
});

describe("streams", () => {
  const uniform: Distribution = { dist: "uniform", low: -1_000_000, high: 1_000_000 };
  const correlation = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, n) => sum + value * (b[n] ?? 0), 0) / a.length / (1_000_000 ** 2 / 3);
  const base = values(uniform, 100_000);

  test.each([
    [
      "of another name",
      streamHash(taskHash(worker2(), nameHash("child"), 0, zero()), nameHash("latency2"), zero()),
    ],
    [
      "of a sibling",
      streamHash(taskHash(worker2(), nameHash("child"), 1, zero()), nameHash("latency"), zero()),
    ],
    ["of the parent", streamHash(worker2(), nameHash("latency"), zero())],
    ["of another seed", streamHash(rootHash(2, zero()), nameHash("latency"), zero())],
  ])("%s are not correlated", (_, stream) => {
    // Five standard errors.
    expect(Math.abs(correlation(base, values(uniform, 100_000, stream)))).toBeLessThan(
      5 / Math.sqrt(100_000),
    );
  });
  test("have no correlation between neighbours", () => {
    expect(Math.abs(correlation(base, base.slice(1)))).toBeLessThan(5 / Math.sqrt(100_000));
  });
  test("give any value without those before it", () => {
    expect(draw(uniform, latency, 77_777)).toBe(base[77_777]);
  });
});

describe("below", () => {
  test("is equally likely to give each choice", () => {
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let n = 0; n < 70_000; n++) {
      const choice = below(7, latency, n);
      counts[choice] = (counts[choice] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
  test("of 1 is 0", () => {
    expect(below(1, latency, 0)).toBe(0);
  });
});
