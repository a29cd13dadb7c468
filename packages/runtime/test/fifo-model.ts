/**
 * The smallest runtime model: one OS thread, one FIFO run queue, every operation emulated. It shows the contract to
 * whoever adds a model (docs/adding-a-model.md walks through it) and lets the interpreter and the kit be tested without
 * a real runtime's rules.
 */
import {
  armsOf,
  Barrier,
  BargingSemaphore,
  Channel,
  type ChanHandle,
  type Environment,
  Fault,
  Fifo,
  Group,
  type Handle,
  type Instance,
  type Lowering,
  nextTick,
  type PromiseHandle,
  type Reaction,
  type RuntimeModel,
  RwLock,
  SELECT_DEFAULT,
  SELECT_TIMEOUT,
  selectDone,
  SelectOrder,
  selectForget,
  selectPark,
  selectReady,
  Semaphore,
  Signals,
  type Steps,
  type Task,
  type TaskScope,
  type TimerHandle,
  type Value,
  Waiter,
  Waiters,
} from "@orrery/runtime";
import {
  BLOCK,
  type Descriptor,
  Epoll,
  FAILED,
  Kind,
  type Machine,
  nanosleep,
  type Thread,
  type ThreadBody,
  WOULD_BLOCK,
} from "@orrery/simulator";

/** What a body yields to give up the processor until somebody calls `ready`. */
const PARK = null;

/** The runtime's own task. */
class Fiber {
  readonly task: Task;
  readonly body: Steps<Value>;
  /** Thrown into the body when it resumes. */
  fault: Fault | null = null;
  /** Ends a wait that a cancellation may end; null outside of such waits. */
  abandon: (() => void) | null = null;
  queued = false;
  /** What it reads from has become readable. */
  readable = false;

  constructor(task: Task, body: Steps<Value>) {
    this.task = task;
    this.body = body;
  }
}

interface Sleeper {
  readonly whenNs: number;
  readonly wake: () => void;
}

const fiberOf = (task: Task): Fiber => task.native as Fiber;

class FifoLoop implements Instance {
  readonly machine: Machine;
  readonly queue = new Fifo<Fiber>();
  readonly epoll: Epoll;
  readonly lowering: Lowering;
  private thread!: Thread;
  private idle = false;
  /** Sorted by time, then by arming. */
  private sleepers: Sleeper[] = [];
  private switches = 0;
  readonly selectOrder: SelectOrder;

  constructor(environment: Environment) {
    this.machine = environment.machine;
    this.epoll = new Epoll(this.machine);
    this.selectOrder = new SelectOrder(
      environment.policies.selectPolicy,
      this.machine.decisions,
      "fifo.select",
    );
    this.lowering = makeLowering(this);
  }

  start(main: Task, body: Steps<Value>): void {
    this.create(main, body);
    this.thread = this.machine.spawn("loop", (thread) => this.loop(thread));
  }

  create(task: Task, body: Steps<Value>): void {
    const fiber = new Fiber(task, body);
    task.native = fiber;
    this.machine.emit(Kind.create, 0, task.id, "create", task.parent?.id ?? -1);
    this.ready(fiber, "create");
  }

  ready(fiber: Fiber, reason: string): void {
    if (fiber.queued) return;
    fiber.queued = true;
    this.machine.emit(Kind.ready, 0, fiber.task.id, reason);
    this.queue.push(fiber);
    if (this.idle) this.machine.wake(this.thread);
  }

  /** Calls `wake` at `whenNs`; the returned function takes it back. */
  armTimer(whenNs: number, wake: () => void): () => void {
    const sleeper = { whenNs, wake };
    const after = this.sleepers.findIndex((other) => other.whenNs > whenNs);
    this.sleepers.splice(after < 0 ? this.sleepers.length : after, 0, sleeper);
    return () => {
      this.sleepers = this.sleepers.filter((other) => other !== sleeper);
    };
  }

  /** This is the loop: due timers, readiness, then the head of the queue, until nothing is left. */
  private *loop(thread: Thread): ThreadBody {
    for (;;) {
      while (this.sleepers.length > 0 && this.sleepers[0]!.whenNs <= this.machine.now)
        this.sleepers.shift()!.wake();
      for (const descriptor of this.epoll.poll()) {
        const fiber = descriptor.owner as Fiber;
        fiber.readable = true;
        this.ready(fiber, "readable");
      }
      const fiber = this.queue.shift();
      if (fiber === undefined) {
        this.idle = true;
        const next = this.sleepers[0]?.whenNs ?? Infinity;
        yield* this.waitForWork(thread, next);
        this.idle = false;
        continue;
      }
      fiber.queued = false;
      yield* this.runFiber(fiber);
    }
  }

