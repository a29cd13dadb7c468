/**
 * How an expert writes each portable operation in Go. One method per operation; what it does in Go is in its comment.
 * Cancellation is portable here: every wait stands for a select with ctx.Done, and cancelling closes that.
 */
import type { CallbackQueue, Policies } from "@orrery/program";
import {
  Fault,
  type BarrierHandle,
  type Callback,
  type CancelRegion,
  type ChanHandle,
  type CondHandle,
  type ConnHandle,
  type EventHandle,
  type GroupHandle,
  type ListenerHandle,
  type Lowering,
  type MonitorHandle,
  type MutexHandle,
  type OnceHandle,
  type Op,
  type PromiseHandle,
  type Reaction,
  type Received,
  type RwLockHandle,
  SELECT_DEFAULT,
  SELECT_TIMEOUT,
  type SelectArm,
  SelectOrder,
  type Selected,
  type SemHandle,
  type ServiceCall,
  type Signal,
  type Steps,
  type Task,
  type TaskScope,
  type TimerHandle,
  type TokenHandle,
  type Uncaught,
  type Value,
} from "@orrery/runtime";
import { diskOperation, nanosleep, type Socket, type ThreadBody } from "@orrery/simulator";
import { afterFunc, goRoutine, LanguageTimer } from "./after-func.ts";
import { Barging } from "./barging.ts";
import { Barrier } from "./barrier.ts";
import {
  chanrecv,
  chanreceived,
  chansend,
  chansent,
  closechan,
  DONE,
  Hchan,
  PARKED,
  received,
  sendTime,
  WOULD_BLOCK,
} from "./chan.ts";
import { NotifyList } from "./cond.ts";
import { Latch, type Verdict } from "./latch.ts";
import { CANCELLABLE, INSISTS, leaveLimit, type Wait } from "./limit.ts";
import { HANDED_OVER, type Lock, lock, Mutex } from "./mutex.ts";
import { PermitMutex } from "./permit-mutex.ts";
import * as net from "./net.ts";
import { netpollblock, netpollclose, netpollopen } from "./netpoll.ts";
import { panicText } from "./fatal.ts";
import { EXIT_PANIC, GoPanic } from "./panic.ts";
import { type G, Gstatus, Leave, type Runtime } from "./runtime2.ts";
import { RWMutex } from "./rwmutex.ts";
import { type Scase, Select } from "./select.ts";
import { Sema, semacquire, semrelease } from "./sema.ts";
import { awaitSettlement, doneOf, react, settled } from "./settlement.ts";
import { modify, startSleep, stop, timerFired } from "./time.ts";
import { Timer, type TimerF } from "./timers.ts";
import { newproc, ready } from "./wake.ts";
import { REUSED, WaitGroup } from "./waitgroup.ts";
import { Weighted } from "./weighted.ts";

/** A raw read or write on a socket, without entersyscall (go1.23.5: 89), ns. */
const SOCKET_CALL_NS = 89;

export class GoLowering implements Lowering {
  private readonly rt: Runtime;
  private channels = 0;
  private readonly pools = new Map<number, Hchan>();
  /** `ctx.Done()` of each token that a select has waited for. */
  private readonly tokens = new WeakMap<TokenHandle, Hchan>();

  /** The order that the program wants its cases tried in, null for Go's own. */
  private readonly inOrder: SelectOrder | null;

  constructor(rt: Runtime, { selectPolicy }: Policies) {
    this.rt = rt;
    this.inOrder =
      selectPolicy === "random" ? null : new SelectOrder(selectPolicy, rt.machine.decisions, "go.select");
    rt.deferred = closeDone;
  }

  // ---- tasks ------------------------------------------------------------------------------------------------------------

  /** `go func() { defer close(done); p(args) }()` */
  spawn(self: Task, child: Task, body: Steps<Value>): Op {
    const { rt } = this;
    rt.machine.charge(rt.costs.makechan);
    const gp = newproc(rt, goroutine(self), child.id, child.proc, body, child);
    child.native = gp;
  }

  /** `<-done` */
  join(self: Task, target: Task): Op {
    const { rt } = this;
    if (!target.ended) return this.waitDone(self, target);
    rt.machine.charge(rt.costs.chanOp); // from a closed channel
  }

  private *waitDone(self: Task, target: Task): Steps {
    const { rt } = this;
    const gp = goroutine(self);
    const joined = endings(target);
    joined.done ??= new Hchan(0, this.channels++);
    chanrecv(rt, gp, joined.done, true);
    yield Leave.park;
    checkCancelled(gp);
    chanreceived(rt, gp);
  }

