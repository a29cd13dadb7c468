/** Run queues, spawn, yield: the ports of queues.go. */
import type { Go } from "../library.ts";
import type { Program } from "./prelude.ts";

export const queues: readonly Program[] = [
  {
    name: "spawn_order",
    pins: "A new goroutine becomes runnext, and kicks the one before it to the tail of the ring",
    *port({ go, say }) {
      const wg = go.waitGroup();
      for (let i = 0; i < 6; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          say(`${i}`);
          yield* wg.done();
        });
      }
      yield* wg.wait();
    },
  },
  {
    name: "spawn_nested",
    pins: "A child in runnext runs before its parent's older siblings; one kicked out of it queues behind them",
    *port({ go, say }) {
      const wg = go.waitGroup();
      yield* wg.add(5);
      function* g(name: string): Go {
        say(name);
        yield* wg.done();
      }
      yield* go.go(function* () {
        say("A");
        yield* go.go(() => g("A1"));
        yield* go.go(() => g("A2"));
        yield* g("a");
      });
      yield* go.go(function* () {
        say("B");
        yield* go.go(() => g("B1"));
        yield* wg.done();
      });
      yield* wg.wait();
    },
  },
  {
    name: "spawn_does_not_switch",
    pins: "The parent goes on after a go statement",
    *port({ go, say }) {
      const done = go.make<boolean>();
      yield* go.go(function* () {
        say("child");
        yield* done.send(true);
      });
      say("parent");
      yield* done.recv();
      say("joined");
    },
  },
  {
    name: "gosched_goes_global",
    pins: "Gosched puts a goroutine into the global queue: even what joins the ring later runs before it",
    *port({ go, say }) {
      const wg = go.waitGroup();
      for (const n of ["a", "b"]) {
        yield* wg.add(3);
        yield* go.go(function* () {
          say(`${n}1`);
          for (const c of ["x", "y"])
            yield* go.go(function* () {
              say(n + c);
              yield* wg.done();
            });
          yield* go.gosched();
          say(`${n}2`);
          yield* wg.done();
        });
      }
      yield* wg.wait();
    },
  },
  {
    name: "gosched_runs_all_local_first",
    pins: "One Gosched lets every local goroutine run",
    *port({ go, say, yields }) {
      for (let i = 0; i < 4; i++)
        yield* go.go(function* () {
          say(`${i}`);
        });
      say("m1");
      yield* yields(1);
      say("m2");
    },
  },
  {
    name: "exit_then_runnext",
    pins: "A close puts the waiting main into runnext, and what was queued before it never runs",
    *port({ go, say }) {
      const done = go.make<boolean>();
      yield* go.go(function* () {
        say("a");
      });
      yield* go.go(function* () {
        say("b");
      });
      yield* go.go(function* () {
        say("z");
        yield* done.close();
      });
      yield* done.recv();
    },
  },
  {
    name: "runq_overflow",
    pins: "When the ring of 256 is full its 128 oldest and the newcomer move to the global queue",
    *port({ go, say }) {
      const wg = go.waitGroup();
      const o: number[] = [];
      for (let i = 0; i < 300; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          o.push(i);
          yield* wg.done();
        });
      }
      yield* wg.wait();
      const global = (i: number): boolean => i < 128 || i === 256;
      let [pl, pg, lastLocal, early] = [-1, -1, 0, 0];
      for (const [k, i] of o.slice(1).entries())
        if (global(i)) {
          if (i < pg) say("BAD");
          pg = i;
        } else {
          if (i < pl) say("BAD");
          pl = i;
          lastLocal = k + 1;
        }
      for (const i of o.slice(0, lastLocal)) if (global(i)) early++;
      say(`first=${o[0]} early=${early === 2 || early === 3} lastThree=[${o.slice(297).join(" ")}]`);
    },
  },
  {
    name: "global_every_61",
    pins: "On every 61st tick the global queue comes before the local one",
    *port({ go, say }) {
      let n = 0;
      let last = 0;
      const d: number[] = [];
      let stop = false;
      const done = go.make<boolean>();
      function* body(): Go {
        n++;
        if (!stop) {
          yield* go.go(body);
          yield* go.go(function* () {}); // kicks body out of runnext
        }
      }
      yield* go.go(function* () {
        for (let i = 0; i < 6; i++) {
          yield* go.gosched();
          d.push(n - last);
          last = n;
        }
        stop = true;
        yield* done.close();
      });
      yield* go.go(body);
      yield* done.recv();
      say(`[${d.slice(1).join(" ")}]`);
    },
  },
  {
    name: "runnext_chain_ignores_61",
    pins: "A goroutine from runnext does not tick: the global queue waits for all of a chain of them",
    *port({ go, say }) {
      let n = 0;
      let seen = 0;
      const done = go.make<boolean>();
      function* chain(): Go {
        n++;
        if (n < 5000) yield* go.go(chain);
      }
      yield* go.go(function* () {
        yield* go.gosched();
        seen = n;
        yield* done.close();
      });
      yield* go.go(chain);
      yield* go.go(function* () {}); // kicks chain out of runnext, behind the one that yields
      yield* done.recv();
      say(`${seen}`);
    },
  },
];
