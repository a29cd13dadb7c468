/**
 * How an expert of asyncio would write each portable operation. `native`: the idiom itself, with asyncio's own classes.
 * `emulated`: a small support class beside the program (channels, select, groups), for which tasks wait on a future.
 */
import type { CallbackQueue, Policies } from "@orrery/program";
import {
  type BarrierHandle,
  type Callback,
  type CancelRegion,
  type Arm,
  armsOf,
  Channel,
  type ChanHandle,
  type CondHandle,
  type ConnHandle,
  type EventHandle,
  Fault,
  type GroupHandle,
  type ListenerHandle,
  isSteps,
  type Launch,
  type Lowering,
  type MonitorHandle,
  type MutexHandle,
  type OnceHandle,
  type Op,
  type PromiseHandle,
  type Reaction,
  type Received,
  RwLock,
  type RwLockHandle,
  SELECT_TIMEOUT,
  type SelectArm,
  selectDone,
  type Selected,
  SELECT_DEFAULT,
  selectForget,
  selectPark,
  SelectOrder,
  selectReady,
  type SemHandle,
  type ServiceCall,
  Signals,
  type Steps,
  type Task as ProgramSide,
  type TaskScope,
  type TimerHandle as ProgramTimerHandle,
  type TokenHandle,
  type Uncaught,
  type Value,
  type Waiter,
} from "@orrery/runtime";
import { diskOperation, Kind, nanosleep, type Socket } from "@orrery/simulator";
import type { BaseEventLoop } from "./base_events.ts";
import type { TimerHandle } from "./events.ts";
import { pyRepr, TimeoutError } from "./exceptions.ts";
import { _set_result_unless_cancelled, type Future } from "./futures.ts";
import { Barrier, Event, Lock } from "./locks.ts";
import { type Lockable, ProgramCondition } from "./program_condition.ts";
import { HandOff, handOver, ProgramTask, PromiseFuture, shielded } from "./program_task.ts";
import { ProgramTimer } from "./program_timer.ts";
import { BlockingCall, type PySteps } from "./python.ts";

import { close, sock_accept, sock_connect, sock_recv, sock_sendall } from "./program_socket.ts";
import { BargingLock, BargingSemaphore, CountingSemaphore, ScopeGroup } from "./support.ts";
import { gather, wait } from "./tasks.ts";
import { ThreadPoolExecutor } from "./thread_pool.ts";
import { Timeout } from "./timeouts.ts";

const NS_PER_SECOND = 1e9;

export class AsyncioLowering implements Lowering {
  private readonly loop: BaseEventLoop;
  private readonly pools = new Map<number, ThreadPoolExecutor>(); // only looked up

  private readonly order: SelectOrder;
  private readonly signals = new Signals<HandOff>(handOver);

  constructor(loop: BaseEventLoop, selectPolicy: Policies["selectPolicy"]) {
    this.loop = loop;
    this.order = new SelectOrder(selectPolicy, loop.python.machine.decisions, "asyncio.select");
  }

  // ---- tasks ----------------------------------------------------------------------------------------------------

  spawn(_self: ProgramSide, child: ProgramSide, body: Steps<Value>): void {
    this.charge(this.costs.spawn);
    const task = new ProgramTask(this.loop, child, body);
    child.native = task;
    if (child.scope !== null) (child.scope.native as ScopeGroup).adopt(task);
  }

  join(_self: ProgramSide, target: ProgramSide): Op {
    this.awaitsShared(native(target));
    return target.ended && native(target).done() ? undefined : ended(native(target));
  }

  *joinAny(_self: ProgramSide, targets: readonly ProgramSide[], success: boolean): Steps<ProgramSide | null> {
    this.awaits();
    let left = targets;
    while (left.length > 0) {
      yield* wait(this.loop, left.map(native), "FIRST_COMPLETED");
      const done = left.filter((target) => native(target).done());
      const first = success ? done.find((target) => target.state === "completed") : done[0];
      if (first !== undefined) return first;
      left = left.filter((target) => !done.includes(target));
    }
    return null;
  }