  /** Each child sends its result to a buffered channel; the first receive is the first to end. */
  joinAny(self: Task, targets: readonly Task[], success: boolean): Op<Task | null> {
    this.look(targets);
    const first = firstEnded(targets, (task) => !success || task.state === "completed");
    if (first !== null || targets.every((task) => task.ended)) return first;
    return this.watch(self, targets, success ? "any-success" : "any");
  }

  /** An errgroup whose Wait returns at the first error. */
  joinAll(self: Task, targets: readonly Task[]): Op<Task | null> {
    this.look(targets);
    const failed = firstEnded(targets, (task) => task.state !== "completed");
    if (failed !== null || targets.every((task) => task.ended)) return failed;
    return this.watch(self, targets, "all");
  }

  /** `wg.Wait()` */
  settleAll(self: Task, targets: readonly Task[]): Op {
    this.look(targets);
    if (targets.every((task) => task.ended)) return;
    return this.watch(self, targets, "settled") as Steps<unknown> as Steps;
  }

  private look(targets: readonly Task[]): void {
    this.rt.machine.charge(this.rt.costs.watch * targets.length);
  }

  private *watch(self: Task, targets: readonly Task[], verdict: Verdict): Steps<Task | null> {
    const gp = goroutine(self);
    const latch = watching(targets, verdict);
    if (!(yield* latch.wait(this.rt, gp))) throw cancelled(gp);
    return latch.decisive;
  }

  /** `var wg sync.WaitGroup` and a derived context. */
  scopeEnter(_self: Task, scope: TaskScope): void {
    scope.native = new ScopeWait();
  }

  /** `defer wg.Done()`; here is paid too what the child's beginning took: its entry, and two looks at who is left, under a mutex each. */
  scopeChildEnded(_child: Task, scope: TaskScope): void {
    const { rt } = this;
    rt.machine.charge(6 * rt.costs.mutexOp);
    const { sema, leaveLosers } = scope.native as ScopeWait;
    if (sema.queue.first !== null && scopeOver(scope, leaveLosers))
      semrelease(rt, sema, false, "WaitGroup: runnext");
  }

  /** `wg.Wait()` */
  scopeWait(self: Task, scope: TaskScope, leaveLosers: boolean): Op {
    if (!scopeOver(scope, leaveLosers)) return this.waitScope(self, scope, leaveLosers);
  }

  private *waitScope(self: Task, scope: TaskScope, leaveLosers: boolean): Steps {
    const gp = goroutine(self);
    const wait = scope.native as ScopeWait;
    wait.leaveLosers = leaveLosers;
    if (!(yield* semacquire(this.rt, gp, wait.sema, false, "sync.WaitGroup.Wait"))) throw cancelled(gp);
  }

  /** `cancel()`: the victim's select finds ctx.Done. Whoever does not wait notices at its next wait. */
  cancel(_self: Task, target: Task): void {
    const { rt } = this;
    rt.machine.charge(rt.costs.chanOp);
    const gp = goroutine(target);
    if (gp.status !== Gstatus.waiting || gp.abandon === null) return;
    gp.abandon.abandon(rt, gp);
    leaveLimit(rt, gp);
    gp.cancelled = true;
    ready(rt, gp, "ctx.Done: runnext");
  }

  /** `cancel()`: the contexts under it are cancelled by now, and its own Done is closed. */
  tokenCancelled(_self: Task, token: TokenHandle): Op {
    const done = this.tokens.get(token);
    if (done !== undefined) closechan(this.rt, done);
  }

  /** `runtime.Gosched()` */
  yield(_self: Task): Op {
    return gosched();
  }

  /** Go has no smaller yield. */
  yieldMicro(_self: Task): Op {
    return gosched();
  }

  /** `time.Sleep(d)` */
  sleep(self: Task, ns: number): Op {
    if (ns <= 0) return;
    const gp = goroutine(self);
    return new Sleeping(gp, startSleep(this.rt, gp, ns)) as unknown as Steps;
  }

  /** A system call that sleeps. */
  block(self: Task, ns: number): Op {
    const gp = goroutine(self);
    return this.syscall(gp, nanosleep(this.rt.machine, gp.m!.thread, ns));
  }

  private *syscall(gp: G, kernel: ThreadBody): Steps {
    gp.syscall = kernel;
    yield Leave.syscall;
  }

