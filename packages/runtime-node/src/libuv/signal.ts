/**
 * libuv 1.52 src/unix/signal.c: a signal's handler writes to a pipe that the loop polls like any other descriptor, and whose
 * event is dispatched after all others of the batch. Node's signal handles do not hold the loop.
 */
import { Descriptor } from "@orrery/simulator";
import type { Run } from "./handle.ts";
import type { Loop } from "./loop.ts";
import { type IoWatcher, uv__io_start } from "./poll.ts";

export class SignalPipe implements IoWatcher {
  readonly descriptor: Descriptor;
  private readonly caught: string[] = [];
  private readonly handlers = new Map<string, () => Run<unknown>>();

  constructor(loop: Loop) {
    this.descriptor = new Descriptor(loop.machine, "signal pipe");
    uv__io_start(loop, this);
  }

  /** uv_signal_start: in the place of the signal's default action. */
  start(signal: string, handler: () => Run<unknown>): void {
    this.handlers.set(signal, handler);
  }

  /** uv__signal_handler, as the kernel calls it. False if the default action stands. */
  raise(signal: string): boolean {
    if (!this.handlers.has(signal)) return false;
    this.caught.push(signal);
    this.descriptor.signal();
    return true;
  }

  /** uv__signal_event */
  readonly callback = (): Run => this.dispatch();

  private *dispatch(): Run {
    this.descriptor.drain();
    for (const signal of this.caught.splice(0)) yield* this.handlers.get(signal)!();
  }
}
