import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

import static orrery.Orrery.*;

/**
 * Who is next?
 */
public final class BargingLocks {
    static final Program PROGRAM = new Program(BargingLocks.class, BargingLocks::program);

    static void visitor(Semaphore m, long n) throws InterruptedException {
        for (long i = 0; i < 2; i++) {
            m.acquire();
            log("visitor/0.body.1", "{0} in, {1}", n, i);
            unlock(m);
        }
    }

    static void program() throws InterruptedException {
        Semaphore m = new Semaphore(1);
        Cond c = new Cond(m);
        List<Task<Void>> tasks = new ArrayList<>();
        m.acquire();
        for (long n = 0; n < 2; n++) {
            long n2 = n;
            Task<Void> t = spawn("visitor", () -> visitor(m, n2));
            tasks.add(t);
            Thread.sleep(Duration.ofMillis(10));
        }
        unlock(m);
        boolean free = m.tryAcquire();
        log("main/7", "free {0}", free);
        if (!free) {
            m.acquire();
        }
        log("main/9", "main in");
        boolean signalled = c.await(Duration.ofMillis(10));
        log("main/11", "signalled {0}", signalled);
        unlock(m);
        joinAll(tasks);
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
