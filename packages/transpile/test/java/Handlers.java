import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import static orrery.Orrery.*;

/**
 * Handlers of promises beside tasks that await them, and queued calls.
 */
public final class Handlers {
    static final Program PROGRAM = new Program(Handlers.class, Handlers::program);

    static void child(long v) {
        log("child/0", "child {0}", v);
    }

    static long plus(long by, long v) {
        log("plus/0", "{0} + {1}", v, by);
        return add(v, by);
    }

    static void spawning(long v) {
        spawn("child", () -> child(v));
        cpu(100 * US);
        log("spawning/2", "spawned");
    }

    static long failing(long v) {
        log("failing/0", "fails with {0}", v);
        throw new Fault("User:broken");
    }

    static CompletableFuture<Long> adopting(CompletableFuture<Long> inner, long v) {
        log("adopting/0", "adopts after {0}", v);
        return inner;
    }

    static void waiting(CompletableFuture<Long> p, long n) throws InterruptedException {
        try {
            long v = await(p);
            log("waiting/0.body.1", "task {0}: {1}", n, v);
        } catch (Fault error) {
            if (!isOneOf(error, "User:broken")) throw error;
            log("waiting/0.catch0.0", "task {0}: broken", n);
        }
    }

    static void note(long n) {
        log("note/0", "note {0}", n);
    }

    static void noting(long n) {
        log("noting/0", "noting {0}", n);
        long n2 = add(n, 10);
        execute("note", () -> note(n2));
        long n3 = add(n, 20);
        afterFunc(MS, "note", () -> note(n3));
    }

    static void program() throws InterruptedException {
        CompletableFuture<Long> p = new CompletableFuture<>();
        CompletableFuture<Long> inner = new CompletableFuture<>();
        Scope scope = Scope.waitAll();
        try {
            spawn("waiting", () -> waiting(p, 0));
            Thread.yield();
            CompletableFuture<Long> q = p.thenApply(handler("plus", value -> plus(1, value)));
            CompletableFuture<Long> r = q.thenApply(handler("plus", value2 -> plus(10, value2)));
            p.thenAccept(acceptor("spawning", value3 -> spawning(value3)));
            CompletableFuture<Long> bad = r.thenApply(handler("failing", value4 -> failing(value4)));
            CompletableFuture<Long> passed = bad.thenApply(handler("plus", value5 -> plus(3, value5)));
            CompletableFuture<Long> adopted = q.thenCompose(handler("adopting", value6 -> adopting(inner, value6)));
            spawn("waiting", () -> waiting(q, 1));
            spawn("waiting", () -> waiting(r, 2));
            spawn("waiting", () -> waiting(passed, 3));
            spawn("waiting", () -> waiting(adopted, 4));
            spawn("waiting", () -> waiting(p, 5));
            Thread.yield();
            p.complete(1L);
            log("main/2.body.15", "resolved");
            Thread.yield();
            log("main/2.body.17", "one turn");
            Thread.yield();
            log("main/2.body.19", "two turns");
            inner.complete(5L);
        } catch (Throwable error) {
            scope.failed(error);
            throw error;
        } finally {
            scope.close();
        }
        p.thenApply(handler("plus", value -> plus(100, value)));
        execute("note", () -> note(1));
        execute("note", () -> note(2));
        execute("noting", () -> noting(3));
        execute("note", () -> note(4));
        log("main/8", "queued");
        Thread.sleep(Duration.ofMillis(50));
        execute("noting", () -> noting(5));
        log("main/11", "main ends");
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
