// How threads and the process end, and what a thread has of its own.
import module java.base;

/** An uncaught exception goes to the thread's handler, else to stderr; join and main go on. */
class UncaughtException extends Prelude {
    void body() throws Exception {
        var stderr = new ByteArrayOutputStream();
        System.setErr(new PrintStream(stderr, true));
        Thread a = Thread.ofVirtual().start(() -> {
            throw new RuntimeException("boom");
        });
        a.join();
        log(stderr.toString().lines().findFirst().get());
        Thread b = Thread.ofVirtual()
            .name("B")
            .uncaughtExceptionHandler((t, e) -> log(t.getName() + ":" + e.getMessage()))
            .start(() -> {
                throw new RuntimeException("bang");
            });
        b.join();
        log(a.getState());
    }
}

/** Virtual threads are daemons: the end of main ends the process, and no finally block runs. */
class MainExitKillsVirtualThreads extends OnMainThread {
    void body() throws Exception {
        go("V", () -> {
            try {
                System.out.println("started");
                Thread.sleep(5000);
            } catch (InterruptedException e) {
                System.out.println("never");
            } finally {
                System.out.println("never");
            }
        });
        Thread.sleep(100);
        System.out.println("main done");
    }
}

/** Thread locals are the virtual thread's own; a scoped value reaches the forks of a scope, not a plain thread. */
class ThreadLocals extends Prelude {
    static final ThreadLocal<Integer> LOCAL = ThreadLocal.withInitial(() -> 0);
    static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();
    static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    void body() throws Exception {
        INHERITABLE.set("root");
        LOCAL.set(5);
        Thread a = go("A", () -> {
            log(LOCAL.get() + INHERITABLE.get());
            LOCAL.set(9);
            Thread.yield();
            log(LOCAL.get());
        });
        a.join();
        Thread c = Thread.ofVirtual().inheritInheritableThreadLocals(false).start(() -> log(INHERITABLE.get()));
        c.join();
        ScopedValue.where(SCOPED, "x").call(() -> {
            try (var s = StructuredTaskScope.open()) {
                s.fork(() -> {
                    log("child " + SCOPED.get());
                    return 0;
                });
                s.join();
            }
            go("plain", () -> log("plain " + SCOPED.isBound())).join();
            return null;
        });
        log(LOCAL.get());
    }
}
