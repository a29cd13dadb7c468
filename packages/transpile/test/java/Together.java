import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static orrery.Orrery.*;

/**
 * Once, an event, a barrier.
 */
public final class Together {
    static final Program PROGRAM = new Program(Together.class, Together::program);

    static void init() throws InterruptedException {
        log("init/0", "init");
        Thread.sleep(Duration.ofMillis(2));
        throw new Fault("User:broken");
    }

    static void user(Once o, Event e, Barrier r, long n) throws InterruptedException {
        try {
            o.run(() -> init());
        } catch (Fault error) {
            if (!isOneOf(error, "User:broken")) throw error;
            log("user/0.catch0.0", "u{0} broken", n);
        }
        log("user/1", "u{0} ready", n);
        e.await();
        for (long round = 0; round < 2; round++) {
            log("user/3.body.0", "u{0} comes {1}", n, round);
            r.await();
            log("user/3.body.2", "u{0} goes {1}", n, round);
        }
    }

    static void party(Barrier r) throws InterruptedException {
        r.await();
        log("party/1", "never");
    }

    static void program() throws InterruptedException {
        Once o = new Once();
        Event e = new Event();
        Barrier r = new Barrier(2);
        List<Task<Void>> tasks = new ArrayList<>();
        for (long n = 0; n < 5; n++) {
            long n2 = n;
            Task<Void> u = spawn("user", () -> user(o, e, r, n2));
            tasks.add(u);
        }
        Thread.sleep(Duration.ofMillis(1));
        at(tasks, 1).cancel();
        Thread.sleep(Duration.ofMillis(5));
        Task<Void> p = spawn("party", () -> party(r));
        Thread.sleep(Duration.ofMillis(1));
        p.cancel();
        List<Result<Void>> gone = settleAll(listOf(p));
        log("main/12", "{0}", gone);
        e.set();
        log("main/14", "set");
        List<Result<Void>> ends = settleAll(tasks);
        log("main/16", "{0}", ends);
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