  /** A plain call; with `workers` bounded by a channel of that many slots. */
  offload(self: Task, ns: number, workers: number | null): Op {
    return workers === null ? burn(ns) : this.bounded(goroutine(self), ns, workers);
  }

  private *bounded(gp: G, ns: number, workers: number): Steps {
    const { rt } = this;
    let slots = this.pools.get(workers);
    if (slots === undefined) {
      slots = new Hchan(workers, this.channels++);
      this.pools.set(workers, slots);
    }
    if (chansend(rt, gp, slots, null, true) === PARKED) {
      yield Leave.park;
      checkCancelled(gp);
      chansent(rt, gp);
    }
    yield ns;
    chanrecv(rt, gp, slots, true);
  }

  // ---- channels ---------------------------------------------------------------------------------------------------------

  /** `make(chan T, cap)` */
  chan(_self: Task, chan: ChanHandle): void {
    this.rt.machine.charge(this.rt.costs.makechan);
    chan.native = new Hchan(chan.cap, this.channels++);
  }

  /** `c <- v` */
  send(self: Task, chan: ChanHandle | null, value: Value): Op {
    const gp = goroutine(self);
    const c = hchan(chan);
    if (c !== null && c.closed) throw new Fault("ChannelClosed", "send on closed channel");
    if (chansend(this.rt, gp, c, value, true) === PARKED) return this.sending(gp);
  }

  private *sending(gp: G): Steps {
    yield Leave.park;
    checkCancelled(gp);
    try {
      chansent(this.rt, gp);
    } catch (error) {
      throw closedFault(error);
    }
  }

  /** `v, ok := <-c` */
  recv(self: Task, chan: ChanHandle | null): Op<Received> {
    const gp = goroutine(self);
    return chanrecv(this.rt, gp, hchan(chan), true) === PARKED ? this.receiving(gp) : gotten();
  }

  private *receiving(gp: G): Steps<Received> {
    yield Leave.park;
    checkCancelled(gp);
    chanreceived(this.rt, gp);
    return gotten();
  }

  /** `select { case c <- v: default: }` */
  trySend(self: Task, chan: ChanHandle, value: Value): Op<boolean> {
    const c = hchan(chan)!;
    if (c.closed) throw new Fault("ChannelClosed", "send on closed channel");
    return chansend(this.rt, goroutine(self), c, value, false) === DONE;
  }

  /** `select { case v, ok := <-c: default: }` */
  tryRecv(self: Task, chan: ChanHandle): Op<Received & { readonly ready: boolean }> {
    if (chanrecv(this.rt, goroutine(self), hchan(chan), false) === WOULD_BLOCK)
      return { value: null, ok: false, ready: false };
    return { ...gotten(), ready: true };
  }

  /** `close(c)` */
  close(_self: Task, chan: ChanHandle): Op {
    const c = hchan(chan)!;
    if (c.closed) throw new Fault("CloseOfClosed", "close of closed channel");
    closechan(this.rt, c);
  }

  /** `len(c)` */
  chanLen(_self: Task, chan: ChanHandle): number {
    return hchan(chan)!.length;
  }

  /**
   * `select { case ...: case <-time.After(d): default: }`. A program that asks for an order of its own gets it as in Go:
   * a select with a default for each case in turn, then the select of all.
   */
  select(self: Task, arms: readonly SelectArm[], otherwise: boolean, timeoutNs: number | null): Op<Selected> {
    const { rt } = this;
    const gp = goroutine(self);
    const cases: Scase[] = arms.map((arm) =>
      arm.dir === "signal"
        ? { dir: "recv", c: this.doneOf(arm.source) }
        : { dir: arm.dir, c: hchan(arm.chan), v: arm.value },
    );
    try {
      if (this.inOrder !== null)
        for (const casi of this.inOrder.next(arms.length)) {
          const first = new Select([cases[casi]!]);
          if (first.go(rt, gp, false) === DONE && first.casi === 0) return { arm: casi, ...gotten() };
        }
    } catch (error) {
      throw closedFault(error);
    }
    if (timeoutNs !== null && !otherwise) cases.push({ dir: "recv", c: this.after(timeoutNs) });
    const select = new Select(cases);
    try {
      if (select.go(rt, gp, !otherwise) === PARKED) return this.selecting(gp, select, arms.length);
    } catch (error) {
      throw closedFault(error);
    }
    return select.casi < 0 ? NO_ARM : selected(select, arms.length);
  }

