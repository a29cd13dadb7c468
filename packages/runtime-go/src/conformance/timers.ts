/** Sleeps, timers, tickers: the ports of timers.go. */
import { HOUR, MS, type Program } from "./prelude.ts";

const US = 1_000;

/** time.Duration.Round. */
const round = (ns: number, to: number): number => Math.round(ns / to) * to;

export const timers: readonly Program[] = [
  {
    name: "sleep_orders_by_deadline",
    pins: "Sleepers wake in the order of their deadlines",
    *port({ go, say }) {
      const wg = go.waitGroup();
      for (const ms of [24, 4, 14]) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* go.sleep(ms * MS);
          say(`${ms}`);
          yield* wg.done();
        });
      }
      yield* wg.wait();
    },
  },
  {
    name: "expired_together_last_first",
    pins: "One look at the timers fires all that have expired: the last of them becomes runnext",
    *port({ go, say, yields }) {
      const wg = go.waitGroup();
      for (let i = 0; i < 4; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* go.sleep(MS);
          say(`${i}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* go.burn(3 * MS);
      yield* wg.wait();
    },
  },
  {
    name: "idle_sleepers_same_duration",
    pins: "Sleepers whose deadlines lie close together are fired by one look: the last of them becomes runnext",
    *port({ go, say }) {
      const wg = go.waitGroup();
      for (let i = 0; i < 4; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* go.sleep(3 * MS);
          say(`${i}`);
          yield* wg.done();
        });
      }
      yield* wg.wait();
    },
  },
  {
    name: "idle_sleeps_whole_milliseconds",
    pins: "An idle process waits in whole milliseconds: one look fires the sleepers whose deadlines have passed meanwhile",
    *port({ go, say }) {
      const wg = go.waitGroup();
      for (const us of [200, 400, 600]) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* go.sleep(us * US);
          say(`${us}`);
          yield* wg.done();
        });
      }
      yield* wg.wait();
    },
  },
  {
    name: "expired_timer_beats_runq",
    pins: "Timers are looked at before the queues: a sleeper that is due runs before what is queued",
    *port({ go, say, yields }) {
      const wg = go.waitGroup();
      yield* wg.add(3);
      yield* go.go(function* () {
        yield* go.sleep(MS);
        say("S");
        yield* wg.done();
      });
      yield* yields(1);
      for (const n of ["A", "B"])
        yield* go.go(function* () {
          say(n);
          yield* wg.done();
        });
      yield* go.burn(3 * MS);
      yield* wg.wait();
    },
  },
  {
    name: "sleep_zero_is_noop",
    pins: "A sleep of zero or less does nothing, and one of 1 ns is over before others run",
    *port({ go, say }) {
      yield* go.go(function* () {
        say("other");
      });
      yield* go.sleep(0);
      yield* go.sleep(-5);
      say("main");
      yield* go.sleep(1);
      say("end");
    },
  },
  {
    name: "afterfunc_spawns_goroutines",
    pins: "AfterFunc runs each function in a goroutine of its own",
    *port({ go, say }) {
      const wg = go.waitGroup();
      yield* wg.add(3);
      for (let i = 0; i < 3; i++)
        go.afterFunc(MS, function* () {
          say(`f${i}`);
          yield* wg.done();
        });
      yield* go.burn(3 * MS);
      say("main");
      yield* wg.wait();
    },
  },
  {
    name: "timer_channel_is_lazy",
    pins: "The channel of a timer seems empty and unbuffered, and gets its value when somebody looks",
    *port({ go, say }) {
      const t = go.newTimer(MS);
      yield* go.burn(3 * MS);
      say(`len${t.c.len} cap${t.c.cap}`);
      const { index } = yield* go.select([t.c.onRecv], true);
      say(index === 0 ? "fired" : "pending");
      say(`stop=${yield* t.stop()}`);
    },
  },
  {
    name: "stop_after_expiry_unread",
    pins: "Stop wins over an expiry that nobody has seen, and leaves no stale value",
    *port({ go, say }) {
      const t = go.newTimer(MS);
      yield* go.burn(3 * MS);
      say(`stop=${yield* t.stop()}`);
      const { index } = yield* go.select([t.c.onRecv], true);
      say(index === 0 ? "stale" : "clean");
      say(`reset=${yield* t.reset(MS)}`);
      yield* t.c.recv();
      say("again");
    },
  },
  {
    name: "afterfunc_stop",
    pins: "Stop tells whether it prevented the call",
    *port({ go, say }) {
      const t = go.afterFunc(HOUR, function* () {
        say("no");
      });
      say(`${yield* t.stop()} ${yield* t.stop()}`);
      const u = go.afterFunc(MS, function* () {
        say("yes");
      });
      yield* go.sleep(4 * MS);
      say(`${yield* u.stop()}`);
    },
  },
  {
    name: "ticker_drops_and_realigns",
    pins: "A ticker keeps one tick for a late consumer, with the time when it was due, and then goes on along its grid",
    *port({ go, say }) {
      const s = go.now();
      const t = go.newTicker(10 * MS);
      yield* go.burn(35 * MS);
      const a = round((yield* t.c.recv()) - s, 2 * MS);
      const b = round((yield* t.c.recv()) - s, 2 * MS);
      say(`${a / MS}ms ${b >= 40 * MS && b % (10 * MS) === 0}`);
    },
  },
  {
    name: "timeout_select",
    pins: "A select with time.After ends when nothing comes",
    *port({ go, say }) {
      const c = go.make<number>();
      const { index } = yield* go.select([c.onRecv, go.after(2 * MS).onRecv]);
      say(index === 0 ? "value" : "timeout");
    },
  },
];
