/**
 * The native library: Go's channels, `sync`, `time`, `runtime` and system calls under their own names, for programs
 * written straight against the model. Whatever can suspend or take time is a generator: `yield* c.send(1)`.
 * A panic is a thrown `GoPanic` (`catch` is recover, `finally` is defer).
 */
import { Descriptor, type Thread, type ThreadBody } from "@orrery/simulator";
import {
  chanrecv,
  chanreceived,
  chansend,
  chansent,
  closechan,
  Hchan,
  PARKED,
  received,
  sendTime,
  timerchandrain,
} from "./chan.ts";
import { NotifyList } from "./cond.ts";
import { pull, type Pull, type Seq } from "./coro.ts";
import { NEGATIVE_ADD, NEGATIVE_DONE, TIME_GOFUNC, WAITGROUP_GO, WAITGROUP_REPANIC } from "./frames.ts";
import { HANDED_OVER, lock, Mutex as MutexState, NOT_LOCKED } from "./mutex.ts";
import { FuncLiterals } from "./names.ts";
import { netpollblock, netpollopen, type PollDesc } from "./netpoll.ts";
import { fatal, GoPanic } from "./panic.ts";
import { type G, Leave, type Runtime } from "./runtime2.ts";
import { RWMutex as RWMutexState } from "./rwmutex.ts";
import { DEFAULT, type Scase, Select } from "./select.ts";
import { startTheWorld, stopTheWorld } from "./stw.ts";
import { Sema, semacquire, semrelease } from "./sema.ts";
import { modify, setReadDeadline, startSleep, stop, timerFired } from "./time.ts";
import { Timer as TimerState, type TimerF } from "./timers.ts";
import { newproc } from "./wake.ts";
import { REUSED, WaitGroup as WaitGroupState } from "./waitgroup.ts";

/** A step of a goroutine: what the library's generators yield to the scheduler. */
export type Go<V = void> = Generator<number, V, unknown>;
export type GoFunc = () => Go;

/** A busy loop looks at the clock this often, ns. */
const BURN_STEP_NS = 1_000;
/** A raw system call that does nothing (go1.23.5, getppid), ns. */
const RAW_SYSCALL_NS = 89;

export interface SelectResult {
  /** Index of the case, -1 for default. */
  readonly index: number;
  readonly value: unknown;
  readonly ok: boolean;
}

/** Everything a program of this process may use. */
export class GoLibrary {
  readonly rt: Runtime;
  private channels = 0;
  /** One at a time stops the world. */
  private readonly worldsema = new Sema();
  private readonly literals = new FuncLiterals();

  constructor(rt: Runtime) {
    this.rt = rt;
    this.worldsema.value = 1;
  }

  /** The goroutine that acts. */
  get g(): G {
    return this.rt.getm().curg!;
  }

  /** Lets the time that was charged pass, and others act in it. A call's prologue: preemption is noticed here. */
  *pay(): Go {
    if (!this.rt.machine.settle()) yield 0;
  }

  // ---- goroutines -------------------------------------------------------------------------------------------------------

  *go(f: GoFunc): Go {
    yield* this.pay();
    this.start(f, f);
  }

  /** Starts the goroutine, which dumps call after `shown`; the caller has paid. */
  start(f: GoFunc, shown: GoFunc): G {
    return newproc(this.rt, this.g, null, this.nameOf(shown), f(), null);
  }

  /** Go's name of a function that the acting goroutine starts. */
  nameOf(f: (...args: never) => Go): string {
    return f.name === "" ? this.literals.nameOf(this.g.name, f as () => unknown) : f.name;
  }

  *gosched(): Go {
    yield Leave.gosched;
  }

  /** Ends the goroutine; its `finally` blocks run. */
  *goexit(): Go<never> {
    this.g.goexiting = 1;
    yield 0;
    throw new Error("not reached");
  }

  numGoroutine(): number {
    return this.rt.goroutines;
  }

