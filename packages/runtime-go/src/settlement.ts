/** Who waits for a promise: goroutines at its channel, and what its settlement starts as context.AfterFunc does. */
import type { PromiseHandle, Reaction, Steps, Task, Value } from "@orrery/runtime";
import { chanrecv, closechan, Hchan } from "./chan.ts";
import type { G, Runtime } from "./runtime2.ts";
import { newproc } from "./wake.ts";

class Settlement {
  done: Hchan | null = null;
  handlers: (() => void)[] = [];
}

/** Made when somebody waits. */
function settlement(promise: PromiseHandle): Settlement {
  promise.native ??= new Settlement();
  return promise.native as Settlement;
}

/** The channel that its settlement closes. */
export function doneOf(rt: Runtime, promise: PromiseHandle): Hchan {
  const waiting = settlement(promise);
  if (waiting.done === null) {
    waiting.done = new Hchan(0, 0);
    if (promise.state !== "pending") closechan(rt, waiting.done);
  }
  return waiting.done;
}

/** Parks at `done`. */
export function awaitSettlement(rt: Runtime, gp: G, promise: PromiseHandle): void {
  chanrecv(rt, gp, doneOf(rt, promise), true);
}

/** `close(done)`, then the handlers. */
export function settled(rt: Runtime, { native }: PromiseHandle): void {
  const waiting = native as Settlement | null;
  if (waiting === null || waiting.done === null) rt.machine.charge(rt.costs.chanOp);
  else closechan(rt, waiting.done);
  for (const handler of waiting?.handlers.splice(0) ?? []) handler();
}

function whenSettled(promise: PromiseHandle, handler: () => void): void {
  if (promise.state === "pending") settlement(promise).handlers.push(handler);
  else handler();
}

/** A handler is a goroutine that begins when the promise is resolved. */
export function react(rt: Runtime, reaction: Reaction): void {
  rt.machine.charge(2 * rt.costs.mutexOp + rt.costs.newobject);
  whenSettled(reaction.promise, () => {
    if (reaction.promise.state === "rejected") {
      reaction.skip();
      settled(rt, reaction.derived);
      return;
    }
    const { child, body } = reaction.handle();
    rt.machine.charge(rt.costs.makechan);
    child.native = newproc(
      rt,
      rt.getm().curg,
      child.id,
      child.proc,
      handled(rt, child, body, reaction),
      child,
    );
  });
}

function* handled(rt: Runtime, child: Task, body: Steps<Value>, reaction: Reaction): Steps<Value> {
  const value = yield* body;
  const inner = reaction.ended(child);
  if (inner === null) settled(rt, reaction.derived);
  else
    whenSettled(inner, () => {
      reaction.follow(inner);
      settled(rt, reaction.derived);
    });
  return value;
}
