// Timers, and what keeps them waiting.
import module java.base;

/** Nothing takes the carrier from a thread that runs. */
class NoTimeSlice extends Prelude {
    void body() throws Exception {
        Thread a = go("A", () -> {
            nap(2);
            log("A");
        });
        Thread b = go("B", () -> {
            log("B1");
            burn(40);
            log("B2");
        });
        b.join();
        log("root");
        a.join();
    }
}

/** Sleepers wake in the order of their deadlines. */
class TimerDeadlineOrder extends Prelude {
    void body() throws Exception {
        List<Thread> threads = Stream.of(160, 40, 120, 80).map(d -> go("t" + d, () -> {
            nap(d);
            log(d);
        })).toList();
        joinAll(threads);
    }
}

/** Each expired timer is a pool task of its own that pushes its thread locally: X, woken by A, precedes B's timer. */
class ExpiredTimersOneByOne extends Prelude {
    void body() throws Exception {
        Thread x = go("X", () -> {
            LockSupport.park();
            log("X");
        });
        go("A", () -> {
            nap(5);
            log("A");
            LockSupport.unpark(x);
        });
        Thread b = go("B", () -> {
            nap(15);
            log("B");
        });
        Thread.yield();
        burn(60);
        log("root");
        joinAll(List.of(b, x));
    }
}

/** A's wake-ups and yields stay local and drain before B's already expired timer. */
class TimersYieldToLocal extends Prelude {
    Thread parker(String n) {
        return go(n, () -> {
            LockSupport.park();
            log(n);
            Thread.yield();
            log(n + "'");
        });
    }

    void body() throws Exception {
        Thread y1 = parker("y1"), y2 = parker("y2");
        Thread a = go("A", () -> {
            nap(5);
            log("A");
            LockSupport.unpark(y1);
            LockSupport.unpark(y2);
            Thread.yield();
            log("A'");
        });
        Thread b = go("B", () -> {
            nap(15);
            log("B");
        });
        Thread.yield();
        burn(60);
        joinAll(List.of(b, a, y1, y2));
    }
}
