/**
 * How an expert of Java's virtual threads would write each portable operation. One virtual thread per task, blocking calls
 * inside; `cancel` is `interrupt`, so that every wait here is an interruptible one. What Java has no faithful idiom for
 * (Go's channels and select, a wait group) is a small support class over LockSupport, guarded by a lock.
 */
import type { CallbackQueue, Policies } from "@orrery/program";
import {
  type Arm,
  armsOf,
  Barrier,
  type BarrierHandle,
  type Callback,
  type CancelRegion,
  Channel,
  type ChanHandle,
  type CondHandle,
  type ConnHandle,
  type EventHandle,
  Fault,
  Group,
  type GroupHandle,
  type ListenerHandle,
  type Handle,
  type Launch,
  type Lowering,
  type MonitorHandle,
  type MutexHandle,
  nextTick,
  type OnceHandle,
  type Op,
  type PromiseHandle,
  type Reaction,
  type Received,
  RwLock,
  type RwLockHandle,
  SELECT_DEFAULT,
  SELECT_TIMEOUT,
  type SelectArm,
  selectDone,
  type Selected,
  selectForget,
  SelectOrder,
  selectPark,
  selectReady,
  type SemHandle,
  type ServiceCall,
  type Signal,
  Signals,
  type Steps,
  type Task,
  type TaskScope,
  type TimerHandle,
  type TokenHandle,
  type Uncaught,
  type Value,
  Waiter,
  Waiters,
} from "@orrery/runtime";
import { diskOperation, Kind, nanosleep, type Socket, type ThreadBody } from "@orrery/simulator";
import { CompletableFuture } from "./lib/completable-future.ts";
import { CountDownLatch } from "./lib/count-down-latch.ts";
import { blockingRead, NioSocketImpl, ServerSocket } from "./lib/net.ts";
import { Semaphore } from "./lib/semaphore.ts";
import { join, sleepNanos, terminationOf } from "./lib/thread.ts";
import { FixedThreadPool } from "./lib/thread-pool-executor.ts";
import { Alarm } from "./support/alarm.ts";
import { onResolve } from "./support/handlers.ts";
import { type Monitor, newMonitor } from "./support/monitor.ts";
import { type JavaThread, NOTHING, Throwable, UNTIMED } from "./vm/java-thread.ts";
import type { Jvm } from "./vm/jvm.ts";

const RECEIVED_NOTHING = { value: null, ok: false, ready: false };
const unpark = (waiter: Waiter<JavaThread>): void => waiter.parked.unpark();

export class JavaLowering implements Lowering {
  private readonly jvm: Jvm;
  /** `Executors.newFixedThreadPool(n)`, by n. */
  readonly pools: FixedThreadPool[] = [];
  private readonly poolsBySize: (FixedThreadPool | undefined)[] = [];

  private readonly selectOrder: SelectOrder;
  private readonly signals = new Signals<JavaThread>(unpark);
  private readonly watched = new WeakSet<PromiseHandle>();

  constructor(jvm: Jvm, policies: Policies) {
    this.jvm = jvm;
    this.selectOrder = new SelectOrder(policies.selectPolicy, jvm.machine.decisions, "java.select");
    jvm.interruptedException = () => {
      jvm.machine.charge(jvm.costs.exception);
      return new Fault("Cancelled");
    };
  }

  // ---- tasks ----------------------------------------------------------------------------------------------------

  /** `Thread.ofVirtual().name(proc).start(body)`: it never runs at once, so `deferred` changes nothing. */
  spawn(_self: Task, child: Task, body: Steps<Value>, _deferred: boolean): void {
    this.startTask({ child, body });
  }

  private startTask({ child, body }: Launch): void {
    this.jvm.machine.charge(this.jvm.costs.task);
    child.native = this.jvm.startThread(child.proc, body, child.id, child);
  }

  /** `target.join()` */
  join(self: Task, target: Task): Op {
    if (!threadOf(target).isTerminated) return this.interruptibly(self, join(threadOf(target)));
  }

  /** `CompletableFuture.anyOf(...)` over the threads' futures. */
  joinAny(self: Task, targets: readonly Task[], success: boolean): Op<Task | null> {
    return this.firstEnd(self, targets, (task) => !success || task.state === "completed");
  }

  /** `CompletableFuture.allOf(...)` that a failure completes early. */
  joinAll(self: Task, targets: readonly Task[]): Op<Task | null> {
    return this.firstEnd(self, targets, (task) => task.state !== "completed");
  }

