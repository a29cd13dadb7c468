import java.util.concurrent.CompletableFuture;

import static orrery.Orrery.*;

/**
 * Newest first, and what they complete.
 */
public final class Stages {
    static final Program PROGRAM = new Program(Stages.class, Stages::program);

    static long say(long n, long v) {
        log("say/0", "h{0} {1}", n, v);
        return add(v, n);
    }

    static void settle(CompletableFuture<Long> q, long v) {
        q.complete(v);
        log("settle/1", "settled");
    }

    static long zero(long v) {
        check(v == 0, "not zero");
        return v;
    }

    static void program() throws InterruptedException {
        CompletableFuture<Long> p = new CompletableFuture<>();
        CompletableFuture<Long> q = new CompletableFuture<>();
        CompletableFuture<Long> first = p.thenApply(handler("say", value -> say(1, value)));
        first.thenApply(handler("say", value2 -> say(2, value2)));
        first.thenApply(handler("say", value3 -> say(3, value3)));
        q.thenApply(handler("say", value4 -> say(4, value4)));
        p.thenAccept(acceptor("settle", value5 -> settle(q, value5)));
        CompletableFuture<Long> failed = p.thenApply(handler("zero", value6 -> zero(value6)));
        failed.thenApply(handler("say", value7 -> say(5, value7)));
        p.complete(10L);
        log("main/10", "resolved");
        p.thenApply(handler("say", value8 -> say(6, value8)));
        try {
            await(failed);
        } catch (Fault error) {
            if (!isOneOf(error, "AssertFailed")) throw error;
            log("main/12.catch0.0", "failed");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
