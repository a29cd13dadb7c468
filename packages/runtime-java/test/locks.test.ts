/** Conformance: locks, synchronizers, monitors, interruption. Each expected output is that of Temurin 25.0.3. */
import { describe, expect, it } from "vitest";
import {
  CyclicBarrier,
  InterruptedException,
  join,
  joinNanos,
  LockSupport,
  nativeFrame,
  ObjectMonitor,
  Phaser,
  ReentrantLock,
  ReentrantReadWriteLock,
  Semaphore,
  synchronizedOn,
  Thread,
  Throwable,
  type VirtualThread,
} from "../src/index.ts";
import { run, runMain } from "./prelude.ts";

describe("interrupt", () => {
  it("InterruptPermit: sets the flag and the permit; clearing the flag leaves one free park", () => {
    expect(
      run(function* ({ jvm, go, log, park, yieldNow }) {
        const t = go("T", function* () {
          yield* yieldNow();
          log(`flag=${Thread.interrupted(jvm)}`);
          yield* park();
          log("no block");
        });
        yield* yieldNow();
        t.interrupt();
        yield* join(t);
        const me = Thread.currentThread(jvm);
        me.interrupt();
        yield* park();
        log("r1");
        yield* park();
        log(`r2 ${Thread.interrupted(jvm)}`);
      }),
    ).toBe("flag=true no block r1 r2 true");
  });

  it("InterruptSleep: wakes the sleeper through the local queue and clears the flag", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const t = go("T", function* () {
          try {
            yield* Thread.sleep(jvm, 10_000);
            log("?");
          } catch (error) {
            if (!(error instanceof InterruptedException)) throw error;
            log(`IE ${Thread.currentThread(jvm).interrupted}`);
          }
        });
        yield* yieldNow();
        const s = go("S", function* () {
          log("S");
        });
        t.interrupt();
        log("root");
        yield* joinAll([s, t]);
        Thread.currentThread(jvm).interrupt();
        try {
          yield* Thread.sleep(jvm, 0);
          log("?");
        } catch (error) {
          if (!(error instanceof InterruptedException)) throw error;
          log("IE0");
        }
      }),
    ).toBe("root IE false S IE0");
  });
});

describe("join", () => {
  it("JoinersFifoChain: the end wakes one joiner, each wakes the next", () => {
    expect(
      run(function* ({ go, log, nap, yieldNow, joinAll }) {
        const w = go("W", function* () {
          yield* nap(5);
          log("W");
        });
        const threads = ["A", "B", "C"].map((n) =>
          go(n, function* () {
            yield* join(w);
            log(`${n}1`);
            yield* yieldNow();
            log(`${n}2`);
          }),
        );
        yield* joinAll(threads);
      }),
    ).toBe("W A1 B1 A2 C1 B2 C2");
  });

  it("JoinTimeout", () => {
    expect(
      run(function* ({ jvm, go, log, nap }) {
        const t = go("T", () => nap(60));
        log(yield* joinNanos(t, 5_000_000));
        log(yield* joinNanos(t, 0));
        log(yield* joinNanos(t, 2_000_000_000));
        const u = Thread.ofVirtual(jvm, (function* () {})());
        try {
          yield* joinNanos(u, 1_000_000);
        } catch (error) {
          if (!(error instanceof Throwable)) throw error;
          log(error.javaClass);
        }
        yield* join(u);
        log("returns");
      }),
    ).toBe("false false true java.lang.IllegalThreadStateException returns");
  });
});

describe("ReentrantLock", () => {
  it("LockFifo", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
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
      }),
    ).toBe("root A A' B B' C C'");
  });

  it("LockBarging: unlock only unparks; the running thread locks again first", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow }) {
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
      }),
    ).toBe("r1 r2 r3 queued=true A");
  });

  it("FairLock: relocking queues; tryLock barges even on a fair lock, tryLock(0) does not", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow }) {
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
      }),
    ).toBe("true false A r");
  });

  it("FairVersusUnfair", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
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
      }),
    ).toBe("A0 A1 A2 B0 B1 B2 | A0 B0 A1 B1 A2 B2 |");
  });

  it("LockTimeoutAndInterrupt", () => {
    expect(
      run(function* ({ jvm, go, log, nap, joinAll }) {
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
      }),
    ).toBe("A false B!InterruptedException 1 C true");
  });

  it("DeadlockUndetected", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
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
      }),
    ).toBe("A false B got x");
  });
});

describe("Condition", () => {
  it("ConditionFifo: signal moves waiters to the end of the lock's queue, nobody runs until unlock", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
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
      }),
    ).toBe("s1 s2 root D A B C");
  });

  it("ConditionSignalBeatsInterrupt", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const lock = new ReentrantLock(jvm);
        const condition = lock.newCondition();
        const threads = ["A", "B", "C"].map((n) =>
          go(n, function* () {
            yield* lock.lock();
            try {
              yield* condition.await();
              log(`${n} ok ${Thread.interrupted(jvm)}`);
            } catch (error) {
              if (!(error instanceof InterruptedException)) throw error;
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
      }),
    ).toBe("A ok true B ok true C IE");
  });
});

