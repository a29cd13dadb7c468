/** Losers of a race, panics, Goexit, deadlocks, the end of the process: the ports of exit.go. */
import { CANCELED } from "../context.ts";
import { MS, type Program } from "./prelude.ts";

export const exit: readonly Program[] = [
  {
    name: "race_first_result_losers_run_on",
    pins: "Nobody stops the losers of a race: with a buffer for each they run to their ends",
    *port({ go, say, yields }) {
      const c = go.make<number>(3);
      for (let i = 0; i < 3; i++)
        yield* go.go(function* () {
          say(`s${i}`);
          yield* c.send(i);
          say(`e${i}`);
        });
      say(`won${yield* c.recv()}`);
      yield* yields(2);
    },
  },
  {
    name: "unbuffered_race_leaks",
    pins: "Without a buffer the losers of a race stay parked for ever",
    *port({ go, say, yields }) {
      const c = go.make<number>();
      for (let i = 0; i < 3; i++) yield* go.go(() => c.send(i));
      say(`won${yield* c.recv()}`);
      yield* yields(3);
      say(`live${go.numGoroutine()}`);
    },
  },
  {
    name: "panic_kills_process",
    pins: "A panic in any goroutine ends the process with status 2, after the deferred calls of that goroutine only",
    *port({ go, say, print, yields }) {
      try {
        yield* go.go(function* () {
          try {
            go.panic("boom");
          } finally {
            print("deferred ");
          }
        });
        yield* yields(1);
        print("unreached");
      } finally {
        say("never");
      }
    },
  },
  {
    name: "panic_error_value",
    pins: "A panic with an error prints the text of the error",
    *port({ go, yields }) {
      yield* go.go(function* () {
        go.panic(`wrapped: ${CANCELED}`);
      });
      yield* yields(1);
    },
  },
  {
    name: "goexit_runs_defers",
    pins: "Goexit ends the goroutine and runs its deferred calls, where recover gives nil",
    *port({ go, say }) {
      const done = go.make<boolean>();
      yield* go.go(function* () {
        let recovered: unknown = "<nil>";
        try {
          yield* go.goexit();
          say("never");
        } catch (error) {
          recovered = error;
        } finally {
          say(`rec=${recovered as string}`);
          yield* done.close();
        }
      });
      yield* done.recv();
      say("main");
    },
  },
  {
    name: "deadlock_all_asleep",
    pins: "When every goroutine is parked and nothing can wake one, the process dies with a fatal error",
    *port({ go, print }) {
      const c = go.make<number>();
      yield* go.go(function* () {
        yield* c.send(1);
        yield* c.send(2);
      });
      print(`${yield* c.recv()}`);
      yield* go.select([]);
    },
  },
  {
    name: "deadlock_self_mutex",
    pins: "A mutex that main locks twice is such a deadlock",
    *port({ go }) {
      const mu = go.mutex();
      yield* mu.lock();
      yield* mu.lock();
    },
  },
  {
    name: "deadlock_after_main_goexit",
    pins: "After a Goexit of main the others run on, and the end of the last of them is a deadlock with its own words",
    *port({ go, print }) {
      yield* go.go(function* () {
        print("g");
      });
      yield* go.goexit();
    },
  },
  {
    name: "no_deadlock_with_pending_timer",
    pins: "While a timer is pending there is no deadlock",
    *port({ go, say }) {
      const c = go.make<number>();
      go.afterFunc(3 * MS, () => c.send(1));
      say(`got${yield* c.recv()}`);
    },
  },
  {
    name: "fatal_not_recoverable",
    pins: "Nothing recovers from a fatal error",
    *port({ go, attempt }) {
      const mu = go.mutex();
      yield* attempt(() => mu.unlock());
    },
  },
  {
    name: "main_return_kills_goroutines",
    pins: "The end of main ends the process, without the deferred calls of other goroutines",
    *port({ go, say, print, yields }) {
      yield* go.go(function* () {
        try {
          say("started");
          yield* go.select([]);
        } finally {
          print("never");
        }
      });
      yield* yields(1);
    },
  },
  {
    name: "os_exit_skips_defers",
    pins: "os.Exit ends the process with its status and runs no deferred call",
    *port({ go, print }) {
      try {
        print("x");
        yield* go.exit(3);
      } finally {
        print("never");
      }
    },
  },
];
