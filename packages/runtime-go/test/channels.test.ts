// Spec section 12.B: channels and select. Same programs as the Go originals, which go1.26.8 ran with these outputs.
import { expect, it } from "vitest";
import type { Chan, Go } from "../src/index.ts";
import { line } from "./harness.ts";

it("hands a value to a parked receiver and keeps the sender running", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const c = go.make<number>();
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
        say(`got${yield* c.recv()}`);
        yield* done.close();
      });
      yield* yields(1);
      yield* c.send(7);
      say("sent");
      yield* done.recv();
    }),
  ).toBe("sent got7");
});

it("takes from a parked sender and keeps the receiver running", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const c = go.make<number>();
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
        yield* c.send(7);
        say("sent");
        yield* done.close();
      });
      yield* yields(1);
      say(`got${yield* c.recv()}`);
      yield* done.recv();
    }),
  ).toBe("got7 sent");
});

it("runs the last of three readied goroutines first, the others in order", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const wg = go.waitGroup();
      const cs: Chan<number>[] = [];
      for (let i = 0; i < 3; i++) {
        const c = go.make<number>();
        cs.push(c);
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          yield* c.recv();
          say(`${i}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      for (const c of cs) yield* c.send(0);
      yield* wg.wait();
    }),
  ).toBe("2 0 1");
});

it("serves receivers in the order in which they parked", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const c = go.make<number>();
      const wg = go.waitGroup();
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          say(`r${i}=${yield* c.recv()}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      for (const v of [10, 20, 30]) yield* c.send(v);
      yield* wg.wait();
    }),
  ).toBe("r1=30 r2=10 r0=20");
});

it("takes the head of a full buffer and puts a parked sender's value at its tail", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const c = go.make<string>(1);
      const wg = go.waitGroup();
      yield* c.send("a");
      for (const v of ["b", "c"]) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          yield* c.send(v);
          say(`sent-${v}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      for (let i = 0; i < 3; i++) say(yield* c.recv());
      yield* wg.wait();
    }),
  ).toBe("a c b sent-b sent-c");
});

it("parks a sender only when the buffer is full", () => {
  expect(
    line(function* ({ go, say }): Go {
      const c = go.make<number>(2);
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
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
    }),
  ).toBe("s0 s1 r0 r1 r2 s2 s3 s4 r3 r4");
});

it("wakes receivers last parked first at close", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const c = go.make<number>();
      const wg = go.waitGroup();
      for (let i = 0; i < 5; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          const [, ok] = yield* c.recv2();
          say(`${i}:${ok}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* c.close();
      yield* wg.wait();
    }),
  ).toBe("4:false 3:false 2:false 1:false 0:false");
});

it("drains a closed channel before it reports the end", () => {
  expect(
    line(function* ({ go, say }): Go {
      const c = go.make<number>(3);
      yield* c.send(1);
      yield* c.send(2);
      yield* c.close();
      for (;;) {
        const [v, ok] = yield* c.recv2();
        say(ok ? `${v}` : `${v ?? 0} ${ok}`);
        if (!ok) break;
      }
    }),
  ).toBe("1 2 0 false");
});

it("panics parked senders at close, and later sends and closes", () => {
  expect(
    line(function* ({ go, say, yields, attempt }): Go {
      const c = go.make<number>();
      const wg = go.waitGroup();
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
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
    }),
  ).toBe(
    "<send on closed channel> 2 <send on closed channel> 1 <send on closed channel> 0 " +
      "<send on closed channel> <close of closed channel> <close of nil channel>",
  );
});

it("lets a ping-pong pair starve a third goroutine until sysmon steps in", () => {
  expect(
    line(function* ({ go, say }): Go {
      const c = go.make<number>();
      const done = go.make<boolean>();
      let n = 0;
      let at = 0;
      let stop = false;
      yield* go.go(function* (): Go {
        at = n;
        stop = true;
      });
      yield* go.go(function* (): Go {
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
    }),
  ).toBe("true");
});

it("does not wait in a select with default", () => {
  expect(
    line(function* ({ go, say }): Go {
      const c = go.make<number>(1);
      function* trySend(name: string, d: Chan<number>): Go {
        const { index } = yield* go.select([d.onSend(1)], true);
        say(index === 0 ? `${name}-sent` : `${name}-full`);
      }
      function* tryRecv(): Go {
        const { index, value } = yield* go.select([c.onRecv], true);
        say(index === 0 ? `got${value as number}` : "empty");
      }
      yield* trySend("c", c);
      yield* trySend("c", c);
      yield* trySend("nil", go.nilChan());
      yield* tryRecv();
      yield* tryRecv();
      yield* c.close();
      const { index, value, ok } = yield* go.select([c.onRecv], true);
      say(index === 0 ? `${(value as number | undefined) ?? 0},${ok}` : "empty");
    }),
  ).toBe("c-sent c-full nil-full got1 empty 0,false");
});

it("chooses uniformly among ready cases", () => {
  expect(
    line(function* ({ go, say }): Go {
      const a = go.make<number>(3000);
      const b = go.make<number>(3000);
      let na = 0;
      for (let i = 0; i < 3000; i++) {
        yield* a.send(1);
        yield* b.send(1);
      }
      for (let i = 0; i < 3000; i++) if ((yield* go.select([a.onRecv, b.onRecv])).index === 0) na++;
      say(`${na > 1300 && na < 1700}`);
    }),
  ).toBe("true");
});

it("takes either of two ready cases, nothing else", () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 20; seed++)
    seen.add(
      line(
        function* ({ go, say }): Go {
          const a = go.make<string>(1);
          const b = go.make<string>(1);
          yield* a.send("a");
          yield* b.send("b");
          say((yield* go.select([a.onRecv, b.onRecv])).value as string);
        },
        { seed },
      ),
    );
  expect([...seen].sort()).toEqual(["a", "b"]);
});

it("lets the first waker claim a parked select", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const a = go.make<number>();
      const b = go.make<number>();
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
        say((yield* go.select([a.onRecv, b.onRecv])).index === 0 ? "a" : "b");
        yield* done.close();
      });
      yield* yields(1);
      yield* a.send(1);
      const { index } = yield* go.select([b.onSend(1)], true);
      say(index === 0 ? "b-sent" : "b-skipped");
      yield* done.recv();
    }),
  ).toBe("b-skipped a");
});

it("keeps a select's place in each queue", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const a = go.make<number>();
      const b = go.make<number>();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* go.go(function* (): Go {
        say(`plain${yield* a.recv()}`);
        yield* wg.done();
      });
      yield* go.go(function* (): Go {
        const { index, value } = yield* go.select([a.onRecv, b.onRecv]);
        if (index === 0) say(`sel${value as number}`);
        yield* wg.done();
      });
      yield* yields(1);
      yield* a.send(1);
      yield* a.send(2);
      yield* wg.wait();
    }),
  ).toBe("plain2 sel1");
});

it("drops nil channels out of a select", () => {
  expect(
    line(function* ({ go, say }): Go {
      const n = go.nilChan<number>();
      const c = go.make<number>(1);
      yield* c.send(5);
      for (let i = 0; i < 3; i++) {
        const { index, value } = yield* go.select([n.onRecv, c.onRecv, n.onSend(1)], true);
        say(index === -1 ? "default" : index === 1 ? `${value as number}` : "nil");
      }
    }),
  ).toBe("5 default default");
});
