/** sync.Mutex, after src/internal/sync/mutex.go of Go 1.26: barging, with a starvation mode that hands over. */
import { CANCELLABLE, isAsked, type Wait } from "./limit.ts";
import { runqempty } from "./runq.ts";
import type { G, Runtime } from "./runtime2.ts";
import { Sema, semacquire, semrelease } from "./sema.ts";

const LOCKED = 1;
const WOKEN = 2;
const STARVING = 4;
const WAITER = 8;
/** mutex.go `starvationThresholdNs`. */
const STARVATION_THRESHOLD_NS = 1_000_000;
/** proc.go `active_spin`. */
const ACTIVE_SPIN = 4;

/** A lock as the operations of programs take it. */
export interface Lock {
  /** Takes it if that needs no waiting. */
  lockFast(): boolean;
  /** False when a cancellation or the time ended the wait. */
  lockSlow(rt: Runtime, gp: G, wait?: Wait): Generator<number, boolean, unknown>;
  tryLock(): boolean;
  /** `Leave.goyield` must be yielded when it returns `HANDED_OVER`. */
  unlock(rt: Runtime): number;
}

export class Mutex implements Lock {
  private state = 0;
  private readonly sema = new Sema();

  constructor(inRWMutex = false) {
    this.sema.inRWMutex = inRWMutex;
    this.sema.onAbandon = (): void => {
      this.state -= WAITER;
      if (this.state < WAITER) this.state &= ~STARVING; // starving mode ends with its last waiter
    };
  }

  /** The fast path of Lock: true if it is ours. */
  lockFast(): boolean {
    if (this.state !== 0) return false;
    this.state = LOCKED;
    return true;
  }

  /** False when a cancellation or the time ended the wait. */
  *lockSlow(rt: Runtime, gp: G, wait: Wait = CANCELLABLE): Generator<number, boolean, unknown> {
    let waitStart = -1;
    let starving = false;
    let awoke = false;
    let iter = 0;
    for (;;) {
      const old = this.state;
      if (awoke && wait.cancellable && (old & (LOCKED | STARVING)) !== 0 && isAsked(gp)) {
        this.state &= ~WOKEN;
        gp.cancelled = true;
        return false;
      }
      if ((old & (LOCKED | STARVING)) === LOCKED && canSpin(rt, iter)) {
        if (!awoke && (old & WOKEN) === 0 && old >= WAITER) {
          this.state |= WOKEN;
          awoke = true;
        }
        iter++;
        yield rt.costs.doSpin;
        continue;
      }
      let next = old;
      if ((old & STARVING) === 0) next |= LOCKED;
      if ((old & (LOCKED | STARVING)) !== 0) next += WAITER;
      if (starving && (old & LOCKED) !== 0) next |= STARVING;
      if (awoke) next &= ~WOKEN;
      this.state = next;
      if ((old & (LOCKED | STARVING)) === 0) return true;
      const lifo = waitStart >= 0;
      if (!lifo) waitStart = rt.machine.now;
      if (!(yield* semacquire(rt, gp, this.sema, lifo, "sync.Mutex.Lock", wait))) return false;
      starving = starving || rt.machine.now - waitStart > STARVATION_THRESHOLD_NS;
      if ((this.state & STARVING) !== 0) {
        // Handed over to us: locked is clear, our place among the waiters is still counted.
        this.state += LOCKED - WAITER;
        if (!starving || this.state < WAITER) this.state &= ~STARVING;
        return true;
      }
      awoke = true;
      iter = 0;
    }
  }

  tryLock(): boolean {
    if ((this.state & (LOCKED | STARVING)) !== 0) return false;
    this.state |= LOCKED;
    return true;
  }

  /** `Leave.goyield` must be yielded when it returns `HANDED_OVER`. */
  unlock(rt: Runtime): number {
    if ((this.state & LOCKED) === 0) return NOT_LOCKED;
    this.state &= ~LOCKED;
    if (this.state === 0) return UNLOCKED;
    if ((this.state & STARVING) !== 0)
      return semrelease(rt, this.sema, true, "Mutex.Unlock: starving hand-off") ? HANDED_OVER : UNLOCKED;
    if (this.state < WAITER || (this.state & WOKEN) !== 0) return UNLOCKED;
    this.state = (this.state - WAITER) | WOKEN;
    semrelease(rt, this.sema, false, "Mutex.Unlock: runnext");
    return UNLOCKED;
  }
}

export const NOT_LOCKED = 0;
export const UNLOCKED = 1;
export const HANDED_OVER = 2;

/** Whether a moment of spinning may save the park: another P must be running, this one must have nothing else to do. */
function canSpin(rt: Runtime, iter: number): boolean {
  if (iter >= ACTIVE_SPIN || rt.machine.cores.length <= 1) return false;
  if (rt.gomaxprocs <= rt.pidle.length + rt.nmspinning + 1) return false;
  return runqempty(rt.getp());
}

/** Lock as the library offers it. */
export function* lock(
  rt: Runtime,
  gp: G,
  mu: Lock,
  wait: Wait = CANCELLABLE,
): Generator<number, boolean, unknown> {
  return mu.lockFast() || (yield* mu.lockSlow(rt, gp, wait));
}