  /** runtime.GOMAXPROCS: stops the world to change the number of Ps, unless `n` is below 1 or what it is. The former number. */
  *gomaxprocs(n: number): Go<number> {
    yield* this.pay();
    const { rt } = this;
    const before = rt.gomaxprocs;
    if (n > 0 && n !== before) yield* this.withWorldStopped(n);
    return before;
  }

  /** runtime.ReadMemStats, of which only the stop of the world is here. */
  *readMemStats(): Go {
    yield* this.pay();
    yield* this.withWorldStopped(this.rt.gomaxprocs);
  }

  private *withWorldStopped(procs: number): Go {
    const { rt, g, worldsema } = this;
    yield* semacquire(rt, g, worldsema, false, "semacquire");
    const mp = g.m!;
    g.syscall = stopTheWorld(rt, mp);
    yield Leave.systemstack;
    rt.machine.charge(rt.costs.stopTheWorld);
    yield* this.pay();
    startTheWorld(rt, mp, procs);
    semrelease(rt, worldsema, false, "worldsema: runnext");
  }

  /** iter.Pull: a goroutine for `seq` that runs only while `next` or `stop` waits for it. */
  pull<V>(seq: Seq<V>): Pull<V> {
    return pull(this, seq);
  }

  *lockOSThread(): Go {
    yield* this.pay();
    const { g } = this;
    g.m!.lockedExt++;
    g.lockedm = g.m;
    g.m!.lockedg = g;
  }

  *unlockOSThread(): Go {
    yield* this.pay();
    const { g } = this;
    if (g.m!.lockedExt === 0 || --g.m!.lockedExt > 0) return;
    g.lockedm = null;
    g.m!.lockedg = null;
  }

  *exit(status: number): Go<never> {
    this.rt.world.exit(status, `exit status ${status}`);
    yield Leave.dead;
    throw new Error("not reached");
  }

  panic(text: string): never {
    throw new GoPanic(text);
  }

  /** Uses the CPU until `ns` have passed on the clock, whoever had the CPU meanwhile. */
  *burn(ns: number): Go {
    const { machine } = this.rt;
    const until = machine.now + ns;
    while (machine.now < until) yield Math.min(BURN_STEP_NS, until - machine.now);
  }

  /** One turn of a loop that does nothing but run. */
  *spin(): Go {
    yield BURN_STEP_NS;
  }

  // ---- channels ---------------------------------------------------------------------------------------------------------

  make<T>(size = 0): Chan<T> {
    this.rt.machine.charge(this.rt.costs.makechan);
    return new Chan<T>(this, new Hchan(size, this.channels++));
  }

  nilChan<T>(): Chan<T> {
    return new Chan<T>(this, null);
  }

  *select(cases: readonly Scase[], orDefault = false): Go<SelectResult> {
    yield* this.pay();
    const { rt, g } = this;
    const select = new Select(cases);
    if (select.go(rt, g, !orDefault) === PARKED) {
      yield Leave.park;
      select.finish(rt, g);
    } else if (select.casi === DEFAULT) return { index: DEFAULT, value: undefined, ok: false };
    return { index: select.casi, value: received.value, ok: received.ok };
  }

  // ---- sync -------------------------------------------------------------------------------------------------------------

  mutex(): Mutex {
    return new Mutex(this);
  }

  rwMutex(): RWMutex {
    return new RWMutex(this);
  }

  waitGroup(): WaitGroup {
    return new WaitGroup(this);
  }

  cond(mu: Mutex): Cond {
    return new Cond(this, mu);
  }

  once(): Once {
    return new Once(this);
  }

  /** sync.OnceFunc: when `f` panicked, so does every later call. */
  onceFunc(f: GoFunc): GoFunc {
    return this.onceValue(f);
  }