  *joinAll(_self: ProgramSide, targets: readonly ProgramSide[]): Steps<ProgramSide | null> {
    const outer = gather(this.loop, targets.map(native));
    this.awaitsShared(outer);
    try {
      yield* outer;
      return null;
    } catch (error) {
      if (!outer.done()) throw error; // it was this task that was cancelled
      return (
        targets.find((target) => target.error === error) ??
        targets.find((target) => target.state === "cancelled") ??
        null
      );
    }
  }

  *settleAll(_self: ProgramSide, targets: readonly ProgramSide[]): Steps {
    const outer = gather(this.loop, targets.map(native), true);
    this.awaitsShared(outer);
    yield* outer;
  }

  scopeEnter(_self: ProgramSide, scope: TaskScope): void {
    scope.native = new ScopeGroup(this.loop, scope);
  }

  /** The group hears of it by the task's done-callback. */
  scopeChildEnded(): void {}

  scopeWait(_self: ProgramSide, scope: TaskScope, leaveLosers: boolean): Op {
    const group = scope.native as ScopeGroup;
    return group.wait(() => group.children === 0 || (leaveLosers && scope.winner !== null));
  }

  cancel(self: ProgramSide, target: ProgramSide): void {
    if (!self.ended) {
      native(target).interrupt();
      return;
    }
    // A child that has just ended cancels by way of its scope, whose callback is one iteration away.
    target.cancelRequested = false;
    (native(self).cancels ??= []).push(target);
  }

  tokenCancelled(_self: ProgramSide, token: TokenHandle): void {
    this.signals.raise(token);
  }

  /** A procedure that can suspend is a coroutine function. */
  returned(): void {
    this.charge(this.costs.coroutine);
  }

  // ---- giving way, time, threads --------------------------------------------------------------------------------

  *yield(): Steps {
    yield; // asyncio.sleep(0)
  }

  yieldMicro(): Op {
    return this.yield();
  }

  sleep(self: ProgramSide, ns: number): Op {
    this.awaits();
    return ns <= 0 ? this.sleepZero(self) : (new Sleep(this.loop, ns / NS_PER_SECOND) as unknown as Steps);
  }

  /** sleep(0) that is a cancellation point. */
  private *sleepZero(self: ProgramSide): Steps {
    yield;
    this.charge(this.costs.cancellationPoint);
    if (self.cancelRequested && self.shields === 0) throw new Fault("Cancelled");
  }

  *block(_self: ProgramSide, ns: number): Steps {
    yield new BlockingCall("time.sleep", (thread) => nanosleep(this.loop.python.machine, thread, ns));
  }

  offload(self: ProgramSide, ns: number, workers: number | null): Op {
    const pool = workers === null ? null : this.pool(workers);
    return shielded(
      self,
      this.loop.run_in_executor(pool, () => burn(ns)),
    );
  }

  private pool(workers: number): ThreadPoolExecutor {
    let pool = this.pools.get(workers);
    if (pool === undefined) {
      pool = new ThreadPoolExecutor(this.loop.python, workers, `ThreadPoolExecutor-${this.pools.size}`);
      this.pools.set(workers, pool);
    }
    return pool;
  }

  // ---- channels: emulated -----------------------------------------------------------------------------------------

  chan(_self: ProgramSide, chan: ChanHandle): void {
    this.charge(this.costs.channel);
    chan.native = new Channel<HandOff>(chan.cap, handOver);
  }

  send(_self: ProgramSide, chan: ChanHandle | null, value: Value): Op {
    this.awaits();
    if (chan === null) return this.forever();
    this.charge(this.costs.queuePut);
    const channel = channelOf(chan);
    if (channel.trySend(value)) return undefined;
    return this.parkedSend(channel, value);
  }

  private *parkedSend(channel: Channel<HandOff>, value: Value): Steps {
    const waiter = this.waiter("send");
    channel.parkSender(waiter, value);
    try {
      yield* waiter.parked;
    } catch (error) {
      this.charge(this.costs.channelForget);
      channel.forget(waiter);
      throw error;
    }
    if (!waiter.ok) throw new Fault("ChannelClosed", "send on closed channel");
  }

