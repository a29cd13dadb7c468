// Blocking queues.
import module java.base;

/** A full queue and an empty one hand the carrier to and fro. */
class BoundedQueue extends Prelude {
    void body() throws Exception {
        ArrayBlockingQueue<Integer> q = new ArrayBlockingQueue<>(2);
        Thread p = go("P", () -> {
            for (int i = 0; i < 5; i++) {
                q.put(i);
                log("p" + i);
            }
        });
        Thread c = go("C", () -> {
            for (int i = 0; i < 5; i++) log("c" + q.take());
        });
        joinAll(List.of(p, c));
    }
}

/** Takers are woken FIFO, and a running thread takes before the woken one. */
class QueueTakersFifoAndBarging extends Prelude {
    void body() throws Exception {
        LinkedBlockingQueue<String> q = new LinkedBlockingQueue<>();
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> log(n + q.take()))).toList();
        Thread.yield();
        q.put("1");
        q.put("2");
        log("root" + q.take());
        Thread.yield();
        q.put("3");
        q.put("4");
        joinAll(threads);
    }
}

/** SynchronousQueue pairs with the newest waiter, in fair mode with the oldest. */
class SynchronousQueueLifo extends Prelude {
    void body() throws Exception {
        for (boolean fair : new boolean[] {false, true}) {
            SynchronousQueue<String> q = new SynchronousQueue<>(fair);
            List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> log(n + q.take()))).toList();
            Thread.yield();
            for (int i = 1; i <= 3; i++) {
                q.put("" + i);
                log("p" + i);
            }
            joinAll(threads);
            log(q.offer("x") + "|");
        }
    }
}

/** A rendezvous of several items alternates in pairs. */
class RendezvousInPairs extends Prelude {
    void body() throws Exception {
        SynchronousQueue<Integer> q = new SynchronousQueue<>();
        Thread s = go("S", () -> {
            for (int i = 0; i < 4; i++) {
                q.put(i);
                log("s" + i);
            }
        });
        Thread r = go("R", () -> {
            for (int i = 0; i < 4; i++) log("r" + q.take());
        });
        joinAll(List.of(s, r));
    }
}

/** LinkedTransferQueue: put never waits, transfer waits for a taker; takers and givers are paired FIFO. */
class TransferFifo extends Prelude {
    void body() throws Exception {
        LinkedTransferQueue<String> q = new LinkedTransferQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (String n : List.of("A", "B", "C")) threads.add(go(n, () -> log(n + q.take())));
        Thread.yield();
        q.put("1");
        log(q.tryTransfer("2"));
        q.transfer("3");
        log("root " + q.tryTransfer("4") + " " + q.hasWaitingConsumer());
        joinAll(threads);
        q.put("5");
        threads.add(go("T", () -> {
            q.transfer("6");
            log("T");
        }));
        Thread.yield();
        log(q.size() + " " + q.take() + q.take() + " " + q.poll());
        Thread u = go("U", () -> log(q.tryTransfer("7", 5, TimeUnit.MILLISECONDS) + " " + q.size()));
        u.join();
        joinAll(threads);
    }
}

/** DelayQueue: one leader waits for the first delay, the others without a timeout; who takes wakes the next. */
class DelayQueueLeader extends Prelude {
    record Due(String name, long at) implements Delayed {
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        public int compareTo(Delayed other) {
            return Long.compare(at, ((Due) other).at);
        }
    }

    void body() throws Exception {
        DelayQueue<Due> q = new DelayQueue<>();
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> log(n + q.take().name()))).toList();
        Thread.yield();
        long now = System.nanoTime();
        for (int ms : List.of(180, 60, 120)) q.put(new Due("@" + ms, now + ms * 1_000_000L));
        log("root");
        joinAll(threads);
    }
}

/** PriorityBlockingQueue: the least element first; takers wait FIFO. */
class PriorityTakers extends Prelude {
    void body() throws Exception {
        PriorityBlockingQueue<Integer> q = new PriorityBlockingQueue<>();
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> log(n + q.take()))).toList();
        Thread.yield();
        for (int i : List.of(3, 1, 2)) q.put(i);
        log("root " + q.take());
        q.put(9);
        joinAll(threads);
    }
}