  /** sync.OnceValue, and with a tuple OnceValues: the value of the only call of `f`, or its panic. */
  onceValue<V>(f: () => Go<V>): () => Go<V> {
    const once = this.once();
    let value!: V;
    let panicked: GoPanic | null = null;
    function* first(): Go {
      try {
        value = yield* f();
      } catch (error) {
        if (error instanceof GoPanic) panicked = error;
        throw error;
      }
    }
    return function* (): Go<V> {
      yield* once.do(first);
      if (panicked !== null) throw panicked;
      return value;
    };
  }

  *fatal(text: string): Go<never> {
    fatal(this.rt, this.g, text);
    yield Leave.dead;
    throw new Error("not reached");
  }

  // ---- time -------------------------------------------------------------------------------------------------------------

  now(): number {
    return this.rt.machine.now;
  }

  *sleep(ns: number): Go {
    yield* this.pay();
    if (ns > 0) yield startSleep(this.rt, this.g, ns);
  }

  newTimer(ns: number): Timer {
    return new Timer(this, ns, 0);
  }

  newTicker(ns: number): Timer {
    return new Timer(this, ns, ns);
  }

  after(ns: number): Chan<number> {
    return this.newTimer(ns).c;
  }

  /** Calls `f` in a goroutine of its own. */
  afterFunc(ns: number, f: GoFunc): AfterFunc {
    return new AfterFunc(this, ns, f);
  }

  // ---- system calls -----------------------------------------------------------------------------------------------------

  /** A system call: `kernel` runs on the thread, the P may be lost meanwhile. */
  *syscall(kernel: (thread: Thread) => ThreadBody): Go {
    yield* this.pay();
    const { g } = this;
    g.syscall = kernel(g.m!.thread);
    yield Leave.syscall;
  }

  /** The thread that it runs on. */
  gettid(): number {
    return this.g.m!.thread.id;
  }

  *getppid(): Go {
    yield* this.syscall(function* (): ThreadBody {
      yield RAW_SYSCALL_NS;
    });
  }

  /** os.Pipe: pollable, a reader parks. */
  pipe(): Pipe {
    return new Pipe(this, true);
  }

  /** syscall.Pipe: a reader blocks its thread. */
  rawPipe(): Pipe {
    return new Pipe(this, false);
  }
}

export class Chan<T> {
  readonly hchan: Hchan | null;
  private readonly lib: GoLibrary;

  constructor(lib: GoLibrary, hchan: Hchan | null) {
    this.lib = lib;
    this.hchan = hchan;
  }

  get len(): number {
    return this.hchan === null ? 0 : this.hchan.length;
  }

  get cap(): number {
    return this.hchan === null || this.hchan.timer !== null ? 0 : this.hchan.dataqsiz;
  }

  *send(v: T): Go {
    const { rt } = this.lib;
    if (!rt.machine.settle()) yield 0;
    const { g } = this.lib;
    if (chansend(rt, g, this.hchan, v, true) === PARKED) {
      yield Leave.park;
      chansent(rt, g);
    }
  }

  *recv(): Go<T> {
    yield* this.receive();
    return received.value as T;
  }

  /** `v, ok := <-c` */
  *recv2(): Go<readonly [T, boolean]> {
    yield* this.receive();
    return [received.value as T, received.ok];
  }

  private *receive(): Go {
    const { rt } = this.lib;
    if (!rt.machine.settle()) yield 0;
    const { g } = this.lib;
    if (chanrecv(rt, g, this.hchan, true) === PARKED) {
      yield Leave.park;
      chanreceived(rt, g);
    }
  }

  *close(): Go {
    yield* this.lib.pay();
    closechan(this.lib.rt, this.hchan);
  }

  /** A case of a select: `case <-c`. */
  get onRecv(): Scase {
    return { dir: "recv", c: this.hchan };
  }

  /** A case of a select: `case c <- v`. */
  onSend(v: T): Scase {
    return { dir: "send", c: this.hchan, v };
  }
}

export class Mutex {
  private readonly lib: GoLibrary;
  private readonly state = new MutexState();

  constructor(lib: GoLibrary) {
    this.lib = lib;
  }