  /** `for (var t : targets) t.join()` */
  settleAll(self: Task, targets: readonly Task[]): Op {
    if (targets.every((task) => threadOf(task).isTerminated)) return;
    return this.interruptibly(self, joinEach(targets));
  }

  /** The first of the tasks to end that `wanted` accepts; null once all have ended otherwise. */
  private firstEnd(self: Task, targets: readonly Task[], wanted: (task: Task) => boolean): Op<Task | null> {
    const ended = targets.filter((task) => threadOf(task).isTerminated);
    const first = ended.find(wanted);
    if (first !== undefined) return first;
    let live = targets.length - ended.length;
    if (live === 0) return null;
    const future = new CompletableFuture<Task | null>(this.jvm);
    for (const task of targets) {
      if (threadOf(task).isTerminated) continue;
      const termination = terminationOf(threadOf(task));
      termination.ended ??= new CompletableFuture<null>(this.jvm);
      termination.ended.thenAccept(() => {
        live--;
        if (wanted(task)) future.complete(task);
        else if (live === 0) future.complete(null);
      });
    }
    return this.interruptibly(self, resultOf(future));
  }

  /** `try (var executor = Executors.newVirtualThreadPerTaskExecutor()) { ... }` */
  scopeEnter(_self: Task, scope: TaskScope): void {
    scope.native = null;
  }

  /** The last one to end wakes the owner who waits in `close()`. */
  scopeChildEnded(_child: Task, scope: TaskScope): void {
    const closing = scope.native as Closing | null;
    if (closing !== null && isOver(scope, closing.leaveLosers)) closing.latch.countDown();
  }

  scopeWait(self: Task, scope: TaskScope, leaveLosers: boolean): Op {
    if (isOver(scope, leaveLosers)) return;
    const closing: Closing = { latch: new CountDownLatch(this.jvm, 1), leaveLosers };
    scope.native = closing;
    return this.interruptibly(self, closing.latch.await());
  }

  /** `target.interrupt()` */
  cancel(_self: Task, target: Task): void {
    threadOf(target).interrupt();
  }

  tokenCancelled(_self: Task, token: TokenHandle): void {
    this.raise(token);
  }

  /** `Thread.yield()` */
  yield(self: Task): Op {
    return threadOf(self).tryYield();
  }

  yieldMicro(self: Task): Op {
    return threadOf(self).tryYield();
  }

  /** `Thread.sleep(duration)` */
  sleep(self: Task, ns: number): Op {
    return this.interruptibly(self, sleepNanos(this.jvm, ns));
  }

  /** A downcall into C: the carrier blocks, nothing compensates. */
  block(self: Task, ns: number): Op {
    return this.inKernel(self, "downcall", (os) => nanosleep(this.jvm.machine, os, ns));
  }

  /** `pool.submit(work).get()` on a pool of platform threads, one per processor unless told otherwise. */
  offload(self: Task, ns: number, workers: number | null): Op {
    return this.interruptibly(self, submitAndGet(this.poolOf(workers ?? this.jvm.machine.cores.length), ns));
  }

  private poolOf(size: number): FixedThreadPool {
    let pool = this.poolsBySize[size];
    if (pool === undefined) {
      pool = new FixedThreadPool(this.jvm, size, this.pools.length + 1);
      this.poolsBySize[size] = pool;
      this.pools.push(pool);
    }
    return pool;
  }

  // ---- channels: a support class, its queues guarded by a ReentrantLock, its waiters parked by LockSupport ------

  chan(_self: Task, chan: ChanHandle): void {
    this.jvm.machine.charge(this.jvm.costs.newChannel);
    chan.native = new Channel<JavaThread>(chan.cap, unpark);
  }

  send(self: Task, chan: ChanHandle | null, value: Value): Op {
    if (chan === null) return this.parkForever(self);
    this.locked();
    this.queued();
    const channel = channelOf(chan);
    if (channel.trySend(value)) return;
    const waiter = new Waiter<JavaThread>(threadOf(self));
    channel.parkSender(waiter, value);
    return this.sent(self, channel, waiter);
  }

  private *sent(self: Task, channel: Channel<JavaThread>, waiter: Waiter<JavaThread>): Steps {
    yield* this.await_(self, waiter, channel);
    if (!waiter.ok) throw new Fault("ChannelClosed", "send on closed channel");
  }

