/** Panics and fatal errors: what of src/runtime/panic.go of Go 1.26 is visible from outside. */
import { Fault } from "@orrery/runtime";
import { fatalFrames, type Frame } from "./frames.ts";
import type { G, Runtime } from "./runtime2.ts";
import { stack, traceback, tracebackAll } from "./traceback.ts";

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

/** What a process that dies of a panic prints. */
export function panicText(rt: Runtime, gp: G, error: GoPanic | Fault): string {
  const frames = error instanceof GoPanic ? error.frames : [];
  const again = error instanceof GoPanic && error.repanicked ? " [recovered, repanicked]" : "";
  return `panic: ${error.message}${again}\n\n${traceback(rt, gp, [...frames, ...stack(gp)])}`;
}

/** An unrecovered panic ends the process. Anything else than a panic is an error of the simulator. */
export function fatalpanic(rt: Runtime, gp: G, error: unknown): void {
  if (!(error instanceof GoPanic || error instanceof Fault)) throw error;
  rt.world.diagnose("panic", panicText(rt, gp, error));
  rt.world.exit(EXIT_PANIC, `panic: ${error.message}`);
}

/** A fatal error, which nothing recovers. The caller yields `Leave.dead` next. */
export function fatal(rt: Runtime, gp: G, text: string): void {
  const trace = traceback(rt, gp, [...fatalFrames(text), ...stack(gp)]);
  rt.world.diagnose("fatal error", `fatal error: ${text}\n\n${trace}`);
  rt.world.exit(EXIT_PANIC, `fatal error: ${text}`);
}

/** What the process that checkdead ends prints: its verdict, and every goroutine. */
export function deadlockText(rt: Runtime, verdict: string): string {
  const all = tracebackAll(rt);
  return `fatal error: ${verdict}${all === "" ? "" : `\n\n${all}`}`;
}
