// Executors with a virtual thread per task, and structured scopes.
import module java.base;

/** cancel takes effect at once while the body goes on; close waits for what was submitted. */
class ExecutorBehaviour extends Prelude {
    void body() throws Exception {
        ExecutorService ex = Executors.newVirtualThreadPerTaskExecutor();
        Future<String> f = ex.submit(() -> {
            if (true) throw new IllegalStateException("boom");
            return "";
        });
        log(f.state());
        try {
            f.get();
        } catch (ExecutionException e) {
            log(e.getMessage());
        }
        log(f.state());
        Future<String> g = ex.submit(() -> {
            try {
                Thread.sleep(1000);
                return "?";
            } catch (InterruptedException e) {
                log("IE");
                throw e;
            }
        });
        Thread.yield();
        log(g.cancel(true));
        log(g.state());
        Thread.yield();
        try {
            g.get();
        } catch (CancellationException e) {
            log("CE");
        }
        ex.submit(() -> {
            log("s");
            Thread.yield();
            log("e");
        });
        ex.shutdown();
        try {
            ex.submit(() -> "x");
        } catch (RejectedExecutionException e) {
            log("REE");
        }
        ex.close();
        log(ex.isTerminated());
    }
}

/** invokeAll gives results in the order of the list. */
class InvokeAll extends Prelude {
    void body() throws Exception {
        try (ExecutorService ex = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> tasks = Stream.of(240, 80, 160).map(d -> (Callable<String>) () -> {
                Thread.sleep(d);
                log(d);
                return "v" + d;
            }).toList();
            for (Future<String> f : ex.invokeAll(tasks)) log(f.get());
            log("root");
        }
    }
}

/** invokeAny interrupts those that lost, and does not wait for them. */
class InvokeAny extends Prelude {
    void body() throws Exception {
        try (ExecutorService ex = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> tasks = Stream.of(240, 80, 160).map(d -> (Callable<String>) () -> {
                try {
                    Thread.sleep(d);
                } catch (InterruptedException e) {
                    log("IE" + d);
                    throw e;
                }
                log(d);
                return "v" + d;
            }).toList();
            log("any " + ex.invokeAny(tasks));
            log("root");
        }
    }
}

/** The first failure interrupts the others and wakes the owner, who closes when they have ended. */
class ScopeFailFast extends Prelude {
    void body() throws Exception {
        try (var s = StructuredTaskScope.open()) {
            var a = s.fork(() -> {
                try {
                    Thread.sleep(5000);
                    return 1;
                } catch (InterruptedException e) {
                    log("a:IE");
                    throw e;
                }
            });
            var b = s.fork(() -> {
                Thread.sleep(5);
                if (true) throw new IllegalStateException("bad");
                return 2;
            });
            var c = s.fork(() -> {
                log("c");
                return 3;
            });
            log("forked");
            try {
                s.join();
            } catch (StructuredTaskScope.FailedException e) {
                log("FE:" + e.getCause().getMessage());
            }
            log(a.state() + " " + b.state() + " " + c.state() + " " + s.isCancelled());
        }
        log("closed");
    }
}

/** The first success cancels the scope, a failure before it does not. */
class ScopeAnySuccessful extends Prelude {
    void body() throws Exception {
        try (var s = StructuredTaskScope.open(StructuredTaskScope.Joiner.<String>anySuccessfulResultOrThrow())) {
            s.fork(() -> {
                throw new RuntimeException("x");
            });
            s.fork(() -> {
                Thread.sleep(3000);
                return "slow";
            });
            s.fork(() -> {
                Thread.sleep(5);
                return "fast";
            });
            log(s.join());
            log(s.isCancelled());
        }
    }
}

/** A scope's timeout interrupts what runs; join throws. */
class ScopeTimeout extends Prelude {
    void body() throws Exception {
        var joiner = StructuredTaskScope.Joiner.<String>allSuccessfulOrThrow();
        try (var s = StructuredTaskScope.open(joiner, c -> c.withTimeout(Duration.ofMillis(10)))) {
            var a = s.fork(() -> {
                nap(5000);
                return "x";
            });
            try {
                s.join();
            } catch (StructuredTaskScope.TimeoutException e) {
                log("TE " + a.state());
            }
        }
    }
}

/** A scope that was not joined waits for its subtasks when it is closed, and then complains. */
class ScopeNotJoined extends Prelude {
    void body() throws Exception {
        try (var s = StructuredTaskScope.open()) {
            s.fork(() -> {
                log("?");
                return 0;
            });
        } catch (IllegalStateException e) {
            log(e.getMessage());
        }
    }
}

/** An interrupt of the owner ends join; a close without a finished join interrupts the subtasks. */
class ScopeOwnerInterrupted extends Prelude {
    void body() throws Exception {
        Thread owner = Thread.currentThread();
        try (var s = StructuredTaskScope.open(StructuredTaskScope.Joiner.awaitAll())) {
            s.fork(() -> {
                owner.interrupt();
                return 0;
            });
            s.fork(() -> {
                nap(5);
                log("slept");
                return 0;
            });
            try {
                s.join();
            } catch (InterruptedException e) {
                log("interrupted");
            }
        }
    }
}
