import java.time.Duration;

import static orrery.Orrery.*;

/**
 * Waits that are cancelled or closed, and a writer that waits for its reader.
 */
public final class Closing {
    static final Program PROGRAM = new Program(Closing.class, Closing::program);

    static void reader(Connection conn) throws InterruptedException {
        try {
            conn.read(10);
        } catch (InterruptedException | Fault error) {
            switch (kindOf(error)) {
                case "Rejected" -> {
                    log("reader/0.catch0.0", "rejected");
                }
                case "Cancelled" -> {
                    log("reader/0.catch1.0", "cancelled");
                    throw cancelled();
                }
                default -> throw (Fault) error;
            }
        }
    }

    static void accepts(Listener listener) throws InterruptedException {
        try {
            Connection conn = listener.accept();
        } catch (Fault error) {
            if (!isOneOf(error, "Rejected")) throw error;
            log("accepts/0.catch0.0", "no more");
        }
    }

    static void writer(Connection conn, long bytes) throws InterruptedException {
        conn.write(bytes);
        log("writer/1", "written");
        conn.close();
    }

    static void program() throws InterruptedException {
        Listener listener = new Listener(4);
        Connection ours = listener.connect();
        Connection theirs = listener.accept();
        Task<Void> first = spawn("reader", () -> reader(ours));
        Thread.sleep(Duration.ofMillis(10));
        first.cancel();
        settleAll(listOf(first));
        long end = theirs.read(10);
        log("main/8", "{0} at the other end", end);
        theirs.close();
        Connection client = listener.connect();
        Connection server = listener.accept();
        Task<Void> second = spawn("reader", () -> reader(client));
        Thread.sleep(Duration.ofMillis(10));
        client.close();
        second.join();
        server.close();
        Connection source = listener.connect();
        Connection sink = listener.accept();
        Task<Void> task = spawn("writer", () -> writer(source, 20_000_000));
        Thread.sleep(Duration.ofMillis(50));
        log("main/21", "reading");
        long total = 0;
        boolean open = true;
        long turns = 0;
        while (open) {
            check(++turns <= 100_000, "loop at main/24 went beyond its bound");
            long n = sink.read(1_000_000);
            total = add(total, n);
            if (n == 0) {
                open = false;
            }
        }
        task.join();
        log("main/26", "{0} read", total);
        sink.close();
        Task<Void> last = spawn("accepts", () -> accepts(listener));
        Thread.sleep(Duration.ofMillis(10));
        listener.close();
        last.join();
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