  recv(_self: ProgramSide, chan: ChanHandle | null): Op<Received> {
    this.awaits();
    if (chan === null) return this.forever();
    this.charge(this.costs.coroutine + this.costs.queueGet); // recv awaits receive
    const channel = channelOf(chan);
    return channel.tryRecv() ?? this.parkedRecv(channel);
  }

  private *parkedRecv(channel: Channel<HandOff>): Steps<Received> {
    const waiter = this.waiter("recv");
    channel.parkReceiver(waiter);
    try {
      yield* waiter.parked;
    } catch (error) {
      this.charge(this.costs.channelForget);
      channel.forget(waiter);
      throw error;
    }
    return waiter;
  }

  trySend(_self: ProgramSide, chan: ChanHandle, value: Value): boolean {
    this.charge(this.costs.queuePut);
    return channelOf(chan).trySend(value);
  }

  tryRecv(_self: ProgramSide, chan: ChanHandle): Received & { readonly ready: boolean } {
    this.charge(this.costs.queueGet);
    const received = channelOf(chan).tryRecv();
    return received === null ? { value: null, ok: false, ready: false } : { ...received, ready: true };
  }

  close(_self: ProgramSide, chan: ChanHandle): void {
    this.charge(this.costs.queuePut);
    channelOf(chan).close();
  }

  chanLen(_self: ProgramSide, chan: ChanHandle): number {
    return channelOf(chan).length;
  }

  select(
    _self: ProgramSide,
    arms: readonly SelectArm[],
    otherwise: boolean,
    timeoutNs: number | null,
  ): Op<Selected> {
    this.awaits();
    this.charge(this.costs.select + this.costs.selectCase * arms.length);
    const cases = armsOf(arms, this.signals);
    const ready = selectReady(cases, this.order.next(cases.length));
    if (ready !== null) return ready;
    if (otherwise) return { arm: SELECT_DEFAULT, value: null, ok: false };
    return this.parkedSelect(cases, timeoutNs);
  }

  private *parkedSelect(cases: readonly Arm<HandOff>[], timeoutNs: number | null): Steps<Selected> {
    const waiter = this.waiter("select");
    this.charge(this.costs.selectCase * cases.length);
    selectPark(cases, waiter);
    const timer =
      timeoutNs === null
        ? null
        : this.loop.call_later(timeoutNs / NS_PER_SECOND, () => waiter.parked.timesOut(SELECT_TIMEOUT));
    try {
      yield* waiter.parked;
    } catch (error) {
      selectForget(cases, waiter);
      throw error;
    } finally {
      this.charge(this.costs.channelForget * cases.length);
      timer?.cancel();
    }
    if (waiter.arm !== SELECT_TIMEOUT) return selectDone(cases, waiter);
    selectForget(cases, waiter);
    return { arm: SELECT_TIMEOUT, value: null, ok: false };
  }

  private waiter(label: string): Waiter<HandOff> {
    this.charge(this.costs.waiter + this.costs.createFuture);
    return new HandOff(this.loop, label).waiter;
  }

  private *forever(): Steps<never> {
    yield* this.loop.create_future("none channel");
    throw new Error("a none channel completed");
  }

  // ---- locks ----------------------------------------------------------------------------------------------------

  mutex(_self: ProgramSide, mutex: MutexHandle): void {
    mutex.native = new (mutex.fairness === "barging" ? BargingLock : Lock)(this.loop);
  }

  lock(_self: ProgramSide, mutex: MutexHandle): Op {
    this.awaits();
    const lock = mutex.native as Lockable;
    return lock.acquire_nowait() ? undefined : (lock.acquire_wait() as Steps<unknown> as Steps);
  }

  tryLock(_self: ProgramSide, mutex: MutexHandle): boolean {
    return (mutex.native as Lockable).acquire_nowait();
  }

  unlock(_self: ProgramSide, mutex: MutexHandle): void {
    (mutex.native as Lockable).release();
  }

