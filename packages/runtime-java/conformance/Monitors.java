// Object monitors.
import module java.base;

/** Blocked entrants get the monitor FIFO. */
class MonitorFifo extends Prelude {
    void body() throws Exception {
        Object m = new Object();
        List<Thread> threads;
        synchronized (m) {
            threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
                synchronized (m) {
                    log(n);
                }
            })).toList();
            nap(5);
            log("root");
        }
        joinAll(threads);
    }
}

/** The unblocker thread submits A externally: P and Q, woken locally, and their yields go first. */
class MonitorHandoffIsExternal extends Prelude {
    Thread parker(String n) {
        return go(n, () -> {
            LockSupport.park();
            log(n + 1);
            Thread.yield();
            log(n + 2);
        });
    }

    void body() throws Exception {
        Object m = new Object();
        Thread p = parker("P"), q = parker("Q"), a;
        synchronized (m) {
            a = go("A", () -> {
                synchronized (m) {
                    log("A");
                }
            });
            Thread.yield();
        }
        burn(20);
        LockSupport.unpark(p);
        LockSupport.unpark(q);
        log("root");
        a.join();
    }
}

/** Blocked entrants come before notified waiters, which keep their order; nobody runs before the exit. */
class NotifyFifo extends Prelude {
    void body() throws Exception {
        Object m = new Object();
        List<Thread> threads = Stream.of("A", "B", "C", "D").map(n -> go(n, () -> {
            synchronized (m) {
                m.wait();
                log(n);
            }
        })).toList();
        Thread.yield();
        Thread e;
        synchronized (m) {
            e = go("E", () -> {
                synchronized (m) {
                    log("E");
                }
            });
            Thread.yield();
            m.notify();
            m.notify();
            log("n2");
            m.notifyAll();
            log("all");
        }
        log("root");
        joinAll(threads);
        e.join();
    }
}

/** A waiter that timed out must enter again; notify beats interrupt. */
class WaitTimeoutInterruptNotify extends Prelude {
    void body() throws Exception {
        Object m = new Object();
        Thread a = go("A", () -> {
            synchronized (m) {
                m.wait(5);
                log("A");
            }
        });
        Thread b = go("B", () -> {
            synchronized (m) {
                try {
                    m.wait();
                    log("B ok " + Thread.interrupted());
                } catch (InterruptedException e) {
                    log("B IE");
                }
            }
        });
        Thread.yield();
        synchronized (m) {
            nap(40);
            log("root");
            m.notify();
            b.interrupt();
        }
        joinAll(List.of(b, a));
    }
}

/** A thread that sleeps with a monitor held unmounts (JEP 491). */
class MonitorReleasesCarrier extends Prelude {
    void body() throws Exception {
        Object m = new Object();
        Thread b = go("B", () -> log("B"));
        synchronized (m) {
            log("r1");
            nap(5);
            log("r2");
        }
        b.join();
    }
}

/** With -XX:LockingMode=1, legacy stack locking, a monitor pins as on JDK 21: no unmount, and yield does nothing. */
class LegacyMonitorPins extends Prelude {
    void body() throws Exception {
        Object m = new Object();
        Thread b = go("B", () -> log("B"));
        synchronized (m) {
            log("r1");
            nap(5);
            Thread.yield();
            log("r2");
        }
        b.join();
    }
}