  private *waitForWork(thread: Thread, untilNs: number): ThreadBody {
    this.epoll.watch(thread);
    if (untilNs !== Infinity) this.machine.timeout(untilNs);
    yield BLOCK;
  }

  private *runFiber(fiber: Fiber): ThreadBody {
    const { machine } = this;
    this.switches++;
    machine.emit(Kind.run, 0, fiber.task.id, "head of queue");
    machine.charge(50);
    if (!machine.settle()) yield 0;
    for (;;) {
      const { fault } = fiber;
      fiber.fault = null;
      const { done, value } = fault === null ? fiber.body.next() : fiber.body.throw(fault);
      if (done === true) {
        machine.emit(Kind.exit, 0, fiber.task.id, "return");
        return;
      }
      if (value === PARK) {
        machine.emit(fiber.queued ? Kind.yield : Kind.park, 0, fiber.task.id, fiber.task.waiting?.op ?? "");
        return;
      }
      if (value instanceof Blocking) yield* nanosleep(machine, this.thread, value.ns);
      else yield value as number;
    }
  }

  inspect(): { readonly queue: readonly string[]; readonly sleepers: number } {
    return { queue: this.queue.toArray().map((fiber) => fiber.task.path), sleepers: this.sleepers.length };
  }

  counters(): Record<string, number> {
    return { switches: this.switches };
  }
}

class Blocking {
  readonly ns: number;

  constructor(ns: number) {
    this.ns = ns;
  }
}

interface Monitor {
  readonly lock: Semaphore<Fiber>;
  readonly waiters: Waiters<Fiber>;
}