  sem(_self: ProgramSide, sem: SemHandle): void {
    const Kind = sem.fairness === "fifo" ? CountingSemaphore : BargingSemaphore;
    sem.native = new Kind(this.loop, sem.permits);
  }

  acquire(_self: ProgramSide, sem: SemHandle, count: number): Op {
    this.awaits();
    const semaphore = sem.native as CountingSemaphore | BargingSemaphore;
    return semaphore.acquire_many_nowait(count) ? undefined : semaphore.acquire_many(count);
  }

  release(_self: ProgramSide, sem: SemHandle, count: number): void {
    (sem.native as CountingSemaphore | BargingSemaphore).release_many(count);
  }

  group(_self: ProgramSide, group: GroupHandle): void {
    const event = new Event(this.loop);
    event.set();
    group.native = event;
  }

  groupAdd(_self: ProgramSide, group: GroupHandle): void {
    this.charge(this.costs.lock);
    const event = group.native as Event;
    if (group.count === 0) event.set();
    else event.clear();
  }

  groupWait(_self: ProgramSide, group: GroupHandle): Op {
    this.awaits();
    return group.count === 0 ? undefined : ((group.native as Event).wait() as Steps<unknown> as Steps);
  }

  lockFor(self: ProgramSide, mutex: MutexHandle, ns: number): Op<boolean> {
    return this.inTime(ns, () => this.lock(self, mutex));
  }

  acquireFor(self: ProgramSide, sem: SemHandle, count: number, ns: number): Op<boolean> {
    return this.inTime(ns, () => this.acquire(self, sem, count));
  }

  /** `async with asyncio.timeout(...)` around an acquire; false: TimeoutError. */
  private *inTime(ns: number, acquire: () => Op): Steps<boolean> {
    try {
      yield* new Timeout(this.loop, this.loop.time() + ns / NS_PER_SECOND).scope(function* () {
        const op = acquire();
        if (isSteps(op)) yield* op;
      });
      return true;
    } catch (error) {
      if (error instanceof TimeoutError) return false;
      throw error;
    }
  }

  rwlock(_self: ProgramSide, lock: RwLockHandle): void {
    lock.native = new RwLock<HandOff>(handOver);
  }

  rlock(_self: ProgramSide, lock: RwLockHandle): Op {
    this.awaits();
    this.charge(this.costs.lock);
    const rwlock = rwlockOf(lock);
    return rwlock.tryRead() ? undefined : this.parkedIn(rwlock, (waiter) => rwlock.parkReader(waiter));
  }

  runlock(_self: ProgramSide, lock: RwLockHandle): void {
    this.charge(this.costs.lock);
    rwlockOf(lock).readUnlock();
  }

  wlock(_self: ProgramSide, lock: RwLockHandle): Op {
    this.awaits();
    this.charge(this.costs.lock);
    const rwlock = rwlockOf(lock);
    return rwlock.tryWrite() ? undefined : this.parkedIn(rwlock, (waiter) => rwlock.parkWriter(waiter));
  }

  wunlock(_self: ProgramSide, lock: RwLockHandle): void {
    this.charge(this.costs.lock);
    rwlockOf(lock).writeUnlock();
  }

  private *parkedIn(rwlock: RwLock<HandOff>, park: (waiter: Waiter<HandOff>) => void): Steps {
    const waiter = this.waiter("rwlock");
    park(waiter);
    try {
      yield* waiter.parked;
    } catch (error) {
      rwlock.forget(waiter);
      throw error;
    }
  }

  // ---- conditions -------------------------------------------------------------------------------------------------

  cond(_self: ProgramSide, cond: CondHandle): void {
    cond.native = new ProgramCondition(this.loop, cond.mutex.native as Lockable);
  }

  condWait(self: ProgramSide, cond: CondHandle, ns: number | null): Op<boolean> {
    this.awaits();
    return (cond.native as ProgramCondition).wait(self, ns);
  }

  signal(_self: ProgramSide, cond: CondHandle, all: boolean): void {
    (cond.native as ProgramCondition).notify(all);
  }

  monitor(_self: ProgramSide, monitor: MonitorHandle): void {
    monitor.native = new ProgramCondition(this.loop, new Lock(this.loop));
  }