  recv(self: Task, chan: ChanHandle | null): Op<Received> {
    if (chan === null) return this.parkForever(self);
    this.locked();
    this.queued();
    const channel = channelOf(chan);
    const received = channel.tryRecv();
    if (received !== null) return received;
    const waiter = new Waiter<JavaThread>(threadOf(self));
    channel.parkReceiver(waiter);
    return this.await_(self, waiter, channel);
  }

  trySend(_self: Task, chan: ChanHandle, value: Value): boolean {
    this.locked();
    const sent = channelOf(chan).trySend(value);
    if (sent) this.queued();
    return sent;
  }

  tryRecv(_self: Task, chan: ChanHandle): Received & { readonly ready: boolean } {
    this.locked();
    const received = channelOf(chan).tryRecv();
    if (received === null) return RECEIVED_NOTHING;
    this.queued();
    return { ...received, ready: true };
  }

  close(_self: Task, chan: ChanHandle): void {
    this.locked();
    channelOf(chan).close();
  }

  chanLen(_self: Task, chan: ChanHandle): number {
    this.locked();
    return channelOf(chan).length;
  }

  select(
    self: Task,
    selectArms: readonly SelectArm[],
    otherwise: boolean,
    timeoutNs: number | null,
  ): Op<Selected> {
    const arms = armsOf(selectArms, this.signals);
    const { costs, machine } = this.jvm;
    machine.charge(costs.select + arms.length * costs.selectArm);
    for (const arm of arms) {
      if (hasQueue(arm)) this.locked();
      if (arm.dir === "signal" && arm.signal.kind === "promise") this.watch(arm.signal);
    }
    const ready = selectReady(arms, this.selectOrder.next(arms.length));
    if (ready !== null) {
      this.queued();
      return ready;
    }
    if (otherwise) return { arm: SELECT_DEFAULT, value: null, ok: false };
    const waiter = new Waiter<JavaThread>(threadOf(self));
    for (const arm of arms) if (hasQueue(arm)) this.queued();
    selectPark(arms, waiter);
    return this.selected(self, arms, waiter, timeoutNs);
  }

  private *selected(
    self: Task,
    arms: readonly Arm<JavaThread>[],
    waiter: Waiter<JavaThread>,
    timeoutNs: number | null,
  ): Steps<Selected> {
    const forget = (): void => {
      this.leaving(arms);
      selectForget(arms, waiter);
    };
    const done = yield* this.parked(self, waiter, timeoutNs, forget);
    if (!done) return { arm: SELECT_TIMEOUT, value: null, ok: false };
    this.leaving(arms);
    return selectDone(arms, waiter);
  }

  /** The waiter leaves the queues of every channel of a select. */
  private leaving(arms: readonly Arm<JavaThread>[]): void {
    for (const arm of arms)
      if (hasQueue(arm)) {
        this.locked();
        this.queued();
      }
  }

  /** `promise.whenComplete(...)`, once a promise, for all selects that ever wait for it. */
  private watch(promise: PromiseHandle): void {
    if (this.watched.has(promise)) return;
    this.watched.add(promise);
    native<CompletableFuture<null>>(promise).whenDone(() => {
      this.raise(promise);
      return null;
    });
  }

  /** Wakes the selects that wait for it. */
  private raise(signal: Signal): void {
    this.locked();
    this.signals.raise(signal);
  }

  /** Parks until somebody completes the waiter. */
  private *await_(
    self: Task,
    waiter: Waiter<JavaThread>,
    queue: { forget(waiter: Waiter<JavaThread>): void },
    timeoutNs: number | null = null,
  ): Steps<Received> {
    const forget = (): void => {
      this.locked();
      queue.forget(waiter);
    };
    yield* this.parked(self, waiter, timeoutNs, forget);
    return waiter;
  }

  /** Parks until somebody completes the waiter, or for so long. Cancelled or out of time it leaves its queue and takes nothing. */
  private *parked(
    self: Task,
    waiter: Waiter<JavaThread>,
    timeoutNs: number | null,
    forget: () => void,
  ): Steps<boolean> {
    const { machine } = this.jvm;
    const thread = waiter.parked;
    const deadline = timeoutNs === null ? Infinity : machine.threadNow + timeoutNs;
    while (!waiter.done) {
      const cancelled = deadline > machine.now && this.interruptedFor(self, thread);
      if (cancelled || deadline <= machine.now) {
        waiter.done = true;
        forget();
        if (cancelled) throw this.jvm.interruptedException();
        return false;
      }
      const how = thread.startPark(deadline === Infinity ? UNTIMED : deadline - machine.now);
      if (how === NOTHING) continue;
      yield how;
      thread.endPark();
    }
    return true;
  }