describe("Semaphore", () => {
  it("SemaphoreChain: release(3) unparks only the head, each acquirer unparks the next", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const s = new Semaphore(jvm, 0);
        const threads = ["A", "B", "C", "D"].map((n) =>
          go(n, function* () {
            yield* s.acquire();
            log(n);
            yield* yieldNow();
            log(`${n}'`);
          }),
        );
        yield* yieldNow();
        s.release(3);
        log("root");
        yield* yieldNow();
        log("r2");
        yield* yieldNow();
        log("r3");
        s.release();
        yield* joinAll(threads);
      }),
    ).toBe("root A r2 B A' r3 C B' D C' D'");
  });

  it("SemaphoreBigHeadBlocks", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const s = new Semaphore(jvm, 1);
        const a = go("A", function* () {
          yield* s.acquire(3);
          log("A");
        });
        const b = go("B", function* () {
          yield* s.acquire(2);
          log("B");
        });
        yield* yieldNow();
        s.release();
        yield* yieldNow();
        log(`avail=${s.availablePermits}`);
        go("C", function* () {
          yield* s.acquire(1);
          log("C barged");
        });
        yield* yieldNow();
        log(`avail=${s.availablePermits}`);
        s.release(2);
        yield* yieldNow();
        s.release(2);
        yield* joinAll([a, b]);
      }),
    ).toBe("avail=2 C barged avail=1 A B");
  });
});

describe("ReentrantReadWriteLock", () => {
  it("ReadWriteLock: readers cascade; one that arrives behind a queued writer waits, tryLock does not", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
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
      }),
    ).toBe("root R1+ R2+ R1- R2- W+ W- R3+ R3- true W2 R4");
  });
});

describe("barriers", () => {
  it("BarrierOrder: the last to arrive runs the action and goes on, the others resume FIFO", () => {
    expect(
      run(function* ({ jvm, go, log, joinAll }) {
        const b = new CyclicBarrier(jvm, 3, () => log(`act@${Thread.currentThread(jvm).name}`));
        const threads = ["A", "B", "C"].map((n) =>
          go(n, function* () {
            for (let i = 0; i < 2; i++) log(`${n}${i}:${yield* b.await()}`);
          }),
        );
        yield* joinAll(threads);
      }),
    ).toBe("act@C C0:0 A0:2 B0:1 act@B B1:0 C1:2 A1:1");
  });

  it("BarrierBroken: who times out gets its own exception, the others BrokenBarrierException", () => {
    expect(
      run(function* ({ jvm, go, log, joinAll }) {
        const b = new CyclicBarrier(jvm, 3);
        const a = go("A", () => b.await());
        const c = go("C", () => b.await(5_000_000));
        yield* joinAll([a, c]);
        log(b.isBroken);
        const d = go("D", () => b.await());
        yield* join(d);
      }),
    ).toBe("C!TimeoutException A!BrokenBarrierException true D!BrokenBarrierException");
  });

  it("PhaserLifo", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const p = new Phaser(jvm, 4);
        const threads = ["A", "B", "C"].map((n) =>
          go(n, function* () {
            log(n + (yield* p.arriveAndAwaitAdvance()));
          }),
        );
        yield* yieldNow();
        log(`root${yield* p.arriveAndAwaitAdvance()}`);
        yield* joinAll(threads);
      }),
    ).toBe("root1 C1 B1 A1");
  });
});

