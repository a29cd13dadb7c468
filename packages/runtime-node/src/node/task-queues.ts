/**
 * Node 24 lib/internal/process/task_queues.js: process.nextTick's queue and how it is drained. Ticks are exhausted first,
 * with no microtask checkpoint between two ticks; then microtasks; then unhandled rejections are reported; and all over
 * again while there is something.
 */
import { isSteps, Fifo } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import type { Callback, Run } from "../libuv/handle.ts";
import type { Isolate } from "../v8/isolate.ts";
import type { PromiseRejections } from "./promises.ts";

export class TaskQueues {
  readonly queue = new Fifo<Callback>();
  ticksRun = 0;
  /** process._exiting: nextTick does nothing any more. */
  exiting = false;
  private hasTickScheduled = false;
  private readonly isolate: Isolate;
  private readonly rejections: PromiseRejections;

  constructor(isolate: Isolate, rejections: PromiseRejections) {
    this.isolate = isolate;
    this.rejections = rejections;
  }

  nextTick(callback: Callback): void {
    if (this.exiting) return;
    this.hasTickScheduled = true;
    this.isolate.machine.charge(this.isolate.costs.nextTick);
    this.queue.push(this.isolate.asyncWrap?.scheduled("TickObject", callback) ?? callback);
  }

  /** Whether `drain` would do anything. */
  get pending(): boolean {
    return this.hasTickScheduled || this.rejections.toProcess || this.isolate.microtasks.size > 0;
  }

  /** runNextTicks, between two timers or immediates; and the end of InternalCallbackScope::Close: the rule is the same. */
  *drain(rule: string): Run {
    if (!this.hasTickScheduled && !this.rejections.toProcess) yield* this.isolate.performCheckpoint(rule);
    if (this.hasTickScheduled || this.rejections.toProcess) yield* this.processTicksAndRejections();
  }

  private *processTicksAndRejections(): Run {
    const { queue, isolate, rejections } = this;
    const { machine } = isolate;
    do {
      for (let tick = queue.shift(); tick !== undefined; tick = queue.shift()) {
        if (!machine.settle()) yield 0;
        machine.emit(Kind.callback, 0, -1, "processTicksAndRejections: tick");
        this.ticksRun++;
        const steps = tick();
        if (isSteps(steps)) yield* steps;
      }
      yield* isolate.performCheckpoint("processTicksAndRejections: runMicrotasks");
    } while (queue.length > 0 || (rejections.toProcess && rejections.process()));
    this.hasTickScheduled = false;
    rejections.toProcess = false;
  }
}
