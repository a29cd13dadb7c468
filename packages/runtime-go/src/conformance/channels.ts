/** Channels and select: the ports of channels.go. */
import type { Chan, Go } from "../library.ts";
import type { Program } from "./prelude.ts";

export const channels: readonly Program[] = [
  {
    name: "send_does_not_switch",
    pins: "A parked receiver gets the value and becomes runnext; the sender goes on",
    *port({ go, say, yields }) {
      const c = go.make<number>();
      const done = go.make<boolean>();
      yield* go.go(function* () {
        say(`got${yield* c.recv()}`);
        yield* done.close();
      });
      yield* yields(1);
      yield* c.send(7);
      say("sent");
      yield* done.recv();
    },
  },
  {
    name: "recv_from_parked_sender",
    pins: "A parked sender gives its value and becomes runnext; the receiver goes on",
    *port({ go, say, yields }) {
      const c = go.make<number>();
      const done = go.make<boolean>();
      yield* go.go(function* () {
        yield* c.send(7);
        say("sent");
        yield* done.close();
      });
      yield* yields(1);
      say(`got${yield* c.recv()}`);
      yield* done.recv();
    },
  },
  {
    name: "ready_three",
    pins: "Of goroutines that are readied in a row the last runs first, the others in order",
    *port({ go, say, yields }) {
      const wg = go.waitGroup();
      const cs: Chan<number>[] = [];
      for (let i = 0; i < 3; i++) {
        const c = (cs[i] = go.make<number>());
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* c.recv();
          say(`${i}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      for (const c of cs) yield* c.send(0);
      yield* wg.wait();
    },
  },
  {
    name: "recvq_fifo",
    pins: "Values go to the receivers in the order in which these parked",
    *port({ go, say, yields }) {
      const c = go.make<number>();
      const wg = go.waitGroup();
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          const v = yield* c.recv();
          say(`r${i}=${v}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      for (const v of [10, 20, 30]) yield* c.send(v);
      yield* wg.wait();
    },
  },
  {
    name: "buffered_sender_rotation",
    pins: "A receive from a full buffer takes its head, and a parked sender's value goes to its tail",
    *port({ go, say, yields }) {
      const c = go.make<string>(1);
      const wg = go.waitGroup();
      yield* c.send("a");
      for (const v of ["b", "c"]) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* c.send(v);
          say(`sent-${v}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      for (let i = 0; i < 3; i++) say(yield* c.recv());
      yield* wg.wait();
    },
  },
  {
    name: "buffered_send_only_parks_when_full",
    pins: "A send parks only when the buffer is full",
    *port({ go, say }) {
      const c = go.make<number>(2);
      const done = go.make<boolean>();
      yield* go.go(function* () {
        for (;;) {
          const [v, ok] = yield* c.recv2();
          if (!ok) break;
          say(`r${v}`);
        }
        yield* done.close();
      });
      for (let i = 0; i < 5; i++) {
        yield* c.send(i);
        say(`s${i}`);
      }
      yield* c.close();
      yield* done.recv();
    },
  },
  {
    name: "close_wakes_lifo",
    pins: "A close readies waiters last parked first; the first parked, readied last, becomes runnext",
    *port({ go, say, yields }) {
      const c = go.make<number>();
      const wg = go.waitGroup();
      for (let i = 0; i < 5; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          const [, ok] = yield* c.recv2();
          say(`${i}:${ok}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* c.close();
      yield* wg.wait();
    },
  },
  {
    name: "close_drains_then_zero",
    pins: "A closed channel gives what its buffer holds, then zero values",
    *port({ go, say }) {
      const c = go.make<number>(3);
      yield* c.send(1);
      yield* c.send(2);
      yield* c.close();
      for (;;) {
        const [v, ok] = yield* c.recv2();
        if (!ok) break;
        say(`${v}`);
      }
      const [v = 0, ok] = yield* c.recv2();
      say(`${v} ${ok}`);
    },
  },
  {
    name: "close_panics_parked_senders",
    pins: "A close makes parked senders panic; later sends and closes panic too",
    *port({ go, say, yields, attempt }) {
      const c = go.make<number>();
      const wg = go.waitGroup();
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* attempt(() => c.send(i));
          say(`${i}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* c.close();
      yield* wg.wait();
      yield* attempt(() => c.send(9));
      yield* attempt(() => c.close());
      yield* attempt(() => go.nilChan<number>().close());
    },
  },
  {
    name: "pingpong_starves_third",
    pins: "Two goroutines that wake each other through runnext share one time slice, and starve a third until sysmon preempts",
    *port({ go, say }) {
      const c = go.make<number>();
      let n = 0;
      let at = 0;
      let stop = false;
      const done = go.make<boolean>();
      yield* go.go(function* () {
        at = n;
        stop = true;
      });
      yield* go.go(function* () {
        for (;;) {
          const [, ok] = yield* c.recv2();
          if (!ok) break;
        }
        yield* done.close();
      });
      while (!stop) {
        yield* c.send(0);
        n++;
      }
      yield* c.close();
      yield* done.recv();
      say(`${at > 1000}`);
    },
  },
  {
    name: "nonblocking_ops",
    pins: "A select with default takes what is ready and never waits, on a nil channel neither",
    *port({ go, say }) {
      const c = go.make<number>(1);
      const nilc = go.nilChan<number>();
      function* op(n: string, d: Chan<number>): Go {
        const { index } = yield* go.select([d.onSend(1)], true);
        say(index === 0 ? `${n}-sent` : `${n}-full`);
      }
      function* receive(): Go {
        const { index, value } = yield* go.select([c.onRecv], true);
        say(index === 0 ? `got${value as number}` : "empty");
      }
      yield* op("c", c);
      yield* op("c", c);
      yield* op("nil", nilc);
      yield* receive();
      yield* receive();
      yield* c.close();
      const { index, value, ok } = yield* go.select([c.onRecv], true);
      say(index === 0 ? `${(value as number | undefined) ?? 0},${ok}` : "empty");
    },
  },
  {
    name: "select_uniform",
    pins: "A select chooses uniformly among ready cases",
    *port({ go, say }) {
      const a = go.make<number>(3000);
      const b = go.make<number>(3000);
      let na = 0;
      for (let i = 0; i < 3000; i++) {
        yield* a.send(1);
        yield* b.send(1);
      }
      for (let i = 0; i < 3000; i++) {
        const { index } = yield* go.select([a.onRecv, b.onRecv]);
        if (index === 0) na++;
      }
      say(`${na > 1300 && na < 1700}`);
    },
  },
  {
    name: "select_one_ready_case",
    pins: "A select takes either of two ready cases",
    *port({ go, say }) {
      const a = go.make<string>(1);
      const b = go.make<string>(1);
      yield* a.send("a");
      yield* b.send("b");
      const { value } = yield* go.select([a.onRecv, b.onRecv]);
      say(value as string);
    },
  },
  {
    name: "select_claimed_once",
    pins: "The first to wake a parked select claims it; a later sender passes it over",
    *port({ go, say, yields }) {
      const a = go.make<number>();
      const b = go.make<number>();
      const done = go.make<boolean>();
      yield* go.go(function* () {
        const { index } = yield* go.select([a.onRecv, b.onRecv]);
        say(index === 0 ? "a" : "b");
        yield* done.close();
      });
      yield* yields(1);
      yield* a.send(1);
      const { index } = yield* go.select([b.onSend(1)], true);
      say(index === 0 ? "b-sent" : "b-skipped");
      yield* done.recv();
    },
  },
  {
    name: "select_waiter_keeps_fifo_place",
    pins: "A parked select has its place in the queue of each channel, like a plain receiver",
    *port({ go, say, yields }) {
      const a = go.make<number>();
      const b = go.make<number>();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* go.go(function* () {
        const v = yield* a.recv();
        say(`plain${v}`);
        yield* wg.done();
      });
      yield* go.go(function* () {
        const { index, value } = yield* go.select([a.onRecv, b.onRecv]);
        if (index === 0) say(`sel${value as number}`);
        yield* wg.done();
      });
      yield* yields(1);
      yield* a.send(1);
      yield* a.send(2);
      yield* wg.wait();
    },
  },
  {
    name: "select_nil_cases_drop_out",
    pins: "A case of a nil channel is never ready",
    *port({ go, say }) {
      const n = go.nilChan<number>();
      const c = go.make<number>(1);
      yield* c.send(5);
      for (let i = 0; i < 3; i++) {
        const { index, value } = yield* go.select([n.onRecv, c.onRecv, n.onSend(1)], true);
        say(index === -1 ? "default" : index === 1 ? `${value as number}` : "nil");
      }
    },
  },
  {
    name: "coroutine_bypasses_scheduler",
    pins: "iter.Pull switches to its sequence and back without a look at the run queues",
    *port({ go, say, yields }) {
      yield* go.go(function* () {
        say("other");
      });
      const { next, stop } = go.pull<number>(function* (yield_) {
        for (let i = 0; i < 3; i++) if (!(yield* yield_(i))) return;
      });
      for (let [v, ok] = yield* next(); ok; [v, ok] = yield* next()) say(`${v}`);
      yield* stop();
      yield* yields(1);
    },
  },
  {
    name: "coroutine_shares_time_slice",
    pins: "Both ends of a coroutine share a time slice, and NumGoroutine counts it",
    *port({ go, say, yields }) {
      let done = false;
      let got: number | undefined = 0;
      yield* go.go(function* () {
        yield* go.gosched();
        done = true;
      });
      const { next, stop } = go.pull<number>(function* (yield_) {
        for (let i = 0; yield* yield_(i); i++);
      });
      say(`live${go.numGoroutine()}`);
      for (let i = 0; i < 1000; i++) [got] = yield* next();
      say(`${got} ${done}`);
      yield* stop();
      say(`live${go.numGoroutine()}`);
      yield* yields(2);
      say(`${done}`);
    },
  },
  {
    name: "coroutine_panic_reaches_next",
    pins: "A panic of the sequence goes on in whoever called next; after it there are no more values",
    *port({ go, say, attempt }) {
      const { next, stop } = go.pull<number>(function* (yield_) {
        try {
          yield* yield_(1);
          go.panic("inside");
        } finally {
          say("deferred");
        }
      });
      let [v, ok] = yield* next();
      say(`${v} ${ok}`);
      yield* attempt(function* () {
        yield* next();
      });
      [v = 0, ok] = yield* next();
      say(`${v} ${ok}`);
      yield* stop();
    },
  },
  {
    name: "coroutine_stop_ends_sequence",
    pins: "stop makes the sequence's yield return false: it ends before stop returns; one that never began does not begin",
    *port({ go, say }) {
      function* seq(yield_: (i: number) => Go<boolean>): Go {
        for (let i = 0; yield* yield_(i); i++);
        say("cleaned");
      }
      const { next, stop } = go.pull(seq);
      const [v] = yield* next();
      say(`${v}`);
      yield* stop();
      say("stopped");
      const [, ok] = yield* next();
      say(`${ok}`);
      yield* go.pull(seq).stop();
      say("end");
    },
  },
  {
    name: "coroutine_goexit_reaches_next",
    pins: "A Goexit of the sequence ends the goroutine that called next",
    *port({ go, say }) {
      const done = go.make<never>();
      yield* go.go(function* () {
        try {
          const { next } = go.pull<number>(() => go.goexit());
          yield* next();
          say("never");
        } finally {
          yield* done.close();
        }
      });
      yield* done.recv2();
      say(`live${go.numGoroutine()}`);
    },
  },
];
