import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

import static orrery.Orrery.*;

/**
 * One map, two tasks and a bound.
 */
public final class SharedMap {
    static Map<Long, Long> counts = new TreeMap<>();

    static final Program PROGRAM = new Program(SharedMap.class, SharedMap::program);

    static void counter(long n, Semaphore m) throws InterruptedException {
        for (long i = 0; i < 2; i++) {
            m.acquire();
            Map<Long, Long> countsNow = counts;
            check(countsNow.containsKey(n) || countsNow.size() < 2, "map at counter/0.body.2 went beyond its max");
            countsNow.put(n, add(countsNow.getOrDefault(n, 0L), 1));
            unlock(m);
            Thread.yield();
        }
    }

    static void program() throws InterruptedException {
        Semaphore m = new Semaphore(1);
        Scope scope = Scope.waitAll();
        try {
            for (long n = 0; n < 2; n++) {
                long n2 = n;
                spawn("counter", () -> counter(n2, m));
            }
        } catch (Throwable error) {
            scope.failed(error);
            throw error;
        } finally {
            scope.close();
        }
        Map<Long, Long> countsNow = counts;
        for (var entry : new TreeMap<>(countsNow).entrySet()) {
            long n = entry.getKey();
            long times = entry.getValue();
            log("main/3.body.0", "{0} {1} {2}", n, times, add(times, 1));
        }
        check(countsNow.containsKey(1L) || countsNow.size() < 2, "map at main/4 went beyond its max");
        countsNow.put(1L, 20L);
        try {
            check(countsNow.containsKey(2L) || countsNow.size() < 2, "map at main/5.body.0 went beyond its max");
            countsNow.put(2L, 30L);
        } catch (Fault error) {
            if (!isOneOf(error, "AssertFailed")) throw error;
            log("main/5.catch0.0", "full: {0}", countsNow);
        }
        Channel<Map<Long, Long>> c = new Channel<>(1);
        c.send(countsNow);
        Map<Long, Long> sent = c.recv();
        sent.put(7L, 70L);
        log("main/10", "{0} {1}", length(countsNow), countsNow.get(7L));
        Long missing = countsNow.get(9L);
        try {
            countsNow.put(missing, 1L);
        } catch (RuntimeException error) {
            if (!isOneOf(error, "NoneDeref")) throw error;
            log("main/12.catch0.0", "no key");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
