import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

import static orrery.Orrery.*;

/**
 * Signals with and without the mutex, waits that end in time, in vain or cancelled.
 */
public final class Conditions {
    static final Program PROGRAM = new Program(Conditions.class, Conditions::program);

    static void waiter(Semaphore m, Cond c, long n) throws InterruptedException {
        m.acquire();
        try {
            c.await();
            log("waiter/1.body.1", "w{0} signalled", n);
            Thread.yield();
            log("waiter/1.body.3", "w{0} leaves", n);
        } catch (InterruptedException error) {
            log("waiter/1.catch0.0", "w{0} cancelled", n);
        } finally {
            unlock(m);
        }
        try {
            checkCancelled();
        } catch (InterruptedException error) {
            log("waiter/2.catch0.0", "w{0} hears late", n);
        }
    }

    static void timed(Semaphore m, Cond c, long wait, long n) throws InterruptedException {
        m.acquire();
        boolean ok = c.await(Duration.ofNanos(Math.max(0, wait)));
        log("timed/2", "t{0} {1}", n, ok);
        unlock(m);
    }

    static void program() throws InterruptedException {
        Semaphore m = new Semaphore(1);
        Cond c = new Cond(m);
        List<Task<Void>> tasks = new ArrayList<>();
        for (long n = 0; n < 7; n++) {
            long n2 = n;
            Task<Void> t = spawn("waiter", () -> waiter(m, c, n2));
            tasks.add(t);
        }
        Thread.sleep(Duration.ofMillis(2));
        c.signal();
        log("main/6", "one");
        Thread.sleep(Duration.ofMillis(2));
        m.acquire();
        c.signal();
        c.signal();
        log("main/11", "two, locked");
        Thread.sleep(Duration.ofMillis(2));
        unlock(m);
        Thread.sleep(Duration.ofMillis(2));
        for (Task<Void> t : tasks) {
            t.cancel();
        }
        c.signal();
        c.signalAll();
        joinAll(tasks);
        Scope scope = Scope.waitAll();
        try {
            for (long n = 0; n < 3; n++) {
                long n2 = n;
                spawn("timed", () -> timed(m, c, 40 * MS, n2));
            }
            spawn("timed", () -> timed(m, c, S, 3));
            Thread.sleep(Duration.ofMillis(1));
            c.signal();
            Thread.sleep(Duration.ofMillis(80));
            c.signalAll();
        } catch (Throwable error) {
            scope.failed(error);
            throw error;
        } finally {
            scope.close();
        }
        Task<Void> last = spawn("waiter", () -> waiter(m, c, 9));
        Thread.sleep(Duration.ofMillis(1));
        c.signal();
        last.cancel();
        last.join();
        try {
            c.await();
        } catch (Fault error) {
            if (!isOneOf(error, "UnlockOfUnlocked")) throw error;
            log("main/25.catch0.0", "unlocked");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
