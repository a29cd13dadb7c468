/**
 * Top: how an expert of Node writes each portable operation. A task is an async function; to wait is to await a promise,
 * and every await costs a microtask turn, also of something that is settled already. Channels, locks, semaphores, groups
 * and select are emulated with promises, as a small support file beside the program would do it: their operations
 * are async functions of that file, so each of them is awaited, whether it had to wait or not.
 */
import {
  Channel,
  Fault,
  Group,
  type Arm,
  armsOf,
  BargingSemaphore,
  type ChanHandle,
  type GroupHandle,
  type Lowering,
  type MutexHandle,
  type Op,
  type PromiseHandle,
  type Received,
  SELECT_DEFAULT,
  SELECT_TIMEOUT,
  type SelectArm,
  type Selected,
  selectDone,
  selectForget,
  selectPark,
  selectReady,
  SelectOrder,
  Semaphore,
  type SemHandle,
  type ServiceCall,
  type Steps,
  type Task,
  type TaskScope,
  type Tier,
  type TokenHandle,
  type Uncaught,
  type Value,
  type Waiter,
} from "@orrery/runtime";
import type { OpName, Policies } from "@orrery/program";
import { Kind, nanosleep } from "@orrery/simulator";
import { NOTHING, NS_PER_MS } from "./lowering/awaiting.ts";
import { ConnectingLowering } from "./lowering/connecting.ts";
import type { Env } from "./node/env.ts";
import { fsPromise, poolWork, readFileTrips, fsRequest } from "./node/fs.ts";
import { makeCallback } from "./node/callback.ts";
import { Socket } from "./node/net.ts";
import type { Timeout } from "./node/timers.ts";
import { WorkerPool } from "./node/worker.ts";
import type { AsyncFunction } from "./v8/async-function.ts";
import { JSPromise, promiseAll, promiseAllSettled, promiseAny, promiseRace } from "./v8/promise.ts";

export const nodeTiers: Readonly<Partial<Record<OpName, Tier>>> = {
  spawn: "native",
  detach: "native",
  join: "native",
  joinAny: "native",
  joinAll: "native",
  settleAll: "native",
  scope: "native",
  scopeRace: "native",
  yield: "native",
  yieldMicro: "native",
  sleep: "native",
  block: "native",
  offload: "native",
  promise: "native",
  resolve: "native",
  reject: "native",
  await: "native",
  callService: "native",
  fileRead: "native",
  fileStat: "native",
  // Native sockets behind a class with promises.
  listen: "emulated",
  accept: "emulated",
  connect: "emulated",
  read: "emulated",
  write: "emulated",
  closeConn: "native",
  closeListener: "native",
  chan: "emulated",
  send: "emulated",
  recv: "emulated",
  recvOk: "emulated",
  range: "emulated",
  close: "emulated",
  trySend: "emulated",
  tryRecv: "emulated",
  chanLen: "emulated",
  chanCap: "emulated",
  select: "emulated",
  mutex: "emulated",
  lock: "emulated",
  unlock: "emulated",
  tryLock: "emulated",
  sem: "emulated",
  acquire: "emulated",
  release: "emulated",
  group: "emulated",
  groupAdd: "emulated",
  groupDone: "emulated",
  groupWait: "emulated",
  lockFor: "emulated",
  acquireFor: "emulated",
  rwlock: "emulated",
  rlock: "emulated",
  runlock: "emulated",
  wlock: "emulated",
  wunlock: "emulated",
  cond: "emulated",
  condWait: "emulated",
  condWaitFor: "emulated",
  signal: "emulated",
  broadcast: "emulated",
  monitor: "emulated",
  enter: "emulated",
  monitorWait: "emulated",
  monitorWaitFor: "emulated",
  notify: "emulated",
  once: "emulated",
  onceDo: "emulated",
  event: "native",
  eventSet: "native",
  eventWait: "native",
  barrier: "emulated",
  barrierWait: "emulated",
  // Native timers; the channels that they send to are emulated.
  after: "emulated",
  timer: "emulated",
  ticker: "emulated",
  afterFunc: "native",
  stopTimer: "native",
  resetTimer: "native",
  deadline: "native",
  cancel: "native",
  isCancelled: "native",
  check: "native",
  shield: "emulated",
  token: "native",
  cancelToken: "native",
  withToken: "native",
  onResolve: "native",
  callback: "native",
};