  /** What is closed when it happens: the promise's done, the token's ctx.Done(), the event itself. */
  private doneOf(signal: Signal): Hchan {
    if (signal.kind === "event") return signal.native as Hchan;
    if (signal.kind === "promise") return doneOf(this.rt, signal);
    let done = this.tokens.get(signal);
    if (done === undefined) {
      done = new Hchan(0, this.channels++);
      if (signal.cancelled) closechan(this.rt, done);
      this.tokens.set(signal, done);
    }
    return done;
  }

  private *selecting(gp: G, select: Select, arms: number): Steps<Selected> {
    yield Leave.park;
    checkCancelled(gp);
    try {
      select.finish(this.rt, gp);
    } catch (error) {
      throw closedFault(error);
    }
    return selected(select, arms);
  }

  private after(ns: number): Hchan {
    const { rt } = this;
    const c = new Hchan(1, this.channels++);
    c.timer = new Timer(fireChannel, c, true);
    modify(rt, c.timer, Math.max(1, rt.machine.now + ns), 0);
    return c;
  }

  // ---- locks ------------------------------------------------------------------------------------------------------------

  /** `var mu sync.Mutex`, or one permit of a semaphore where the program chose the fairness. */
  mutex(_self: Task, mutex: MutexHandle): void {
    const { fairness } = mutex;
    mutex.native = fairness === "native" ? new Mutex() : new PermitMutex(this.rt, fairness);
  }

  /** `mu.Lock()`, and an atomic that says so: a wrong Unlock is an error of the portable language, no fatal one. */
  lock(self: Task, mutex: MutexHandle): Op {
    const { rt } = this;
    const mu = mutex.native as Lock;
    rt.machine.charge(rt.costs.mutexOp + rt.costs.memory);
    if (!mu.lockFast()) return this.locking(goroutine(self), mu, CANCELLABLE) as Steps<unknown> as Steps;
  }

  /** A lock with a channel for each waiter, so that its select can have `<-time.After(d)`. */
  lockFor(self: Task, mutex: MutexHandle, ns: number): Op<boolean> {
    const { rt } = this;
    const mu = mutex.native as Lock;
    rt.machine.charge(rt.costs.mutexOp + rt.costs.memory);
    if (mu.lockFast()) return true;
    return this.locking(goroutine(self), mu, { cancellable: true, limit: this.after(ns) });
  }

  private *locking(gp: G, mu: Lock, wait: Wait): Steps<boolean> {
    return endOf(gp, yield* mu.lockSlow(this.rt, gp, wait));
  }

  /** `mu.TryLock()` */
  tryLock(_self: Task, mutex: MutexHandle): Op<boolean> {
    this.rt.machine.charge(this.rt.costs.mutexOp + this.rt.costs.memory);
    return (mutex.native as Lock).tryLock();
  }

  /** `mu.Unlock()` */
  unlock(_self: Task, mutex: MutexHandle): Op {
    this.rt.machine.charge(this.rt.costs.mutexOp + this.rt.costs.memory);
    if ((mutex.native as Lock).unlock(this.rt) === HANDED_OVER) return goyield();
  }

  /** `semaphore.NewWeighted(n)`, or one of its own that lets barge. */
  sem(_self: Task, sem: SemHandle): void {
    sem.native = new (sem.fairness === "fifo" ? Weighted : Barging)(sem.permits);
  }

  /** `sem.Acquire(ctx, n)` */
  acquire(self: Task, sem: SemHandle, count: number): Op {
    const { rt } = this;
    const semaphore = sem.native as Weighted | Barging;
    rt.machine.charge(2 * rt.costs.mutexOp);
    if (!semaphore.tryAcquire(count))
      return this.acquiring(goroutine(self), semaphore, count, null) as Steps<unknown> as Steps;
  }

  /** `sem.Acquire(ctx, n)` whose select has `<-time.After(d)`, too. */
  acquireFor(self: Task, sem: SemHandle, count: number, ns: number): Op<boolean> {
    const { rt } = this;
    const semaphore = sem.native as Weighted | Barging;
    rt.machine.charge(2 * rt.costs.mutexOp);
    return semaphore.tryAcquire(count) || this.acquiring(goroutine(self), semaphore, count, ns);
  }

  private *acquiring(gp: G, semaphore: Weighted | Barging, count: number, ns: number | null): Steps<boolean> {
    const { rt } = this;
    const over = ns === null ? Infinity : rt.machine.now + ns;
    const limit = (): Hchan | null => (ns === null ? null : this.after(Math.max(0, over - rt.machine.now)));
    if (semaphore instanceof Barging) return endOf(gp, yield* semaphore.acquire(rt, gp, count, limit));
    return endOf(gp, yield* semaphore.acquire(rt, gp, count, { cancellable: true, limit: limit() }));
  }

