/** A model, and what its programs really run on; or why there is nothing to run on. */
import type { RuntimeModel } from "@orrery/runtime";
import type { Target } from "@orrery/transpile";
import { findToolchain, isMissing, type Toolchain } from "@orrery/verify";
import * as Effect from "effect/Effect";
import { loadTargets } from "./registry.ts";

export interface Bench {
  readonly model: RuntimeModel;
  readonly target: Target | null;
  readonly toolchain: Toolchain | null;
  readonly why: string;
}

export const benchOf = Effect.fnUntraced(function* (model: RuntimeModel) {
  const target = (yield* loadTargets).find(({ runtime }) => runtime === model.name) ?? null;
  const found = yield* Effect.promise(() => findToolchain(model.name));
  const toolchain = isMissing(found) ? null : found;
  const why = isMissing(found)
    ? `${found.why}; get it from ${found.get}`
    : target === null
      ? "no programs in its language"
      : "";
  return { model, target, toolchain: target === null ? null : toolchain, why } satisfies Bench;
});
