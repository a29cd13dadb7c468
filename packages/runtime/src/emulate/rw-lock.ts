import { Fifo } from "./fifo.ts";
import { complete, type Waiter, type Wake } from "./waiter.ts";

/**
 * Many readers or one writer, as sync.RWMutex has them: a reader that comes while a writer waits lets it pass, and a writer that
 * leaves lets all readers in that came meanwhile, then the next writer. Who is let in owns it when it is woken.
 */
export class RwLock<T> {
  private readers = 0;
  private writing = false;
  private readonly waitingReaders = new Fifo<Waiter<T>>();
  private readonly waitingWriters = new Fifo<Waiter<T>>();
  private readonly wake: Wake<T>;

  constructor(wake: Wake<T>) {
    this.wake = wake;
  }

  tryRead(): boolean {
    if (this.writing || this.waitingWriters.length > 0) return false;
    this.readers++;
    return true;
  }

  tryWrite(): boolean {
    if (this.writing || this.readers > 0 || this.waitingWriters.length > 0) return false;
    this.writing = true;
    return true;
  }

  parkReader(waiter: Waiter<T>): void {
    this.waitingReaders.push(waiter);
  }

  parkWriter(waiter: Waiter<T>): void {
    this.waitingWriters.push(waiter);
  }

  readUnlock(): void {
    this.readers--;
    this.admitWriter();
  }

  writeUnlock(): void {
    this.writing = false;
    this.admitReaders();
    this.admitWriter();
  }

  /** A waiter gave up. Readers that a writer kept out may come in. */
  forget(waiter: Waiter<T>): void {
    this.waitingReaders.removeWhere((parked) => parked === waiter);
    this.waitingWriters.removeWhere((parked) => parked === waiter);
    if (!this.writing && this.waitingWriters.length === 0) this.admitReaders();
    this.admitWriter();
  }

  private admitReaders(): void {
    for (let left = this.waitingReaders.length; left > 0; left--)
      if (complete(this.waitingReaders.shift()!, this.wake, 0, null, true)) this.readers++;
  }

  private admitWriter(): void {
    while (!this.writing && this.readers === 0 && this.waitingWriters.length > 0)
      this.writing = complete(this.waitingWriters.shift()!, this.wake, 0, null, true);
  }
}
