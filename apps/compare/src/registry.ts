/** The runtime models by name: the only place that names them. Each is loaded when it is first asked for. */
import type { Conformance, RuntimeModel } from "@orrery/runtime";
import type { Target } from "@orrery/transpile";
import * as Effect from "effect/Effect";
import { badInput, type BadInput, unknownName } from "./errors.ts";

const loaders: Readonly<Record<string, () => Promise<RuntimeModel>>> = {
  go: async () => (await import("@orrery/runtime-go")).go,
  asyncio: async () => (await import("@orrery/runtime-asyncio")).asyncioModel,
  java: async () => (await import("@orrery/runtime-java")).java,
  node: async () => (await import("@orrery/runtime-node")).node,
};

const conformance: Readonly<Record<string, () => Promise<Conformance>>> = {
  go: async () => (await import("@orrery/runtime-go/conformance")).conformance,
  asyncio: async () => (await import("@orrery/runtime-asyncio/conformance")).conformance,
  java: async () => (await import("@orrery/runtime-java/conformance")).conformance,
  node: async () => (await import("@orrery/runtime-node/conformance")).conformance,
};

/** In the order of every table. */
export const runtimeNames: readonly string[] = Object.keys(loaders);

export function loadModel(name: string): Effect.Effect<RuntimeModel, BadInput> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  return load === undefined
    ? Effect.fail(badInput(unknownName("runtime", name, runtimeNames)))
    : Effect.promise(load);
}

export const loadModels = (names: readonly string[]): Effect.Effect<readonly RuntimeModel[], BadInput> =>
  Effect.forEach(names, loadModel);

/** The conformance programs of a model. */
export const loadConformance = ({ name }: RuntimeModel): Effect.Effect<Conformance> =>
  Effect.promise(conformance[name]!);

/** The languages that programs are written in, loaded when they are first asked for. */
export const loadTargets: Effect.Effect<readonly Target[]> = Effect.promise(
  async () => (await import("@orrery/transpile")).targets,
);