  private *parkForever(self: Task): Steps<never> {
    const thread = threadOf(self);
    while (!this.interruptedFor(self, thread)) yield* thread.park();
    throw this.jvm.interruptedException();
  }

  /** The support class's critical section: its lock and its unlock. It never parks inside. */
  private locked(): void {
    const { costs, machine } = this.jvm;
    machine.charge(costs.lock + costs.unlock);
  }

  /** There it puts something on a queue or takes it: an item with its box, a waiter. */
  private queued(): void {
    this.jvm.machine.charge(this.jvm.costs.queueOperation);
  }

  // ---- locks ----------------------------------------------------------------------------------------------------

  /** `new Semaphore(1)`, which lets barge, or a fair one: not reentrant and not owned, unlike ReentrantLock. */
  mutex(_self: Task, mutex: MutexHandle): void {
    mutex.native = new Semaphore(this.jvm, 1, mutex.fairness === "fifo");
  }

  lock(self: Task, mutex: MutexHandle): Op {
    return this.acquirePermits(self, native<Semaphore>(mutex), 1);
  }

  /** `mutex.tryAcquire()`, which barges on a fair semaphore too: there only if nobody waits. */
  tryLock(_self: Task, mutex: MutexHandle): boolean {
    const semaphore = native<Semaphore>(mutex);
    if (mutex.fairness === "fifo" && semaphore.hasQueuedThreads()) return false;
    return semaphore.tryAcquire();
  }

  unlock(_self: Task, mutex: MutexHandle): void {
    native<Semaphore>(mutex).release();
  }

  /** `new Semaphore(permits, fair)` */
  sem(_self: Task, sem: SemHandle): void {
    sem.native = new Semaphore(this.jvm, sem.permits, sem.fairness === "fifo");
  }

  acquire(self: Task, sem: SemHandle, count: number): Op {
    return this.acquirePermits(self, native<Semaphore>(sem), count);
  }

  release(_self: Task, sem: SemHandle, count: number): void {
    native<Semaphore>(sem).release(count);
  }

  private acquirePermits(self: Task, semaphore: Semaphore, permits: number): Op {
    if (!semaphore.acquireAtOnce(permits)) return this.interruptibly(self, semaphore.acquireQueuing(permits));
  }

  /** `mutex.tryAcquire(timeout, unit)` */
  lockFor(self: Task, mutex: MutexHandle, ns: number): Op<boolean> {
    return this.interruptibly(self, native<Semaphore>(mutex).tryAcquireFor(ns));
  }

  acquireFor(self: Task, sem: SemHandle, count: number, ns: number): Op<boolean> {
    return this.interruptibly(self, native<Semaphore>(sem).tryAcquireFor(ns, count));
  }

  /** `semaphore.acquireUninterruptibly()` */
  private uninterruptibly(self: Task, semaphore: Semaphore): Op {
    if (!semaphore.acquireAtOnce(1)) return this.interruptibly(self, semaphore.acquireUninterruptibly());
  }

  /** CountDownLatch can't grow and Phaser releases newest first: a support class. */
  group(_self: Task, group: GroupHandle): void {
    group.native = new Group<JavaThread>(unpark);
  }

  groupAdd(_self: Task, group: GroupHandle, count: number): void {
    this.locked();
    native<Group<JavaThread>>(group).add(count);
  }

  groupWait(self: Task, handle: GroupHandle): Op {
    const group = native<Group<JavaThread>>(handle);
    this.locked();
    if (group.count > 0) return this.queue(self, group, (waiter) => group.park(waiter));
  }

  /** ReentrantReadWriteLock lets a reader in again where a writer waits and knows owners: a support class. */
  rwlock(_self: Task, lock: RwLockHandle): void {
    lock.native = new RwLock<JavaThread>(unpark);
  }

  rlock(self: Task, handle: RwLockHandle): Op {
    const lock = native<RwLock<JavaThread>>(handle);
    this.locked();
    if (!lock.tryRead()) return this.queue(self, lock, (waiter) => lock.parkReader(waiter));
  }