  *lock(): Go {
    yield* this.lib.pay();
    const { rt } = this.lib;
    rt.machine.charge(rt.costs.mutexOp);
    yield* lock(rt, this.lib.g, this.state);
  }

  *tryLock(): Go<boolean> {
    yield* this.lib.pay();
    return this.state.tryLock();
  }

  *unlock(): Go {
    yield* this.lib.pay();
    const { rt } = this.lib;
    rt.machine.charge(rt.costs.mutexOp);
    const outcome = this.state.unlock(rt);
    if (outcome === HANDED_OVER) yield Leave.goyield;
    else if (outcome === NOT_LOCKED) yield* this.lib.fatal("sync: unlock of unlocked mutex");
  }
}

export class RWMutex {
  private readonly lib: GoLibrary;
  private readonly state = new RWMutexState();

  constructor(lib: GoLibrary) {
    this.lib = lib;
  }

  *rlock(): Go {
    yield* this.lib.pay();
    yield* this.state.rlock(this.lib.rt, this.lib.g);
  }

  *tryRLock(): Go<boolean> {
    yield* this.lib.pay();
    return this.state.tryRLock();
  }

  *runlock(): Go {
    yield* this.lib.pay();
    if (!this.state.runlock(this.lib.rt)) yield* this.lib.fatal("sync: RUnlock of unlocked RWMutex");
  }

  *lock(): Go {
    yield* this.lib.pay();
    yield* this.state.lock(this.lib.rt, this.lib.g);
  }

  *tryLock(): Go<boolean> {
    yield* this.lib.pay();
    return this.state.tryLock(this.lib.rt);
  }

  *unlock(): Go {
    yield* this.lib.pay();
    const outcome = this.state.unlock(this.lib.rt);
    if (outcome === HANDED_OVER) yield Leave.goyield;
    else if (outcome === NOT_LOCKED) yield* this.lib.fatal("sync: Unlock of unlocked RWMutex");
  }
}

export class WaitGroup {
  private readonly lib: GoLibrary;
  private readonly state = new WaitGroupState();

  constructor(lib: GoLibrary) {
    this.lib = lib;
  }

  *add(delta: number): Go {
    yield* this.lib.pay();
    this.state.add(this.lib.rt, delta, NEGATIVE_ADD);
  }

  *done(): Go {
    yield* this.lib.pay();
    this.state.add(this.lib.rt, -1, NEGATIVE_DONE);
  }

  *wait(): Go {
    yield* this.lib.pay();
    const { state } = this;
    const waits = state.count > 0;
    yield* state.wait(this.lib.rt, this.lib.g);
    if (waits && state.reused) throw new GoPanic(REUSED);
  }

  /** WaitGroup.Go (1.25): a panic of `f` ends the process before Done. */
  *go(f: GoFunc): Go {
    yield* this.add(1);
    const { lib } = this;
    const run = (): Go => this.run(f);
    yield* lib.pay();
    lib.start(run, f).starter = WAITGROUP_GO;
  }

  private *run(f: GoFunc): Go {
    try {
      yield* f();
    } catch (error) {
      if (error instanceof GoPanic) {
        error.repanicked = true;
        error.frames = [...WAITGROUP_REPANIC, ...error.frames];
      }
      throw error;
    }
    yield* this.done();
  }
}

export class Cond {
  private readonly lib: GoLibrary;
  private readonly mu: Mutex;
  private readonly notify = new NotifyList();

  constructor(lib: GoLibrary, mu: Mutex) {
    this.lib = lib;
    this.mu = mu;
  }

  *wait(): Go {
    yield* this.lib.pay();
    const { rt, g } = this.lib;
    this.notify.add(rt, g);
    yield* this.mu.unlock();
    yield* this.notify.wait(rt, g);
    yield* this.mu.lock();
  }

  *signal(): Go {
    yield* this.lib.pay();
    this.notify.notifyOne(this.lib.rt);
  }

  *broadcast(): Go {
    yield* this.lib.pay();
    this.notify.notifyAll(this.lib.rt);
  }
}

