import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static orrery.Orrery.*;

/**
 * References to procedures: called, spawned, kept in lists, maps and cells, sent.
 */
public final class ProcRefs {
    interface Step {
        long call(long n);
    }

    record Job(String procedure, Body body) {
        interface Body {
            void call(long n);
        }
    }

    interface Again {
        long call(long n);
    }

    interface Fold {
        long call();
    }

    record Work(String procedure, Body body) {
        interface Body {
            long call(long n) throws InterruptedException;
        }
    }

    static Step kept = null;
    static Again next = null;

    static final Program PROGRAM = new Program(ProcRefs.class, ProcRefs::program);

    static long addTo(long k, long n) {
        return add(k, n);
    }

    static long twice(long n) {
        return multiply(n, 2);
    }

    static void say(String word, long k, long n) {
        log("say/0", "{0} {1} {2}", word, k, n);
        Thread.yield();
        log("say/2", "{0} ends", word);
    }

    static void hush(long n) {
        log("hush/0", "hush {0}", n);
    }

    static long down(long n) {
        enterCall();
        try {
            if (n <= 0) {
                return 0;
            }
            Again nextNow = next;
            long rest = nextNow.call(subtract(n, 1));
            return add(rest, 1);
        } finally {
            leaveCall();
        }
    }

    static long sum(List<Long> items) {
        long total = 0;
        for (long item : items) {
            total = add(total, item);
        }
        return total;
    }

    static long slow(long k, long n) throws InterruptedException {
        Thread.sleep(Duration.ofMillis(1));
        return multiply(k, n);
    }

    static long fast(long n) {
        if (n > 8) {
            throw new Fault("User:tooMuch");
        }
        return n;
    }

    static long apply(Step step, long n) {
        long once = step.call(n);
        long again = step.call(once);
        return again;
    }

    static void program() throws InterruptedException {
        long k = 1;
        long k2 = k;
        Step plus = n -> addTo(k2, n);
        k = 10;
        long first = plus.call(5);
        long second = apply(plus, 5);
        long k3 = k;
        long third = apply(n -> addTo(k3, n), 5);
        log("main/6", "{0} {1} {2}", first, second, third);
        List<Step> steps = listOf(plus, ((Step) n -> twice(n)), ((Step) n -> addTo(3, n)));
        for (Step step : steps) {
            long got = step.call(7);
            log("main/8.body.1", "got {0}", got);
        }
        Map<String, Step> byName = mapOf("twice", ((Step) n -> twice(n)));
        Step found = byName.get("twice");
        long doubled = found.call(21);
        log("main/12", "{0}", doubled);
        Channel<Step> c = new Channel<>(1);
        c.send(n -> addTo(100, n));
        Step sent = c.recv();
        long hundred = sent.call(1);
        Step before = kept;
        log("main/18", "{0} {1}", hundred, before == null);
        try {
            before.call(1);
        } catch (RuntimeException error) {
            if (!isOneOf(error, "NoneDeref")) throw error;
            log("main/19.catch0.0", "none");
        }
        kept = plus;
        Step after = kept;
        long six = after.call(5);
        log("main/23", "{0} {1}", six, after == null);
        long k4 = k;
        Job ref = new Job("say", n -> say("a", k4, n));
        Task<Void> a = spawn(ref.procedure(), () -> ref.body().call(1));
        Job ref2 = new Job("hush", n -> hush(n));
        long n = add(k, 1);
        Task<Void> quiet = spawn(ref2.procedure(), () -> ref2.body().call(n));
        k = 11;
        long k5 = k;
        Task<Void> other = spawn("say", () -> say("o", k5, 0));
        a.join();
        quiet.join();
        next = n2 -> down(n2);
        long depth = down(20);
        log("main/32", "down {0}", depth);
        List<Long> items = listOf(1L, 2L, 3L);
        long total = ((Fold) () -> sum(items)).call();
        log("main/34", "{0}", total);
        List<Work> works = listOf(new Work("slow", n2 -> slow(2, n2)), new Work("fast", n2 -> fast(n2)));
        List<Task<Long>> tasks = new ArrayList<>();
        for (Work work : works) {
            long now = work.body().call(4);
            log("main/37.body.1", "now {0}", now);
            Task<Long> task = spawn(work.procedure(), () -> work.body().call(5));
            tasks.add(task);
        }
        List<Long> all = joinAll(tasks);
        log("main/39", "{0}", all);
        try {
            new Work("fast", n2 -> fast(n2)).body().call(9);
        } catch (Fault error) {
            if (!isOneOf(error, "User:tooMuch")) throw error;
            log("main/40.catch0.0", "too much");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
