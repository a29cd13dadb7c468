// Semaphore, CyclicBarrier, Phaser.
import module java.base;

/** release(3) unparks only the head; each acquirer unparks the next. */
class SemaphoreChain extends Prelude {
    void body() throws Exception {
        Semaphore s = new Semaphore(0);
        List<Thread> threads = Stream.of("A", "B", "C", "D").map(n -> go(n, () -> {
            s.acquire();
            log(n);
            Thread.yield();
            log(n + "'");
        })).toList();
        Thread.yield();
        s.release(3);
        log("root");
        Thread.yield();
        log("r2");
        Thread.yield();
        log("r3");
        s.release();
        joinAll(threads);
    }
}

/** A head that wants more than there is holds up those behind it; a newcomer barges. */
class SemaphoreBigHeadBlocks extends Prelude {
    void body() throws Exception {
        Semaphore s = new Semaphore(1);
        Thread a = go("A", () -> {
            s.acquire(3);
            log("A");
        });
        Thread b = go("B", () -> {
            s.acquire(2);
            log("B");
        });
        Thread.yield();
        s.release();
        Thread.yield();
        log("avail=" + s.availablePermits());
        go("C", () -> {
            s.acquire(1);
            log("C barged");
        });
        Thread.yield();
        log("avail=" + s.availablePermits());
        s.release(2);
        Thread.yield();
        s.release(2);
        joinAll(List.of(a, b));
    }
}

/** The last to arrive runs the action and goes on; the others resume FIFO; the result counts the arrivals down. */
class BarrierOrder extends Prelude {
    void body() throws Exception {
        CyclicBarrier b = new CyclicBarrier(3, () -> log("act@" + Thread.currentThread().getName()));
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
            for (int i = 0; i < 2; i++) {
                int k = b.await();
                log(n + i + ":" + k);
            }
        })).toList();
        joinAll(threads);
    }
}

/** Who times out breaks the barrier for all the others, later ones too. */
class BarrierBroken extends Prelude {
    void body() throws Exception {
        CyclicBarrier b = new CyclicBarrier(3);
        Thread a = go("A", () -> b.await());
        Thread c = go("C", () -> b.await(5, TimeUnit.MILLISECONDS));
        joinAll(List.of(a, c));
        log(b.isBroken());
        b.await();
    }
}

/** A phase's waiters resume LIFO. */
class PhaserLifo extends Prelude {
    void body() throws Exception {
        Phaser p = new Phaser(4);
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
            int phase = p.arriveAndAwaitAdvance();
            log(n + phase);
        })).toList();
        Thread.yield();
        log("root" + p.arriveAndAwaitAdvance());
        joinAll(threads);
    }
}

/** Parties come and go: who deregisters may be the last to arrive; a phaser without parties is terminated. */
class PhaserRegistration extends Prelude {
    void body() throws Exception {
        Phaser phaser = new Phaser(1);
        List<Thread> threads = Stream.of("A", "B").map(n -> {
            phaser.register();
            return go(n, () -> {
                log(n + phaser.arriveAndAwaitAdvance());
                if (n.equals("A")) log("A leaves " + phaser.arriveAndDeregister());
                else log(n + phaser.arriveAndAwaitAdvance());
            });
        }).toList();
        Thread.yield();
        log(phaser.getPhase() + " " + phaser.getArrivedParties() + "/" + phaser.getRegisteredParties());
        log("root" + phaser.arriveAndAwaitAdvance());
        nap(5);
        log(phaser.getArrivedParties() + "/" + phaser.getRegisteredParties());
        log("leaves " + phaser.arriveAndDeregister());
        joinAll(threads);
        log(phaser.getRegisteredParties() + " " + phaser.isTerminated());
        log(phaser.arriveAndDeregister() + " " + phaser.isTerminated() + " " + (phaser.register() < 0));
    }
}

/** onAdvance runs in the last to arrive and may end the phaser; who waits for an older phase does not wait. */
class PhaserAdvance extends Prelude {
    void body() throws Exception {
        Phaser phaser = new Phaser(2) {
            @Override
            protected boolean onAdvance(int phase, int registered) {
                log("advance" + phase + " " + registered);
                return phase == 1;
            }
        };
        Thread w = go("W", () -> {
            log("W" + phaser.awaitAdvance(0));
            log("W" + (phaser.awaitAdvance(1) < 0));
        });
        Thread.yield();
        log("arrive" + phaser.arrive());
        log("arrive" + phaser.arrive());
        log("old" + phaser.awaitAdvance(0));
        Thread.yield();
        Thread i = go("I", () -> {
            try {
                phaser.awaitAdvanceInterruptibly(1);
            } catch (InterruptedException e) {
                log("IE");
            }
        });
        Thread.yield();
        i.interrupt();
        i.join();
        phaser.arrive();
        phaser.arrive();
        log(phaser.isTerminated());
        w.join();
    }
}

/** The second to come takes what the first has brought and goes on; the first is unparked. */
class ExchangeInPairs extends Prelude {
    void body() throws Exception {
        Exchanger<String> exchanger = new Exchanger<>();
        List<Thread> threads = Stream.of("A", "B", "C", "D").map(n -> go(n, () -> log(n + exchanger.exchange(n.toLowerCase())))).toList();
        Thread.yield();
        log("root");
        joinAll(threads);
        Thread t = go("T", () -> {
            try {
                exchanger.exchange("x", 5, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                log("TE");
            }
        });
        t.join();
        Thread i = go("I", () -> exchanger.exchange("y"));
        nap(5);
        i.interrupt();
        i.join();
    }
}
