/** Conformance programs in each runtime's own language, live on whatever real runtimes are here. */
import { findToolchain, isMissing, type Missing, type Toolchain, verifyNative } from "@orrery/verify";
import * as Effect from "effect/Effect";
import { describe, expect, test } from "vitest";
import { loadConformance, loadModels, runtimeNames } from "../src/registry.ts";

const PATIENCE_MS = 300_000;

const models = await Effect.runPromise(loadModels(runtimeNames));
const found: readonly (readonly [string, (typeof models)[number], Toolchain | Missing])[] = await Promise.all(
  models.map(async (model) => [model.name, model, await findToolchain(model.name)] as const),
);

describe.each(found)("%s", (name, model, toolchain) => {
  const here = !isMissing(toolchain);
  test.skipIf(!here)(
    here ? "every program prints what is recorded of it, and its port the same" : `skipped: ${toolchain.why}`,
    { timeout: PATIENCE_MS },
    async () => {
      const conformance = await Effect.runPromise(loadConformance(model));
      const results = await verifyNative(name, conformance, toolchain as Toolchain);
      expect(
        results.filter(({ verdict }) => verdict === "differ").map((each) => `${each.name}: ${each.why}`),
      ).toEqual([]);
      expect(results.filter(({ verdict }) => verdict === "agree").length).toBeGreaterThan(50);
    },
  );
});
