export { Emitter } from "./emitter.ts";
export { javaTarget } from "./java/index.ts";
export type { Batch, Command, Entry, Language, RealRun, Source, SourceFile, Target } from "./target.ts";
