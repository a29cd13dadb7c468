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
