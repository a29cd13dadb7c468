/** sync.RWMutex, after src/sync/rwmutex.go of Go 1.26: a pending writer blocks new readers. A wait for it can be given up. */
import { HANDED_OVER, lock, Mutex, NOT_LOCKED } from "./mutex.ts";
import { type G, Leave, type Runtime } from "./runtime2.ts";
import { Sema, semacquire, semrelease } from "./sema.ts";

/** rwmutex.go `rwmutexMaxReaders`. */
const MAX_READERS = 1 << 30;

export class RWMutex {
  private readonly w = new Mutex(true);
  private readonly writerSem = new Sema();
  private readonly readerSem = new Sema();
  private readerCount = 0;
  private readerWait = 0;

  constructor() {
    this.readerSem.onAbandon = (): void => {
      this.readerCount--;
    };
  }

  /** False when it was cancelled while it waited. */
  *rlock(rt: Runtime, gp: G): Generator<number, boolean, unknown> {
    rt.machine.charge(rt.costs.mutexOp);
    this.readerCount++;
    return this.readerCount >= 0 || (yield* semacquire(rt, gp, this.readerSem, false, "sync.RWMutex.RLock"));
  }

  tryRLock(): boolean {
    if (this.readerCount < 0) return false;
    this.readerCount++;
    return true;
  }

  /** False when it is not locked for reading. */
  runlock(rt: Runtime): boolean {
    rt.machine.charge(rt.costs.mutexOp);
    this.readerCount--;
    if (this.readerCount >= 0) return true;
    if (this.readerCount + 1 === 0 || this.readerCount + 1 === -MAX_READERS) return false;
    this.readerWait--;
    if (this.readerWait === 0) semrelease(rt, this.writerSem, false, "RWMutex.RUnlock: runnext");
    return true;
  }

  /** False when it was cancelled while it waited. */
  *lock(rt: Runtime, gp: G): Generator<number, boolean, unknown> {
    rt.machine.charge(rt.costs.mutexOp);
    if (!(yield* lock(rt, gp, this.w))) return false;
    const readers = this.readerCount;
    this.readerCount -= MAX_READERS;
    this.readerWait += readers;
    if (readers === 0 || this.readerWait === 0) return true;
    if (yield* semacquire(rt, gp, this.writerSem, false, "sync.RWMutex.Lock")) return true;
    const { readerWait } = this;
    this.readerWait = 0;
    this.writerSem.value = 0; // of a reader that left meanwhile
    if (this.admit(rt, readerWait) === HANDED_OVER) yield Leave.goyield;
    return false;
  }

  tryLock(rt: Runtime): boolean {
    if (!this.w.tryLock()) return false;
    if (this.readerCount !== 0) {
      this.w.unlock(rt);
      return false;
    }
    this.readerCount -= MAX_READERS;
    return true;
  }

  /** What `Mutex.unlock` returns. Readers that came meanwhile are readied before the next writer. */
  unlock(rt: Runtime): number {
    rt.machine.charge(rt.costs.mutexOp);
    return this.readerCount >= 0 ? NOT_LOCKED : this.admit(rt, 0);
  }

  /** The writer leaves; `inside` readers have never left. */
  private admit(rt: Runtime, inside: number): number {
    this.readerCount += MAX_READERS;
    for (let left = this.readerCount - inside; left > 0; left--)
      semrelease(rt, this.readerSem, false, "RWMutex.Unlock: runnext");
    return this.w.unlock(rt);
  }
}
