import static orrery.Orrery.*;

/**
 * A sample.
 */
public final class Leak {
    static final Program PROGRAM = new Program(Leak.class, Leak::program).selecting(SelectPolicy.FIRST);

    static void w() throws InterruptedException {
        log("w/0", "w");
        Channel.orNone((Channel<Object>) null).recv();
        log("w/2", "never");
    }

    static void program() {
        spawn("w", () -> w());
        log("main/1", "a");
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