describe("monitors", () => {
  it("MonitorFifo", () => {
    expect(
      run(function* ({ jvm, go, log, nap, joinAll }) {
        const m = new ObjectMonitor(jvm);
        const threads: VirtualThread[] = [];
        yield* synchronizedOn(m, function* () {
          for (const n of ["A", "B", "C"])
            threads.push(
              go(n, () =>
                synchronizedOn(m, function* () {
                  log(n);
                }),
              ),
            );
          yield* nap(5);
          log("root");
        });
        yield* joinAll(threads);
      }),
    ).toBe("root A B C");
  });

  it("MonitorHandoffIsExternal: the unblocker submits externally, locally woken threads go first", () => {
    expect(
      run(function* ({ jvm, go, log, burn, park, yieldNow }) {
        const m = new ObjectMonitor(jvm);
        const twice = (n: string): VirtualThread =>
          go(n, function* () {
            yield* park();
            log(`${n}1`);
            yield* yieldNow();
            log(`${n}2`);
          });
        const [p, q] = [twice("P"), twice("Q")];
        const a = yield* synchronizedOn(m, function* () {
          const thread = go("A", () =>
            synchronizedOn(m, function* () {
              log("A");
            }),
          );
          yield* yieldNow();
          return thread;
        });
        yield* burn(20);
        LockSupport.unpark(p);
        LockSupport.unpark(q);
        log("root");
        yield* join(a);
      }),
    ).toBe("root P1 Q1 P2 Q2 A");
  });

  it("NotifyFifo: blocked entrants before notified waiters, nobody before the exit", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const m = new ObjectMonitor(jvm);
        const threads = ["A", "B", "C", "D"].map((n) =>
          go(n, () =>
            synchronizedOn(m, function* () {
              yield* m.wait();
              log(n);
            }),
          ),
        );
        yield* yieldNow();
        yield* synchronizedOn(m, function* () {
          threads.push(
            go("E", () =>
              synchronizedOn(m, function* () {
                log("E");
              }),
            ),
          );
          yield* yieldNow();
          m.notify();
          m.notify();
          log("n2");
          m.notifyAll();
          log("all");
        });
        log("root");
        yield* joinAll(threads);
      }),
    ).toBe("n2 all root E A B C D");
  });

  it("WaitTimeoutInterruptNotify: a timed-out waiter enters again; notify beats interrupt", () => {
    expect(
      run(function* ({ jvm, go, log, nap, yieldNow, joinAll }) {
        const m = new ObjectMonitor(jvm);
        const a = go("A", () =>
          synchronizedOn(m, function* () {
            yield* m.wait(5);
            log("A");
          }),
        );
        const b = go("B", () =>
          synchronizedOn(m, function* () {
            try {
              yield* m.wait();
              log(`B ok ${Thread.interrupted(jvm)}`);
            } catch (error) {
              if (!(error instanceof InterruptedException)) throw error;
              log("B IE");
            }
          }),
        );
        yield* yieldNow();
        yield* synchronizedOn(m, function* () {
          yield* nap(40);
          log("root");
          m.notify();
          b.interrupt();
        });
        yield* joinAll([b, a]);
      }),
    ).toBe("root A B ok true");
  });

  it("MonitorReleasesCarrier: sleeping with a monitor held unmounts (JEP 491)", () => {
    expect(
      run(function* ({ jvm, go, log, nap }) {
        const m = new ObjectMonitor(jvm);
        const b = go("B", function* () {
          log("B");
        });
        yield* synchronizedOn(m, function* () {
          log("r1");
          yield* nap(5);
          log("r2");
        });
        yield* join(b);
      }),
    ).toBe("r1 B r2");
  });

  it("ThreadStates", () => {
    expect(
      run(function* ({ jvm, log, nap, park, yieldNow }) {
        const m = new ObjectMonitor(jvm);
        const body = function* () {
          yield* park();
          yield* nap(30);
          yield* synchronizedOn(m, function* () {
            log("in");
          });
          yield* synchronizedOn(m, function* () {
            try {
              yield* m.wait();
            } catch (error) {
              if (!(error instanceof InterruptedException)) throw error;
              log("IE");
            }
          });
        };
        const t = Thread.ofVirtual(jvm, body());
        log(t.getState());
        t.start();
        log(t.getState());
        yield* yieldNow();
        log(t.getState());
        LockSupport.unpark(t);
        log(t.getState());
        yield* yieldNow();
        log(t.getState());
        yield* synchronizedOn(m, function* () {
          yield* nap(80);
          log(t.getState());
        });
        yield* nap(20);
        log(t.getState());
        t.interrupt();
        log(t.getState());
        yield* join(t);
        log(t.getState());
      }),
    ).toBe("NEW RUNNABLE WAITING RUNNABLE TIMED_WAITING BLOCKED in WAITING RUNNABLE IE TERMINATED");
  });

  it("ToStringForms", () => {
    expect(
      run(function* ({ jvm, log, park, yieldNow }) {
        const t = Thread.ofVirtual(jvm, (() => park())());
        const show = (thread: object): void => log(String(thread).replaceAll(/#\d+/g, "#N"));
        show(Thread.currentThread(jvm));
        show(t);
        t.start();
        show(t);
        yield* yieldNow();
        show(t);
        LockSupport.unpark(t);
        yield* join(t);
        show(t);
      }),
    ).toBe(
      "VirtualThread[#N,root]/runnable@ForkJoinPool-1-worker-1 VirtualThread[#N]/new VirtualThread[#N]/runnable " +
        "VirtualThread[#N]/waiting VirtualThread[#N]/terminated",
    );
  });
});

describe("pinning", () => {
  it("ForeignCallPins: a thread that parks under a native frame holds its carrier", () => {
    expect(
      run(function* ({ jvm, go, log }) {
        const b = go("B", function* () {
          log("B");
        });
        yield* nativeFrame(jvm, function* () {
          for (let i = 0; i < 2; i++) {
            yield* LockSupport.parkNanos(jvm, 10_000_000);
            log("cmp");
          }
        });
        log("sorted");
        yield* join(b);
      }),
    ).toBe("cmp cmp sorted B");
  });

  it("ClassInitPins: pinned parking is not compensated, however many carriers there may be", () => {
    expect(
      runMain(
        function* ({ jvm, go, log, joinAll }) {
          const a = go("A", function* () {
            log("a1");
            yield* nativeFrame(jvm, () => LockSupport.parkNanos(jvm, 40_000_000));
            log("a2");
          });
          const b = go("B", function* () {
            log("B");
          });
          yield* joinAll([a, b]);
        },
        { parallelism: 1 },
      ),
    ).toBe("a1 a2 B");
  });
});
