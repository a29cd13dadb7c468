/** Model of Node 24 on libuv 1.52. See docs/models/node.md. */
import type { RuntimeModel } from "@orrery/runtime";
import { nodeCosts, nodeMemory } from "./costs.ts";
import { NodeInstance } from "./instance.ts";
import { nodeTiers } from "./lowering.ts";
import { nodeOptions } from "./options.ts";
import { features } from "./versions.ts";

export const node: RuntimeModel = {
  name: "node",
  title: "Node 24",
  version: features["24"].version,
  processor: "loop",
  options: nodeOptions,
  costs: nodeCosts,
  memory: nodeMemory,
  tiers: nodeTiers,
  boot: (environment) => new NodeInstance(environment),
};

export { eventLoopUtilization, getActiveResourcesInfo, reportLibuv, uvMetricsInfo } from "./diagnostics.ts";
export { ms, type Node } from "./library.ts";
export { type NativeRun, type NativeRunOptions, runNode } from "./run.ts";
export { delegate, give } from "./v8/async-generator.ts";
export { JSPromise } from "./v8/promise.ts";
