// Permits, interrupts, joins, and the states of a thread.
import module java.base;

/** The unparked run in the order of the unparks. */
class UnparkFifo extends Prelude {
    void body() throws Exception {
        Map<String, Thread> threads = new LinkedHashMap<>();
        for (String n : List.of("A", "B", "C", "D"))
            threads.put(n, go(n, () -> {
                LockSupport.park();
                log(n);
            }));
        Thread.yield();
        for (String n : List.of("C", "A", "D", "B")) LockSupport.unpark(threads.get(n));
        log("root");
        joinAll(List.copyOf(threads.values()));
    }
}

/** Two unparks are one permit. */
class OnePermit extends Prelude {
    void body() throws Exception {
        Thread me = Thread.currentThread();
        LockSupport.unpark(me);
        LockSupport.unpark(me);
        LockSupport.park();
        log("1st");
        go("O", () -> {
            log("unparking");
            LockSupport.unpark(me);
        });
        LockSupport.park();
        log("2nd");
    }
}

/** Every sleep leaves a permit, so the next park returns at once. */
class SleepLeavesPermit extends Prelude {
    void body() throws Exception {
        nap(5);
        Thread q = go("Q", () -> log("Q"));
        LockSupport.park();
        log("park returned");
        q.join();
    }
}

/** An unpark does not end a sleep; it is kept as a permit. */
class UnparkDoesNotEndSleep extends Prelude {
    void body() throws Exception {
        Thread s = go("S", () -> {
            long t = System.nanoTime();
            Thread.sleep(40);
            log("slept=" + (System.nanoTime() - t >= 40_000_000));
            LockSupport.park();
            log("permit");
        });
        Thread.yield();
        LockSupport.unpark(s);
        log("root");
        s.join();
    }
}

/** parkNanos of 0 or less returns without yielding; a positive time unmounts. */
class ParkNanosZero extends Prelude {
    void body() throws Exception {
        Thread a = go("A", () -> log("A"));
        LockSupport.parkNanos(0);
        log("r1");
        LockSupport.parkNanos(-5);
        log("r2");
        LockSupport.parkNanos(20_000_000);
        log("r3");
        a.join();
    }
}

/** interrupt sets the flag and the permit: clearing the flag still leaves one free park. */
class InterruptPermit extends Prelude {
    void body() throws Exception {
        Thread t = go("T", () -> {
            Thread.yield();
            log("flag=" + Thread.interrupted());
            LockSupport.park();
            log("no block");
        });
        Thread.yield();
        t.interrupt();
        t.join();
        Thread me = Thread.currentThread();
        me.interrupt();
        LockSupport.park();
        log("r1");
        LockSupport.park();
        log("r2 " + Thread.interrupted());
    }
}

/** An interrupt wakes the sleeper through the local queue; the exception clears the flag. */
class InterruptSleep extends Prelude {
    void body() throws Exception {
        Thread t = go("T", () -> {
            try {
                Thread.sleep(10_000);
                log("?");
            } catch (InterruptedException e) {
                log("IE " + Thread.currentThread().isInterrupted());
            }
        });
        Thread.yield();
        Thread s = go("S", () -> log("S"));
        t.interrupt();
        log("root");
        joinAll(List.of(s, t));
        Thread.currentThread().interrupt();
        try {
            Thread.sleep(0);
            log("?");
        } catch (InterruptedException e) {
            log("IE0");
        }
    }
}

/** A thread's end wakes one joiner; each wakes the next from inside its own acquire. */
class JoinersFifoChain extends Prelude {
    void body() throws Exception {
        Thread w = go("W", () -> {
            nap(5);
            log("W");
        });
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
            w.join();
            log(n + 1);
            Thread.yield();
            log(n + 2);
        })).toList();
        joinAll(threads);
    }
}

/** A timed join tells whether the thread has ended, and refuses one that was not started. */
class JoinTimeout extends Prelude {
    void body() throws Exception {
        Thread t = go("T", () -> nap(60));
        log(t.join(Duration.ofMillis(5)));
        log(t.join(Duration.ZERO));
        log(t.join(Duration.ofSeconds(2)));
        Thread u = Thread.ofVirtual().unstarted(() -> { });
        try {
            u.join(Duration.ofMillis(1));
        } catch (IllegalThreadStateException e) {
            log("ITSE");
        }
        u.join();
        log("returns");
    }
}

/** getState along a whole life: an interrupted waiter is runnable at once. */
class ThreadStates extends Prelude {
    void body() throws Exception {
        Object m = new Object();
        Thread t = Thread.ofVirtual().unstarted(() -> {
            LockSupport.park();
            nap(30);
            synchronized (m) {
                log("in");
            }
            synchronized (m) {
                try {
                    m.wait();
                } catch (InterruptedException e) {
                    log("IE");
                }
            }
        });
        log(t.getState());
        t.start();
        log(t.getState());
        Thread.yield();
        log(t.getState());
        LockSupport.unpark(t);
        log(t.getState());
        Thread.yield();
        log(t.getState());
        synchronized (m) {
            nap(80);
            log(t.getState());
        }
        nap(20);
        log(t.getState());
        t.interrupt();
        log(t.getState());
        t.join();
        log(t.getState());
    }
}

/** toString tells number, name, state, and the carrier while there is one. */
class ToStringForms extends Prelude {
    void show(Thread thread) {
        log(thread.toString().replaceAll("#\\d+", "#N"));
    }

    void body() throws Exception {
        Thread t = Thread.ofVirtual().unstarted(() -> LockSupport.park());
        show(Thread.currentThread());
        show(t);
        t.start();
        show(t);
        Thread.yield();
        show(t);
        LockSupport.unpark(t);
        t.join();
        show(t);
    }
}

/** Virtual threads are daemons of normal priority; they share one group, which an ended one has left. */
class GroupAndPriority extends Prelude {
    void body() throws Exception {
        Thread t = go("T", () -> { });
        t.join();
        log(t.isDaemon());
        log(t.getPriority());
        log(t.getThreadGroup());
        log(Thread.currentThread().getThreadGroup().getName());
    }
}