type Barging = BargingSemaphore<JSPromise>;

const promiseOf = (task: Task): JSPromise => (task.native as AsyncFunction).promise;

export class NodeLowering extends ConnectingLowering implements Lowering {
  private readonly selectOrder: SelectOrder;
  private readonly workerPools: WorkerPool[] = [];

  constructor(env: Env, policies: Policies) {
    super(env);
    this.selectOrder = new SelectOrder(policies.selectPolicy, env.machine.decisions, "node.select");
  }

  // ---- tasks ------------------------------------------------------------------------------------------------------

  /** `const p = f()`: the body runs now, up to its first await. */
  spawn(_self: Task, child: Task, body: Steps<Value>, deferred: boolean): Op {
    const call = this.newTask(child, body);
    if (deferred) call.callDeferred();
    else return call.call();
  }

  /** `await p` */
  *join(self: Task, target: Task): Steps {
    try {
      yield this.cancellable(self, promiseOf(target), NOTHING, "join");
    } catch (error) {
      if (error instanceof Fault) throw error; // not the task's own failure, which the task holds
    }
  }

  /** `await Promise.race(ps)`; `await Promise.any(ps)` for the first success. */
  *joinAny(self: Task, targets: readonly Task[], success: boolean): Steps<Task | null> {
    const { isolate } = this.env;
    const promises = targets.map(promiseOf);
    const combined = success ? promiseAny(isolate, promises) : promiseRace(isolate, promises);
    return yield* this.outcome(self, combined, success ? "Promise.any" : "Promise.race");
  }

  /** `await Promise.all(ps)` */
  *joinAll(self: Task, targets: readonly Task[]): Steps<Task | null> {
    const first = yield* this.outcome(
      self,
      promiseAll(this.env.isolate, targets.map(promiseOf)),
      "Promise.all",
    );
    return first !== null && first.state !== "completed" ? first : null;
  }

  /** `await Promise.allSettled(ps)` */
  *settleAll(self: Task, targets: readonly Task[]): Steps {
    yield* this.outcome(
      self,
      promiseAllSettled(this.env.isolate, targets.map(promiseOf)),
      "Promise.allSettled",
    );
  }

  /** Awaits promises of tasks, which settle with the task itself: gives the one task that decided, null if it was not one. */
  private *outcome(self: Task, promise: JSPromise, what: string): Steps<Task | null> {
    let settled: unknown;
    try {
      settled = yield this.cancellable(self, promise, NOTHING, what);
    } catch (error) {
      if (error instanceof Fault) throw error;
      settled = error;
    }
    return typeof settled === "object" && settled !== null && "native" in settled ? (settled as Task) : null;
  }

  scopeEnter(): void {}

  scopeChildEnded(): void {
    this.charge("scopeTask");
  }

  /** `await Promise.allSettled(children)`; a race that leaves its losers is `await Promise.any(children)`. */
  *scopeWait(self: Task, scope: TaskScope, leaveLosers: boolean): Steps {
    if (scope.race && leaveLosers) yield* this.joinAny(self, scope.children, true);
    else yield* this.settleAll(self, scope.children);
  }

  /** `controller.abort()`: whatever the task awaits with its signal rejects. */
  cancel(_self: Task, target: Task): void {
    this.abort(target);
  }

  tokenCancelled(_self: Task, token: TokenHandle): void {
    this.signals.raise(token);
  }

  // ---- giving way, sleeping, working elsewhere ----------------------------------------------------------------------

  /** `await timersPromises.setImmediate()` */
  *yield(): Steps {
    const promise = this.withResolvers();
    this.env.immediates.setImmediate(promise);
    yield this.uncancellable(promise, "setImmediate");
  }

