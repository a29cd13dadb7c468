export { type BatchOptions, type RealOutcome, runBatch, type RunRequest } from "./batch.ts";
export { type Ended, type Limits, runChild } from "./child.ts";
export { fuzz, type FuzzAsked, type FuzzReport, type Mismatch } from "./fuzz.ts";
export { distinctOrders, judge, type Judgement, type Verdict } from "./judge.ts";
export { realResult } from "./real-result.ts";
export { sideBySide } from "./side-by-side.ts";
export { type ReferenceServer, startReferenceServer } from "./reference-server.ts";
export { findToolchain, isMissing, type Missing, type Toolchain } from "./toolchains.ts";
export { verifyWorkload, type VerifyResult, type WorkloadAsked } from "./workloads.ts";
