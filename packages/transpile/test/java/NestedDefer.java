import static orrery.Orrery.*;

/**
 * A sample.
 */
public final class NestedDefer {
    static final Program PROGRAM = new Program(NestedDefer.class, NestedDefer::program).selecting(SelectPolicy.FIRST);

    static void p(long n) throws InterruptedException {
        Local<Long> x = new Local<>();
        Local<Long> i = new Local<>();
        Deferred deferred = new Deferred();
        try {
            x.value = 1L;
            for (long i2 = 0; i2 < n; i2++) {
                i.value = i2;
                deferred.add(() -> {
                    log("p/1.body.0.body.0", "d {0} {1}", i.value, x.value);
                });
            }
            x.value = 7L;
            if (true) {
                deferred.add(() -> {
                    log("p/3.then.0.body.0", "last");
                });
            }
            log("p/4", "body");
        } finally {
            deferred.run();
        }
    }

    static void program() throws InterruptedException {
        p(3);
        try {
            log("main/2", "m");
            try {
            } finally {
                log("main/3.body.0", "md2");
            }
        } finally {
            log("main/1.body.0", "md");
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
