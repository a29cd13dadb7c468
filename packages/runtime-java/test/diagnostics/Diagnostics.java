// What the JVM says of its threads at one instant, and of pinning; the model says the same in test/diagnostics.test.ts.
import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

class Diagnostics {
    static final ReentrantLock lock = new ReentrantLock();
    static final Object monitor = new Object(), condition = new Object();

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("pinned")) pinned();
        else threads();
        System.exit(0);
    }

    static void threads() throws Exception {
        lock.lock();
        Thread.ofVirtual().name("lockwait").start(() -> lock.lock());
        Thread.ofVirtual().name("parked").start(() -> LockSupport.park());
        Thread.ofVirtual().name("sleeper").start(() -> nap(100_000));
        Thread.ofVirtual().name("waiter").start(() -> {
            synchronized (condition) {
                try { condition.wait(); } catch (InterruptedException e) { }
            }
        });
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        executor.submit(() -> nap(100_000));
        synchronized (monitor) {
            Thread.ofVirtual().name("blocked").start(() -> { synchronized (monitor) { } });
            nap(200);
            var bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            Path folder = Files.createTempDirectory("dump");
            for (var format : HotSpotDiagnosticMXBean.ThreadDumpFormat.values()) {
                Path file = folder.resolve(format.name());
                bean.dumpThreads(file.toString(), format);
                System.out.println("== " + format);
                System.out.println(Files.readString(file));
                Files.delete(file);
            }
            Files.delete(folder);
            String pid = "" + ProcessHandle.current().pid();
            String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            System.out.println("== SCHEDULER");
            System.out.print(new String(new ProcessBuilder(jcmd, pid, "Thread.vthread_scheduler").start().getInputStream().readAllBytes()));
        }
    }

    /** Legacy locking makes a monitor pin. */
    static void pinned() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withoutStackTrace();
            recording.start();
            Thread.ofVirtual().name("holder").start(() -> { synchronized (monitor) { nap(60); } }).join();
            recording.stop();
            Path file = Files.createTempFile("pinned", ".jfr");
            recording.dump(file);
            for (var event : RecordingFile.readAllEvents(file)) System.out.println(event);
            Files.delete(file);
        }
    }

    static void nap(long millis) {
        try { Thread.sleep(millis); } catch (InterruptedException e) { }
    }
}