function makeLowering(loop: FifoLoop): Lowering {
  const { machine } = loop;
  /** Parks until the descriptor is readable. */
  function* readiness(self: Task, descriptor: Descriptor): Steps {
    const fiber = fiberOf(self);
    fiber.readable = false;
    descriptor.owner = fiber;
    loop.epoll.add(descriptor, true);
    fiber.abandon = (): void => loop.epoll.remove(descriptor);
    while (!fiber.readable) yield PARK;
    fiber.abandon = null;
    loop.epoll.remove(descriptor);
  }
  const wake = (waiter: Waiter<Fiber>): void => loop.ready(waiter.parked, "woken");
  const signals = new Signals(wake);
  /** Parks until the waiter is done; `forget` takes it back when the wait is cancelled. */
  function* park(self: Task, waiter: Waiter<Fiber>, forget: () => void): Steps {
    const fiber = fiberOf(self);
    fiber.abandon = (): void => {
      waiter.done = true;
      forget();
    };
    while (!waiter.done) yield PARK;
    fiber.abandon = null;
  }
  /** Tasks that wait for the end of others. */
  const joiners = new Map<Task, Set<Fiber>>();
  function* untilTrue(self: Task, targets: readonly Task[], condition: () => boolean): Steps {
    const fiber = fiberOf(self);
    for (const target of targets) joiners.set(target, (joiners.get(target) ?? new Set()).add(fiber));
    fiber.abandon = (): void => undefined;
    while (!condition()) yield PARK;
    fiber.abandon = null;
    for (const target of targets) joiners.get(target)?.delete(fiber);
  }
  function* untilEnd(child: Task, body: Steps<Value>): Steps<Value> {
    const value = yield* body;
    for (const fiber of joiners.get(child) ?? []) loop.ready(fiber, "joined");
    joiners.delete(child);
    return value;
  }
  const channel = (chan: ChanHandle): Channel<Fiber> => chan.native as Channel<Fiber>;
  const native = <N>(handle: Handle): N => handle.native as N;
  function* forever(self: Task): Steps<never> {
    fiberOf(self).abandon = (): void => undefined;
    for (;;) yield PARK;
  }

  return {
    spawn(_self, child, body) {
      loop.create(child, untilEnd(child, body));
    },
    join: (self, target) => untilTrue(self, [target], () => target.ended),
    *joinAny(self, targets, success) {
      const first = (): Task | undefined =>
        targets.find((t) => (success ? t.state === "completed" : t.ended));
      yield* untilTrue(self, targets, () => first() !== undefined || targets.every((t) => t.ended));
      return first() ?? null;
    },
    *joinAll(self, targets) {
      const bad = (): Task | undefined => targets.find((t) => t.ended && t.state !== "completed");
      yield* untilTrue(self, targets, () => bad() !== undefined || targets.every((t) => t.ended));
      return bad() ?? null;
    },
    settleAll: (self, targets) => untilTrue(self, targets, () => targets.every((t) => t.ended)),
    scopeEnter(self, scope) {
      scope.native = fiberOf(self);
    },
    scopeChildEnded(_child, scope: TaskScope) {
      loop.ready(scope.native as Fiber, "child ended");
    },
    *scopeWait(self, scope, leaveLosers) {
      fiberOf(self).abandon = (): void => undefined;
      while (scope.live > 0 && !(leaveLosers && scope.winner !== null)) yield PARK;
      fiberOf(self).abandon = null;
    },
    tokenCancelled: (_self, token) => signals.raise(token),
    cancel(_self, target) {
      const fiber = fiberOf(target);
      if (fiber.abandon === null) return;
      fiber.abandon();
      fiber.abandon = null;
      fiber.fault = new Fault("Cancelled");
      loop.ready(fiber, "cancel");
    },
    *yield(self) {
      loop.ready(fiberOf(self), "yield");
      yield PARK;
    },
    *yieldMicro(self) {
      loop.ready(fiberOf(self), "yield");
      yield PARK;
    },
    *sleep(self, ns) {
      const waiter = new Waiter(fiberOf(self));
      const disarm = loop.armTimer(machine.now + ns, () => {
        waiter.done = true;
        wake(waiter);
      });
      yield* park(self, waiter, disarm);
    },
    *block(_self, ns) {
      yield new Blocking(ns);
    },
    *offload(_self, ns) {
      yield ns;
    },
    chan(_self, chan) {
      chan.native = new Channel<Fiber>(chan.cap, wake);
    },
    *send(self, chan, value) {
      if (chan === null) return yield* forever(self);
      if (channel(chan).trySend(value)) return;
      const waiter = new Waiter(fiberOf(self));
      channel(chan).parkSender(waiter, value);
      yield* park(self, waiter, () => channel(chan).forget(waiter));
      if (!waiter.ok) throw new Fault("ChannelClosed");
    },
    *recv(self, chan) {
      if (chan === null) return yield* forever(self);
      const received = channel(chan).tryRecv();
      if (received !== null) return received;
      const waiter = new Waiter(fiberOf(self));
      channel(chan).parkReceiver(waiter);
      yield* park(self, waiter, () => channel(chan).forget(waiter));
      return { value: waiter.value, ok: waiter.ok };
    },
    trySend: (_self, chan, value) => channel(chan).trySend(value),
    tryRecv(_self, chan) {
      const received = channel(chan).tryRecv();
      return received === null ? { value: null, ok: false, ready: false } : { ...received, ready: true };
    },
    close: (_self, chan) => channel(chan).close(),
    chanLen: (_self, chan) => channel(chan).length,
    *select(self, cases, otherwise, timeoutNs) {
      const arms = armsOf(cases, signals);
      const ready = selectReady(arms, loop.selectOrder.next(arms.length));
      if (ready !== null) return ready;
      if (otherwise) return { arm: SELECT_DEFAULT, value: null, ok: false };
      const waiter = new Waiter(fiberOf(self));
      selectPark(arms, waiter);
      const disarm =
        timeoutNs === null
          ? (): void => undefined
          : loop.armTimer(machine.now + timeoutNs, () => {
              if (waiter.done) return;
              waiter.done = true;
              waiter.arm = SELECT_TIMEOUT;
              wake(waiter);
            });
      yield* park(self, waiter, () => {
        selectForget(arms, waiter);
        disarm();
      });
      disarm();
      if (waiter.arm !== SELECT_TIMEOUT) return selectDone(arms, waiter);
      selectForget(arms, waiter);
      return { arm: SELECT_TIMEOUT, value: null, ok: false };
    },
    mutex(_self, mutex) {
      mutex.native = new (mutex.fairness === "barging" ? BargingSemaphore<Fiber> : Semaphore<Fiber>)(1, wake);
    },
    *lock(self, mutex) {
      if (mutex.fairness === "barging") yield* barge(self, native(mutex), 1, null);
      else yield* acquire(self, native(mutex), 1);
    },
    tryLock: (_self, mutex) => native<Semaphore<Fiber> | BargingSemaphore<Fiber>>(mutex).tryAcquire(1),
    unlock: (_self, mutex) => native<Semaphore<Fiber> | BargingSemaphore<Fiber>>(mutex).release(1),
    sem(_self, sem) {
      sem.native = new (sem.fairness === "fifo" ? Semaphore<Fiber> : BargingSemaphore<Fiber>)(
        sem.permits,
        wake,
      );
    },
    *acquire(self, sem, count) {
      if (sem.fairness === "fifo") yield* acquire(self, native(sem), count);
      else yield* barge(self, native(sem), count, null);
    },
    release: (_self, sem, count) => native<Semaphore<Fiber> | BargingSemaphore<Fiber>>(sem).release(count),
    group(_self, group) {
      group.native = new Group<Fiber>(wake);
    },
    groupAdd: (_self, group, count) => native<Group<Fiber>>(group).add(count),
    *groupWait(self, group) {
      const counter = native<Group<Fiber>>(group);
      if (counter.count === 0) return;
      const waiter = new Waiter(fiberOf(self));
      counter.park(waiter);
      yield* park(self, waiter, () => counter.forget(waiter));
    },
    promise(_self, promise) {
      promise.native = new Fifo<() => void>();
    },
    settle: (_self, promise) => settled(promise),
    *await(self, promise: PromiseHandle) {
      const fiber = fiberOf(self);
      const resume = (): void => loop.ready(fiber, "settled");
      whenSettled(promise, resume);
      fiber.abandon = (): void => native<Fifo<() => void>>(promise).removeWhere((each) => each === resume);
      while (promise.state === "pending") yield PARK;
      fiber.abandon = null;
    },
    *callService(self, call) {
      const request = call.send();
      yield* readiness(self, request.reply);
      return request.ok;
    },
    listen() {},
    *connect(self, _conn, dial) {
      const socket = dial();
      while (!socket.output.readable) yield* readiness(self, socket.output);
      return socket.connected;
    },
    *accept(self, { socket: listener }, conn) {
      for (;;) {
        conn.socket = listener.accept();
        if (conn.socket !== null || listener.closed) return !listener.closed;
        yield* readiness(self, listener.incoming);
      }
    },
    *read(self, { socket }, bytes) {
      for (;;) {
        const read = socket!.read(bytes);
        if (read !== WOULD_BLOCK) return read;
        yield* readiness(self, socket!.input);
      }
    },
    *write(self, { socket }, bytes) {
      for (let left = bytes; left > 0; ) {
        const written = socket!.write(left);
        if (written === FAILED) return false;
        if (written > 0) left -= written;
        else yield* readiness(self, socket!.output);
      }
      return true;
    },
    closeConn(_self, { socket }) {
      socket?.close();
      socket?.input.signal(); // whoever waits finds it closed
      socket?.output.signal();
    },
    closeListener(_self, { socket }) {
      socket.close();
      socket.incoming.signal();
    },
    *fileRead(_self, bytes, stallNs) {
      yield new Blocking(stallNs + bytes);
    },
    *fileStat() {
      yield new Blocking(1000);
    },
    *lockFor(self, mutex, ns) {
      return mutex.fairness === "barging"
        ? yield* barge(self, native(mutex), 1, ns)
        : yield* acquireFor(self, native(mutex), 1, ns);
    },
    *acquireFor(self, sem, count, ns) {
      return sem.fairness === "fifo"
        ? yield* acquireFor(self, native(sem), count, ns)
        : yield* barge(self, native(sem), count, ns);
    },
    rwlock(_self, lock) {
      lock.native = new RwLock<Fiber>(wake);
    },
    *rlock(self, lock) {
      const rw = native<RwLock<Fiber>>(lock);
      if (!rw.tryRead()) yield* parkIn(self, rw, (waiter) => rw.parkReader(waiter));
    },
    runlock: (_self, lock) => native<RwLock<Fiber>>(lock).readUnlock(),
    *wlock(self, lock) {
      const rw = native<RwLock<Fiber>>(lock);
      if (!rw.tryWrite()) yield* parkIn(self, rw, (waiter) => rw.parkWriter(waiter));
    },
    wunlock: (_self, lock) => native<RwLock<Fiber>>(lock).writeUnlock(),
    cond(_self, cond) {
      cond.native = new Waiters<Fiber>(wake);
    },
    condWait: (self, cond, ns) => signalled(self, native(cond), native(cond.mutex), ns),
    signal: (_self, cond, all) => {
      if (all) native<Waiters<Fiber>>(cond).broadcast();
      else native<Waiters<Fiber>>(cond).signal();
    },
    monitor(_self, monitor) {
      monitor.native = { lock: new Semaphore<Fiber>(1, wake), waiters: new Waiters<Fiber>(wake) };
    },
    *enter(self, monitor) {
      const { lock } = native<Monitor>(monitor);
      if (!lock.tryAcquire(1)) yield* insist(self, lock);
    },
    exit: (_self, monitor) => native<Monitor>(monitor).lock.release(1),
    monitorWait(self, monitor, ns) {
      const { lock, waiters } = native<Monitor>(monitor);
      return signalled(self, waiters, lock, ns);
    },
    notify(_self, monitor, all) {
      if (all) native<Monitor>(monitor).waiters.broadcast();
      else native<Monitor>(monitor).waiters.signal();
    },
    once(_self, once) {
      once.native = new Semaphore<Fiber>(1, wake);
    },
    *onceEnter(self, once) {
      if (once.state === "done") return false;
      const lock = native<Semaphore<Fiber>>(once);
      if (!lock.tryAcquire(1)) yield* insist(self, lock);
      if (once.state === "new") return true;
      lock.release(1);
      return false;
    },
    onceExit: (_self, once) => native<Semaphore<Fiber>>(once).release(1),
    event(_self, event) {
      event.native = new Waiters<Fiber>(wake);
    },
    eventSet(_self, event) {
      native<Waiters<Fiber>>(event).broadcast();
      signals.raise(event);
    },
    *eventWait(self, event) {
      const waiters = native<Waiters<Fiber>>(event);
      if (!event.set) yield* parkIn(self, waiters, (waiter) => waiters.park(waiter));
    },
    barrier(_self, barrier) {
      barrier.native = new Barrier<Fiber>(barrier.parties, wake);
    },
    *barrierWait(self, handle) {
      const barrier = native<Barrier<Fiber>>(handle);
      if (!barrier.arrive()) yield* parkIn(self, barrier, (waiter) => barrier.park(waiter));
    },
    timer: (_self, timer, ns) => startTimer(timer, machine.now + ns),
    stopTimer: (_self, timer) => stopTimer(timer),
    resetTimer(_self, timer, ns) {
      const pending = stopTimer(timer);
      if (timer.chan !== null) channel(timer.chan).tryRecv();
      startTimer(timer, machine.now + ns);
      return pending;
    },
    deadlineEnter(_self, region, ns) {
      region.native = loop.armTimer(machine.now + ns, () => {
        if (region.expire()) this.cancel(region.owner, region.owner);
      });
    },
    deadlineExit: (_self, region) => (region.native as () => void)(),
    onResolve(_self, reaction) {
      whenSettled(reaction.promise, () => react(reaction));
    },
    callback(_self, _queue, call) {
      const { child, body } = call.launch();
      loop.create(child, body);
    },
    uncaught: (task, error) => ({
      ends: false,
      exitStatus: 1,
      text: `${task.path} failed: ${error.message}`,
    }),
  };

  function whenSettled(promise: PromiseHandle, then: () => void): void {
    if (promise.state === "pending") native<Fifo<() => void>>(promise).push(then);
    else then();
  }

  function settled(promise: PromiseHandle): void {
    const waiting = native<Fifo<() => void>>(promise);
    for (let then = waiting.shift(); then !== undefined; then = waiting.shift()) then();
    signals.raise(promise);
  }

  function react(reaction: Reaction): void {
    if (reaction.promise.state === "rejected") {
      reaction.skip();
      settled(reaction.derived);
      return;
    }
    const { child, body } = reaction.handle();
    loop.create(child, handled(child, body, reaction));
  }

  function* handled(child: Task, body: Steps<Value>, reaction: Reaction): Steps<Value> {
    const value = yield* body;
    const inner = reaction.ended(child);
    if (inner === null) settled(reaction.derived);
    else
      whenSettled(inner, () => {
        reaction.follow(inner);
        settled(reaction.derived);
      });
    return value;
  }

  function startTimer(timer: TimerHandle, whenNs: number): void {
    timer.native = loop.armTimer(whenNs, () => {
      timer.native = null;
      timer.fired++;
      if (timer.call !== null) {
        const { child, body } = timer.call.launch();
        loop.create(child, body);
        return;
      }
      if (channel(timer.chan!).length === 0) channel(timer.chan!).trySend(timer.fired);
      if (timer.periodNs > 0) startTimer(timer, nextTick(timer, whenNs, machine.now, "drop"));
    });
  }

  function stopTimer(timer: TimerHandle): boolean {
    const disarm = timer.native as (() => void) | null;
    timer.native = null;
    disarm?.();
    return disarm !== null;
  }

  function* parkIn(
    self: Task,
    queue: { forget(waiter: Waiter<Fiber>): void },
    join: (waiter: Waiter<Fiber>) => void,
  ): Steps {
    const waiter = new Waiter(fiberOf(self));
    join(waiter);
    yield* park(self, waiter, () => queue.forget(waiter));
  }

  /** Acquires whatever happens: a cancellation can't take it out of this wait. */
  function* insist(self: Task, lock: Semaphore<Fiber>): Steps {
    const waiter = new Waiter(fiberOf(self));
    lock.park(waiter, 1);
    while (!waiter.done) yield PARK;
  }

  /** Leaves the lock, waits for a signal, takes the lock again, also when it is cancelled. */
  function* signalled(
    self: Task,
    waiters: Waiters<Fiber>,
    lock: Semaphore<Fiber>,
    ns: number | null,
  ): Steps<boolean> {
    const waiter = new Waiter(fiberOf(self));
    waiters.park(waiter);
    lock.release(1);
    const disarm = ns === null ? null : giveUpAfter(ns, waiter, waiters);
    try {
      yield* park(self, waiter, () => waiters.forget(waiter));
    } finally {
      disarm?.();
      if (!lock.tryAcquire(1)) yield* insist(self, lock);
    }
    return waiter.ok;
  }

  function giveUpAfter(
    ns: number,
    waiter: Waiter<Fiber>,
    queue: { forget(waiter: Waiter<Fiber>): void },
  ): () => void {
    return loop.armTimer(machine.now + ns, () => {
      if (waiter.done) return;
      waiter.done = true;
      queue.forget(waiter);
      wake(waiter);
    });
  }

  function* acquireFor(self: Task, semaphore: Semaphore<Fiber>, count: number, ns: number): Steps<boolean> {
    if (semaphore.tryAcquire(count)) return true;
    const waiter = new Waiter(fiberOf(self));
    semaphore.park(waiter, count);
    const disarm = giveUpAfter(ns, waiter, semaphore);
    try {
      yield* park(self, waiter, () => semaphore.forget(waiter));
    } finally {
      disarm();
    }
    return waiter.ok;
  }

  function* barge(
    self: Task,
    semaphore: BargingSemaphore<Fiber>,
    count: number,
    ns: number | null,
  ): Steps<boolean> {
    if (semaphore.tryAcquire(count)) return true;
    const place = { waiter: new Waiter(fiberOf(self)) };
    const overNs = ns === null ? Infinity : machine.now + ns;
    semaphore.park(place);
    try {
      for (;;) {
        const { waiter } = place;
        const disarm =
          ns === null ? null : giveUpAfter(overNs - machine.now, waiter, { forget: () => undefined });
        try {
          yield* park(self, waiter, () => undefined);
        } finally {
          disarm?.();
        }
        if (semaphore.tryAcquire(count)) return true;
        if (!waiter.ok) return false;
        if (self.cancelRequested && self.shields === 0) throw new Fault("Cancelled");
        place.waiter = new Waiter(fiberOf(self));
      }
    } finally {
      semaphore.leave(place);
    }
  }

  function* acquire(self: Task, semaphore: Semaphore<Fiber>, count: number): Steps {
    if (semaphore.tryAcquire(count)) return;
    const waiter = new Waiter(fiberOf(self));
    semaphore.park(waiter, count);
    yield* park(self, waiter, () => semaphore.forget(waiter));
  }
}

export const fifo: RuntimeModel = {
  name: "fifo",
  title: "FIFO loop",
  version: "1",
  processor: "loop",
  options: [],
  costs: {
    statement: 5,
    memory: 2,
    log: 0,
    mark: 0,
    count: 0,
    raise: 0,
    scope: 0,
    call: 0,
    cold: 0,
    cancellable: 0,
  },
  memory: { baseBytes: 1_000_000, taskBytes: 500 },
  tiers: { spawn: "native", select: "emulated" },
  boot: (environment) => new FifoLoop(environment),
};
