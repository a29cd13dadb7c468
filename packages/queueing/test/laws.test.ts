/** The formulas against the figures that the literature and catalogue give for them. */
import { expect, test } from "vitest";
import {
  amdahl,
  anySlow,
  erlangB,
  erlangC,
  machineRepair,
  meanOfGreatest,
  meanValueAnalysis,
  mg1Wait,
  mm1kBlocking,
  mm1Quantile,
  mm1Sojourn,
  mm1StandardError,
  mmcWait,
  processorSharingSojourn,
  retries,
} from "@orrery/queueing";

test("open queues", () => {
  expect([0.5, 0.8, 0.9].map((rho) => mm1Sojourn(rho, 1))).toEqual(
    [2, 5, 10].map((w) => expect.closeTo(w, 9)),
  );
  expect([0.5, 0.8, 0.9].map((rho) => mm1Quantile(rho, 1, 0.99))).toEqual(
    [9.21, 23.03, 46.05].map((t) => expect.closeTo(t, 2)),
  );
  expect(erlangB(10, 8)).toBeCloseTo(0.12166, 5);
  expect(erlangB(20, 16)).toBeCloseTo(0.06441, 5);
  expect(erlangC(4, 3.2)).toBeCloseTo(0.5964, 4);
  expect(mmcWait(3.2, 1, 4)).toBeCloseTo(0.7455, 4);
  expect(erlangC(16, 14.4)).toBeCloseTo(0.5913, 4);
  expect(mmcWait(14.4, 1, 16)).toBeCloseTo(0.3696, 4);
  expect(mg1Wait(0.8, 1, 1)).toBeCloseTo(2, 9);
  expect(mg1Wait(0.7, 1, 6.5)).toBeCloseTo(7.583, 3);
  expect(processorSharingSojourn(0.7, 1)).toBeCloseTo(3.33, 2);
  expect(mm1kBlocking(0.9, 10)).toBeCloseTo(0.0508, 4);
  expect(mm1kBlocking(1.2, 10)).toBeCloseTo(0.1926, 4);
  expect(mm1kBlocking(1, 4)).toBe(0.2);
});

test("an M/M/c queue with one server is the M/M/1 queue, and Erlang C goes to 1 with the load", () => {
  for (const rho of [0.1, 0.5, 0.9]) {
    expect(mmcWait(rho, 1, 1) + 1).toBeCloseTo(mm1Sojourn(rho, 1), 9);
    expect(erlangC(1, rho)).toBeCloseTo(rho, 9);
  }
  expect(erlangC(8, 7.9999)).toBeGreaterThan(0.999);
});

test("closed systems", () => {
  const at = (n: number): number => 1000 * meanValueAnalysis(n, 50, [5, 10]).throughput;
  expect([1, 5, 10, 20].map(at)).toEqual([15.38, 66.2, 95.5, 100].map((x) => expect.closeTo(x, 0)));
  const { residences } = meanValueAnalysis(20, 50, [5, 10]);
  expect(residences[0]! + residences[1]!).toBeCloseTo(150, 0);
  const { throughput, broken, sojourn } = machineRepair(20, 4, 10, 2);
  expect([throughput, broken, sojourn].map((x) => x.toFixed(3))).toEqual(["1.582", "4.177", "2.640"]);
});

test("fan-out, retries, Amdahl", () => {
  expect([0.01, 0.001].map((p) => anySlow(100, p).toFixed(4))).toEqual(["0.6340", "0.0952"]);
  expect(meanOfGreatest(100, 1)).toBeCloseTo(5.187, 3);
  expect(retries(0.3, 3).succeeds).toBeCloseTo(0.973, 9);
  expect(retries(0.3, 3).attempts).toBeCloseTo(1.39, 9);
  expect(amdahl(10, 120, 8)).toBe(25);
});

test("a million customers of an M/M/1 queue tell its mean to 0.35, 0.95 and 1.95 percent", () => {
  expect([0.5, 0.8, 0.9].map((rho) => (100 * mm1StandardError(rho, 1e6)).toFixed(2))).toEqual([
    "0.35",
    "0.95",
    "1.95",
  ]);
});
