/** A panic, as a thrown error. */
import type { Frame } from "./frames.ts";

/** A panic. Catch it with `try`/`catch` where Go would `recover`; `finally` is `defer`. */
export class GoPanic extends Error {
  override readonly name = "GoPanic";
  /** Calls of the library that it came from, innermost first. */
  frames: readonly Frame[];
  /** The library has recovered it and panicked with it again. */
  repanicked = false;

  constructor(message: string, frames: readonly Frame[] = []) {
    super(message);
    this.frames = frames;
  }
}

/** Status of a process that died of a panic or fatal error (`exit(2)`). */
export const EXIT_PANIC = 2;
