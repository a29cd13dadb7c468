// oxlint-disable unicorn/no-unnecessary-await -- the turn that it takes is the subject
/** In which turn of the microtask queue something happens: in the model, and in the Node that runs this test. */
import { add, checkOrThrow, type Program, program } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { expect, test } from "vitest";
import { node } from "../src/index.ts";

const TURNS = 10;

function logOf(source: Program): string[] {
  const checked = checkOrThrow(source);
  const execution = new Execution(runSpec(node, checked.program, checked.params, {}));
  return execution
    .run()
    .result()
    .log.map(({ text }) => text);
}

/** Counts turns beside what a test looks at. */
async function turns(log: string[]): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await null;
    log.push(`turn ${turn}`);
  }
}

test("reactions and those who await go on in the order of their coming; a promise that a handler returns takes its jobs", async () => {
  const model = logOf(
    program("handlers", { doc: "" }, ({ proc, main }) => {
      const plus = proc("plus", { by: "int", v: "int" }, { returns: "int" }, (b, { by, v }) => {
        b.log("{0} and {1}", v, by);
        b.return(add(v, by));
      });
      const give = proc("give", { inner: "promise", v: "int" }, { returns: "promise" }, (b, { inner }) =>
        b.return(inner),
      );
      const waiter = proc("waiter", { p: "promise", n: "int" }, (b, { p, n }) =>
        b.log("{0} got {1}", n, b.await("v", p)),
      );
      const note = proc("note", { n: "int" }, (b, { n }) => b.log("note {0}", n));
      const counter = proc("counter", {}, (b) =>
        b.repeat(TURNS, "turn", (turn) => {
          b.yieldMicro();
          b.log("turn {0}", turn);
        }),
      );
      main((b) => {
        const p = b.promise("p");
        const inner = b.promise("inner");
        b.spawn(waiter, { p, n: 0 });
        const sum = b.onResolve("sum", b.onResolve("first", p, plus, { by: 1 }), plus, { by: 10 });
        b.spawn(waiter, { p, n: 1 });
        b.spawn(waiter, { p: sum, n: 2 });
        b.spawn(waiter, { p: b.onResolve("given", p, give, { inner }), n: 3 });
        b.callback("next", note, { n: 1 });
        b.callback("micro", note, { n: 2 });
        b.spawn(counter);
        b.resolve(inner, 40);
        b.resolve(p, 1);
      });
    }),
  );

  const real: string[] = [];
  const waiter = async (p: Promise<number>, n: number): Promise<void> => {
    real.push(`${n} got ${await p}`);
  };
  const plus = (by: number) => (v: number) => {
    real.push(`${v} and ${by}`);
    return v + by;
  };
  await new Promise<void>((done) => {
    setImmediate(() => {
      let resolve!: (value: number) => void;
      const p = new Promise<number>((own) => (resolve = own));
      const inner = Promise.resolve(40);
      void waiter(p, 0);
      const sum = p.then(plus(1)).then(plus(10));
      void waiter(p, 1);
      void waiter(sum, 2);
      void waiter(
        p.then(() => inner),
        3,
      );
      process.nextTick(() => real.push("note 1"));
      queueMicrotask(() => real.push("note 2"));
      void turns(real).then(done);
      resolve(1);
    });
  });
  expect(model).toEqual(real);
});

test("a wait on a condition takes three turns, of a procedure that is called once as many as its own waits and one", async () => {
  const model = logOf(
    program("condition", { doc: "" }, ({ proc, main }) => {
      const waiter = proc("waiter", { m: "mutex", c: "cond" }, (b, { m, c }) => {
        b.lock(m);
        b.condWait(c);
        b.log("woken");
      });
      const init = proc("init", {}, (b) => {
        b.log("init");
        b.yieldMicro();
      });
      const user = proc("user", { o: "once" }, (b, { o }) => {
        b.onceDo(o, init, {});
        b.log("used");
      });
      const counter = proc("counter", {}, (b) =>
        b.repeat(TURNS, "turn", (turn) => {
          b.yieldMicro();
          b.log("turn {0}", turn);
        }),
      );
      main((b) => {
        const m = b.mutex("m");
        const c = b.cond("c", m);
        const o = b.once("o");
        b.spawn(waiter, { m, c });
        b.yield();
        b.signal(c);
        b.spawn(user, { o });
        b.spawn(user, { o });
        b.spawn(counter);
      });
    }),
  );

  const real: string[] = [];
  let signal!: () => void;
  const signalled = new Promise<void>((own) => (signal = own));
  const wait = async (): Promise<void> => {
    await signalled;
    await null; // the lock, which is free
  };
  let isDone = false;
  const waiting: (() => void)[] = [];
  const init = async (): Promise<void> => {
    real.push("init");
    await null;
  };
  let once = async (): Promise<void> => {
    once = async () => {
      if (!isDone) await new Promise<void>((go) => waiting.push(go));
    };
    await init();
    isDone = true;
    for (const go of waiting) go();
  };
  const user = async (): Promise<void> => {
    await once();
    real.push("used");
  };
  await new Promise<void>((done) => {
    const waiter = async (): Promise<void> => {
      await wait();
      real.push("woken");
    };
    void waiter();
    setImmediate(() => {
      signal();
      void user();
      void user();
      void turns(real).then(done);
    });
  });
  expect(model).toEqual(real);
});