  /** `sem.Release(n)` */
  release(_self: Task, sem: SemHandle, count: number): Op {
    this.rt.machine.charge(2 * this.rt.costs.mutexOp);
    (sem.native as Weighted | Barging).release(this.rt, count);
  }

  /** `var wg sync.WaitGroup` */
  group(_self: Task, group: GroupHandle): void {
    group.native = new WaitGroup();
  }

  /** `wg.Add(n)`, `wg.Done()` */
  groupAdd(_self: Task, group: GroupHandle, count: number): Op {
    (group.native as WaitGroup).add(this.rt, count);
  }

  /** `wg.Wait()` */
  groupWait(self: Task, group: GroupHandle): Op {
    const wg = group.native as WaitGroup;
    if (wg.count > 0) return this.waiting(goroutine(self), wg);
    this.rt.machine.charge(this.rt.costs.mutexOp);
  }

  private *waiting(gp: G, wg: WaitGroup): Steps {
    if (!(yield* wg.wait(this.rt, gp))) throw cancelled(gp);
    if (wg.reused) this.rt.world.diagnose("misuse", `panic: ${REUSED}`);
  }

  // ---- conditions -------------------------------------------------------------------------------------------------------

  /** `var rw sync.RWMutex` */
  rwlock(_self: Task, lock: RwLockHandle): void {
    lock.native = new RWMutex();
  }

  /** `rw.RLock()`, and an atomic count: as with mutexes. */
  *rlock(self: Task, lock: RwLockHandle): Steps {
    const gp = goroutine(self);
    this.rt.machine.charge(this.rt.costs.memory);
    endOf(gp, yield* (lock.native as RWMutex).rlock(this.rt, gp));
  }

  /** `rw.RUnlock()` */
  runlock(_self: Task, lock: RwLockHandle): Op {
    this.rt.machine.charge(this.rt.costs.memory);
    (lock.native as RWMutex).runlock(this.rt);
  }

  /** `rw.Lock()` */
  *wlock(self: Task, lock: RwLockHandle): Steps {
    const gp = goroutine(self);
    this.rt.machine.charge(this.rt.costs.memory);
    endOf(gp, yield* (lock.native as RWMutex).lock(this.rt, gp));
  }

  /** `rw.Unlock()` */
  wunlock(_self: Task, lock: RwLockHandle): Op {
    this.rt.machine.charge(this.rt.costs.memory);
    if ((lock.native as RWMutex).unlock(this.rt) === HANDED_OVER) return goyield();
  }

  /** `sync.NewCond(mu)` */
  cond(_self: Task, cond: CondHandle): void {
    cond.native = new NotifyList();
  }

  /** `c.Wait()`; one that ends in time or can be cancelled is a select on a channel for each waiter. */
  condWait(self: Task, { mutex, native }: CondHandle, ns: number | null): Op<boolean> {
    return this.leaving(self, mutex.native as Lock, native as NotifyList, ns);
  }

  /** `c.Signal()`, `c.Broadcast()` */
  signal(_self: Task, cond: CondHandle, all: boolean): Op {
    this.notifyList(cond.native as NotifyList, all);
  }

  /** A sync.Mutex beside its owner and the depth of his calls, and who waits to be notified. */
  monitor(_self: Task, monitor: MonitorHandle): void {
    monitor.native = { mu: new Mutex(), waiters: new NotifyList() } satisfies Monitor;
  }

  enter(self: Task, monitor: MonitorHandle): Op {
    const { rt } = this;
    const { mu } = monitor.native as Monitor;
    rt.machine.charge(rt.costs.mutexOp + rt.costs.memory);
    if (!mu.lockFast()) return mu.lockSlow(rt, goroutine(self), INSISTS) as Steps<unknown> as Steps;
  }

  exit(_self: Task, monitor: MonitorHandle): Op {
    const { rt } = this;
    rt.machine.charge(rt.costs.mutexOp + rt.costs.memory);
    if ((monitor.native as Monitor).mu.unlock(rt) === HANDED_OVER) return goyield();
  }

  monitorWait(self: Task, monitor: MonitorHandle, ns: number | null): Op<boolean> {
    const { mu, waiters } = monitor.native as Monitor;
    return this.leaving(self, mu, waiters, ns);
  }

