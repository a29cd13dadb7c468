// What holds a carrier, and what the pool does about it.
import module java.base;
import java.lang.foreign.*;
import java.lang.invoke.*;

/** A class initialiser's frame pins, and pinned parking is not compensated, however large maxPoolSize. */
class ClassInitPins extends OnMainThread {
    static class Slow {
        static int v;

        static {
            LockSupport.parkNanos(40_000_000);
            v = 1;
        }
    }

    void body() throws Exception {
        Thread a = go("A", () -> {
            log("a1");
            int v = Slow.v;
            log("a2");
        });
        Thread b = go("B", () -> log("B"));
        joinAll(List.of(a, b));
    }
}

/** Java that C calls back (qsort) parks under a native frame: the carrier blocks. */
class ForeignCallPins extends Prelude {
    static ForeignCallPins program;

    static int compare(MemorySegment a, MemorySegment b) {
        LockSupport.parkNanos(10_000_000);
        program.log("cmp");
        return 0;
    }

    void body() throws Exception {
        program = this;
        Linker linker = Linker.nativeLinker();
        MethodHandle qsort = linker.downcallHandle(
            linker.defaultLookup().find("qsort").get(),
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        MethodHandle compare = MethodHandles.lookup().findStatic(
            ForeignCallPins.class,
            "compare",
            MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment f = linker.upcallStub(
                compare,
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                arena);
            MemorySegment two = arena.allocateFrom(ValueLayout.JAVA_INT, 2, 1);
            Thread b = go("B", () -> log("B"));
            try {
                qsort.invoke(two, 2L, 4L, f);
            } catch (Throwable e) {
                log(e);
            }
            log("sorted");
            b.join();
        }
    }
}

/** Reading a process's output is compensated: the pool grows, up to maxPoolSize. */
class ProcessReadCompensates extends OnMainThread {
    void body() throws Exception {
        Process p = new ProcessBuilder("sh", "-c", "sleep 0.3; echo x").start();
        Thread a = go("A", () -> {
            log("a1");
            p.getInputStream().read();
            log("a2");
        });
        Thread b = go("B", () -> log("B"));
        joinAll(List.of(a, b));
    }
}

/** FileInputStream.read of a FIFO blocks the carrier, uncompensated since JDK 23: B waits for the writer. */
class PlainFileReadHoldsCarrier extends OnMainThread {
    void body() throws Exception {
        File fifo = File.createTempFile("fifo", "");
        fifo.delete();
        new ProcessBuilder("mkfifo", fifo.getPath()).start().waitFor();
        Thread r = go("R", () -> {
            try (FileInputStream in = new FileInputStream(fifo)) {
                log("r" + in.read());
            }
        });
        Thread.sleep(60);
        Thread b = go("B", () -> log("B"));
        Thread.sleep(60);
        log("main");
        try (FileOutputStream o = new FileOutputStream(fifo)) {
            o.write(65);
        }
        joinAll(List.of(r, b));
        fifo.delete();
    }
}

/** Each write of System.err is a compensated block: a second carrier appears, no more. */
class PrintlnExpandsPool extends OnMainThread {
    void body() throws Exception {
        Set<String> carriers = ConcurrentHashMap.newKeySet();
        List<Thread> threads = IntStream.range(0, 300).mapToObj(i -> go("T" + i, () -> {
            System.err.println();
            String text = Thread.currentThread().toString();
            carriers.add(text.substring(text.indexOf('@')));
        })).toList();
        joinAll(threads);
        log(carriers.size());
    }
}
