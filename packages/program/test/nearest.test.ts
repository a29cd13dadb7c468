import { describe, expect, test } from "vitest";
import { nearest } from "@orrery/program";
import { editDistance } from "../src/nearest.ts";

test.each<[string, string, number]>([
  ["worker", "worker", 0],
  ["wroker", "worker", 1],
  ["wrker", "worker", 1],
  ["workers", "worker", 1],
  ["werker", "worker", 1],
  ["", "abc", 3],
  ["ca", "abc", 3],
  ["kitten", "sitting", 3],
])("the distance of %j and %j is %d", (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

describe("nearest", () => {
  const workloads = ["spawn-order", "ping-pong", "skynet", "sleepers"];

  test.each<[string, string | undefined]>([
    ["spwan-order", "spawn-order"],
    ["SkyNet", "skynet"],
    ["spawn", "spawn-order"],
    ["sleeper", "sleepers"],
    ["fetch-100", undefined],
    ["s", undefined],
  ])("to %j is %j", (name, candidate) => {
    expect(nearest(name, workloads)).toBe(candidate);
  });

  test("among equals is the first", () => {
    expect(nearest("b", ["a", "c"])).toBe("a");
    expect(nearest("x", [])).toBeUndefined();
  });
});