  runlock(_self: Task, lock: RwLockHandle): void {
    this.locked();
    native<RwLock<JavaThread>>(lock).readUnlock();
  }

  wlock(self: Task, handle: RwLockHandle): Op {
    const lock = native<RwLock<JavaThread>>(handle);
    this.locked();
    if (!lock.tryWrite()) return this.queue(self, lock, (waiter) => lock.parkWriter(waiter));
  }

  wunlock(_self: Task, lock: RwLockHandle): void {
    this.locked();
    native<RwLock<JavaThread>>(lock).writeUnlock();
  }

  /** Parks in a queue of a support class. */
  private queue(
    self: Task,
    queue: { forget(waiter: Waiter<JavaThread>): void },
    join: (waiter: Waiter<JavaThread>) => void,
  ): Op {
    this.queued();
    const waiter = new Waiter<JavaThread>(threadOf(self));
    join(waiter);
    return discard(this.await_(self, waiter, queue));
  }

  // ---- conditions and monitors ----------------------------------------------------------------------------------

  /** A Condition belongs to a lock with an owner, and only the owner may signal: a support class. */
  cond(_self: Task, cond: CondHandle): void {
    cond.native = new Waiters<JavaThread>(unpark);
  }

  *condWait(self: Task, cond: CondHandle, ns: number | null): Steps<boolean> {
    const waiters = native<Waiters<JavaThread>>(cond);
    const mutex = native<Semaphore>(cond.mutex);
    const waiter = new Waiter<JavaThread>(threadOf(self));
    this.locked();
    this.queued();
    waiters.park(waiter);
    mutex.release();
    try {
      yield* this.await_(self, waiter, waiters, ns);
    } finally {
      yield* mutex.acquireUninterruptibly();
    }
    return waiter.ok;
  }

  signal(_self: Task, cond: CondHandle, all: boolean): void {
    const waiters = native<Waiters<JavaThread>>(cond);
    this.locked();
    if (all) waiters.broadcast();
    else waiters.signal();
  }

  /** `synchronized` and `Object.wait`, or a ReentrantLock and its Condition. */
  monitor(_self: Task, monitor: MonitorHandle): void {
    monitor.native = newMonitor(this.jvm, monitor);
  }

  enter(self: Task, monitor: MonitorHandle): Op {
    return this.interruptibly(self, native<Monitor>(monitor).enter());
  }

  exit(_self: Task, monitor: MonitorHandle): void {
    native<Monitor>(monitor).exit();
  }

  monitorWait(self: Task, monitor: MonitorHandle, ns: number | null): Op<boolean> {
    return this.interruptibly(self, native<Monitor>(monitor).await(ns));
  }

  notify(_self: Task, monitor: MonitorHandle, all: boolean): void {
    if (all) native<Monitor>(monitor).signalAll();
    else native<Monitor>(monitor).signal();
  }

  // ---- once, events, barriers -----------------------------------------------------------------------------------

  /** A support class: the first holds a `Semaphore(1)` during the call. */
  once(_self: Task, once: OnceHandle): void {
    once.native = new Semaphore(this.jvm, 1);
  }

  *onceEnter(self: Task, once: OnceHandle): Steps<boolean> {
    if (once.state === "done") return false;
    const lock = native<Semaphore>(once);
    const waits = this.uninterruptibly(self, lock);
    if (waits !== undefined) yield* waits;
    if (once.state === "new") return true;
    lock.release();
    return false;
  }

  onceExit(_self: Task, once: OnceHandle): void {
    native<Semaphore>(once).release();
  }

  /** `new CountDownLatch(1)` */
  event(_self: Task, event: EventHandle): void {
    event.native = new CountDownLatch(this.jvm, 1);
  }

  eventSet(_self: Task, event: EventHandle): void {
    native<CountDownLatch>(event).countDown();
    this.raise(event);
  }

  eventWait(self: Task, event: EventHandle): Op {
    if (!event.set) return this.interruptibly(self, native<CountDownLatch>(event).await());
  }

  /** An interrupt breaks a CyclicBarrier for all who wait at it: a support class. */
  barrier(_self: Task, barrier: BarrierHandle): void {
    barrier.native = new Barrier<JavaThread>(barrier.parties, unpark);
  }

  barrierWait(self: Task, handle: BarrierHandle): Op {
    const barrier = native<Barrier<JavaThread>>(handle);
    this.locked();
    if (!barrier.arrive()) return this.queue(self, barrier, (waiter) => barrier.park(waiter));
  }

