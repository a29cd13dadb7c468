import java.time.Duration;

import static orrery.Orrery.*;

/**
 * A sample.
 */
public final class Abort {
    static final Program PROGRAM = new Program(Abort.class, Abort::program).selecting(SelectPolicy.FIRST);

    static void w() {
        log("w/0", "w");
        throw new Fault("User:x", "boo");
    }

    static void program() throws InterruptedException {
        detach("w", () -> w());
        log("main/1", "a");
        Thread.sleep(Duration.ofMillis(5));
        log("main/3", "b");
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