  /** `await f()`: the call ends with its own promise, which is awaited. */
  *returned(): Steps {
    this.charge("asyncCall");
    yield this.turn("call");
  }

  /** `await null` */
  *yieldMicro(): Steps {
    yield this.turn("await null");
  }

  /** `await timersPromises.setTimeout(ms)`: whole milliseconds, at least one. */
  *sleep(self: Task, ns: number): Steps {
    yield this.setTimeout(self, ns);
  }

  private setTimeout(self: Task, ns: number): JSPromise {
    const promise = this.withResolvers();
    this.env.machine.charge(this.env.costs.timerPromise);
    const timeout = this.env.timers.setTimeout(promise, ns / NS_PER_MS);
    return this.cancellable(self, promise, timeout, "setTimeout");
  }

  /** `Atomics.wait(cell, 0, 0, ms)`: the thread sleeps, and all of JavaScript with it. */
  *block(self: Task, ns: number): Steps {
    const { machine, loop } = this.env;
    if (!machine.settle()) yield 0;
    machine.emit(Kind.syscallEnter, 0, self.id, "Atomics.wait");
    yield* nanosleep(machine, loop.thread, ns);
    machine.emit(Kind.syscallExit, 0, self.id, "Atomics.wait");
  }

  /** A crypto-like call on libuv's pool, or a pool of `workers` Workers. */
  *offload(_self: Task, ns: number, workers: number | null): Steps {
    if (workers !== null) {
      yield this.uncancellable(this.workers(workers).run(ns), "worker");
      return;
    }
    const promise = this.withResolvers();
    const jobNs = ns + this.env.costs.cryptoJob;
    poolWork(this.env, "uv_queue_work", "cpu", jobNs, () => makeCallback(this.env, () => promise.resolve()));
    yield this.uncancellable(promise, "threadpool");
  }

  private workers(size: number): WorkerPool {
    return (this.workerPools[size] ??= new WorkerPool(this.env, size));
  }

  inspectWorkers(): { readonly size: number; readonly queue: number }[] {
    return this.workerPools.flatMap((pool) => [{ size: pool.workers.length, queue: pool.waiting }]);
  }

  // ---- channels: emulated -------------------------------------------------------------------------------------------

  chan(_self: Task, chan: ChanHandle): void {
    this.charge("channel");
    chan.native = new Channel<JSPromise>(chan.cap, this.wake);
  }

  *send(self: Task, chan: ChanHandle | null, value: Value): Steps {
    if (chan === null) return yield* this.forever(self);
    const channel = chan.native as Channel<JSPromise>;
    this.charge("channelOperation");
    if (channel.trySend(value)) return yield this.turn("send");
    const waiter = this.newWaiter();
    channel.parkSender(waiter, value);
    yield this.parked(self, waiter, () => this.forget(channel, waiter), "send");
    if (!waiter.ok) throw new Fault("ChannelClosed", "send on closed channel");
  }

  *recv(self: Task, chan: ChanHandle | null): Steps<Received> {
    if (chan === null) return yield* this.forever(self);
    const channel = chan.native as Channel<JSPromise>;
    this.charge("channelOperation");
    const received = channel.tryRecv();
    if (received !== null) {
      yield this.turn("recv");
      return received;
    }
    const waiter = this.newWaiter();
    channel.parkReceiver(waiter);
    yield this.parked(self, waiter, () => this.forget(channel, waiter), "recv");
    return waiter;
  }

  trySend(_self: Task, chan: ChanHandle, value: Value): boolean {
    this.charge("channelOperation");
    return (chan.native as Channel<JSPromise>).trySend(value);
  }

  tryRecv(_self: Task, chan: ChanHandle): Received & { readonly ready: boolean } {
    this.charge("channelOperation");
    const received = (chan.native as Channel<JSPromise>).tryRecv();
    return received === null ? { value: null, ok: false, ready: false } : { ...received, ready: true };
  }

  close(_self: Task, chan: ChanHandle): void {
    this.charge("channelOperation");
    (chan.native as Channel<JSPromise>).close();
  }