  // ---- time -----------------------------------------------------------------------------------------------------

  /** A virtual thread that sleeps, then sends or starts another. */
  timer(_self: Task, timer: TimerHandle, ns: number): void {
    timer.native = new Alarm(this.jvm, "timer", ns, (dueNs) => this.fire(timer, dueNs));
  }

  private fire(timer: TimerHandle, dueNs: number): number | null {
    timer.fired++;
    if (timer.call !== null) this.startTask(timer.call.launch());
    else {
      this.locked();
      const channel = channelOf(timer.chan!);
      if (channel.closed) return null;
      if (channel.length === 0) {
        this.queued();
        channel.trySend(timer.fired);
      }
    }
    return timer.periodNs > 0 ? nextTick(timer, dueNs, this.jvm.machine.threadNow, "burst") : null;
  }

  stopTimer(_self: Task, timer: TimerHandle): boolean {
    return native<Alarm>(timer).stop();
  }

  resetTimer(self: Task, timer: TimerHandle, ns: number): boolean {
    const pending = this.stopTimer(self, timer);
    if (timer.chan !== null) this.tryRecv(self, timer.chan);
    this.timer(self, timer, ns);
    return pending;
  }

  /** A virtual thread that sleeps, then interrupts the owner. */
  deadlineEnter(_self: Task, region: CancelRegion, ns: number): void {
    region.native = new Alarm(this.jvm, "deadline", ns, () => {
      if (region.expire()) threadOf(region.owner).interrupt();
      return null;
    });
  }

  deadlineExit(_self: Task, region: CancelRegion): void {
    (region.native as Alarm).stop();
  }

  // ---- promises -------------------------------------------------------------------------------------------------

  /** `new CompletableFuture<>()` */
  promise(_self: Task, promise: PromiseHandle): void {
    promise.native = new CompletableFuture<null>(this.jvm);
  }

  settle(_self: Task, promise: PromiseHandle): Op {
    return native<CompletableFuture<null>>(promise).completing(null);
  }

  await(self: Task, promise: PromiseHandle): Op {
    const future = native<CompletableFuture<null>>(promise);
    if (!future.isDone) return this.interruptibly(self, future.waitingGet());
  }

  /** `promise.thenApply(handler)`, or `thenCompose`: it runs in the thread that completes the promise. */
  onResolve(_self: Task, reaction: Reaction): Op {
    return onResolve(this.jvm, reaction);
  }

  /** `executor.execute(call)` on `newVirtualThreadPerTaskExecutor()`: Java has one kind of queue. */
  callback(_self: Task, _queue: CallbackQueue, call: Callback): void {
    this.startTask(call.launch());
  }

  // ---- I/O ------------------------------------------------------------------------------------------------------

  /** A blocking socket of its own: connect, write the request, read the reply, close. An interrupt closes it, too. */
  *callService(self: Task, call: ServiceCall): Steps<boolean> {
    const { machine, costs } = this.jvm;
    if (!self.cancelRequested) threadOf(self).interrupted = false;
    machine.charge(costs.connect + costs.syscall); // write
    if (!machine.settle()) yield 0;
    const request = call.send();
    try {
      yield* blockingRead(this.jvm, request.reply, this.jvm.newFd());
    } catch (error) {
      if (!(error instanceof Throwable)) throw error;
      threadOf(self).interrupted = false;
      machine.charge(costs.exception);
      throw new Fault("Cancelled");
    } finally {
      machine.charge(costs.closeSocket);
    }
    return request.ok;
  }

  /** `Files.readAllBytes`: the carrier blocks, without compensation since JDK 23. */
  fileRead(self: Task, bytes: number, stallNs: number): Op {
    this.jvm.machine.charge(this.jvm.costs.openFile);
    return this.inKernel(self, "read", (os) => diskOperation(this.jvm.machine, os, bytes, stallNs));
  }

  /** `Files.exists` */
  fileStat(self: Task): Op {
    return this.inKernel(self, "stat", (os) => diskOperation(this.jvm.machine, os, 0, 0));
  }

