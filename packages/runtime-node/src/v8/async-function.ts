/**
 * Async functions (ECMAScript 27.7; V8's src/builtins/builtins-async-function-gen.cc). The body is a generator: `yield p`
 * is `await p`, `yield n` burns n ns of CPU. Calling runs it at once, on the caller's stack, up to its first await; each
 * await costs one microtask turn after the promise is settled (V8 >= 7.2).
 */
import type { Fault, Steps, Task } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import type { Isolate } from "./isolate.ts";
import { FULFILLED, type Job, PENDING, REJECTED, type Settled } from "./microtask-queue.ts";
import { isPromise, JSPromise, promiseResolve } from "./promise.ts";

/** What an await waits for, when it can be given up: a Timeout, a place in a queue. */
export interface Closeable {
  close(): void;
}

/** `step`: the body is suspended, or has ended. Anything else it returns is for the thread: CPU ns, or BLOCK. */
const SUSPENDED = -2;

export class AsyncFunction implements Job {
  readonly taskId: number;
  /** The program's task, if it is one. */
  readonly task: Task | null;
  readonly promise: JSPromise;
  /** Promise of the await it is suspended in; null while it runs, or when that is settled. */
  awaits: JSPromise | null = null;
  /** Set by whoever awaits something that an abort may give up. */
  abortable: Closeable | null = null;
  private readonly isolate: Isolate;
  private readonly body: Steps<unknown>;
  private readonly born: number;

  constructor(isolate: Isolate, body: Steps<unknown>, taskId: number, task: Task | null) {
    this.isolate = isolate;
    this.body = body;
    this.taskId = taskId;
    this.task = task;
    this.promise = new JSPromise(isolate);
    isolate.functionsCalled++;
    this.born = isolate.newSpace.allocate();
    isolate.machine.charge(isolate.costs.asyncCall);
  }

  /** Tells the trace of a new task. */
  created(by: number): void {
    this.isolate.machine.emit(Kind.create, 0, this.taskId, this.task?.proc ?? "async function", by);
  }

  /** The call. Runs the body up to its first await. */
  call(): Steps | undefined {
    return this.run(FULFILLED, undefined, "async call");
  }

  /** The body begins in a microtask of its own. */
  callDeferred(): void {
    this.isolate.enqueue(this, FULFILLED, undefined, "deferred call");
  }

  /** PromiseReactionJob of an await. */
  react(state: Settled, value: unknown): Steps | undefined {
    this.awaits = null;
    this.abortable = null;
    this.isolate.machine.charge(this.isolate.costs.resume);
    return this.run(state, value, this.isolate.drain);
  }

  /** True if it is suspended where an abort can reach it. */
  get canAbort(): boolean {
    return this.abortable !== null && this.awaits !== null && this.awaits.state === PENDING;
  }

  /** Gives up what it awaits: the await throws `reason`, one turn later. */
  abort(reason: Fault): void {
    this.awaits!.withdraw(this);
    this.awaits = null;
    this.abortable!.close();
    this.abortable = null;
    this.isolate.enqueue(this, REJECTED, reason, "abort");
  }

  private run(state: Settled, value: unknown, rule: string): Steps | undefined {
    const { stack, machine } = this.isolate;
    if (machine.trace.enabled) this.traceEnter(rule);
    stack.push(this);
    const burn = this.step(state, value);
    return burn === SUSPENDED ? undefined : this.burn(burn);
  }

  private *burn(first: number): Steps {
    for (let ns = first; ns !== SUSPENDED; ) {
      const sent: unknown = yield ns;
      ns = this.step(FULFILLED, sent);
    }
  }

  private step(state: Settled, value: unknown): number {
    const { isolate, body } = this;
    const { machine } = isolate;
    for (;;) {
      let result: IteratorResult<unknown, unknown>;
      try {
        result = state === REJECTED ? body.throw(value) : body.next(value);
      } catch (error) {
        isolate.embedder.rethrowExit(error);
        this.leave(Kind.exit, "", 1);
        this.promise.settle(REJECTED, error);
        return SUSPENDED;
      }
      const yielded = result.value;
      if (result.done === true) {
        this.end(yielded);
        return SUSPENDED;
      }
      if (typeof yielded !== "number") {
        this.await(yielded);
        return SUSPENDED;
      }
      if (yielded < 0) return yielded;
      machine.charge(yielded);
      if (!machine.settle()) return 0;
      state = FULFILLED;
      value = 0;
    }
  }

  private await(value: unknown): void {
    const { isolate } = this;
    if (isolate.machine.trace.enabled) {
      this.leave(Kind.park, isolate.awaiting, 0);
      isolate.awaiting = "await";
    } else isolate.stack.pop();
    if (!isolate.directAwait) this.awaitIndirectly(value);
    else if (isPromise(value)) {
      this.awaits = value;
      value.performThen(this);
    } else if (typeof value === "object" && value !== null) promiseResolve(isolate, value).performThen(this);
    else isolate.enqueue(this, FULFILLED, value, "await of a value");
  }

  /** A value gets a promise too while somebody follows promises; before V8 7.2 a promise got another one. */
  private awaitIndirectly(value: unknown): void {
    const { isolate } = this;
    const { asyncWrap } = isolate;
    if (asyncWrap !== null) asyncWrap.parent = this.promise;
    const promise = isolate.awaitNative ? promiseResolve(isolate, value) : new JSPromise(isolate);
    if (asyncWrap !== null) asyncWrap.parent = null;
    if (!isolate.awaitNative) promise.resolve(value);
    this.awaits = promise;
    promise.performThen(this);
  }

  /** `return`: what a program's task ended with is known to the task. */
  private end(value: unknown): void {
    const { task, promise } = this;
    if (task === null) {
      this.leave(Kind.exit, "", 0);
      promise.follow(value);
      return;
    }
    this.leave(Kind.exit, "", task.state === "completed" ? 0 : task.state === "failed" ? 1 : 2);
    // The interpreter reports a failure that nobody saw, so this promise counts as handled.
    promise.markHandled();
    promise.settle(task.state === "completed" ? FULFILLED : REJECTED, task);
  }

  // ---- the JavaScript stack, as the trace sees it: the caller gives way to the called --------------------------------

  private traceEnter(rule: string): void {
    const { stack, machine } = this.isolate;
    const caller = stack.at(-1);
    if (caller !== undefined) machine.emit(Kind.yield, 0, caller.taskId, "async call");
    machine.emit(Kind.run, 0, this.taskId, rule);
  }

  private leave(kind: Kind, reason: string, arg: number): void {
    const { stack, machine, newSpace } = this.isolate;
    stack.pop();
    if (kind === Kind.exit) newSpace.release(this.born);
    if (!machine.trace.enabled) return;
    machine.emit(kind, 0, this.taskId, reason, arg);
    const caller = stack.at(-1);
    if (caller !== undefined) machine.emit(Kind.run, 0, caller.taskId, "return to caller");
  }
}
