import java.util.concurrent.Semaphore;

import static orrery.Orrery.*;

/**
 * A sample.
 */
public final class Dead {
    static final Program PROGRAM = new Program(Dead.class, Dead::program).selecting(SelectPolicy.FIRST);

    static void w(Semaphore m) throws InterruptedException {
        m.acquire();
        log("w/1", "never");
    }

    static void program() throws InterruptedException {
        Semaphore m = new Semaphore(1);
        m.acquire();
        Task<Void> t = spawn("w", () -> w(m));
        log("main/3", "a");
        t.join();
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
