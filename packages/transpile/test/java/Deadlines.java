import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import static orrery.Orrery.*;

/**
 * Deadlines in each other, in a shield, met and missed; tokens.
 */
public final class Deadlines {
    static final Program PROGRAM = new Program(Deadlines.class, Deadlines::program);

    static void worker(Token k, long n) throws InterruptedException {
        try {
            Region region = Region.under(k);
            try {
                Region region2 = Region.deadline(80 * MS);
                try {
                    try {
                        Thread.sleep(Duration.ofMillis(400));
                    } catch (InterruptedException error) {
                        log("worker/0.body.0.body.0.body.0.catch0.0", "{0} cleans up", n);
                        Thread.sleep(Duration.ofMillis(4));
                        throw cancelled();
                    }
                } catch (InterruptedException cancelled) {
                    throw region2.cancelled(cancelled);
                } finally {
                    region2.close();
                }
            } finally {
                region.close();
            }
        } catch (InterruptedException | Fault error) {
            if (!isOneOf(error, "Cancelled", "Timeout")) throw (Fault) error;
            log("worker/0.catch0.0", "{0} stops", n);
        }
        boolean asked = isCancelled();
        log("worker/2", "{0} {1}", n, asked);
        Thread.sleep(Duration.ofMillis(4));
    }

    static void careful(Semaphore m) throws InterruptedException {
        try {
            Region region = Region.deadline(8 * MS);
            try {
                shield();
                try {
                    boolean locked = m.tryAcquire(16, TimeUnit.MILLISECONDS);
                    log("careful/0.body.0.body.0.body.1", "locked {0}", locked);
                    Thread.sleep(Duration.ofMillis(8));
                } finally {
                    unshield();
                }
                log("careful/0.body.0.body.1", "out of the shield");
                Thread.yield();
                log("careful/0.body.0.body.3", "before the point");
                checkCancelled();
                log("careful/0.body.0.body.5", "never");
            } catch (InterruptedException cancelled) {
                throw region.cancelled(cancelled);
            } finally {
                region.close();
            }
        } catch (Fault error) {
            if (!isOneOf(error, "Timeout")) throw error;
            log("careful/0.catch0.0", "careful: timeout");
        }
        try {
            Region region = Region.deadline(24 * MS);
            try {
                try {
                    Region region2 = Region.deadline(12 * MS);
                    try {
                        Thread.sleep(Duration.ofMillis(200));
                    } catch (InterruptedException cancelled) {
                        throw region2.cancelled(cancelled);
                    } finally {
                        region2.close();
                    }
                } catch (Fault error) {
                    if (!isOneOf(error, "Timeout")) throw error;
                    Thread.sleep(Duration.ofMillis(200));
                }
            } catch (InterruptedException cancelled) {
                throw region.cancelled(cancelled);
            } finally {
                region.close();
            }
        } catch (Fault error) {
            if (!isOneOf(error, "Timeout")) throw error;
            log("careful/1.catch0.0", "outer");
        }
        Region region = Region.deadline(4 * MS);
        try {
            block(12 * MS);
        } finally {
            region.close();
        }
        Thread.yield();
        checkCancelled();
        log("careful/5", "ended in time for want of a point");
    }

    static void program() throws InterruptedException {
        Token k = new Token();
        Semaphore m = new Semaphore(1);
        m.acquire();
        Task<Void> w = spawn("careful", () -> careful(m));
        w.join();
        List<Task<Void>> tasks = new ArrayList<>();
        for (long n = 0; n < 3; n++) {
            long n2 = n;
            Task<Void> t = spawn("worker", () -> worker(k, n2));
            tasks.add(t);
        }
        Thread.sleep(Duration.ofMillis(8));
        at(tasks, 0).cancel();
        k.cancel();
        log("main/10", "cancelled");
        Task<Void> late = spawn("worker", () -> worker(k, 3));
        tasks.add(late);
        Token other = new Token();
        Task<Void> alone = spawn("worker", () -> worker(other, 4));
        tasks.add(alone);
        List<Result<Void>> ends = settleAll(tasks);
        log("main/17", "{0}", ends);
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
