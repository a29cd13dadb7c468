// Which queue of the pool a thread goes to, and which one a carrier takes from.
import module java.base;

/** Platform-thread submissions share one external queue: FIFO. */
class SpawnFromMain extends OnMainThread {
    void body() throws Exception {
        List<Thread> threads = Stream.of("A", "B", "C", "D").map(n -> go(n, () -> log(n))).toList();
        joinAll(threads);
    }
}

/** start never switches; children run FIFO after the spawner blocks. */
class SpawnDeferred extends Prelude {
    void body() throws Exception {
        List<Thread> threads = Stream.of("A", "B").map(n -> go(n, () -> log(n))).toList();
        log("root");
        joinAll(threads);
        log("end");
    }
}

/** Grandchildren go behind siblings; the joiner (local) overtakes them (external). */
class SpawnNested extends Prelude {
    Thread parent(String n) {
        return go(n, () -> {
            log(n);
            go(n + "1", () -> log(n + "1"));
        });
    }

    void body() throws Exception {
        Thread a = parent("A"), b = parent("B");
        log("root");
        joinAll(List.of(a, b));
        log("joined");
        Thread.yield();
        log("end");
    }
}

/** unpark pushes to the local queue, start to the external one: the woken runs first. */
class WokenBeforeSpawned extends Prelude {
    void body() throws Exception {
        Thread p = go("P", () -> {
            LockSupport.park();
            log("P");
        });
        Thread.yield();
        Thread s = go("S", () -> log("S"));
        LockSupport.unpark(p);
        log("root");
        joinAll(List.of(s, p));
    }
}

/** Two local yielders alternate until done; a started thread waits for all of it. */
class LocalStarvesExternal extends Prelude {
    Thread yielder(String n) {
        return go(n, () -> {
            LockSupport.park();
            for (int i = 0; i < 3; i++) {
                log(n + i);
                Thread.yield();
            }
        });
    }

    void body() throws Exception {
        Thread x = yielder("X"), y = yielder("Y");
        Thread.yield();
        Thread s = go("S", () -> log("S"));
        LockSupport.unpark(x);
        LockSupport.unpark(y);
        s.join();
    }
}

/** Threads that yield take turns, FIFO. */
class YieldRoundRobin extends Prelude {
    void body() throws Exception {
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
            for (int i = 0; i < 3; i++) {
                log(n + i);
                Thread.yield();
            }
        })).toList();
        joinAll(threads);
    }
}

/** The first yield finds P in the local queue and goes there; the second finds it empty and goes external, behind S. */
class YieldStaysLocal extends Prelude {
    void body() throws Exception {
        Thread p = go("P", () -> {
            LockSupport.park();
            log("P");
        });
        Thread.yield();
        Thread s = go("S", () -> log("S"));
        LockSupport.unpark(p);
        log("r1");
        Thread.yield();
        log("r2");
        Thread.yield();
        log("r3");
        s.join();
    }
}

/** A sleep of no time is a yield. */
class SleepZeroYields extends Prelude {
    void body() throws Exception {
        go("A", () -> log("A"));
        log("r1");
        Thread.sleep(0);
        log("r2");
        go("B", () -> log("B"));
        Thread.sleep(Duration.ZERO);
        log("r3");
    }
}

/** A yield loop stays on its own source queue: the 5 ms timer is not even looked at for 150 ms. */
class YieldSpinStarvesTimers extends Prelude {
    volatile boolean flag;

    void body() throws Exception {
        Thread b = go("B", () -> {
            nap(5);
            flag = true;
            log("B");
        });
        Thread.yield();
        long until = System.nanoTime() + 150_000_000;
        while (!flag && System.nanoTime() < until) Thread.yield();
        log("flag=" + flag);
        b.join();
    }
}

/** A loop that sleeps leaves the carrier, and the timer runs. */
class SleepPollLetsTimersRun extends Prelude {
    volatile boolean flag;

    void body() throws Exception {
        Thread b = go("B", () -> {
            nap(5);
            flag = true;
            log("B");
        });
        Thread.yield();
        while (!flag) Thread.sleep(1);
        log("flag=" + flag);
        b.join();
    }
}

/** A yield loop starves a thread that the platform main thread starts, too. */
class SourceStickyStarvesMain extends OnMainThread {
    volatile boolean flag;

    void body() throws Exception {
        Thread a = go("A", () -> {
            long until = System.nanoTime() + 200_000_000;
            while (!flag && System.nanoTime() < until) Thread.yield();
            log("A:" + flag);
        });
        Thread.sleep(40);
        Thread b = go("B", () -> {
            flag = true;
            log("B");
        });
        joinAll(List.of(a, b));
    }
}

/** Beside a yield loop another carrier runs the timer. */
class OneSpinnerTwoCarriers extends OnMainThread {
    volatile boolean flag;

    void body() throws Exception {
        Thread b = go("B", () -> {
            nap(20);
            flag = true;
        });
        Thread a = go("A", () -> {
            long until = System.nanoTime() + 5_000_000_000L;
            while (!flag && System.nanoTime() < until) Thread.yield();
            log(flag);
        });
        joinAll(List.of(a, b));
    }
}

/** After R the worker keeps polling the queue R came from, main's; then it scans and finds the carrier's own. */
class ScanFollowsSource extends OnMainThread {
    void body() throws Exception {
        CountDownLatch up = new CountDownLatch(1);
        Thread r = go("R", () -> {
            go("C1", () -> log("C1"));
            go("C2", () -> log("C2"));
            up.countDown();
            burn(60);
            log("R");
        });
        up.await();
        Thread m1 = go("M1", () -> {
            log("M1");
            go("C3", () -> log("C3"));
        });
        Thread m2 = go("M2", () -> log("M2"));
        joinAll(List.of(r, m1, m2));
        nap(30);
    }
}

/** The xorshift of the scan: the number of idle cycles before, the argument, decides which queue is met first. */
class ScanExact extends OnMainThread {
    void logger(String text) {
        go(text, () -> log(text));
    }

    void body() throws Exception {
        int idleCycles = Integer.parseInt(arguments[0]);
        for (int i = 0; i < idleCycles; i++) {
            go("idle", () -> { }).join();
            nap(10);
        }
        CountDownLatch up = new CountDownLatch(1);
        Thread r = go("R", () -> {
            logger("C1");
            logger("C2");
            up.countDown();
            burn(80);
            log("R");
        });
        Thread p = Thread.ofPlatform().name("p").start(() -> {
            try {
                up.await();
            } catch (InterruptedException e) {
                log("IE");
            }
            logger("M1");
            logger("M2");
        });
        p.join();
        r.join();
        nap(30);
    }
}
