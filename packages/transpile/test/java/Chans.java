import java.time.Duration;
import java.util.List;

import static orrery.Orrery.*;

/**
 * A sample.
 */
public final class Chans {
    static final Program PROGRAM = new Program(Chans.class, Chans::program).selecting(SelectPolicy.FIRST);

    static void r(Channel<Long> c) throws InterruptedException {
        while (c.receive() instanceof Item(var x)) {
            log("r/0.body.0", "r {0}", x);
        }
        log("r/1", "closed");
    }

    static void snd(Channel<Long> c) throws InterruptedException {
        c.send(9L);
        log("snd/1", "sent");
        try {
            c.send(10L);
        } catch (Fault error) {
            if (!isOneOf(error, "ChannelClosed")) throw error;
            log("snd/2.catch0.0", "cc");
        }
    }

    static void program() throws InterruptedException {
        Channel<Long> c = new Channel<>(1);
        boolean ok = c.trySend(1L);
        long l = c.length();
        long cp = c.capacity();
        log("main/4", "{0} {1} {2}", ok, l, cp);
        boolean ok2 = c.trySend(1L);
        Received<Long> received = c.tryRecv();
        Long tv = received.orNone();
        boolean ok3 = received.ok();
        Received<Long> received2 = c.tryRecv();
        Long tv2 = received2.orNone();
        boolean ok4 = received2.ok();
        log("main/8", "{0} {1} {2} {3} {4}", ok2, tv, ok3, tv2, ok4);
        Task<Void> t = spawn("snd", () -> snd(c));
        Thread.yield();
        Received<Long> received3 = c.receive();
        Long a = received3.orNone();
        boolean aok = received3.ok();
        log("main/12", "{0} {1}", a, aok);
        c.send(3L);
        Thread.yield();
        c.close();
        List<Result<Void>> rs = settleAll(listOf(t));
        log("main/17", "{0} {1}", rs, at(rs, 0).ok());
        Task<Void> t2 = spawn("r", () -> r(c));
        t2.join();
        try {
            c.close();
        } catch (Fault error) {
            switch (kindOf(error)) {
                case "CloseOfNone" -> {
                    log("main/20.catch0.0", "no");
                }
                case "CloseOfClosed" -> {
                    log("main/20.catch1.0", "coc");
                }
                default -> throw error;
            }
        }
        try {
            Channel.orNone((Channel<Object>) null).close();
        } catch (Fault error) {
            if (!isOneOf(error, "CloseOfNone")) throw error;
            log("main/21.catch0.0", "con");
        }
        Channel<Object> u = new Channel<>(0);
        Select select = new Select().recv(u).send((Channel<Object>) null, 1L);
        switch (select.await(Duration.ofMillis(3))) {
            case 0 -> {
                Object x = select.value();
                boolean xo = select.ok();
                log("main/23.case0.0", "x");
            }
            case 1 -> {
            }
            default -> {
                log("main/23.timeout.0", "timeout");
            }
        }
        loop:
        for (long i = 0; i < 3; i++) {
            Select select2 = new Select().recv(c);
            switch (select2.await()) {
                default -> {
                    Long x = select2.value();
                    boolean xo = select2.ok();
                    log("main/24.body.0.case0.0", "{0} {1}", x, xo);
                    break loop;
                }
            }
        }
        Select select2 = new Select().recv(u);
        switch (select2.poll()) {
            case 0 -> {
            }
            default -> {
                log("main/25.otherwise.0", "other");
            }
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