  chanLen(_self: Task, chan: ChanHandle): number {
    return (chan.native as Channel<JSPromise>).length;
  }

  *select(
    self: Task,
    selectArms: readonly SelectArm[],
    otherwise: boolean,
    timeoutNs: number | null,
  ): Steps<Selected> {
    this.charge("select");
    this.charge("selectCase", selectArms.length);
    const arms = armsOf(selectArms, this.signals);
    const ready = selectReady(arms, this.selectOrder.next(arms.length));
    if (ready !== null || otherwise) {
      yield this.turn("select");
      return ready ?? { arm: SELECT_DEFAULT, value: null, ok: false };
    }
    const waiter = this.newWaiter();
    this.charge("selectCase", arms.length);
    selectPark(arms, waiter);
    const timer = timeoutNs === null ? null : this.selectTimeout(waiter, timeoutNs);
    yield this.parked(self, waiter, () => this.forgetSelect(arms, waiter), "select", timer);
    if (timer !== null) this.env.timers.clearTimeout(timer);
    if (!waiter.done) {
      this.forgetSelect(arms, waiter);
      return { arm: SELECT_TIMEOUT, value: null, ok: false };
    }
    this.charge("channelForget", arms.length);
    return selectDone(arms, waiter);
  }

  private forgetSelect(arms: readonly Arm<JSPromise>[], waiter: Waiter<JSPromise>): void {
    this.charge("channelForget", arms.length);
    selectForget(arms, waiter);
  }

  private forget(channel: Channel<JSPromise>, waiter: Waiter<JSPromise>): void {
    this.charge("channelForget");
    channel.forget(waiter);
  }

  private selectTimeout(waiter: Waiter<JSPromise>, ns: number): Timeout {
    return this.env.timers.setTimeout(() => waiter.parked.resolve(), ns / NS_PER_MS);
  }

  /** An operation on a none channel. */
  private *forever(self: Task): Steps<never> {
    yield this.cancellable(self, new JSPromise(this.env.isolate), NOTHING, "none channel");
    throw new Fault("Cancelled");
  }

  // ---- locks: emulated ----------------------------------------------------------------------------------------------

  mutex(_self: Task, mutex: MutexHandle): void {
    const Kind = mutex.fairness === "barging" ? BargingSemaphore<JSPromise> : Semaphore<JSPromise>;
    mutex.native = new Kind(1, this.wake);
  }

  lock(self: Task, mutex: MutexHandle): Op {
    if (mutex.fairness === "barging")
      return this.barge(self, mutex.native as Barging, 1, null) as Steps<unknown> as Steps;
    return this.acquireFrom(self, mutex.native as Semaphore<JSPromise>, 1, "lock");
  }

  tryLock(_self: Task, mutex: MutexHandle): boolean {
    this.charge("lockOperation");
    return (mutex.native as Semaphore<JSPromise> | Barging).tryAcquire(1);
  }

  unlock(_self: Task, mutex: MutexHandle): void {
    this.charge("lockOperation");
    (mutex.native as Semaphore<JSPromise> | Barging).release(1);
  }

  sem(_self: Task, sem: SemHandle): void {
    const Kind = sem.fairness === "fifo" ? Semaphore<JSPromise> : BargingSemaphore<JSPromise>;
    sem.native = new Kind(sem.permits, this.wake);
  }

  acquire(self: Task, sem: SemHandle, count: number): Op {
    if (sem.fairness === "barging")
      return this.barge(self, sem.native as Barging, count, null) as Steps<unknown> as Steps;
    return this.acquireFrom(self, sem.native as Semaphore<JSPromise>, count, "acquire");
  }

  release(_self: Task, sem: SemHandle, count: number): void {
    this.charge("lockOperation");
    (sem.native as Semaphore<JSPromise> | Barging).release(count);
  }

  private *acquireFrom(self: Task, semaphore: Semaphore<JSPromise>, count: number, what: string): Steps {
    this.charge("lockOperation");
    if (semaphore.tryAcquire(count)) return yield this.turn(what);
    const waiter = this.newWaiter();
    semaphore.park(waiter, count);
    yield this.parked(self, waiter, () => semaphore.forget(waiter), what);
  }

