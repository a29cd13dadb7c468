/** What the model's default costs add up to, per operation: `node --conditions=source bench/costs.ts`. */
import type { Steps } from "@orrery/runtime";
import {
  ArrayBlockingQueue,
  CompletableFuture,
  join,
  type Jvm,
  LockSupport,
  P1,
  runJava,
  Semaphore,
  SynchronousQueue,
  Thread,
  type VirtualThread,
} from "../src/index.ts";

type Body = Steps<unknown>;

function measure(name: string, operations: number, body: (jvm: Jvm) => Body): void {
  let ns = 0;
  runJava(P1, function* (jvm) {
    const start = jvm.machine.now;
    yield* body(jvm);
    yield 0;
    ns = (jvm.machine.now - start) / operations;
  });
  console.log(`${name.padEnd(28)} ${Math.round(ns)} ns`);
}

const N = 10_000;
const start = (jvm: Jvm, body: Body): VirtualThread => Thread.startVirtualThread(jvm, body);

measure("yield, 2 threads", N, function* (jvm) {
  const body = function* (): Steps {
    for (let i = 0; i < N / 2; i++) yield* Thread.yield(jvm);
  };
  const threads = [start(jvm, body()), start(jvm, body())];
  for (const t of threads) yield* join(t);
});

measure("park/unpark switch", N, function* (jvm) {
  const threads: VirtualThread[] = [];
  const body = function* (other: number): Steps {
    for (let i = 0; i < N / 2; i++) {
      LockSupport.unpark(threads[other]!);
      yield* LockSupport.park(jvm);
    }
    LockSupport.unpark(threads[other]!);
  };
  threads.push(start(jvm, body(1)), start(jvm, body(0)));
  for (const t of threads) yield* join(t);
});

measure("spawn 500 and join all", N, function* (jvm) {
  for (let k = 0; k < N / 500; k++) {
    const threads = Array.from({ length: 500 }, () => start(jvm, (function* (): Steps {})()));
    for (const t of threads) yield* join(t);
  }
});

measure("spawn and join one", N, function* (jvm) {
  for (let i = 0; i < N; i++) yield* join(start(jvm, (function* (): Steps {})()));
});

measure("Semaphore switch", N, function* (jvm) {
  const [a, b] = [new Semaphore(jvm, 0, true), new Semaphore(jvm, 0, true)];
  const echo = function* (): Steps {
    for (let i = 0; i < N / 2; i++) {
      yield* a.acquire();
      b.release();
    }
  };
  const thread = start(jvm, echo());
  for (let i = 0; i < N / 2; i++) {
    a.release();
    yield* b.acquire();
  }
  yield* join(thread);
});

const elements = (put: (i: number) => Body, take: () => Body) =>
  function* (jvm: Jvm): Steps {
    const taker = function* (): Steps {
      for (let i = 0; i < N; i++) yield* take();
    };
    const thread = start(jvm, taker());
    for (let i = 0; i < N; i++) yield* put(i);
    yield* join(thread);
  };

measure("SynchronousQueue element", N, (jvm) => {
  const q = new SynchronousQueue<number>(jvm);
  return elements(
    (i) => q.put(i),
    () => q.take(),
  )(jvm);
});

measure("ArrayBlockingQueue(1) element", N, (jvm) => {
  const q = new ArrayBlockingQueue<number>(jvm, 1);
  return elements(
    (i) => q.put(i),
    () => q.take(),
  )(jvm);
});

measure("ArrayBlockingQueue(1024)", N, (jvm) => {
  const q = new ArrayBlockingQueue<number>(jvm, 1024);
  return elements(
    (i) => q.put(i),
    () => q.take(),
  )(jvm);
});

measure("future: spawn, get, join", N, function* (jvm) {
  for (let i = 0; i < N; i++) {
    const future = new CompletableFuture<number>(jvm);
    const completer = function* (): Steps {
      future.complete(1);
    };
    const thread = start(jvm, completer());
    yield* future.get();
    yield* join(thread);
  }
});

measure("timed park, unparked", N, function* (jvm) {
  const parker = function* (): Steps {
    for (let i = 0; i < N; i++) yield* LockSupport.parkNanos(jvm, 10_000_000_000);
  };
  const thread = start(jvm, parker());
  for (let i = 0; i < N; i++) {
    yield* Thread.yield(jvm);
    LockSupport.unpark(thread);
  }
  yield* join(thread);
});

measure("sleep(1 ms)", 100, function* (jvm) {
  for (let i = 0; i < 100; i++) yield* Thread.sleep(jvm, 1);
});
