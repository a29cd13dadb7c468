import java.time.Duration;

import static orrery.Orrery.*;

/**
 * A sample.
 */
public final class Scopes {
    static final Program PROGRAM = new Program(Scopes.class, Scopes::program).selecting(SelectPolicy.FIRST);

    static long ok(long n) throws InterruptedException {
        Thread.sleep(Duration.ofMillis(5));
        log("ok/1", "ok {0}", n);
        return n;
    }

    static void bad() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(2));
        log("bad/1", "bad");
        throw new Fault("User:x");
    }

    static void stub() throws InterruptedException {
        try {
            Thread.sleep(Duration.ofMillis(50));
        } catch (InterruptedException error) {
            log("stub/0.catch0.0", "cancelled");
            throw cancelled();
        } finally {
            log("stub/0.finally.0", "fin");
        }
    }

    static void program() throws InterruptedException {
        try {
            Scope scope = Scope.cancelSiblings();
            try {
                spawn("stub", () -> stub());
                spawn("bad", () -> bad());
                Thread.sleep(Duration.ofMillis(100));
                log("main/0.body.0.body.3", "never");
            } catch (Throwable error) {
                scope.failed(error);
                throw error;
            } finally {
                scope.close();
            }
        } catch (Fault error) {
            if (!isOneOf(error, "TaskFailed")) throw error;
            log("main/0.catch0.0", "tf");
        }
        try {
            Scope scope = Scope.waitAll();
            try {
                spawn("ok", () -> ok(1));
                spawn("bad", () -> bad());
                log("main/1.body.0.body.2", "in");
            } catch (Throwable error) {
                scope.failed(error);
                throw error;
            } finally {
                scope.close();
            }
        } catch (InterruptedException | RuntimeException error) {
            log("main/1.catch0.0", "tf2");
        }
        Scope race = Scope.race();
        try {
            spawn("ok", () -> ok(5));
            spawn("stub", () -> stub());
        } catch (Throwable error) {
            race.failed(error);
            throw error;
        } finally {
            race.close();
        }
        Object w = race.winner();
        log("main/3", "w {0}", w);
        Scope race2 = Scope.raceLeavingLosers();
        try {
            spawn("ok", () -> ok(6));
            spawn("stub", () -> stub());
        } catch (Throwable error) {
            race2.failed(error);
            throw error;
        } finally {
            race2.close();
        }
        Object w2 = race2.winner();
        log("main/5", "w2 {0}", add((long) w2, 1));
        try {
            Scope race3 = Scope.race();
            try {
                spawn("bad", () -> bad());
            } catch (Throwable error) {
                race3.failed(error);
                throw error;
            } finally {
                race3.close();
            }
        } catch (Fault error) {
            if (!isOneOf(error, "TaskFailed")) throw error;
            log("main/6.catch0.0", "race failed");
        }
        for (long k = 0; k < 3; k++) {
            Scope scope = Scope.waitAll();
            try {
                long n = k;
                spawn("ok", () -> ok(n));
                if (k == 1) {
                    break;
                }
            } catch (Throwable error) {
                scope.failed(error);
                throw error;
            } finally {
                scope.close();
            }
        }
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
