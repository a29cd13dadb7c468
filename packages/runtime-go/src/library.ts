/**
 * The native library: Go's channels, `sync`, `time`, `runtime` and system calls under their own names, for programs
 * written straight against the model. Whatever can suspend or take time is a generator: `yield* c.send(1)`.
 * A panic is a thrown `GoPanic` (`catch` is recover, `finally` is defer).
 */
import type { Thread, ThreadBody } from "@orrery/simulator";
import { chanrecv, chanreceived, chansend, chansent, closechan, Hchan, PARKED, received } from "./chan.ts";
import { pull, type Pull, type Seq } from "./coro.ts";
import { Pipe, RAW_SYSCALL_NS } from "./library-pipe.ts";
import { Cond, Mutex, Once, RWMutex, WaitGroup } from "./library-sync.ts";
import { AfterFunc, Timer } from "./library-time.ts";
import { FuncLiterals } from "./names.ts";
import { fatal } from "./fatal.ts";
import { GoPanic } from "./panic.ts";
import { type G, Leave, type Runtime } from "./runtime2.ts";
import { DEFAULT, type Scase, Select } from "./select.ts";
import { Sema, semacquire, semrelease } from "./sema.ts";
import { startTheWorld, stopTheWorld } from "./stw.ts";
import { startSleep } from "./time.ts";
import { newproc } from "./wake.ts";

/** A step of a goroutine: what the library's generators yield to the scheduler. */
export type Go<V = void> = Generator<number, V, unknown>;
export type GoFunc = () => Go;

/** A busy loop looks at the clock this often, ns. */
const BURN_STEP_NS = 1_000;

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
