// ReentrantLock, its conditions, and ReentrantReadWriteLock.
import module java.base;

/** Waiters get the lock FIFO, one by one. */
class LockFifo extends Prelude {
    void body() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
            lock.lock();
            log(n);
            lock.unlock();
            log(n + "'");
        })).toList();
        Thread.yield();
        lock.unlock();
        log("root");
        joinAll(threads);
    }
}

/** unlock only unparks; the running thread locks again first, and the woken waiter parks again at the head. */
class LockBarging extends Prelude {
    void body() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Thread a = go("A", () -> {
            lock.lock();
            log("A");
            lock.unlock();
        });
        Thread.yield();
        lock.unlock();
        log("r1");
        lock.lock();
        log("r2");
        Thread.yield();
        log("r3 queued=" + lock.hasQueuedThread(a));
        lock.unlock();
        a.join();
    }
}

/** Locking a fair lock again queues behind A; tryLock barges even there, tryLock(0, ..) does not. */
class FairLock extends Prelude {
    void body() throws Exception {
        ReentrantLock lock = new ReentrantLock(true);
        lock.lock();
        Thread a = go("A", () -> {
            lock.lock();
            log("A");
            lock.unlock();
        });
        Thread.yield();
        lock.unlock();
        log(lock.tryLock());
        lock.unlock();
        log(lock.tryLock(0, TimeUnit.SECONDS));
        lock.lock();
        log("r");
        lock.unlock();
        a.join();
    }
}

/** An unfair lock goes back to who let it go, a fair one alternates. */
class FairVersusUnfair extends Prelude {
    void body() throws Exception {
        for (boolean fair : new boolean[] {false, true}) {
            ReentrantLock lock = new ReentrantLock(fair);
            List<Thread> threads = Stream.of("A", "B").map(n -> go(n, () -> {
                for (int i = 0; i < 3; i++) {
                    lock.lock();
                    log(n + i);
                    Thread.yield();
                    lock.unlock();
                }
            })).toList();
            joinAll(threads);
            log("|");
        }
    }
}

/** Who gives up leaves the queue; lock() keeps the interrupt for later. */
class LockTimeoutAndInterrupt extends Prelude {
    void body() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Thread a = go("A", () -> log("A " + lock.tryLock(5, TimeUnit.MILLISECONDS)));
        Thread b = go("B", () -> {
            lock.lockInterruptibly();
            log("?");
        });
        Thread c = go("C", () -> {
            lock.lock();
            log("C " + Thread.interrupted());
            lock.unlock();
        });
        nap(40);
        b.interrupt();
        c.interrupt();
        b.join();
        log(lock.getQueueLength());
        lock.unlock();
        joinAll(List.of(a, c));
    }
}

/** A tryLock with a time gets two threads out of a deadlock. */
class DeadlockTimesOut extends Prelude {
    void body() throws Exception {
        ReentrantLock x = new ReentrantLock(), y = new ReentrantLock();
        Thread a = go("A", () -> {
            x.lock();
            Thread.yield();
            log("A " + y.tryLock(60, TimeUnit.MILLISECONDS));
            x.unlock();
        });
        Thread b = go("B", () -> {
            y.lock();
            Thread.yield();
            x.lock();
            log("B got x");
            x.unlock();
            y.unlock();
        });
        joinAll(List.of(a, b));
    }
}

/** The JVM's own search for deadlocks does not see virtual threads. */
class DeadlockUndetected extends Prelude {
    void body() throws Exception {
        ReentrantLock x = new ReentrantLock(), y = new ReentrantLock();
        Thread a = go("A", () -> {
            x.lock();
            Thread.yield();
            y.lockInterruptibly();
        });
        Thread b = go("B", () -> {
            y.lock();
            Thread.yield();
            x.lockInterruptibly();
        });
        nap(20);
        log(java.lang.management.ManagementFactory.getThreadMXBean().findDeadlockedThreads() == null);
        log(a.getState() + " " + b.getState());
    }
}

