import { afterEach, expect, test, vi } from "vitest";
import { findToolchain, isMissing } from "@orrery/verify";

afterEach(() => vi.unstubAllEnvs());

test("a tool that is not on the PATH is missing, with the reason and how to get it", async () => {
  vi.stubEnv("PATH", "/nowhere");
  const found = await findToolchain("go");
  expect(found).toEqual({
    runtime: "go",
    why: "no go on PATH",
    get: "https://go.dev/dl, or apt install golang",
  });
});

test("node, which runs this test, is found with its version", async () => {
  const found = await findToolchain("node");
  expect(isMissing(found)).toBe(false);
  expect(found).toMatchObject({ runtime: "node", version: process.versions.node });
});
