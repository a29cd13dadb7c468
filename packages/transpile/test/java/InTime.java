import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import static orrery.Orrery.*;

/**
 * A lock and permits that are waited for so long.
 */
public final class InTime {
    static final Program PROGRAM = new Program(InTime.class, InTime::program);

    static void user(Semaphore m, Semaphore s, long wait, long n) throws InterruptedException {
        boolean locked = m.tryAcquire(wait, TimeUnit.NANOSECONDS);
        log("user/1", "{0} locked {1}", n, locked);
        if (locked) {
            Thread.sleep(Duration.ofMillis(150));
            unlock(m);
        }
        boolean got = s.tryAcquire(2, wait, TimeUnit.NANOSECONDS);
        log("user/4", "{0} got {1}", n, got);
        if (got) {
            Thread.sleep(Duration.ofMillis(20));
            s.release(2);
        }
    }

    static void program() throws InterruptedException {
        Semaphore m = new Semaphore(1);
        Semaphore s = new Semaphore(3, true);
        List<Task<Void>> tasks = new ArrayList<>();
        for (long n = 0; n < 3; n++) {
            long n2 = n;
            Task<Void> a = spawn("user", () -> user(m, s, 50 * MS, n2));
            tasks.add(a);
        }
        for (long n = 0; n < 3; n++) {
            long n2 = n + 3;
            Task<Void> b = spawn("user", () -> user(m, s, S, n2));
            tasks.add(b);
        }
        Task<Void> c = spawn("user", () -> user(m, s, 0L, 6));
        tasks.add(c);
        Thread.sleep(Duration.ofMillis(1));
        at(tasks, 4).cancel();
        List<Result<Void>> ends = settleAll(tasks);
        log("main/10", "{0}", ends);
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
