import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

import static orrery.Orrery.*;

/**
 * A sample.
 */
public final class Misc {
    static long cell = 3;
    static final boolean[] cells = new boolean[4];

    static {
        Arrays.fill(cells, true);
    }
    static Channel<Object> h = null;

    static final Program PROGRAM = new Program(Misc.class, Misc::program).selecting(SelectPolicy.FIRST);

    static long fib(long n) {
        enterCall();
        try {
            if (n < 2) {
                return n;
            }
            long a = fib(subtract(n, 1));
            long b = fib(subtract(n, 2));
            return add(a, b);
        } finally {
            leaveCall();
        }
    }

    static void deep(long n) {
        enterCall();
        try {
            deep(add(n, 1));
        } finally {
            leaveCall();
        }
    }

    static long f(CompletableFuture<Long> p) throws InterruptedException {
        long x = await(p);
        log("f/1", "got {0}", x);
        return taskIndex();
    }

    static void program() throws InterruptedException {
        long x = fib(10);
        log("main/1", "{0}", x);
        long cellNow = cell;
        cells[2] = false;
        boolean y = cells[(int) cellNow];
        log("main/5", "{0} {1}", cellNow, y);
        Channel<Object> hh = h;
        log("main/7", "{0}", hh == null);
        try {
            boolean z = cells[(int) add(cellNow, 1)];
            log("main/8.body.1", "no");
        } catch (RuntimeException error) {
            if (!isOneOf(error, "NoneDeref")) throw error;
            log("main/8.catch0.0", "nd");
        }
        try {
            long big = multiply(9_007_199_254_740_991L, x);
            log("main/9.body.1", "no");
        } catch (RuntimeException error) {
            if (!isOneOf(error, "Overflow")) throw error;
            log("main/9.catch0.0", "of");
        }
        try {
            deep(0);
        } catch (Fault error) {
            if (!isOneOf(error, "DepthExceeded")) throw error;
            log("main/10.catch0.0", "de");
        }
        CompletableFuture<Long> p = new CompletableFuture<>();
        Task<Long> t1 = spawn("f", () -> f(p));
        Task<Long> t2 = spawn("f", () -> f(p));
        Thread.yield();
        p.complete(4L);
        List<Long> rs = joinAll(listOf(t1, t2));
        log("main/17", "{0}", rs);
        long r1 = joinAny(listOf(t1, t2));
        log("main/19", "{0}", r1);
        CompletableFuture<String> q = new CompletableFuture<>();
        q.completeExceptionally(new Fault("User:z"));
        q.complete("s");
        try {
            String qq = await(q);
        } catch (Fault error) {
            switch (kindOf(error)) {
                case "User:y" -> {
                }
                case "User:z", "Timeout" -> {
                    log("main/23.catch1.0", "uz");
                }
                default -> throw error;
            }
        }
        AtomicLong at = new AtomicLong(5);
        long av = at.addAndGet(2);
        boolean cas = at.compareAndSet(7, 1);
        long al = at.get();
        at.set(0);
        log("main/29", "{0} {1} {2}", av, cas, al);
        Semaphore m = new Semaphore(1);
        m.acquire();
        boolean tl = m.tryAcquire();
        unlock(m);
        try {
            unlock(m);
        } catch (Fault error) {
            if (!isOneOf(error, "UnlockOfUnlocked")) throw error;
            log("main/34.catch0.0", "uu {0}", tl);
        }
        Semaphore sm = new Semaphore(2, true);
        sm.acquire(2);
        sm.release(2);
        Group g = new Group();
        g.add(1);
        g.done();
        g.await();
        try {
            g.done();
        } catch (Fault error) {
            if (!isOneOf(error, "NegativeGroup")) throw error;
            log("main/42.catch0.0", "ng");
        }
        List<Object> ls = new ArrayList<>();
        ls.add(1L);
        ls.add("x");
        ls.set(0, true);
        for (Object e : ls) {
            log("main/47.body.0", "{0}", e);
        }
        log("main/48", "{0} {1}", at(ls, 5, 8L), length(ls));
        Object matched = at(ls, 1);
        if (Objects.equals(matched, 1L)) {
            log("main/49.case0.0", "one");
        } else if (Objects.equals(matched, "x")) {
            log("main/49.case1.0", "ex");
        } else {
            log("main/49.otherwise.0", "o");
        }
        long turns = 0;
        outer:
        while (true) {
            check(++turns <= 3, "loop at main/50 went beyond its bound");
            for (long r = 0; r < 2; r++) {
                log("main/50.body.0.body.0", "r{0}", r);
                switch ("a") {
                    case "a" -> {
                        break outer;
                    }
                    default -> {
                    }
                }
            }
        }
        try {
            long turns2 = 0;
            while (holds(1 == 1)) {
                check(++turns2 <= 2, "loop at main/51.body.0 went beyond its bound");
                log("main/51.body.0.body.0", "w");
            }
        } catch (Fault error) {
            if (!isOneOf(error, "AssertFailed")) throw error;
            log("main/51.catch0.0", "bound");
        }
        try {
            check(false, "m");
        } catch (RuntimeException error) {
            log("main/52.catch0.0", "af");
        }
        cpu(MS);
        block(MS);
        offload(MS);
        readFile(100, MS);
        statFile();
        expect(true, "e");
        mark("k");
        measure("k", 3);
        gauge("gg", 3);
        count("cc", 2);
        long ch = choose(100);
        log("main/64", "{0}", ch);
        log("main/65", "{0} {1}", -x / 2, -x % 2);
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