/** signal moves waiters to the end of the lock's queue; nobody runs until unlock. */
class ConditionFifo extends Prelude {
    void body() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
            lock.lock();
            condition.await();
            log(n);
            lock.unlock();
        })).toList();
        Thread.yield();
        lock.lock();
        Thread d = go("D", () -> {
            lock.lock();
            log("D");
            lock.unlock();
        });
        Thread.yield();
        condition.signal();
        log("s1");
        Thread.yield();
        condition.signalAll();
        log("s2");
        lock.unlock();
        log("root");
        joinAll(threads);
        d.join();
    }
}

/** A waiter that was signalled before the interrupt returns normally and keeps the flag. */
class ConditionSignalBeatsInterrupt extends Prelude {
    void body() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
            lock.lock();
            try {
                condition.await();
                log(n + " ok " + Thread.interrupted());
            } catch (InterruptedException e) {
                log(n + " IE");
            }
            lock.unlock();
        })).toList();
        Thread.yield();
        lock.lock();
        condition.signal();
        for (Thread thread : threads) thread.interrupt();
        condition.signal();
        lock.unlock();
        joinAll(threads);
    }
}

/** Readers cascade; one that arrives behind a queued writer waits, tryLock does not. */
class ReadWriteLocks extends Prelude {
    void body() throws Exception {
        ReentrantReadWriteLock l = new ReentrantReadWriteLock();
        l.writeLock().lock();
        List<Thread> threads = Stream.of("R1", "R2", "W", "R3").map(n -> go(n, () -> {
            Lock k = n.startsWith("R") ? l.readLock() : l.writeLock();
            k.lock();
            log(n + "+");
            Thread.yield();
            log(n + "-");
            k.unlock();
        })).toList();
        Thread.yield();
        l.writeLock().unlock();
        log("root");
        joinAll(threads);
        l.readLock().lock();
        Thread w = go("W2", () -> {
            l.writeLock().lock();
            log("W2");
            l.writeLock().unlock();
        });
        Thread.yield();
        Thread r = go("R4", () -> {
            l.readLock().lock();
            log("R4");
            l.readLock().unlock();
        });
        Thread.yield();
        log(l.readLock().tryLock());
        l.readLock().unlock();
        l.readLock().unlock();
        joinAll(List.of(w, r));
    }
}

/** StampedLock: readers that queue one after another are one group; writers and groups are served FIFO; it is not reentrant. */
class StampedReadersInGroups extends Prelude {
    void body() throws Exception {
        StampedLock lock = new StampedLock();
        List<Thread> threads = new ArrayList<>();
        long held = lock.writeLock();
        for (String n : List.of("R1", "R2", "W1", "R3", "R4", "W2"))
            threads.add(go(n, () -> {
                long stamp = n.startsWith("W") ? lock.writeLock() : lock.readLock();
                log("+" + n);
                Thread.yield();
                log("-" + n);
                lock.unlock(stamp);
            }));
        nap(5);
        log(lock.tryWriteLock() + " " + lock.tryReadLock());
        lock.unlockWrite(held);
        log("root");
        joinAll(threads);
    }
}

/** An optimistic read is valid until a writer takes the lock; a stamp is converted where nobody is in the way. */
class StampedOptimism extends Prelude {
    void body() throws Exception {
        StampedLock lock = new StampedLock();
        long optimistic = lock.tryOptimisticRead();
        log(lock.validate(optimistic));
        long read = lock.readLock();
        log(lock.validate(optimistic));
        long write = lock.tryConvertToWriteLock(read);
        log(write != 0);
        log(lock.validate(optimistic) + " " + lock.tryOptimisticRead());
        long back = lock.tryConvertToReadLock(write);
        long second = lock.readLock();
        log(lock.getReadLockCount() + " " + (lock.tryConvertToWriteLock(back) != 0));
        lock.unlockRead(back);
        lock.unlockRead(second);
        log(lock.isReadLocked() + " " + lock.validate(optimistic));
        Thread w = go("W", () -> {
            long stamp = lock.tryWriteLock(5, TimeUnit.MILLISECONDS);
            log("W " + (stamp != 0));
        });
        long again = lock.readLock();
        w.join();
        lock.unlockRead(again);
        try {
            lock.unlockWrite(again);
        } catch (IllegalMonitorStateException e) {
            log("IMSE");
        }
    }
}
