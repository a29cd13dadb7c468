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
