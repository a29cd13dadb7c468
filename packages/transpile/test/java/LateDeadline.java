import java.time.Duration;

import static orrery.Orrery.*;

/**
 * The outer deadline passes behind a shield, on the way out of the inner one.
 */
public final class LateDeadline {
    static final Program PROGRAM = new Program(LateDeadline.class, LateDeadline::program);

    static void sender(Channel<Long> c) throws InterruptedException {
        c.send(0L);
    }

    static void leaving(Event e, Channel<Long> c) throws InterruptedException {
        try {
            Region region = Region.deadline(40 * MS);
            try {
                Region region2 = Region.deadline(MS);
                try {
                    try {
                        e.await();
                    } finally {
                        shield();
                        try {
                            Thread.sleep(Duration.ofMillis(120));
                        } finally {
                            unshield();
                        }
                    }
                } catch (InterruptedException cancelled) {
                    throw region2.cancelled(cancelled);
                } finally {
                    region2.close();
                }
            } catch (InterruptedException cancelled) {
                throw region.cancelled(cancelled);
            } finally {
                region.close();
            }
        } catch (Fault error) {
            if (!isOneOf(error, "Timeout")) throw error;
            log("leaving/0.catch0.0", "too late");
        }
        long v = c.recv();
        log("leaving/2", "got {0}", v);
    }

    static void program() {
        Event e = new Event();
        Channel<Long> c = new Channel<>(0);
        spawn("sender", () -> sender(c));
        spawn("leaving", () -> leaving(e, c));
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
