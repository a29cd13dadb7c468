import static orrery.Orrery.*;

/**
 * A sample.
 */
public final class MainFails {
    static final Program PROGRAM = new Program(MainFails.class, MainFails::program).selecting(SelectPolicy.FIRST);

    static void program() {
        log("main/0", "a");
        throw new Fault("User:x");
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