export class Once {
  private readonly m: Mutex;
  private finished = false;

  constructor(lib: GoLibrary) {
    this.m = lib.mutex();
  }

  /** The mutex is held while `f` runs: others wait for its end. A panic counts as done. */
  *do(f: GoFunc): Go {
    if (this.finished) return;
    yield* this.m.lock();
    try {
      if (!this.finished) {
        try {
          yield* f();
        } finally {
          this.finished = true;
        }
      }
    } finally {
      yield* this.m.unlock();
    }
  }
}

/** time.Timer, or with a period time.Ticker. */
export class Timer {
  readonly c: Chan<number>;
  private readonly lib: GoLibrary;
  private readonly state: TimerState;

  constructor(lib: GoLibrary, ns: number, period: number) {
    this.lib = lib;
    this.c = lib.make<number>(1);
    const hchan = this.c.hchan!;
    this.state = new TimerState(fireChannel, hchan, true);
    hchan.timer = this.state;
    modify(lib.rt, this.state, lib.now() + ns, period);
  }

  *stop(): Go<boolean> {
    yield* this.lib.pay();
    const pending = stop(this.lib.rt, this.state);
    return timerchandrain(this.c.hchan!) || pending;
  }

  *reset(ns: number): Go<boolean> {
    yield* this.lib.pay();
    const pending = modify(this.lib.rt, this.state, this.lib.now() + ns, this.state.period);
    return timerchandrain(this.c.hchan!) || pending;
  }
}

const fireChannel: TimerF = (rt, arg, delta) => {
  timerFired(rt, -1, "sendTime");
  sendTime(rt, arg as Hchan, rt.machine.now - delta);
};

export class AfterFunc {
  private readonly lib: GoLibrary;
  private readonly state: TimerState;

  constructor(lib: GoLibrary, ns: number, f: GoFunc) {
    this.lib = lib;
    this.state = new TimerState(goFunc, [f, lib.nameOf(f)], false);
    modify(lib.rt, this.state, lib.now() + Math.max(1, ns), 0);
  }

  /** True if it prevented the call. */
  *stop(): Go<boolean> {
    yield* this.lib.pay();
    return stop(this.lib.rt, this.state);
  }
}

const goFunc: TimerF = (rt, arg) => {
  timerFired(rt, -1, "goFunc");
  const [f, name] = arg as readonly [GoFunc, string];
  newproc(rt, null, null, name, f(), null).starter = TIME_GOFUNC;
};

/** One end of it each way: bytes are counted, not kept. */
export class Pipe {
  private readonly lib: GoLibrary;
  private readonly fd: Descriptor;
  private readonly pd: PollDesc | null;
  private readonly data: string[] = [];

  constructor(lib: GoLibrary, pollable: boolean) {
    this.lib = lib;
    this.fd = new Descriptor(lib.rt.machine, "pipe");
    this.pd = pollable ? netpollopen(lib.rt, this.fd) : null;
  }

  /** Of an os.Pipe: a read that waits until then ends with os.ErrDeadlineExceeded. */
  *setReadDeadline(ns: number): Go {
    yield* this.lib.pay();
    setReadDeadline(this.lib.rt, this.pd!, this.lib.now() + ns);
  }

  /** What was written, null for os.ErrDeadlineExceeded. */
  *read(): Go<string | null> {
    const { lib, fd, data } = this;
    if (this.pd === null) {
      yield* lib.syscall((thread) => fd.read(thread));
    } else {
      yield* lib.getppid(); // read(2) that finds EAGAIN or data
      while (data.length === 0) {
        if (this.pd.expired) return null;
        yield* netpollblock(lib.rt, lib.g, this.pd);
        yield* lib.getppid();
      }
      fd.drain();
    }
    return data.shift()!;
  }

  *write(text: string): Go {
    const { lib, fd, data } = this;
    yield* lib.syscall(function* (): ThreadBody {
      yield RAW_SYSCALL_NS;
      data.push(text);
      fd.signal();
    });
  }
}
