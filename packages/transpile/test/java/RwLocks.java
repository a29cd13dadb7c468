import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static orrery.Orrery.*;

/**
 * Readers, writers, and a writer that gives up.
 */
public final class RwLocks {
    static final Program PROGRAM = new Program(RwLocks.class, RwLocks::program);

    static void reader(RwLock l, long n) throws InterruptedException {
        l.lockRead();
        log("reader/1", "r{0} in", n);
        Thread.sleep(Duration.ofMillis(5));
        log("reader/3", "r{0} out", n);
        l.unlockRead();
    }

    static void writer(RwLock l, long n) {
        try {
            l.lockWrite();
        } catch (InterruptedException error) {
            log("writer/0.catch0.0", "w{0} gives up", n);
            return;
        }
        log("writer/1", "w{0} in", n);
        Thread.yield();
        log("writer/3", "w{0} out", n);
        l.unlockWrite();
    }

    static void program() throws InterruptedException {
        RwLock l = new RwLock();
        l.lockRead();
        List<Task<Void>> tasks = new ArrayList<>();
        Task<Void> w0 = spawn("writer", () -> writer(l, 0));
        tasks.add(w0);
        for (long n = 0; n < 3; n++) {
            long n2 = n;
            Task<Void> r = spawn("reader", () -> reader(l, n2));
            tasks.add(r);
        }
        Task<Void> w1 = spawn("writer", () -> writer(l, 1));
        tasks.add(w1);
        Task<Void> r3 = spawn("reader", () -> reader(l, 3));
        tasks.add(r3);
        Thread.sleep(Duration.ofMillis(2));
        log("main/11", "main out");
        l.unlockRead();
        joinAll(tasks);
        l.lockRead();
        Task<Void> w2 = spawn("writer", () -> writer(l, 2));
        Task<Void> r4 = spawn("reader", () -> reader(l, 4));
        Thread.sleep(Duration.ofMillis(2));
        w2.cancel();
        joinAll(listOf(w2, r4));
        l.unlockRead();
        try {
            l.unlockRead();
        } catch (Fault error) {
            if (!isOneOf(error, "UnlockOfUnlocked")) throw error;
            log("main/21.catch0.0", "unlocked");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
