import java.time.Duration;

import static orrery.Orrery.*;

/**
 * Who waits, who is notified.
 */
public final class MixedMonitors {
    static long inside = 0;

    static final Program PROGRAM = new Program(MixedMonitors.class, MixedMonitors::program);

    static long inner(Monitor m, long n) {
        m.enter();
        try {
            synchronized (m.guard()) {
                return multiply(n, 2);
            }
        } finally {
            m.exit();
        }
    }

    static void waiter(Monitor m, long n) throws InterruptedException {
        m.enter();
        try {
            synchronized (m.guard()) {
                m.await();
                long doubled = inner(m, n);
                log("waiter/0.body.2", "w{0} woken {1}", n, doubled);
            }
        } finally {
            m.exit();
        }
        log("waiter/1", "w{0} out", n);
    }

    static void patient(Monitor m) throws InterruptedException {
        for (long i = 0; i < 2; i++) {
            m.enter();
            try {
                synchronized (m.guard()) {
                    boolean signalled = m.await(Duration.ofMillis(20));
                    log("patient/0.body.0.body.1", "{0} {1}", i, signalled);
                    if (signalled) {
                        break;
                    }
                }
            } finally {
                m.exit();
            }
        }
    }

    static void pinned(Monitor m) throws InterruptedException {
        m.enter();
        try {
            synchronized (m.guard()) {
                log("pinned/0.body.0", "holds the carrier");
                Thread.sleep(Duration.ofMillis(5));
                long n = inside;
                log("pinned/0.body.3", "still {0}", n);
            }
        } finally {
            m.exit();
        }
    }

    static void program() throws InterruptedException {
        Monitor m = Monitor.juc();
        Scope scope = Scope.waitAll();
        try {
            for (long n = 0; n < 2; n++) {
                long n2 = n;
                spawn("waiter", () -> waiter(m, n2));
            }
            Thread.sleep(Duration.ofMillis(5));
            m.enter();
            try {
                synchronized (m.guard()) {
                    m.signal();
                    log("main/1.body.2.body.1", "notified");
                }
            } finally {
                m.exit();
            }
            Thread.sleep(Duration.ofMillis(5));
            m.enter();
            try {
                synchronized (m.guard()) {
                    m.signalAll();
                }
            } finally {
                m.exit();
            }
            spawn("patient", () -> patient(m));
        } catch (Throwable error) {
            scope.failed(error);
            throw error;
        } finally {
            scope.close();
        }
        Monitor other0 = new Monitor();
        Scope scope2 = Scope.waitAll();
        try {
            spawn("pinned", () -> pinned(other0));
            Thread.yield();
            inside = 1;
            other0.enter();
            try {
                synchronized (other0.guard()) {
                    log("main/3.body.3.body.0", "entered");
                }
            } finally {
                other0.exit();
            }
        } catch (Throwable error) {
            scope2.failed(error);
            throw error;
        } finally {
            scope2.close();
        }
        Monitor other1 = Monitor.nativeFrame();
        Scope scope3 = Scope.waitAll();
        try {
            spawn("pinned", () -> pinned(other1));
            Thread.yield();
            inside = 1;
            other1.enter();
            try {
                synchronized (other1.guard()) {
                    log("main/5.body.3.body.0", "entered");
                }
            } finally {
                other1.exit();
            }
        } catch (Throwable error) {
            scope3.failed(error);
            throw error;
        } finally {
            scope3.close();
        }
        try {
            m.signal();
        } catch (Fault error) {
            if (!isOneOf(error, "UnlockOfUnlocked")) throw error;
            log("main/6.catch0.0", "not the owner");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
