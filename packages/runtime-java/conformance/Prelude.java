// What the conformance programs of the Java model have in common; src/conformance has them as ports to its library.
// Each is a class:
//
//     javac --enable-preview --release 25 *.java
//     java --enable-preview -Djdk.virtualThreadScheduler.parallelism=1 \
//         -Djdk.virtualThreadScheduler.maxPoolSize=1 SpawnDeferred
//
// src/conformance has the flags of each, too.
import module java.base;

interface Task {
    void run() throws Exception;
}

/** A program whose body is a virtual thread, which the platform main thread starts and joins. */
abstract class Prelude {
    private final StringBuffer out = new StringBuffer();
    String[] arguments;

    abstract void body() throws Exception;

    void main(String[] arguments) throws Exception {
        this.arguments = arguments;
        runBody();
        if (!out.isEmpty()) System.out.println(out.toString().trim());
    }

    void runBody() throws Exception {
        go("root", this::body).join();
    }

    /** Adds to the line that is printed at the end: printing blocks the carrier. */
    void log(Object text) {
        out.append(text).append(' ');
    }

    /** Starts a virtual thread; an exception that leaves it is logged. */
    Thread go(String name, Task task) {
        return Thread.ofVirtual().name(name).start(() -> {
            try {
                task.run();
            } catch (Exception e) {
                log(name + "!" + e.getClass().getSimpleName());
            }
        });
    }

    void joinAll(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) thread.join();
    }

    void nap(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            log("IE");
        }
    }

    /** Uses the CPU and never yields. */
    void burn(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < until) { }
    }
}

/** A program whose body is the platform main thread. */
abstract class OnMainThread extends Prelude {
    @Override
    void runBody() throws Exception {
        body();
    }
}