  notify(_self: Task, monitor: MonitorHandle, all: boolean): Op {
    this.notifyList((monitor.native as Monitor).waiters, all);
  }

  /** Queues itself, unlocks, waits, locks again whatever ended the wait. */
  private *leaving(self: Task, mu: Lock, waiters: NotifyList, ns: number | null): Steps<boolean> {
    const { rt } = this;
    const gp = goroutine(self);
    const limit = ns === null ? null : this.after(ns);
    rt.machine.charge(3 * rt.costs.mutexOp + 2 * rt.costs.memory);
    waiters.add(rt, gp);
    if (mu.unlock(rt) === HANDED_OVER) yield Leave.goyield;
    const isNotified = yield* waiters.wait(rt, gp, limit);
    const isCancelled = gp.cancelled;
    gp.cancelled = false;
    yield* lock(rt, gp, mu, INSISTS);
    if (isCancelled) throw new Fault("Cancelled");
    return isNotified;
  }

  private notifyList(waiters: NotifyList, all: boolean): void {
    this.rt.machine.charge(this.rt.costs.mutexOp);
    if (all) waiters.notifyAll(this.rt);
    else waiters.notifyOne(this.rt);
  }

  // ---- once, events, barriers -------------------------------------------------------------------------------------------

  /** `var once sync.Once`: a mutex that is held during the call. */
  once(_self: Task, once: OnceHandle): void {
    once.native = new Mutex();
  }

  /** `once.Do(f)`: its beginning */
  onceEnter(self: Task, once: OnceHandle): Op<boolean> {
    this.rt.machine.charge(this.rt.costs.memory);
    return once.state === "done" ? false : this.first(goroutine(self), once);
  }

  private *first(gp: G, once: OnceHandle): Steps<boolean> {
    const { rt } = this;
    const mu = once.native as Mutex;
    rt.machine.charge(rt.costs.mutexOp);
    yield* lock(rt, gp, mu, INSISTS);
    if (once.state === "new") return true;
    rt.machine.charge(rt.costs.mutexOp);
    if (mu.unlock(rt) === HANDED_OVER) yield Leave.goyield;
    return false;
  }

  /** ... and its end. */
  onceExit(_self: Task, once: OnceHandle): Op {
    this.rt.machine.charge(this.rt.costs.mutexOp + this.rt.costs.memory);
    if ((once.native as Mutex).unlock(this.rt) === HANDED_OVER) return goyield();
  }

  /** `set := make(chan struct{})` */
  event(_self: Task, event: EventHandle): void {
    this.rt.machine.charge(this.rt.costs.makechan);
    event.native = new Hchan(0, this.channels++);
  }

  /** `close(set)` */
  eventSet(_self: Task, event: EventHandle): Op {
    this.rt.machine.charge(this.rt.costs.memory);
    closechan(this.rt, event.native as Hchan);
  }

  /** `<-set` */
  eventWait(self: Task, event: EventHandle): Op {
    const gp = goroutine(self);
    if (chanrecv(this.rt, gp, event.native as Hchan, true) === PARKED)
      return this.receiving(gp) as Steps<unknown> as Steps;
  }

  barrier(_self: Task, barrier: BarrierHandle): void {
    this.rt.machine.charge(this.rt.costs.makechan);
    barrier.native = new Barrier(barrier.parties);
  }

  barrierWait(self: Task, barrier: BarrierHandle): Op {
    const native = barrier.native as Barrier;
    if (!native.arrive(this.rt)) return this.gathering(goroutine(self), native);
  }

  private *gathering(gp: G, barrier: Barrier): Steps {
    endOf(gp, yield* barrier.wait(this.rt, gp));
  }

  // ---- time -------------------------------------------------------------------------------------------------------------

  /** `time.AfterFunc(d, f)`: what is sent is a count, which Go's own channel timers do not send. */
  timer(_self: Task, timer: TimerHandle, ns: number): Op {
    const native = new LanguageTimer(timer);
    timer.native = native;
    native.start(this.rt, ns);
  }

  /** `timer.Stop()` */
  stopTimer(_self: Task, timer: TimerHandle): Op<boolean> {
    return (timer.native as LanguageTimer).stop(this.rt);
  }

  /** Stop, a receive with a default, and a new time.AfterFunc. */
  resetTimer(self: Task, timer: TimerHandle, ns: number): Op<boolean> {
    return (timer.native as LanguageTimer).reset(this.rt, goroutine(self), ns);
  }

