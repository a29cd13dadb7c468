import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static orrery.Orrery.*;

/**
 * Who is cancelled where.
 */
public final class Cancels {
    static final Program PROGRAM = new Program(Cancels.class, Cancels::program);

    static void child(long n) throws InterruptedException {
        Thread.sleep(Duration.ofMillis(5));
        log("child/1", "child {0}", n);
    }

    static void turning() throws InterruptedException {
        for (long i = 0; i < 3; i++) {
            Thread.yield();
            boolean asked = isCancelled();
            log("turning/0.body.2", "turn {0} {1}", i, asked);
        }
        Thread.sleep(Duration.ofMillis(0));
        log("turning/2", "never");
    }

    static void working() throws InterruptedException {
        offload(MS);
        Thread.sleep(Duration.ofMillis(0));
        log("working/2", "never");
    }

    static void shielded(CompletableFuture<Long> p) throws InterruptedException {
        shield();
        try {
            Scope scope = Scope.cancelSiblings();
            try {
                spawn("child", () -> child(0));
                spawn("child", () -> child(1));
            } catch (Throwable error) {
                scope.failed(error);
                throw error;
            } finally {
                scope.close();
            }
            shield();
            try {
                Thread.sleep(Duration.ofMillis(1));
            } finally {
                unshield();
            }
            checkCancelled();
            log("shielded/0.body.3", "shield ends");
        } finally {
            unshield();
        }
        try {
            await(p);
        } catch (InterruptedException error) {
            log("shielded/1.catch0.0", "shielded hears of it");
        }
        await(p);
        log("shielded/3", "and goes on");
    }

    static void scoping() throws InterruptedException {
        Scope scope = Scope.waitAll();
        try {
            spawn("child", () -> child(2));
            spawn("child", () -> child(3));
        } catch (Throwable error) {
            scope.failed(error);
            throw error;
        } finally {
            scope.close();
        }
        log("scoping/1", "never");
    }

    static void never() {
        log("never/0", "never");
    }

    static void again(Channel<Long> ch) throws InterruptedException {
        for (long i = 0; i < 2; i++) {
            try {
                ch.recv();
            } catch (InterruptedException error) {
                log("again/0.body.0.catch0.0", "again");
            }
        }
        long v = ch.recv();
        log("again/2", "got {0}", v);
    }

    static void program() throws InterruptedException {
        CompletableFuture<Long> p = new CompletableFuture<>();
        Channel<Long> ch = new Channel<>(0);
        List<Task<Void>> tasks = new ArrayList<>();
        Task<Void> turns = spawn("turning", () -> turning());
        tasks.add(turns);
        Task<Void> works = spawn("working", () -> working());
        tasks.add(works);
        Task<Void> shields = spawn("shielded", () -> shielded(p));
        tasks.add(shields);
        Task<Void> scopes = spawn("scoping", () -> scoping());
        tasks.add(scopes);
        Task<Void> a = spawn("again", () -> again(ch));
        tasks.add(a);
        Thread.yield();
        Task<Void> n = spawn("never", () -> never());
        tasks.add(n);
        for (Task<Void> t : tasks) {
            t.cancel();
        }
        Thread.sleep(Duration.ofMillis(50));
        a.cancel();
        ch.send(1L);
        Thread.sleep(Duration.ofMillis(1));
        p.complete(7L);
        List<Result<Void>> ends = settleAll(tasks);
        log("main/23", "{0}", ends);
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
