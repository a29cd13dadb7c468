/** The runtime's semaphore, after src/runtime/sema.go of Go 1.26: what Mutex, RWMutex and WaitGroup sleep on. */
import { WaitQ } from "./chan.ts";
import { CANCELLABLE, joinLimit, leaveLimit, type Wait, wake } from "./limit.ts";
import { type Abandon, type G, Leave, type Runtime } from "./runtime2.ts";

export class Sema implements Abandon {
  value = 0;
  /** It is that of the mutex in a RWMutex, at which writers queue. */
  inRWMutex = false;
  readonly queue = new WaitQ();
  /** The owner's book-keeping when a waiter gives up. */
  onAbandon: (() => void) | null = null;

  abandon(rt: Runtime, gp: G): void {
    const sg = gp.waiting!;
    this.queue.remove(sg);
    gp.waiting = null;
    rt.releaseSudog(sg);
    this.onAbandon?.();
  }

  /** cansemacquire */
  take(): boolean {
    if (this.value === 0) return false;
    this.value--;
    return true;
  }
}

/** semacquire1. False when a cancellation or the time ended the wait. */
export function* semacquire(
  rt: Runtime,
  gp: G,
  s: Sema,
  lifo: boolean,
  reason: string,
  { cancellable, limit }: Wait = CANCELLABLE,
): Generator<number, boolean, unknown> {
  if (s.take()) return true;
  for (;;) {
    rt.machine.charge(rt.costs.semaRoot);
    const sg = rt.acquireSudog(gp);
    sg.c = s;
    if (lifo && s.queue.first !== null) {
      sg.next = s.queue.first;
      s.queue.first.prev = sg;
      s.queue.first = sg;
    } else s.queue.enqueue(sg);
    gp.waiting = sg;
    if (!joinLimit(rt, gp, limit)) {
      s.abandon(rt, gp);
      return false;
    }
    gp.abandon = cancellable ? s : null;
    gp.waitreason = reason;
    yield Leave.park;
    const isOver = leaveLimit(rt, gp);
    if (gp.cancelled) return false;
    if (isOver && s.queue.has(sg)) {
      s.abandon(rt, gp);
      return false;
    }
    const { ticket } = sg;
    gp.waiting = null;
    rt.releaseSudog(sg);
    if (ticket !== 0 || s.take()) return true;
  }
}

/** semrelease1. True when the caller must yield to the woken goroutine (`Leave.goyield`). */
export function semrelease(rt: Runtime, s: Sema, handoff: boolean, reason: string): boolean {
  s.value++;
  const sg = s.queue.dequeue();
  if (sg === null) return false;
  rt.machine.charge(rt.costs.semaRoot);
  if (handoff && s.take()) sg.ticket = 1;
  wake(rt, sg.g!, reason);
  return sg.ticket === 1;
}
