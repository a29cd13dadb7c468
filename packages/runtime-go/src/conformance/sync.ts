/** Package sync: the ports of sync.go. */
import { ErrGroup } from "../errgroup.ts";
import type { Go } from "../library.ts";
import { Pool } from "../pool.ts";
import { Singleflight } from "../singleflight.ts";
import { MS, type Program } from "./prelude.ts";

export const sync: readonly Program[] = [
  {
    name: "mutex_barging",
    pins: "A running goroutine locks again before the one that its Unlock woke, which then waits before all others",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const wg = go.waitGroup();
      yield* mu.lock();
      for (const n of ["V", "W"]) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* mu.lock();
          say(n);
          yield* mu.unlock();
          yield* wg.done();
        });
      }
      yield* yields(1); // parked in order W V
      yield* mu.unlock();
      yield* mu.lock();
      say("main-again");
      yield* yields(1);
      say("still-main");
      yield* mu.unlock();
      yield* wg.wait();
    },
  },
  {
    name: "mutex_fifo",
    pins: "Waiters of a mutex get it in the order in which they parked",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const wg = go.waitGroup();
      yield* mu.lock();
      for (let i = 0; i < 4; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* mu.lock();
          say(`${i}`);
          yield* mu.unlock();
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* mu.unlock();
      say("main");
      yield* wg.wait();
    },
  },
  {
    name: "mutex_starvation_handoff",
    pins: "After a waiter has lost once and waited for more than 1 ms, Unlock hands it the mutex and the processor",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const done = go.make<boolean>();
      yield* mu.lock();
      yield* go.go(function* () {
        yield* mu.lock();
        say("W");
        yield* mu.unlock();
        yield* done.close();
      });
      yield* yields(1);
      yield* go.burn(2 * MS);
      yield* mu.unlock();
      yield* mu.lock();
      yield* yields(1); // W wakes, loses and turns the mutex to starvation mode
      say(`try=${yield* mu.tryLock()}`);
      yield* mu.unlock();
      say("main");
      yield* done.recv();
    },
  },
  {
    name: "mutex_starvation_until_last",
    pins: "Starvation mode lasts until the last waiter has the mutex: the one before hands it over, too",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* mu.lock();
      for (let i = 0; i < 2; i++)
        yield* go.go(function* () {
          yield* mu.lock();
          say(`w${i}`);
          yield* mu.unlock();
          say(`u${i}`);
          yield* wg.done();
        });
      yield* yields(1);
      yield* go.burn(2 * MS);
      yield* mu.unlock();
      yield* mu.lock();
      yield* yields(1); // the first wakes, loses and turns the mutex to starvation mode
      yield* mu.unlock();
      say("main");
      yield* wg.wait();
    },
  },
  {
    name: "mutex_woken_blocks_second_wake",
    pins: "While a woken waiter has not run yet, another Unlock wakes nobody",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* mu.lock();
      for (let i = 0; i < 2; i++)
        yield* go.go(function* () {
          yield* mu.lock();
          say(`w${i}`);
          yield* go.gosched();
          say(`u${i}`);
          yield* mu.unlock();
          yield* wg.done();
        });
      yield* yields(1);
      yield* mu.unlock();
      yield* mu.lock();
      yield* mu.unlock();
      yield* wg.wait();
    },
  },
  {
    name: "mutex_wakeup_token_theft",
    pins: "A goroutine that comes to wait takes the wake-up token of one that has not run yet",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* mu.lock();
      yield* go.go(function* () {
        yield* mu.lock();
        say("W");
        yield* mu.unlock();
        yield* wg.done();
      });
      yield* yields(1);
      yield* mu.unlock();
      yield* mu.lock();
      // kicks W out of runnext
      yield* go.go(function* () {
        yield* mu.lock();
        say("Y");
        yield* mu.unlock();
        yield* wg.done();
      });
      yield* yields(1);
      yield* mu.unlock();
      yield* wg.wait();
    },
  },
  {
    name: "rwmutex_writer_blocks_new_readers",
    pins: "A waiting writer blocks readers that come after it",
    *port({ go, say, yields }) {
      const rw = go.rwMutex();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* rw.rlock();
      yield* go.go(function* () {
        yield* rw.lock();
        say("W");
        yield* rw.unlock();
        yield* wg.done();
      });
      yield* yields(1);
      yield* go.go(function* () {
        yield* rw.rlock();
        say("R2");
        yield* rw.runlock();
        yield* wg.done();
      });
      yield* yields(1);
      say(`try=${yield* rw.tryRLock()}`);
      yield* rw.runlock();
      yield* wg.wait();
    },
  },
  {
    name: "rwmutex_unlock_releases_readers_first",
    pins: "Readers that queued during a write go before the next writer, though it came first",
    *port({ go, say, yields }) {
      const rw = go.rwMutex();
      const wg = go.waitGroup();
      yield* wg.add(4);
      yield* rw.lock();
      yield* go.go(function* () {
        yield* rw.lock();
        say("W2");
        yield* rw.unlock();
        yield* wg.done();
      });
      yield* yields(1);
      for (let i = 0; i < 3; i++)
        yield* go.go(function* () {
          yield* rw.rlock();
          say(`r${i}`);
          yield* rw.runlock();
          yield* wg.done();
        });
      yield* yields(1);
      yield* rw.unlock();
      yield* wg.wait();
    },
  },
  {
    name: "cond_signal_fifo",
    pins: "Signal wakes the waiter with the oldest ticket",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const c = go.cond(mu);
      const wg = go.waitGroup();
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* mu.lock();
          yield* c.wait();
          say(`${i}`);
          yield* mu.unlock();
          yield* wg.done();
        });
      }
      yield* yields(1);
      for (let i = 0; i < 3; i++) {
        yield* c.signal();
        yield* yields(1);
      }
      yield* wg.wait();
    },
  },
  {
    name: "cond_broadcast_last_first",
    pins: "Broadcast readies the waiters in ticket order, so the last becomes runnext and runs first",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const c = go.cond(mu);
      const wg = go.waitGroup();
      for (let i = 0; i < 4; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* mu.lock();
          yield* c.wait();
          say(`${i}`);
          yield* mu.unlock();
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* c.broadcast();
      yield* wg.wait();
    },
  },
  {
    name: "cond_signal_without_waiter_is_lost",
    pins: "A Signal that nobody waits for is lost",
    *port({ go, say, yields }) {
      const mu = go.mutex();
      const c = go.cond(mu);
      let ok = false;
      yield* c.signal();
      yield* go.go(function* () {
        yield* mu.lock();
        yield* c.wait();
        ok = true;
        yield* mu.unlock();
      });
      yield* yields(2);
      say(`${ok}`);
      yield* c.signal();
      yield* yields(2);
      say(`${ok}`);
    },
  },
  {
    name: "waitgroup_waiters",
    pins: "The last Done readies the waiters in order, so the last becomes runnext and runs first",
    *port({ go, say, yields }) {
      const g = go.waitGroup();
      const wg = go.waitGroup();
      yield* g.add(1);
      for (let i = 0; i < 4; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* g.wait();
          say(`${i}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* g.done();
      say("main");
      yield* wg.wait();
    },
  },
  {
    name: "waitgroup_zero_wait_does_not_yield",
    pins: "Wait at zero goes on at once; Done below zero panics",
    *port({ go, say, yields, attempt }) {
      const wg = go.waitGroup();
      yield* go.go(function* () {
        say("other");
      });
      yield* wg.wait();
      say("main");
      yield* yields(1);
      yield* attempt(() => wg.done());
    },
  },
  {
    name: "once_second_caller_waits",
    pins: "A second caller of Once.Do waits until the first call has ended",
    *port({ go, say }) {
      const o = go.once();
      const wg = go.waitGroup();
      yield* wg.add(2);
      for (let i = 0; i < 2; i++)
        yield* go.go(function* () {
          yield* o.do(function* () {
            say(`init${i}`);
            yield* go.gosched();
            say("ready");
          });
          say(`use${i}`);
          yield* wg.done();
        });
      yield* wg.wait();
    },
  },
  {
    name: "once_panic_counts_as_done",
    pins: "A call that panicked counts as done for Once; a OnceFunc panics again with the same value",
    *port({ go, say, attempt }) {
      const o = go.once();
      yield* attempt(() =>
        o.do(function* () {
          go.panic("boom");
        }),
      );
      yield* o.do(function* () {
        say("never");
      });
      say("end");
      const f = go.onceFunc(function* () {
        go.panic("again");
      });
      yield* attempt(f);
      yield* attempt(f);
    },
  },
  {
    name: "channel_semaphore_fifo",
    pins: "A buffered channel used as a semaphore serves its waiters in order",
    *port({ go, say, yields }) {
      const sem = go.make<null>(1);
      const wg = go.waitGroup();
      yield* sem.send(null);
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* sem.send(null);
          say(`${i}`);
          yield* sem.recv();
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* sem.recv();
      say("main");
      yield* wg.wait();
    },
  },
  {
    name: "once_value_shared",
    pins: "Whoever calls an OnceValue gets the value of the only call, or its panic; those who come during the call wait for it",
    *port({ go, say, attempt }) {
      let n = 0;
      const f = go.onceValue(function* () {
        n++;
        yield* go.gosched();
        return n * 7;
      });
      const wg = go.waitGroup();
      for (let i = 0; i < 2; i++)
        yield* wg.go(function* () {
          say(`${i}:${yield* f()}`);
        });
      yield* wg.wait();
      say(`n${n}`);
      const g = go.onceFunc(function* () {
        go.panic("bad");
      });
      yield* attempt(g);
      yield* attempt(g);
    },
  },
  {
    name: "group_limit_blocks_spawner",
    pins: "Of an errgroup with a limit: who starts one too many waits for a place, and TryGo refuses",
    *port({ go, say }) {
      const group = new ErrGroup(go);
      group.setLimit(2);
      for (let i = 0; i < 4; i++) {
        yield* group.go(function* () {
          say(`b${i}`);
          yield* go.gosched();
          say(`e${i}`);
          return "";
        });
        say(`s${i}`);
      }
      const attempt = (text: string): Go<boolean> =>
        group.tryGo(function* () {
          say(text);
          return "";
        });
      say(`${yield* attempt("no")}`);
      yield* group.wait();
      say(`${yield* attempt("yes")}`);
      yield* group.wait();
    },
  },
  {
    name: "duplicate_calls_share_result",
    pins: "Who asks a singleflight group while another's call runs waits for its result; they go on last first, behind the caller",
    *port({ go, say }) {
      const calls = new Singleflight<number>(go);
      let n = 0;
      const wg = go.waitGroup();
      for (let i = 0; i < 4; i++)
        yield* wg.go(function* () {
          let called = false;
          const [v] = yield* calls.do("k", function* () {
            called = true;
            n++;
            yield* go.sleep(MS);
            return n;
          });
          say(`${i}:${v},${!called}`);
        });
      yield* wg.wait();
    },
  },
  {
    name: "pool_gives_last_back",
    pins: "A Pool gives a P first the value that it put first, then its newest",
    *port({ go, say }) {
      const p = new Pool(go, () => "new");
      for (const v of ["a", "b", "c"]) yield* p.put(v);
      const got: string[] = [];
      for (let i = 0; i < 4; i++) got.push(yield* p.get());
      say(got.join(" "));
    },
  },
  {
    name: "rwmutex_try",
    pins: "TryLock and TryRLock of an RWMutex never wait: readers share it, a writer has it alone",
    *port({ go, say }) {
      const rw = go.rwMutex();
      say(`${yield* rw.tryRLock()} ${yield* rw.tryRLock()} ${yield* rw.tryLock()}`);
      yield* rw.runlock();
      yield* rw.runlock();
      say(`${yield* rw.tryLock()} ${yield* rw.tryRLock()} ${yield* rw.tryLock()}`);
    },
  },
];