  /** `ctx, cancel := context.WithTimeout(ctx, d)`: a time.AfterFunc whose goroutine closes ctx.Done. */
  deadlineEnter(_self: Task, region: CancelRegion, ns: number): Op {
    const { rt } = this;
    const { owner } = region;
    if (ns <= 0) region.expire();
    else
      region.native = afterFunc(rt, ns, () =>
        goRoutine(rt, "context.WithDeadlineCause.func2", () => {
          if (region.expire()) this.cancel(owner, owner);
        }),
      );
  }

  /** `cancel()` */
  deadlineExit(_self: Task, { native }: CancelRegion): Op {
    if (native !== null) stop(this.rt, native as Timer);
  }

  // ---- futures ----------------------------------------------------------------------------------------------------------

  /** `done := make(chan struct{})` beside the value. */
  promise(_self: Task, promise: PromiseHandle): void {
    this.rt.machine.charge(this.rt.costs.makechan);
    promise.native = null;
  }

  /** `close(done)` */
  settle(_self: Task, promise: PromiseHandle): Op {
    settled(this.rt, promise);
  }

  /** `<-done` */
  await(self: Task, promise: PromiseHandle): Op {
    if (promise.state === "pending") return this.awaiting(goroutine(self), promise);
    this.rt.machine.charge(this.rt.costs.chanOp);
  }

  private *awaiting(gp: G, promise: PromiseHandle): Steps {
    awaitSettlement(this.rt, gp, promise);
    yield Leave.park;
    checkCancelled(gp);
    chanreceived(this.rt, gp);
  }

  /** Registers with the promise, as context.AfterFunc with its context: a goroutine begins when it is resolved. */
  onResolve(_self: Task, reaction: Reaction): Op {
    react(this.rt, reaction);
  }

  /** `go p(args)`: Go has one queue. */
  callback(self: Task, _queue: CallbackQueue, call: Callback): Op {
    const { child, body } = call.launch();
    this.spawn(self, child, body);
  }

  // ---- input and output -------------------------------------------------------------------------------------------------

  /** A request on a connection of its own: write, then a read that parks on the poller. */
  *callService(self: Task, call: ServiceCall): Steps<boolean> {
    const { rt } = this;
    const gp = goroutine(self);
    yield rt.costs.syscall + SOCKET_CALL_NS;
    const request = call.send();
    const pd = netpollopen(rt, request.reply);
    try {
      for (;;) {
        yield rt.costs.syscall + SOCKET_CALL_NS;
        if (request.reply.readable) break;
        yield* netpollblock(rt, gp, pd);
        checkCancelled(gp);
      }
    } finally {
      netpollclose(rt, pd);
    }
    return request.ok;
  }

  /** `f.Read(buf)` on a regular file: a blocking system call. */
  fileRead(self: Task, bytes: number, stallNs: number): Op {
    const gp = goroutine(self);
    return this.syscall(gp, diskOperation(this.rt.machine, gp.m!.thread, bytes, stallNs));
  }

  /** `os.Stat(name)` */
  fileStat(self: Task): Op {
    this.rt.machine.charge(this.rt.costs.stat);
    return this.fileRead(self, 0, 0);
  }

  // ---- connections ------------------------------------------------------------------------------------------------------

  /** `net.Listen("tcp", "127.0.0.1:0")` */
  listen(_self: Task, listener: ListenerHandle): Op {
    net.listen(this.rt, listener);
  }

  /** `net.Dial("tcp", address)` */
  connect(self: Task, conn: ConnHandle, dial: () => Socket): Op<boolean> {
    return net.connect(this.rt, goroutine(self), conn, dial, checkCancelled);
  }

  /** `l.Accept()` */
  accept(self: Task, listener: ListenerHandle, conn: ConnHandle): Op<boolean> {
    return net.accept(this.rt, goroutine(self), listener, conn, checkCancelled);
  }

  /** `c.Read(buf)` */
  read(self: Task, conn: ConnHandle, bytes: number): Op<number> {
    return net.read(this.rt, goroutine(self), conn, bytes, checkCancelled);
  }

  /** `c.Write(buf)` */
  write(self: Task, conn: ConnHandle, bytes: number): Op<boolean> {
    return net.write(this.rt, goroutine(self), conn, bytes, checkCancelled);
  }

  /** `c.Close()` */
  closeConn(self: Task, conn: ConnHandle): Op {
    return net.closeConn(this.rt, goroutine(self), conn);
  }