  enter(self: ProgramSide, monitor: MonitorHandle): Op {
    this.charge(this.costs.coroutine);
    return (monitor.native as ProgramCondition).take(self);
  }

  exit(_self: ProgramSide, monitor: MonitorHandle): void {
    this.charge(this.costs.coroutine);
    (monitor.native as ProgramCondition).lock.release();
  }

  monitorWait(self: ProgramSide, monitor: MonitorHandle, ns: number | null): Op<boolean> {
    this.awaits();
    return (monitor.native as ProgramCondition).wait(self, ns);
  }

  notify(_self: ProgramSide, monitor: MonitorHandle, all: boolean): void {
    this.charge(this.costs.cancellationPoint); // it asks for the current task, too
    (monitor.native as ProgramCondition).notify(all);
  }

  // ---- once, events, barriers -------------------------------------------------------------------------------------

  once(_self: ProgramSide, once: OnceHandle): void {
    once.native = new Event(this.loop);
  }

  onceEnter(self: ProgramSide, once: OnceHandle): Op<boolean> {
    this.charge(this.costs.coroutine);
    if (once.state === "new") return true;
    this.charge(this.costs.shield + this.costs.coroutine);
    return once.state === "running" && this.onceEnded(self, once);
  }

  private *onceEnded(self: ProgramSide, once: OnceHandle): Steps<boolean> {
    yield* shielded(self, (once.native as Event).wait());
    return false;
  }

  onceExit(_self: ProgramSide, once: OnceHandle): void {
    (once.native as Event).set();
  }

  event(_self: ProgramSide, event: EventHandle): void {
    event.native = new Event(this.loop);
  }

  eventSet(_self: ProgramSide, event: EventHandle): void {
    this.charge(this.costs.lock);
    (event.native as Event).set();
    this.signals.raise(event);
  }

  eventWait(_self: ProgramSide, event: EventHandle): Op {
    this.awaits();
    return event.set ? undefined : ((event.native as Event).wait() as Steps<unknown> as Steps);
  }

  barrier(_self: ProgramSide, barrier: BarrierHandle): void {
    barrier.native = new Barrier(this.loop, barrier.parties);
  }

  *barrierWait(_self: ProgramSide, barrier: BarrierHandle): Steps {
    this.awaits();
    this.charge(this.costs.barrier);
    yield* (barrier.native as Barrier).wait();
  }

  // ---- timers and deadlines ---------------------------------------------------------------------------------------

  timer(_self: ProgramSide, timer: ProgramTimerHandle, ns: number): void {
    const fire = (): void => {
      if (timer.chan !== null) channelOf(timer.chan).trySend(timer.fired);
      if (timer.call === null) return;
      const { child, body } = timer.call.launch();
      this.spawn(child, child, body);
    };
    const started = new ProgramTimer(this.loop, timer, fire);
    timer.native = started;
    started.start(ns);
  }

  stopTimer(_self: ProgramSide, timer: ProgramTimerHandle): boolean {
    return (timer.native as ProgramTimer).stop();
  }

  resetTimer(_self: ProgramSide, timer: ProgramTimerHandle, ns: number): boolean {
    const started = timer.native as ProgramTimer;
    const pending = started.stop();
    if (timer.chan !== null) channelOf(timer.chan).tryRecv();
    started.start(ns);
    return pending;
  }

  /** asyncio.timeout, which knows whose cancellation it was as the region does; at half its price, by measurement. */
  deadlineEnter(_self: ProgramSide, region: CancelRegion, ns: number): void {
    this.charge(this.costs.timeoutScope);
    const _on_timeout = (): void => {
      if (region.expire()) native(region.owner).interrupt();
    };
    region.native = this.loop.call_later(ns / NS_PER_SECOND, _on_timeout);
  }

  deadlineExit(_self: ProgramSide, region: CancelRegion): void {
    (region.native as TimerHandle).cancel();
  }

  // ---- promises, handlers, I/O ----------------------------------------------------------------------------------------------

