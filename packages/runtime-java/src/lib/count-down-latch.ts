/** java.util.concurrent.CountDownLatch (JDK 25): `new CountDownLatch(jvm, count)`; the count is the synchronizer's state. */
import type { Steps } from "@orrery/runtime";
import { AbstractQueuedSynchronizer } from "./abstract-queued-synchronizer.ts";

export class CountDownLatch extends AbstractQueuedSynchronizer {
  get javaClass(): string {
    return "java.util.concurrent.CountDownLatch$Sync";
  }

  await(): Steps {
    return this.acquireSharedInterruptibly(1);
  }

  awaitNanos(nanos: number): Steps<boolean> {
    return this.tryAcquireSharedNanos(1, nanos);
  }

  /** Reaching zero wakes the first waiter; each wakes the next. */
  countDown(): void {
    this.releaseShared(1);
  }

  get count(): number {
    return this.state;
  }

  protected override tryAcquireShared(): number {
    return this.state === 0 ? 1 : -1;
  }

  protected override tryReleaseShared(): boolean {
    if (this.state === 0) return false;
    this.state--;
    return this.state === 0;
  }
}
