/** How a process dies of a panic, a fatal error or a deadlock: what of src/runtime/panic.go of Go 1.26 is visible from outside. */
import { Fault } from "@orrery/runtime";
import { fatalFrames } from "./frames.ts";
import { EXIT_PANIC, GoPanic } from "./panic.ts";
import type { G, Runtime } from "./runtime2.ts";
import { stack, traceback, tracebackAll } from "./traceback.ts";

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
