// CompletableFuture and FutureTask.
import module java.base;

/** Dependents run newest first, theirs oldest first, all before complete returns; getters are only unparked. */
class FutureCallbackOrder extends Prelude {
    void body() throws Exception {
        CompletableFuture<String> f = new CompletableFuture<>();
        List<Thread> threads = Stream.of("X", "Y").map(n -> go(n, () -> log(n + f.get()))).toList();
        Thread.yield();
        var a = f.thenApply(v -> {
            log("a");
            return v;
        });
        a.thenAccept(v -> log("a1"));
        a.thenAccept(v -> log("a2"));
        a.thenAccept(v -> log("a3"));
        f.thenAccept(v -> log("b"));
        f.thenAccept(v -> log("c"));
        f.complete("v");
        log("done");
        f.thenAccept(v -> log("late"));
        joinAll(threads);
    }
}

/** A dependent's dependents see CompletionException, those of the failed stage the raw exception. */
class FutureErrors extends Prelude {
    void body() throws Exception {
        CompletableFuture<String> f = new CompletableFuture<>();
        f.thenApply(v -> v)
            .exceptionally(e -> {
                log(e.getClass().getSimpleName() + "/" + e.getCause().getMessage());
                return "dflt";
            })
            .thenAccept(v -> log(v));
        f.exceptionally(e -> {
            log(e.getClass().getSimpleName());
            return "";
        });
        f.completeExceptionally(new IllegalStateException("bad"));
        try {
            f.get();
        } catch (ExecutionException e) {
            log("get " + e.getCause().getMessage());
        }
    }
}

/** join throws CompletionException, timeouts and supplyAsync run on the common pool's platform threads. */
class FutureJoinTimeoutAsync extends Prelude {
    void body() throws Exception {
        CompletableFuture<String> f = new CompletableFuture<>();
        f.completeExceptionally(new IllegalStateException("bad"));
        try {
            f.join();
        } catch (CompletionException e) {
            log("join " + e.getCause().getMessage());
        }
        new CompletableFuture<String>()
            .orTimeout(60, TimeUnit.MILLISECONDS)
            .handle((v, e) -> {
                log(e.getClass().getSimpleName() + "@" + Thread.currentThread().getName());
                return 0;
            })
            .join();
        log(CompletableFuture.supplyAsync(() -> Thread.currentThread().isVirtual()).get());
    }
}

/** FutureTask wakes its getters newest first. */
class FutureTaskWaitersLifo extends Prelude {
    void body() throws Exception {
        FutureTask<Void> f = new FutureTask<>(() -> log("run"), null);
        List<Thread> threads = Stream.of("A", "B", "C").map(n -> go(n, () -> {
            f.get();
            log(n);
        })).toList();
        Thread.yield();
        f.run();
        log("root");
        joinAll(threads);
    }
}

/** Asynchronous stages run on the common pool, platform threads; on another executor where one is given. */
class FutureAsyncStages extends Prelude {
    void body() throws Exception {
        CompletableFuture<String> f = new CompletableFuture<>();
        var a = f.thenApplyAsync(v -> v + Thread.currentThread().isVirtual() + Thread.currentThread().isDaemon());
        var b = f.thenApplyAsync(v -> v + Thread.currentThread().isVirtual(), r -> Thread.startVirtualThread(r));
        f.complete("v");
        log(a.get() + " " + b.get());
        log(Thread.currentThread().isVirtual());
        String carrier = CompletableFuture.supplyAsync(() -> Thread.currentThread().getName()).get();
        log(carrier.startsWith("ForkJoinPool.commonPool-worker-"));
        try {
            CompletableFuture.supplyAsync(() -> {
                throw new IllegalStateException("bad");
            }).join();
        } catch (CompletionException e) {
            log(e.getMessage());
        }
        log(new CompletableFuture<String>().completeOnTimeout("late", 5, TimeUnit.MILLISECONDS).join());
    }
}

/** thenCompose relays the inner future; allOf is done after the last, anyOf after the first of them. */
class FutureCombinations extends Prelude {
    void body() throws Exception {
        CompletableFuture<String> x = new CompletableFuture<>(), y = new CompletableFuture<>(), z = new CompletableFuture<>();
        x.thenCompose(v -> {
            log("compose " + v);
            return y;
        }).thenAccept(v -> log("composed " + v));
        CompletableFuture.allOf(x, y, z).handle((v, e) -> {
            log("all " + (e == null ? "fine" : e.getClass().getSimpleName() + "/" + e.getCause().getMessage()));
            return 0;
        });
        CompletableFuture.anyOf(z, y, x).thenAccept(v -> log("any " + v));
        x.complete("x");
        log("|");
        z.completeExceptionally(new IllegalStateException("z"));
        log("|");
        y.complete("y");
        log("|");
    }
}
