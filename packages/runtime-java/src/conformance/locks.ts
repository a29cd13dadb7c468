/** ReentrantLock, its conditions, and ReentrantReadWriteLock. */
import { StampedLock } from "../lib/stamped-lock.ts";
import { ReentrantLock } from "../lib/reentrant-lock.ts";
import { ReentrantReadWriteLock } from "../lib/reentrant-read-write-lock.ts";
import { join, Thread } from "../lib/thread.ts";
import { findDeadlockedThreads } from "../lib/thread-mx-bean.ts";
import { caught, type Program } from "./prelude.ts";

export const locks: readonly Program[] = [
  {
    name: "LockFifo",
    pins: "Waiters get the lock FIFO, one by one",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const lock = new ReentrantLock(jvm);
      yield* lock.lock();
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          yield* lock.lock();
          log(n);
          lock.unlock();
          log(`${n}'`);
        }),
      );
      yield* yieldNow();
      lock.unlock();
      log("root");
      yield* joinAll(threads);
    },
  },
  {
    name: "LockBarging",
    pins: "unlock only unparks; the running thread locks again first, and the woken waiter parks again at the head",
    *port({ jvm, go, log, yieldNow }) {
      const lock = new ReentrantLock(jvm);
      yield* lock.lock();
      const a = go("A", function* () {
        yield* lock.lock();
        log("A");
        lock.unlock();
      });
      yield* yieldNow();
      lock.unlock();
      log("r1");
      yield* lock.lock();
      log("r2");
      yield* yieldNow();
      log(`r3 queued=${lock.hasQueuedThread(a)}`);
      lock.unlock();
      yield* join(a);
    },
  },
  {
    name: "FairLock",
    pins: "Locking a fair lock again queues behind A; tryLock barges even there, tryLock(0, ..) does not",
    *port({ jvm, go, log, yieldNow }) {
      const lock = new ReentrantLock(jvm, true);
      yield* lock.lock();
      const a = go("A", function* () {
        yield* lock.lock();
        log("A");
        lock.unlock();
      });
      yield* yieldNow();
      lock.unlock();
      log(lock.tryLock());
      lock.unlock();
      log(yield* lock.tryLockNanos(0));
      yield* lock.lock();
      log("r");
      lock.unlock();
      yield* join(a);
    },
  },
  {
    name: "FairVersusUnfair",
    pins: "An unfair lock goes back to who let it go, a fair one alternates",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      for (const fair of [false, true]) {
        const lock = new ReentrantLock(jvm, fair);
        const threads = ["A", "B"].map((n) =>
          go(n, function* () {
            for (let i = 0; i < 3; i++) {
              yield* lock.lock();
              log(n + i);
              yield* yieldNow();
              lock.unlock();
            }
          }),
        );
        yield* joinAll(threads);
        log("|");
      }
    },
  },
  {
    name: "LockTimeoutAndInterrupt",
    pins: "Who gives up leaves the queue; lock() keeps the interrupt for later",
    *port({ jvm, go, log, nap, joinAll }) {
      const lock = new ReentrantLock(jvm);
      yield* lock.lock();
      const a = go("A", function* () {
        log(`A ${yield* lock.tryLockNanos(5_000_000)}`);
      });
      const b = go("B", function* () {
        yield* lock.lockInterruptibly();
        log("?");
      });
      const c = go("C", function* () {
        yield* lock.lock();
        log(`C ${Thread.interrupted(jvm)}`);
        lock.unlock();
      });
      yield* nap(40);
      b.interrupt();
      c.interrupt();
      yield* join(b);
      log(lock.queuedThreads().length);
      lock.unlock();
      yield* joinAll([a, c]);
    },
  },
  {
    name: "DeadlockTimesOut",
    pins: "A tryLock with a time gets two threads out of a deadlock",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const [x, y] = [new ReentrantLock(jvm), new ReentrantLock(jvm)];
      const a = go("A", function* () {
        yield* x.lock();
        yield* yieldNow();
        log(`A ${yield* y.tryLockNanos(60_000_000)}`);
        x.unlock();
      });
      const b = go("B", function* () {
        yield* y.lock();
        yield* yieldNow();
        yield* x.lock();
        log("B got x");
        x.unlock();
        y.unlock();
      });
      yield* joinAll([a, b]);
    },
  },
  {
    name: "DeadlockUndetected",
    pins: "The JVM's own search for deadlocks does not see virtual threads",
    *port({ jvm, go, log, nap, yieldNow }) {
      const x = new ReentrantLock(jvm);
      const y = new ReentrantLock(jvm);
      const a = go("A", function* () {
        yield* x.lock();
        yield* yieldNow();
        yield* y.lockInterruptibly();
      });
      const b = go("B", function* () {
        yield* y.lock();
        yield* yieldNow();
        yield* x.lockInterruptibly();
      });
      yield* nap(20);
      log(findDeadlockedThreads(jvm) === null);
      log(`${a.getState()} ${b.getState()}`);
    },
  },
  {
    name: "ConditionFifo",
    pins: "signal moves waiters to the end of the lock's queue; nobody runs until unlock",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const lock = new ReentrantLock(jvm);
      const condition = lock.newCondition();
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          yield* lock.lock();
          yield* condition.await();
          log(n);
          lock.unlock();
        }),
      );
      yield* yieldNow();
      yield* lock.lock();
      threads.push(
        go("D", function* () {
          yield* lock.lock();
          log("D");
          lock.unlock();
        }),
      );
      yield* yieldNow();
      condition.signal();
      log("s1");
      yield* yieldNow();
      condition.signalAll();
      log("s2");
      lock.unlock();
      log("root");
      yield* joinAll(threads);
    },
  },
  {
    name: "ConditionSignalBeatsInterrupt",
    pins: "A waiter that was signalled before the interrupt returns normally and keeps the flag",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const lock = new ReentrantLock(jvm);
      const condition = lock.newCondition();
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          yield* lock.lock();
          try {
            yield* condition.await();
            log(`${n} ok ${Thread.interrupted(jvm)}`);
          } catch (error) {
            caught(error, "InterruptedException");
            log(`${n} IE`);
          }
          lock.unlock();
        }),
      );
      yield* yieldNow();
      yield* lock.lock();
      condition.signal();
      for (const t of threads) t.interrupt();
      condition.signal();
      lock.unlock();
      yield* joinAll(threads);
    },
  },
  {
    name: "ReadWriteLocks",
    pins: "Readers cascade; one that arrives behind a queued writer waits, tryLock does not",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const l = new ReentrantReadWriteLock(jvm);
      yield* l.writeLock.lock();
      const threads = ["R1", "R2", "W", "R3"].map((n) =>
        go(n, function* () {
          const k = n.startsWith("R") ? l.readLock : l.writeLock;
          yield* k.lock();
          log(`${n}+`);
          yield* yieldNow();
          log(`${n}-`);
          k.unlock();
        }),
      );
      yield* yieldNow();
      l.writeLock.unlock();
      log("root");
      yield* joinAll(threads);
      yield* l.readLock.lock();
      const w = go("W2", function* () {
        yield* l.writeLock.lock();
        log("W2");
        l.writeLock.unlock();
      });
      yield* yieldNow();
      const r = go("R4", function* () {
        yield* l.readLock.lock();
        log("R4");
        l.readLock.unlock();
      });
      yield* yieldNow();
      log(l.readLock.tryLock());
      l.readLock.unlock();
      l.readLock.unlock();
      yield* joinAll([w, r]);
    },
  },
  {
    name: "StampedReadersInGroups",
    pins: "Readers that queue one after another are one group; writers and groups are served FIFO",
    *port({ jvm, go, log, nap, yieldNow, joinAll }) {
      const lock = new StampedLock(jvm);
      const held = yield* lock.writeLock();
      const threads = ["R1", "R2", "W1", "R3", "R4", "W2"].map((n) =>
        go(n, function* () {
          const stamp = yield* n.startsWith("W") ? lock.writeLock() : lock.readLock();
          log(`+${n}`);
          yield* yieldNow();
          log(`-${n}`);
          lock.unlock(stamp);
        }),
      );
      yield* nap(5);
      log(`${lock.tryWriteLock()} ${lock.tryReadLock()}`);
      lock.unlockWrite(held);
      log("root");
      yield* joinAll(threads);
    },
  },
  {
    name: "StampedOptimism",
    pins: "An optimistic read is valid until a writer comes; a stamp is converted where nobody is in the way",
    *port({ jvm, go, log }) {
      const lock = new StampedLock(jvm);
      const optimistic = lock.tryOptimisticRead();
      log(lock.validate(optimistic));
      const read = yield* lock.readLock();
      log(lock.validate(optimistic));
      const write = lock.tryConvertToWriteLock(read);
      log(write !== 0);
      log(`${lock.validate(optimistic)} ${lock.tryOptimisticRead()}`);
      const back = lock.tryConvertToReadLock(write);
      const second = yield* lock.readLock();
      log(`${lock.readLockCount} ${lock.tryConvertToWriteLock(back) !== 0}`);
      lock.unlockRead(back);
      lock.unlockRead(second);
      log(`${lock.isReadLocked} ${lock.validate(optimistic)}`);
      const w = go("W", function* () {
        const stamp = yield* lock.tryWriteLockNanos(5_000_000);
        log(`W ${stamp !== 0}`);
      });
      const again = yield* lock.readLock();
      yield* join(w);
      lock.unlockRead(again);
      try {
        lock.unlockWrite(again);
      } catch (error) {
        caught(error, "IllegalMonitorStateException");
        log("IMSE");
      }
    },
  },
];
