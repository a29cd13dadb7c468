import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import static orrery.Orrery.*;

/**
 * Who waits no longer?
 */
public final class FifoLeft {
    static final Program PROGRAM = new Program(FifoLeft.class, FifoLeft::program);

    static void visitor(Semaphore m, long n) throws InterruptedException {
        try {
            m.acquire();
        } finally {
            log("visitor/0.finally.0", "{0} waits no longer", n);
        }
        unlock(m);
    }

    static void program() throws InterruptedException {
        Semaphore m = new Semaphore(1, true);
        m.acquire();
        Task<Void> gone = spawn("visitor", () -> visitor(m, 0));
        Thread.sleep(Duration.ofMillis(10));
        Task<Void> patient = spawn("visitor", () -> visitor(m, 1));
        Thread.sleep(Duration.ofMillis(10));
        gone.cancel();
        settleAll(listOf(gone));
        boolean inTime = m.tryAcquire(5, TimeUnit.MILLISECONDS);
        log("main/9", "in time {0}", inTime);
        unlock(m);
        m.acquire();
        log("main/12", "main in");
        Thread.sleep(Duration.ofMillis(10));
        unlock(m);
        patient.join();
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