  promise(_self: ProgramSide, promise: PromiseHandle): void {
    this.charge(this.costs.createFuture + this.costs.promise);
    promise.native = new PromiseFuture(this.loop, "promise");
  }

  settle(_self: ProgramSide, promise: PromiseHandle): void {
    this.settled(promise);
  }

  private settled(promise: PromiseHandle): void {
    promiseOf(promise).set_result(null); // value or error: the language's half of the handle has it
    this.signals.raise(promise);
  }

  await(_self: ProgramSide, promise: PromiseHandle): Op {
    const future = promiseOf(promise);
    this.awaitsShared(future);
    return future.done() ? undefined : (future[Symbol.iterator]() as Steps<unknown> as Steps);
  }

  onResolve(_self: ProgramSide, reaction: Reaction): void {
    promiseOf(reaction.promise).add_done_callback(() => this.reacts(reaction));
  }

  private *reacts(reaction: Reaction): PySteps {
    let inner: PromiseHandle | null = null;
    if (reaction.promise.state === "rejected") reaction.skip();
    else {
      const launch = reaction.handle();
      yield* this.handler(launch);
      inner = reaction.ended(launch.child);
    }
    const settle = (): void => this.settled(reaction.derived);
    if (inner === null) return settle();
    const followed = inner;
    promiseOf(followed).add_done_callback(() => {
      reaction.follow(followed);
      settle();
    });
  }

  /** call_soon, or call_later(0): asyncio has no other queues. */
  callback(_self: ProgramSide, queue: CallbackQueue, call: Callback): void {
    const handler = (): PySteps => this.handler(call.launch());
    if (queue === "timer") this.loop.call_later(0, handler);
    else this.loop.call_soon(handler);
  }

  /** A procedure that a callback runs to its end: a task to the program, none to asyncio. */
  private *handler({ child, body }: Launch): PySteps {
    const { machine } = this.loop.python;
    this.charge(this.costs.spawn);
    machine.emit(Kind.create, this.loop.index, child.id, "callback", child.parent?.id ?? -1);
    machine.emit(Kind.run, this.loop.index, child.id, "callback");
    yield* body;
    machine.emit(Kind.exit, this.loop.index, child.id, "callback");
  }

  /** `writer.write(request); await reader.readexactly(...)` on a connection that is open: the transport's read callback
   *  feeds the reader, which resolves the waiting task's future. */
  *callService(_self: ProgramSide, call: ServiceCall): Steps<boolean> {
    this.awaits();
    this.charge(this.costs.request);
    const request = call.send();
    const waiter = this.loop.create_future<null>(`read ${call.service}`);
    const _read_ready = (): void => {
      this.charge(this.costs.request);
      this.loop._remove_reader(request.reply);
      if (!waiter.done()) waiter.set_result(null);
    };
    this.loop._add_reader(request.reply, _read_ready);
    try {
      yield* waiter;
    } finally {
      this.loop._remove_reader(request.reply);
    }
    return request.ok;
  }

  fileRead(self: ProgramSide, bytes: number, stallNs: number): Op {
    return shielded(
      self,
      this.loop.run_in_executor(null, () => this.readFile(bytes, stallNs)),
    );
  }

  private *readFile(bytes: number, stallNs: number): PySteps {
    yield this.costs.open;
    yield this.disk("read", bytes, stallNs);
  }

  fileStat(self: ProgramSide): Op {
    return shielded(
      self,
      this.loop.run_in_executor(null, () => blocking(this.disk("stat", 0, 0))),
    );
  }

  private disk(call: string, bytes: number, stallNs: number): BlockingCall {
    return new BlockingCall(call, (thread) =>
      diskOperation(this.loop.python.machine, thread, bytes, stallNs),
    );
  }

  // ---- connections ------------------------------------------------------------------------------------------------

  /** `sock = socket.create_server(("127.0.0.1", 0), backlog=n); sock.setblocking(False)` */
  listen(_self: ProgramSide, _listener: ListenerHandle): void {
    this.charge(this.costs.sockListen);
  }

