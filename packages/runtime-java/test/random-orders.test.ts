/**
 * Three hundred random programs over threads, permits, locks, conditions, queues and futures on one carrier: the model
 * prints what Temurin 25.0.3 printed. The real arm is random-orders/RandomOrders.java.
 */
import { readFileSync } from "node:fs";
import type { Steps } from "@orrery/runtime";
import { describe, expect, it } from "vitest";
import {
  ArrayBlockingQueue,
  CompletableFuture,
  CountDownLatch,
  InterruptedException,
  join,
  LinkedBlockingQueue,
  LockSupport,
  P1,
  ReentrantLock,
  Semaphore,
  SynchronousQueue,
  Thread,
  type VirtualThread,
} from "../src/index.ts";
import { type Prelude, run } from "../src/conformance/prelude.ts";

const lines = (name: string): string[] =>
  readFileSync(new URL(`random-orders/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");

const programs = lines("programs.txt")
  .join("\n")
  .split("\n---")
  .map((text) => text.trim().split("\n"))
  .filter(([first]) => first !== "");
const outputs = lines("temurin-25.0.3.txt");

function* interpret({ jvm, log }: Prelude, program: readonly string[]): Steps {
  const semaphores = [
    new Semaphore(jvm, 1),
    new Semaphore(jvm, 1, true),
    new Semaphore(jvm, 0),
    new Semaphore(jvm, 2, true),
  ];
  const locks = [new ReentrantLock(jvm), new ReentrantLock(jvm, true)];
  const conditions = locks.map((lock) => lock.newCondition());
  const latches = [new CountDownLatch(jvm, 1), new CountDownLatch(jvm, 2)];
  const handOvers = [new SynchronousQueue<string>(jvm), new SynchronousQueue<string>(jvm, true)];
  const queues = [
    new ArrayBlockingQueue<string>(jvm, 1),
    new ArrayBlockingQueue<string>(jvm, 2),
    new LinkedBlockingQueue<string>(jvm),
    new LinkedBlockingQueue<string>(jvm, 1),
  ];
  const futures = [new CompletableFuture<string>(jvm), new CompletableFuture<string>(jvm)];
  const threads: VirtualThread[] = [];

  const instructions: Record<string, (at: string, a: number, b: number) => Steps> = {
    *L(at) {
      log(at);
    },
    *Y(at) {
      yield* Thread.yield(jvm);
      log(`${at}y`);
    },
    *B(at) {
      yield* Thread.sleep(jvm, 0);
      log(`${at}z`);
    },
    *S(_at, a) {
      if (threads[a]!.getState() === "NEW") threads[a]!.start();
    },
    *J(at, a) {
      if (threads[a]!.getState() === "NEW") return;
      yield* join(threads[a]!);
      log(`${at}j`);
    },
    *P(at) {
      yield* LockSupport.park(jvm);
      log(`${at}p`);
    },
    *U(_at, a) {
      LockSupport.unpark(threads[a]!);
    },
    *I(_at, a) {
      threads[a]!.interrupt();
    },
    *F(at) {
      log(`${at}f${Thread.interrupted(jvm)}`);
    },
    *A(at, a, b) {
      yield* semaphores[a]!.acquire(b);
      log(`${at}a`);
    },
    *R(_at, a, b) {
      semaphores[a]!.release(b);
    },
    *T(at, a, b) {
      log(`${at}t${semaphores[a]!.tryAcquire(b)}`);
    },
    *l(at, a) {
      yield* locks[a]!.lock();
      log(`${at}l`);
    },
    *i(at, a) {
      yield* locks[a]!.lockInterruptibly();
      log(`${at}i`);
    },
    *u(_at, a) {
      while (locks[a]!.isHeldExclusively()) locks[a]!.unlock();
    },
    *w(at, a) {
      yield* locks[a]!.lock();
      try {
        yield* conditions[a]!.await();
        log(`${at}w`);
      } finally {
        locks[a]!.unlock();
      }
    },
    *n(_at, a) {
      yield* locks[a]!.lock();
      conditions[a]!.signal();
      locks[a]!.unlock();
    },
    *N(_at, a) {
      yield* locks[a]!.lock();
      conditions[a]!.signalAll();
      locks[a]!.unlock();
    },
    *C(_at, a) {
      latches[a]!.countDown();
    },
    *c(at, a) {
      yield* latches[a]!.await();
      log(`${at}c`);
    },
    *"q+"(at, a) {
      yield* handOvers[a]!.put(at);
      log(`${at}+`);
    },
    *"q-"(at, a) {
      log(`${at}-${yield* handOvers[a]!.take()}`);
    },
    *"b+"(at, a) {
      yield* queues[a]!.put(at);
      log(`${at}+`);
    },
    *"b-"(at, a) {
      log(`${at}-${yield* queues[a]!.take()}`);
    },
    *g(at, a) {
      log(`${at}g${yield* futures[a]!.get()}`);
    },
    *G(at, a) {
      futures[a]!.complete(at);
    },
    *h(at, a) {
      futures[a]!.thenAccept(() => log(`${at}h`));
    },
  };

  const body = function* (self: number, line: string): Steps {
    for (const [i, instruction] of line.split(",").entries()) {
      const [op, a, b] = instruction.split(" ");
      const at = `${self}.${i + 1}`;
      try {
        yield* instructions[op!]!(at, Number(a), Number(b));
      } catch (error) {
        if (!(error instanceof InterruptedException)) throw error;
        log(`${at}IE`);
      }
    }
    log(`${self}end`);
  };

  for (const [self, line] of program.entries()) threads.push(Thread.ofVirtual(jvm, body(self, line)));
  threads[0]!.start();
  yield* Thread.sleep(jvm, 15);
}

describe("random programs", () => {
  it("are as many as the outputs", () => {
    expect(programs.length).toBe(outputs.length);
  });

  it.each(programs.map((program, index) => [index, program] as const))("program %i", (index, program) => {
    expect(run((p) => interpret(p, program), { ...P1, onMainThread: true })).toBe(outputs[index]);
  });
});
