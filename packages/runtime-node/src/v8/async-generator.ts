/**
 * Async generators (ECMAScript 27.6; V8's src/builtins/builtins-async-generator-gen.cc). Calls of `next`, `throw` and `return`
 * queue up, each with a promise of its own. In the body `yield p` is `await p`, `yield n` burns n ns of CPU, and
 * `yield give(v)` is the generator's own `yield v`, whose operand is awaited first. So is that of `return v`, which is to be
 * written `return yield Promise.resolve(v)`. `yield*` passes on `next` only, not `throw` and `return`.
 */
import type { Steps } from "@orrery/runtime";
import type { Isolate } from "./isolate.ts";
import { FULFILLED, type Job, REJECTED, type Settled } from "./microtask-queue.ts";
import { JSPromise, promiseResolve } from "./promise.ts";

/** What an async generator yields to its caller. */
export class Given {
  readonly value: unknown;
  /** False for what `yield*` passes on: it was awaited by the inner generator. */
  readonly awaited: boolean;

  constructor(value: unknown, awaited: boolean) {
    this.value = value;
    this.awaited = awaited;
  }
}

export const give = (value: unknown): Given => new Given(value, true);

/** `yield* inner` */
export function* delegate(inner: AsyncGenerator): Steps<unknown> {
  for (;;) {
    const { value, done }: IteratorResult<unknown, unknown> = yield yield* inner.next();
    if (done === true) return value;
    yield new Given(value, false);
  }
}

type Kind = "next" | "throw" | "return";

interface Request {
  readonly kind: Kind;
  readonly value: unknown;
  readonly promise: JSPromise;
}

/** What the await in progress is for. */
type Awaiting = "await" | "give" | "return request" | "return";

const SUSPENDED = -2;

export class AsyncGenerator implements Job {
  readonly taskId = -1;
  private state: "suspendedStart" | "suspendedYield" | "executing" | "awaiting-return" | "completed" =
    "suspendedStart";
  private readonly queue: Request[] = [];
  private awaiting: Awaiting = "await";
  private readonly isolate: Isolate;
  private readonly body: Steps<unknown>;

  constructor(isolate: Isolate, body: Steps<unknown>) {
    this.isolate = isolate;
    this.body = body;
  }

  next(value?: unknown): Steps<JSPromise> {
    return this.request("next", value);
  }

  throw(error: unknown): Steps<JSPromise> {
    return this.request("throw", error);
  }

  return(value?: unknown): Steps<JSPromise> {
    return this.request("return", value);
  }

  private *request(kind: Kind, value: unknown): Steps<JSPromise> {
    const promise = new JSPromise(this.isolate);
    if (this.state === "suspendedStart" && kind === "throw") this.state = "completed";
    if (this.state === "completed" && kind !== "return") {
      if (kind === "next") promise.resolve({ value: undefined, done: true });
      else promise.reject(value);
      return promise;
    }
    this.queue.push({ kind, value, promise });
    if (this.state === "suspendedStart" && kind === "return") this.state = "completed";
    if (this.state === "completed") this.awaitReturn();
    else if (this.state === "suspendedStart" || this.state === "suspendedYield")
      yield* this.burn(this.resume());
    return promise;
  }

  /** The end of an await. */
  react(state: Settled, value: unknown): Steps | undefined {
    this.isolate.machine.charge(this.isolate.costs.resume);
    const burn = this.awaited(state, value);
    return burn === SUSPENDED ? undefined : this.burn(burn);
  }

  private awaited(state: Settled, value: unknown): number {
    switch (this.awaiting) {
      case "await":
        return this.step(state === FULFILLED ? "next" : "throw", value);
      case "give":
        return state === REJECTED ? this.step("throw", value) : this.yielded(value);
      case "return request":
        return this.step(state === REJECTED ? "throw" : "return", value);
      case "return":
        this.finish(state, value);
        return SUSPENDED;
    }
  }

  private *burn(first: number): Steps {
    for (let ns = first; ns !== SUSPENDED; ) ns = this.step("next", yield ns);
  }

  private await(value: unknown, awaiting: Awaiting): number {
    this.awaiting = awaiting;
    promiseResolve(this.isolate, value).performThen(this);
    return SUSPENDED;
  }

  /** AsyncGeneratorResume with the first request. */
  private resume(): number {
    const { kind, value } = this.queue[0]!;
    this.state = "executing";
    return kind === "return" ? this.await(value, "return request") : this.step(kind, value);
  }

  /** Runs the body until it waits; gives what the thread has to burn first, or SUSPENDED. */
  private step(how: Kind, value: unknown): number {
    const { body, isolate } = this;
    for (;;) {
      let result: IteratorResult<unknown, unknown>;
      try {
        result = how === "next" ? body.next(value) : how === "throw" ? body.throw(value) : body.return(value);
      } catch (error) {
        isolate.embedder.rethrowExit(error);
        this.finish(REJECTED, error);
        return SUSPENDED;
      }
      const yielded = result.value;
      if (result.done === true) {
        this.finish(FULFILLED, yielded);
        return SUSPENDED;
      }
      if (yielded instanceof Given)
        return yielded.awaited ? this.await(yielded.value, "give") : this.yielded(yielded.value);
      if (typeof yielded !== "number") return this.await(yielded, "await");
      if (yielded < 0) return yielded;
      isolate.machine.charge(yielded);
      if (!isolate.machine.settle()) return 0;
      how = "next";
      value = 0;
    }
  }

  /** AsyncGeneratorYield: answers the first request and goes on with the next one, if there is any. */
  private yielded(value: unknown): number {
    this.queue.shift()!.promise.resolve({ value, done: false });
    if (this.queue.length > 0) return this.resume();
    this.state = "suspendedYield";
    return SUSPENDED;
  }

  /** The body has ended: answers the first request, then AsyncGeneratorDrainQueue. */
  private finish(state: Settled, value: unknown): void {
    this.state = "completed";
    this.answer(state, value);
    for (let first = this.queue[0]; first !== undefined; first = this.queue[0]) {
      if (first.kind === "return") return this.awaitReturn();
      if (first.kind === "next") this.answer(FULFILLED, undefined);
      else this.answer(REJECTED, first.value);
    }
  }

  private answer(state: Settled, value: unknown): void {
    const { promise } = this.queue.shift()!;
    if (state === REJECTED) promise.reject(value);
    else promise.resolve({ value, done: true });
  }

  /** AsyncGeneratorAwaitReturn */
  private awaitReturn(): void {
    this.state = "awaiting-return";
    this.await(this.queue[0]!.value, "return");
  }
}

/** CreateAsyncFromSyncIterator (27.1.6), as `for await` takes over a list: each value is awaited on its way. */
export class AsyncFromSyncIterator {
  private readonly isolate: Isolate;
  private readonly items: Iterator<unknown>;

  constructor(isolate: Isolate, items: Iterable<unknown>) {
    this.isolate = isolate;
    this.items = items[Symbol.iterator]();
  }

  next(): JSPromise {
    const { value, done = false } = this.items.next();
    return promiseResolve(this.isolate, value).then((value: unknown) => ({ value, done }));
  }
}
