import java.time.Duration;

import static orrery.Orrery.*;

/**
 * Who waits, who is notified.
 */
public final class Synchronized {
    static long inside = 0;

    static final Program PROGRAM = new Program(Synchronized.class, Synchronized::program);

    static long inner(Monitor m, long n) {
        synchronized (m) {
            return multiply(n, 2);
        }
    }

    static void waiter(Monitor m, long n) throws InterruptedException {
        synchronized (m) {
            m.await();
            long doubled = inner(m, n);
            log("waiter/0.body.2", "w{0} woken {1}", n, doubled);
        }
        log("waiter/1", "w{0} out", n);
    }

    static void patient(Monitor m) throws InterruptedException {
        for (long i = 0; i < 2; i++) {
            synchronized (m) {
                boolean signalled = m.await(Duration.ofMillis(20));
                log("patient/0.body.0.body.1", "{0} {1}", i, signalled);
                if (signalled) {
                    break;
                }
            }
        }
    }

    static void pinned(Monitor m) throws InterruptedException {
        synchronized (m) {
            log("pinned/0.body.0", "holds the carrier");
            Thread.sleep(Duration.ofMillis(5));
            long n = inside;
            log("pinned/0.body.3", "still {0}", n);
        }
    }

    static void program() throws InterruptedException {
        Monitor m = new Monitor();
        Scope scope = Scope.waitAll();
        try {
            for (long n = 0; n < 2; n++) {
                long n2 = n;
                spawn("waiter", () -> waiter(m, n2));
            }
            Thread.sleep(Duration.ofMillis(5));
            synchronized (m) {
                m.signal();
                log("main/1.body.2.body.1", "notified");
            }
            Thread.sleep(Duration.ofMillis(5));
            synchronized (m) {
                m.signalAll();
            }
            spawn("patient", () -> patient(m));
        } catch (Throwable error) {
            scope.failed(error);
            throw error;
        } finally {
            scope.close();
        }
        try {
            m.signal();
        } catch (Fault error) {
            if (!isOneOf(error, "UnlockOfUnlocked")) throw error;
            log("main/2.catch0.0", "not the owner");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