  /** Blocks the carrier in the kernel with the thread mounted. */
  private *inKernel(
    self: Task,
    call: string,
    body: (os: Parameters<typeof nanosleep>[1]) => ThreadBody,
  ): Steps {
    const { machine, costs } = this.jvm;
    const carrier = this.jvm.currentCarrier()!;
    machine.charge(costs.syscall);
    machine.emit(Kind.syscallEnter, carrier.processor, self.id, `${call}: carrier blocked, not compensated`);
    yield* body(carrier.os);
    machine.emit(Kind.syscallExit, carrier.processor, self.id, call);
  }

  // ---- connections: blocking sockets ----------------------------------------------------------------------------

  /** `new ServerSocket(0, backlog, loopback)` */
  listen(_self: Task, listener: ListenerHandle): void {
    this.jvm.machine.charge(this.jvm.costs.listen);
    listener.native = new ServerSocket(this.jvm, listener.socket);
  }

  /** `new Socket(loopback, port)` */
  connect(self: Task, conn: ConnHandle, dial: () => Socket): Op<boolean> {
    return this.onSocket(self, NioSocketImpl.connect(this.jvm, conn, dial));
  }

  /** `listener.accept()` */
  accept(self: Task, listener: ListenerHandle, conn: ConnHandle): Op<boolean> {
    return this.onSocket(self, native<ServerSocket>(listener).accept(conn));
  }

  /** `in.read(buffer)` */
  read(self: Task, conn: ConnHandle, bytes: number): Op<number> {
    return this.onSocket(self, native<NioSocketImpl>(conn).read(bytes));
  }

  /** `out.write(buffer)` */
  write(self: Task, conn: ConnHandle, bytes: number): Op<boolean> {
    return this.onSocket(self, native<NioSocketImpl>(conn).write(bytes));
  }

  closeConn(_self: Task, conn: ConnHandle): void {
    native<NioSocketImpl | null>(conn)?.close();
  }

  closeListener(_self: Task, listener: ListenerHandle): void {
    native<ServerSocket>(listener).close();
  }

  /** An operation that an interrupt ends, with a SocketException. */
  private *onSocket<V>(self: Task, steps: Steps<V>): Steps<V> {
    try {
      return yield* this.interruptibly(self, steps);
    } catch (error) {
      if (!(error instanceof Throwable)) throw error;
      threadOf(self).interrupted = false;
      this.jvm.machine.charge(this.jvm.costs.exception);
      throw new Fault("Cancelled");
    }
  }

  // ---- cancellation and failure ---------------------------------------------------------------------------------

  /** An interruptible method of the library is about to run. */
  private interruptibly<V>(self: Task, steps: Steps<V>): Steps<V> {
    if (!self.cancelRequested || self.shields > 0) threadOf(self).interrupted = false; // delivered elsewhere, or kept out
    return steps;
  }

  /** `Thread.interrupted()` of a support class's wait loop. */
  private interruptedFor(self: Task, thread: JavaThread): boolean {
    return thread.getAndClearInterrupt() && self.cancelRequested && self.shields === 0;
  }

  /**
   * A virtual thread's uncaught exception is printed and changes nothing else. Main's is thrown on by the platform main
   * thread that joined it, which ends the process with status 1.
   */
  uncaught(task: Task, error: Fault): Uncaught {
    const isMain = task.parent === null;
    const text = `Exception in thread "${task.proc}" java.lang.RuntimeException: ${error.message}`;
    return { ends: isMain, exitStatus: isMain ? 1 : 0, text };
  }
}

interface Closing {
  readonly latch: CountDownLatch;
  readonly leaveLosers: boolean;
}

const threadOf = (task: Task): JavaThread => task.native as JavaThread;
const hasQueue = (arm: Arm<JavaThread>): boolean => arm.dir === "signal" || arm.channel !== null;
const channelOf = (chan: ChanHandle): Channel<JavaThread> => chan.native as Channel<JavaThread>;
const isOver = (scope: TaskScope, leaveLosers: boolean): boolean =>
  scope.live === 0 || (leaveLosers && scope.winner !== null);

function* joinEach(targets: readonly Task[]): Steps {
  for (const target of targets) yield* join(threadOf(target));
}

function* resultOf<V>(future: CompletableFuture<V>): Steps<V> {
  yield* future.waitingGet();
  return future.value as V;
}

const native = <N>(handle: Handle): N => handle.native as N;

function* discard(steps: Steps<unknown>): Steps {
  yield* steps;
}

function* submitAndGet(pool: FixedThreadPool, ns: number): Steps {
  const task = yield* pool.submit(function* () {
    yield ns;
  });
  yield* task.get();
}
