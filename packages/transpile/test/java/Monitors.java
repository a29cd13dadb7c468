import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static orrery.Orrery.*;

/**
 * A monitor entered again, left while its owner waits, and entered by who is cancelled.
 */
public final class Monitors {
    static final Program PROGRAM = new Program(Monitors.class, Monitors::program);

    static void inner(Monitor m, long n) {
        synchronized (m) {
            log("inner/0.body.0", "{0} inside twice", n);
            m.signal();
        }
    }

    static void user(Monitor m, long n) throws InterruptedException {
        synchronized (m) {
            log("user/0.body.0", "{0} inside", n);
            Thread.yield();
            inner(m, n);
            boolean ok = m.await(Duration.ofMillis(20));
            log("user/0.body.4", "{0} {1}", n, ok);
        }
        log("user/1", "{0} outside", n);
    }

    static void late(Monitor m) {
        try {
            synchronized (m) {
                boolean asked = isCancelled();
                log("late/0.body.0.body.1", "late inside {0}", asked);
                m.await();
                log("late/0.body.0.body.3", "never");
            }
        } catch (InterruptedException error) {
            log("late/0.catch0.0", "late cancelled");
        }
    }

    static void program() throws InterruptedException {
        Monitor m = new Monitor();
        Scope scope = Scope.waitAll();
        try {
            for (long n = 0; n < 4; n++) {
                long n2 = n;
                spawn("user", () -> user(m, n2));
            }
        } catch (Throwable error) {
            scope.failed(error);
            throw error;
        } finally {
            scope.close();
        }
        List<Task<Void>> tasks = new ArrayList<>();
        synchronized (m) {
            Task<Void> l = spawn("late", () -> late(m));
            tasks.add(l);
            Thread.sleep(Duration.ofMillis(1));
            l.cancel();
            Thread.sleep(Duration.ofMillis(1));
            log("main/3.body.5", "main leaves");
        }
        joinAll(tasks);
        try {
            m.signalAll();
        } catch (Fault error) {
            if (!isOneOf(error, "UnlockOfUnlocked")) throw error;
            log("main/5.catch0.0", "not the owner");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
