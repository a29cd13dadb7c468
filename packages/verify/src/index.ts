export { type BatchOptions, type RealOutcome, runBatch, type RunRequest } from "./batch.ts";
export { type Ended, type Limits, runChild } from "./child.ts";
export { distinctOrders, judge, type Judgement, type Verdict } from "./judge.ts";
export { realResult } from "./real-result.ts";
export { type ReferenceServer, startReferenceServer } from "./reference-server.ts";
export { findToolchain, isMissing, type Missing, type Toolchain } from "./toolchains.ts";
