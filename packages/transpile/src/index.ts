import { goTarget } from "./go/index.ts";
import { javaTarget } from "./java/index.ts";
import { javascriptTarget } from "./javascript/index.ts";
import { pythonTarget } from "./python/index.ts";
import type { Target } from "./target.ts";

export { Emitter } from "./emitter.ts";
export { goTarget } from "./go/index.ts";
export { javaTarget } from "./java/index.ts";
export { javascriptTarget } from "./javascript/index.ts";
export { pythonTarget } from "./python/index.ts";
export type { Batch, Command, Entry, Language, RealRun, Source, SourceFile, Target } from "./target.ts";

/** Every language, by the runtime that it runs on. */
export const targets: readonly Target[] = [goTarget, javaTarget, javascriptTarget, pythonTarget];
