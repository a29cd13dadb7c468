/** Panics and fatal errors: what of src/runtime/panic.go of Go 1.26 is visible from outside. */
import { Fault } from "@orrery/runtime";
import type { G, Runtime } from "./runtime2.ts";

/** A panic. Catch it with `try`/`catch` where Go would `recover`; `finally` is `defer`. */
export class GoPanic extends Error {
  override readonly name = "GoPanic";
}

/** Status of a process that died of a panic or fatal error (`exit(2)`). */
export const EXIT_PANIC = 2;

export function panicText(gp: G, message: string): string {
  return `panic: ${message}\n\ngoroutine ${gp.goid} [running]:\n${gp.name}`;
}

/** An unrecovered panic ends the process. Anything else than a panic is an error of the simulator. */
export function fatalpanic(rt: Runtime, gp: G, error: unknown): void {
  if (!(error instanceof GoPanic || error instanceof Fault)) throw error;
  rt.world.diagnose("panic", panicText(gp, error.message));
  rt.world.exit(EXIT_PANIC, `panic: ${error.message}`);
}

/** A fatal error, which nothing recovers. The caller yields `Leave.dead` next. */
export function fatal(rt: Runtime, text: string): void {
  rt.world.diagnose("fatal error", `fatal error: ${text}`);
  rt.world.exit(EXIT_PANIC, `fatal error: ${text}`);
}