  /** `await loop.sock_connect(sock, address)` */
  connect(_self: ProgramSide, _conn: ConnHandle, dial: () => Socket): Op<boolean> {
    this.awaits();
    return sock_connect(this.loop, dial);
  }

  /** `await loop.sock_accept(sock)` */
  accept(_self: ProgramSide, listener: ListenerHandle, conn: ConnHandle): Op<boolean> {
    this.awaits();
    return sock_accept(this.loop, listener, conn);
  }

  /** `await loop.sock_recv(sock, n)` */
  read(_self: ProgramSide, conn: ConnHandle, bytes: number): Op<number> {
    this.awaits();
    return sock_recv(this.loop, conn, bytes);
  }

  /** `await loop.sock_sendall(sock, data)` */
  write(_self: ProgramSide, conn: ConnHandle, bytes: number): Op<boolean> {
    this.awaits();
    return sock_sendall(this.loop, conn, bytes);
  }

  closeConn(_self: ProgramSide, { socket }: ConnHandle): void {
    if (socket !== null) close(this.loop, socket, socket.input, socket.output);
  }

  closeListener(_self: ProgramSide, { socket }: ListenerHandle): void {
    close(this.loop, socket, socket.incoming);
  }

  // ---- failures ---------------------------------------------------------------------------------------------------

  /** Main: asyncio.run raises and the interpreter exits with 1. Others: reported when the task object dies, exit 0. */
  uncaught(task: ProgramSide, error: Fault): Uncaught {
    const name = error.kind.replace(/^User:/, "");
    if (task.parent === null)
      return {
        ends: true,
        exitStatus: 1,
        text: `Traceback (most recent call last):\n${name}: ${error.message}`,
      };
    const future = `<Task finished name='Task-${task.id + 1}' coro=<${task.proc}() done> exception=${name}(${pyRepr(error.message)})>`;
    return { ends: false, exitStatus: 0, text: `Task exception was never retrieved\nfuture: ${future}` };
  }

  /** What an awaited operation begins with. */
  private awaits(): void {
    this.charge(this.costs.coroutine + this.costs.cancellationPoint);
  }

  /** `yield from _left_alone(future)` */
  private awaitsShared(future: Future): void {
    this.awaits();
    this.charge(this.costs.coroutine);
    if (!future.done()) this.charge(this.costs.leftAlone);
  }

  private get costs(): BaseEventLoop["python"]["costs"] {
    return this.loop.python.costs;
  }

  private charge(ns: number): void {
    this.loop.python.machine.charge(ns);
  }
}

const native = (task: ProgramSide): ProgramTask => task.native as ProgramTask;
const channelOf = (chan: ChanHandle): Channel<HandOff> => chan.native as Channel<HandOff>;
const promiseOf = (promise: PromiseHandle): PromiseFuture => promise.native as PromiseFuture;
const rwlockOf = (lock: RwLockHandle): RwLock<HandOff> => lock.native as RwLock<HandOff>;

/** `await task`, whatever becomes of it; an error that is not the task's is this one's cancellation. */
function* ended(task: ProgramTask): Steps {
  try {
    yield* task;
  } catch (error) {
    if (!task.done()) throw error;
  }
}

/** The coroutine `asyncio.sleep(delay)` (tasks.ts), state by state: a generator each would cost a million sleepers 200 MB. */
class Sleep {
  private readonly loop: BaseEventLoop;
  private readonly delay: number;
  private handle: TimerHandle | null = null;

  constructor(loop: BaseEventLoop, delay: number) {
    this.loop = loop;
    this.delay = delay;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Future, void> {
    if (this.handle !== null) return this.return();
    const future = this.loop.create_future("sleep");
    this.handle = this.loop.call_later(this.delay, _set_result_unless_cancelled, future, null);
    future._asyncio_future_blocking = true;
    return { value: future, done: false };
  }

  throw(error: unknown): never {
    this.handle?.cancel();
    throw error;
  }

  return(): IteratorReturnResult<void> {
    this.handle?.cancel();
    return { value: undefined, done: true };
  }
}

function* burn(ns: number): PySteps {
  yield ns;
}

function* blocking(call: BlockingCall): PySteps {
  yield call;
}
