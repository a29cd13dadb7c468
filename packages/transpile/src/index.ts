import { javaTarget } from "./java/index.ts";
import type { Target } from "./target.ts";

export { Emitter } from "./emitter.ts";
export { javaTarget } from "./java/index.ts";
export type { Batch, Command, Entry, Language, RealRun, Source, SourceFile, Target } from "./target.ts";

/** Every language, by the runtime that it runs on. */
export const targets: readonly Target[] = [javaTarget];