  /** `l.Close()` */
  closeListener(self: Task, listener: ListenerHandle): Op {
    return net.closeListener(this.rt, goroutine(self), listener);
  }

  /** An error that nobody receives: `panic(err)`. */
  uncaught(task: Task, error: Fault): Uncaught {
    return { ends: true, exitStatus: EXIT_PANIC, text: panicText(this.rt, goroutine(task), error) };
  }
}

const goroutine = (task: Task): G => task.native as G;
const hchan = (chan: ChanHandle | null): Hchan | null => (chan === null ? null : (chan.native as Hchan));

/** The steps of a sleep: an iterator by hand, a quarter of a generator's size. A million of them are alive at times. */
class Sleeping {
  private readonly gp: G;
  private leave: number;

  constructor(gp: G, leave: number) {
    this.gp = gp;
    this.leave = leave;
  }

  next(): IteratorResult<number, void> {
    const value = this.leave;
    if (value !== 0) {
      this.leave = 0;
      return { value, done: false };
    }
    checkCancelled(this.gp);
    return { value: undefined, done: true };
  }

  [Symbol.iterator](): this {
    return this;
  }
}

function* gosched(): Steps {
  yield Leave.gosched;
}

function* goyield(): Steps {
  yield Leave.goyield;
}

function* burn(ns: number): Steps {
  yield ns;
}

/** Who waits for the end of a goroutine; kept with it from the first on. */
class Endings {
  done: Hchan | null = null;
  latch: Latch | null = null;
  more: Latch[] | null = null;

  watch(latch: Latch): void {
    if (this.latch === null) this.latch = latch;
    else (this.more ??= []).push(latch);
  }
}

function endings(task: Task): Endings {
  const gp = goroutine(task);
  gp.local ??= new Endings();
  return gp.local as Endings;
}

/** A latch told of every target that has not ended. */
function watching(targets: readonly Task[], verdict: Verdict): Latch {
  const pending = [...new Set(targets)].filter((task) => !task.ended);
  const latch = new Latch(pending.length, verdict);
  for (const task of pending) endings(task).watch(latch);
  return latch;
}

/** `defer close(done)` */
function closeDone(rt: Runtime, gp: G): void {
  rt.machine.charge(rt.costs.chanOp);
  const found = gp.local as Endings | null;
  if (found === null) return;
  if (found.done !== null) closechan(rt, found.done);
  found.latch?.ended(rt, gp.task!);
  for (const latch of found.more ?? []) latch.ended(rt, gp.task!);
}

/** Of those that have ended and count, the one that ended first. */
function firstEnded(targets: readonly Task[], counts: (task: Task) => boolean): Task | null {
  let first: Task | null = null;
  for (const task of targets)
    if (
      task.ended &&
      counts(task) &&
      (first === null || goroutine(task).exitOrder < goroutine(first).exitOrder)
    )
      first = task;
  return first;
}

/** What a monitor is. */
interface Monitor {
  readonly mu: Mutex;
  readonly waiters: NotifyList;
}

/** What the owner of a scope waits on. */
class ScopeWait {
  readonly sema = new Sema();
  /** It waits for the winner only. */
  leaveLosers = false;
}

function scopeOver(scope: TaskScope, leaveLosers: boolean): boolean {
  return scope.live === 0 || (leaveLosers && scope.winner !== null);
}

/** The fault of a goroutine that was taken out of its wait. */
function cancelled(gp: G): Fault {
  gp.cancelled = false;
  return new Fault("Cancelled");
}

function checkCancelled(gp: G): void {
  if (gp.cancelled) throw cancelled(gp);
}

/** The end of a wait: true if what it waited for has come, false if its time was over. */
function endOf(gp: G, came: boolean): boolean {
  checkCancelled(gp);
  return came;
}

/** Go's panics of channels are faults of the portable language. */
function closedFault(error: unknown): unknown {
  return error instanceof GoPanic ? new Fault("ChannelClosed", error.message) : error;
}

function gotten(): Received {
  return { value: received.ok ? (received.value as Value) : null, ok: received.ok };
}

const NO_ARM: Selected = { arm: SELECT_DEFAULT, value: null, ok: false };

function selected({ casi }: Select, arms: number): Selected {
  return casi === arms ? { arm: SELECT_TIMEOUT, value: null, ok: false } : { arm: casi, ...gotten() };
}

const fireChannel: TimerF = (rt, arg, delta) => {
  timerFired(rt, -1, "sendTime");
  sendTime(rt, arg as Hchan, rt.machine.now - delta);
};