  lockFor(self: Task, mutex: MutexHandle, ns: number): Steps<boolean> {
    if (mutex.fairness === "barging") return this.barge(self, mutex.native as Barging, 1, ns);
    return this.acquireWithin(self, mutex.native as Semaphore<JSPromise>, 1, ns, "lockFor");
  }

  acquireFor(self: Task, sem: SemHandle, count: number, ns: number): Steps<boolean> {
    if (sem.fairness === "barging") return this.barge(self, sem.native as Barging, count, ns);
    return this.acquireWithin(self, sem.native as Semaphore<JSPromise>, count, ns, "acquireFor");
  }

  private *acquireWithin(
    self: Task,
    semaphore: Semaphore<JSPromise>,
    count: number,
    ns: number,
    what: string,
  ): Steps<boolean> {
    this.charge("lockOperation");
    if (semaphore.tryAcquire(count)) {
      yield this.turn(what);
      return true;
    }
    const waiter = this.newWaiter();
    semaphore.park(waiter, count);
    const timer = this.giveUpAfter(ns, waiter, semaphore);
    yield this.parked(self, waiter, () => semaphore.forget(waiter), what, timer);
    timer.close();
    return waiter.ok;
  }

  group(_self: Task, group: GroupHandle): void {
    group.native = new Group<JSPromise>(this.wake);
  }

  groupAdd(_self: Task, group: GroupHandle, count: number): void {
    this.charge("lockOperation");
    (group.native as Group<JSPromise>).add(count);
  }

  *groupWait(self: Task, handle: GroupHandle): Steps {
    this.charge("lockOperation");
    if (handle.count === 0) return yield this.turn("groupWait");
    const group = handle.native as Group<JSPromise>;
    const waiter = this.newWaiter();
    group.park(waiter);
    yield this.parked(self, waiter, () => group.forget(waiter), "groupWait");
  }

  // ---- promises -----------------------------------------------------------------------------------------------------

  /** `Promise.withResolvers()`. What it is settled with is the program's: the handle keeps it. */
  promise(_self: Task, promise: PromiseHandle): void {
    promise.native = this.withResolvers();
  }

  settle(_self: Task, promise: PromiseHandle): void {
    this.signals.raise(promise);
    (promise.native as JSPromise).resolve();
  }

  *await(self: Task, promise: PromiseHandle): Steps {
    yield this.cancellable(self, promise.native as JSPromise, NOTHING, "await");
  }

  // ---- I/O ----------------------------------------------------------------------------------------------------------

  /** A request over a kept-alive socket. */
  *callService(self: Task, call: ServiceCall): Steps<boolean> {
    const { machine, costs } = this.env;
    machine.charge(costs.socketWrite);
    if (!machine.settle()) yield 0;
    const socket = new Socket(this.env, () => call.send());
    return (yield this.cancellable(self, socket.promise, socket, `socket ${call.service}`)) === true;
  }

  /** `await fs.promises.readFile(path)`: four trips to the pool or more. */
  *fileRead(_self: Task, bytes: number, stallNs: number): Steps {
    const { env } = this;
    for (const [index, trip] of readFileTrips(bytes).entries()) {
      const promise = this.withResolvers();
      const stall = index === 0 ? stallNs : 0;
      fsRequest(env, trip.name, trip.bytes, stall, () => makeCallback(env, () => promise.resolve()));
      yield this.uncancellable(promise, "fs.readFile");
    }
  }

  /** `await fs.promises.stat(path)` */
  *fileStat(): Steps {
    yield this.uncancellable(fsPromise(this.env, "stat"), "fs.stat");
  }

  // ---- failure ------------------------------------------------------------------------------------------------------

  /** An unhandled rejection, in mode `throw`. */
  uncaught(task: Task, error: Fault): Uncaught {
    const text = `${error.kind}: ${error.message}\n    at async ${task.proc}\n\nNode.js ${this.env.features.version}`;
    return { ends: true, exitStatus: 1, text };
  }
}
