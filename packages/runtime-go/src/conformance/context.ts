/** Package context, and idioms of cancelling: the ports of context.go. */
import type { Go } from "../library.ts";
import { background, CANCELED, DEADLINE_EXCEEDED } from "../context.ts";
import { HOUR, MS, type Program } from "./prelude.ts";

export const context: readonly Program[] = [
  {
    name: "ctx_cancel_parent_then_child",
    pins: "A cancel closes the parent's channel and then the child's, so the child's waiter is runnext and runs first",
    *port({ go, say, yields }) {
      const [p, cancel] = yield* background(go).withCancel();
      const [c] = yield* p.withCancel();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* go.go(function* () {
        yield* p.done.recv();
        say("P");
        yield* wg.done();
      });
      yield* go.go(function* () {
        yield* c.done.recv();
        say(`C:${c.err}`);
        yield* wg.done();
      });
      yield* yields(1);
      yield* cancel();
      say("cancelled");
      yield* wg.wait();
    },
  },
  {
    name: "ctx_timeout_err_and_cause",
    pins: "A timeout has its own error and the cause that was given, which children made later inherit",
    *port({ go, say }) {
      const [c, cancel] = yield* background(go).withTimeout(MS, "why");
      yield* c.done.recv();
      say(`${c.err}|${c.cause}|${c.err === DEADLINE_EXCEEDED}`);
      const [d, stop] = yield* c.withCancelCause();
      say(d.cause);
      yield* stop(CANCELED);
      yield* cancel();
    },
  },
  {
    name: "ctx_child_deadline_later_than_parent",
    pins: "A child whose deadline is later has the parent's deadline, and ends with it",
    *port({ go, say }) {
      const [p, c1] = yield* background(go).withTimeout(MS);
      const [k, c2] = yield* p.withTimeout(HOUR);
      yield* k.done.recv();
      say(`${p.deadlineNs === k.deadlineNs} ${k.err}`);
      yield* c2();
      yield* c1();
    },
  },
  {
    name: "ctx_afterfunc",
    pins: "AfterFunc runs in a goroutine of its own after the cancel; its stop tells whether it prevented that",
    *port({ go, say, yields }) {
      const [c, cancel] = yield* background(go).withCancel();
      const s1 = yield* c.afterFunc(function* () {
        say("af1");
      });
      const s2 = yield* c.afterFunc(function* () {
        say("af2");
      });
      say(`${yield* s2()}`);
      yield* cancel();
      say("main");
      yield* yields(1);
      say(`${yield* s1()}`);
    },
  },
  {
    name: "ctx_siblings_random",
    pins: "Children are kept in a map: of two siblings the second, readied last, runs first 7 times in 8",
    *port({ go, say, yields }) {
      let inOrder = 0;
      for (let round = 0; round < 800; round++) {
        const [p, cancel] = yield* background(go).withCancel();
        const wg = go.waitGroup();
        const o: number[] = [];
        for (let i = 0; i < 2; i++) {
          const [c] = yield* p.withCancel();
          yield* wg.add(1);
          yield* go.go(function* () {
            yield* c.done.recv();
            o.push(i);
            yield* wg.done();
          });
        }
        yield* yields(1);
        yield* cancel();
        yield* wg.wait();
        if (o[0] === 0) inOrder++;
      }
      say(`${inOrder > 60 && inOrder < 140}`);
    },
  },
  {
    name: "cancel_is_cooperative",
    pins: "A cancel interrupts nobody: the goroutine ends when it looks",
    *port({ go, say, yields }) {
      const [c, cancel] = yield* background(go).withCancel();
      const done = go.make<boolean>();
      yield* go.go(function* () {
        for (let i = 0; c.err === ""; i++) {
          say(`w${i}`);
          yield* go.gosched();
        }
        say("bye");
        yield* done.close();
      });
      yield* yields(2);
      yield* cancel();
      say("cancelled");
      yield* done.recv();
    },
  },
  {
    name: "first_error_wins",
    pins: "With a WaitGroup, a Once and a cancel, as in errgroup, the first error is kept and cancels the others",
    *port({ go, say }) {
      const [c, cancel] = yield* background(go).withCancelCause();
      const wg = go.waitGroup();
      const once = go.once();
      let err = "";
      function* task(i: number): Go {
        if (i === 0) {
          yield* c.done.recv();
          say(`t0:${c.cause}`);
          return;
        }
        const e = `e${i}`;
        say(`t${i}`);
        yield* once.do(function* () {
          err = e;
          yield* cancel(e);
        });
      }
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* () {
          yield* task(i);
          yield* wg.done();
        });
      }
      yield* wg.wait();
      say(`err=${err}`);
    },
  },
];
