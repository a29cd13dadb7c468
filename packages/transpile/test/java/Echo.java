import static orrery.Orrery.*;

/**
 * A server answers each client until it closes.
 */
public final class Echo {
    static final Program PROGRAM = new Program(Echo.class, Echo::program);

    static void serve(Listener listener, long clients) throws InterruptedException {
        for (long i = 0; i < clients; i++) {
            Connection conn = listener.accept();
            boolean open = true;
            long turns = 0;
            while (open) {
                check(++turns <= 10, "loop at serve/0.body.2 went beyond its bound");
                long n = conn.read(1_000);
                log("serve/0.body.2.body.1", "got {0}", n);
                if (n == 0) {
                    open = false;
                } else {
                    conn.write(add(n, 1));
                }
            }
            conn.close();
        }
    }

    static void program() throws InterruptedException {
        Listener listener = new Listener(4);
        Task<Void> server = spawn("serve", () -> serve(listener, 2));
        for (long client = 0; client < 2; client++) {
            Connection conn = listener.connect();
            for (long i = 0; i < 2; i++) {
                conn.write(client + i + 5);
                long back = conn.read(1_000);
                log("main/2.body.1.body.2", "{0} back", back);
            }
            conn.close();
        }
        server.join();
        listener.close();
        try {
            Connection late = listener.connect();
        } catch (Fault error) {
            if (!isOneOf(error, "Rejected")) throw error;
            log("main/5.catch0.0", "refused");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
