import java.time.Duration;

import static orrery.Orrery.*;

/**
 * Timers that send and call, tickers that are late.
 */
public final class Timers {
    static final Program PROGRAM = new Program(Timers.class, Timers::program);

    static void say(long n) throws InterruptedException {
        log("say/0", "say {0}", n);
        Thread.sleep(Duration.ofMillis(4));
        log("say/2", "said {0}", n);
    }

    static void between() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(100));
        log("between/1", "between");
    }

    static void late(Channel<Long> c) throws InterruptedException {
        block(300 * MS);
        Scope scope = Scope.waitAll();
        try {
            spawn("between", () -> between());
            for (long i = 0; i < 3; i++) {
                long v = c.recv();
                log("late/1.body.1.body.1", "tick {0}", v);
            }
        } catch (Throwable error) {
            scope.failed(error);
            throw error;
        } finally {
            scope.close();
        }
    }

    static void program() throws InterruptedException {
        Channel<Long> soon = after(12 * MS);
        Timer t = new Timer(20 * MS);
        Channel<Long> c = t.channel();
        boolean stopped = t.stop();
        boolean idle = t.stop();
        log("main/4", "{0} {1}", stopped, idle);
        t.reset(8 * MS);
        long first = c.recv();
        long second = soon.recv();
        log("main/8", "{0} {1}", first, second);
        t.reset(4 * MS);
        Thread.sleep(Duration.ofMillis(16));
        boolean fired = t.reset(24 * MS);
        Received<Long> received = c.tryRecv();
        Long v = received.orNone();
        boolean old = received.ok();
        Select select = new Select().recv(c);
        switch (select.await(Duration.ofMillis(80))) {
            case 0 -> {
                long w = select.value();
                log("main/13.case0.0", "{0} {1} {2}", fired, old, w);
            }
            default -> {
                log("main/13.timeout.0", "never");
            }
        }
        Timer call = afterFunc(16 * MS, "say", () -> say(1));
        afterFunc(8 * MS, "say", () -> say(2));
        call.stop();
        call.reset(32 * MS);
        Thread.sleep(Duration.ofMillis(48));
        call.reset(8 * MS);
        Thread.sleep(Duration.ofMillis(24));
        Timer drops = Timer.ticker(120 * MS, CatchUp.DROP);
        Channel<Long> dropped = drops.channel();
        late(dropped);
        drops.stop();
        Timer drifts = Timer.ticker(120 * MS, CatchUp.DRIFT);
        Channel<Long> drifted = drifts.channel();
        late(drifted);
        drifts.stop();
        Timer own = Timer.ticker(120 * MS);
        Channel<Long> owned = own.channel();
        late(owned);
        boolean running = own.stop();
        boolean again = own.stop();
        log("main/31", "{0} {1}", running, again);
        afterFunc(20 * MS, "say", () -> say(3));
        log("main/33", "main ends");
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
