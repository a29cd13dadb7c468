/**
 * The virtual machine's process: its threads, the default scheduler, the timer thread, the unblocker and the pollers.
 */
import type { Environment, Task } from "@orrery/runtime";
import { Kind, type Machine } from "@orrery/simulator";
import type { Steps } from "@orrery/runtime";
import { CommonPool } from "./common-pool.ts";
import type { PinnedEvent } from "../diagnostics/pinned.ts";
import type { JavaCosts } from "./costs.ts";
import { DelayScheduler } from "./delay-scheduler.ts";
import { ForkJoinPool } from "./fork-join-pool.ts";
import { InterruptedException, type JavaThread, PlatformThread, type Throwable } from "./java-thread.ts";
import { PlatformTaskThread } from "./platform-task-thread.ts";
import { Pollers } from "./poller.ts";
import { ProbeGenerator } from "./thread-local-random.ts";
import { VirtualThread } from "./virtual-thread.ts";

/** Number of the main thread (printed by a Temurin 25 program). */
const MAIN_THREAD_ID = 3;
/** Number of the first thread that a program creates: those before are the VM's own (likewise). */
const FIRST_THREAD_ID = 22;
/** `createDefaultScheduler`: 30 s. */
const CARRIER_KEEP_ALIVE_NS = 30_000_000_000;

export class Jvm {
  readonly machine: Machine;
  readonly costs: JavaCosts;
  readonly world: Environment["world"];
  readonly probes = new ProbeGenerator();
  readonly pool: ForkJoinPool;
  readonly delayScheduler: DelayScheduler;
  readonly mainThread: PlatformThread;
  readonly platformThreads: PlatformThread[] = [];
  /** What an interrupted wait throws. The lowering puts the language's Cancelled in its place. */
  interruptedException: () => Error = () => new InterruptedException();
  /** Threads with a handler of their own. */
  readonly uncaughtExceptionHandlers = new Map<JavaThread, (thread: JavaThread, error: Throwable) => void>();
  readonly threadLocals = new WeakMap<JavaThread, Map<unknown, unknown>>();
  readonly inheritableThreadLocals = new WeakMap<JavaThread, Map<unknown, unknown>>();
  readonly scopedValueBindings = new WeakMap<JavaThread, ReadonlyMap<unknown, unknown>>();
  /** Stack locking, as on JDK 21 (-XX:LockingMode=1 on 25): who holds a monitor is pinned. */
  readonly legacyLocking: boolean;
  /** Tasks are platform threads, for comparison. */
  private readonly platformTasks: boolean;
  /** Virtual threads that were started and have not ended (jdk.trackAllThreads); null where a run does not keep them. */
  readonly liveThreads: Set<VirtualThread> | null;
  /** Waits that held a carrier. */
  readonly pinnedEvents: PinnedEvent[] = [];
  mounts = 0;
  pinnedParks = 0;
  unblocks = 0;

  /** Platform thread by number of its OS thread. */
  private readonly byOsThread: (PlatformThread | undefined)[] = [];
  private lastThreadId = MAIN_THREAD_ID - 1;
  private pollers: Pollers | null = null;
  private common: CommonPool | null = null;
  private readonly unblocker: PlatformThread;
  /** Stack of virtual threads to unblock: `ObjectMonitor`'s list head. */
  private toUnblock: VirtualThread | null = null;
  private nextFd = 0;
  private readonly identityHashes = new WeakMap<object, number>();
  private lastIdentityHash = 0;
  private tasks = 0;

  constructor(environment: Environment) {
    this.machine = environment.machine;
    this.costs = environment.costs as JavaCosts;
    this.world = environment.world;
    this.mainThread = new PlatformThread(this, "main", false);
    this.unblocker = new PlatformThread(this, "VirtualThread-unblocker", true);
    this.lastThreadId = FIRST_THREAD_ID - 1;
    const { options } = environment;
    this.pool = new ForkJoinPool(this, {
      name: "ForkJoinPool-1",
      parallelism: options["parallelism"] as number,
      maxPoolSize: options["maxPoolSize"] as number,
      keepAliveNs: CARRIER_KEEP_ALIVE_NS,
    });
    this.delayScheduler = new DelayScheduler(this, this.pool.name);
    this.liveThreads = this.machine.trace.enabled ? new Set() : null;
    this.platformTasks = options["threads"] === "platform";
    this.legacyLocking = options["lockingMode"] === "legacy";
  }

  /** Starts the process: the main thread with `main`, and the VM's own. */
  start(main: () => Steps): void {
    this.mainThread.start(main);
    this.unblocker.start(() => this.unblockVirtualThreads());
  }

  /** Starts a thread of the kind that the program's tasks are. */
  startThread(name: string, body: Steps<unknown>, taskId: number, task: Task | null): JavaThread {
    const thread = this.platformTasks
      ? new PlatformTaskThread(this, name, body, taskId, task)
      : new VirtualThread(this, name, body, taskId, task);
    thread.start();
    return thread;
  }

  /** `ForkJoinPool.commonPool()`; its threads begin with its first task. */
  get commonPool(): CommonPool {
    this.common ??= new CommonPool(this);
    return this.common;
  }

  nextThreadId(): number {
    return ++this.lastThreadId;
  }

  /** Number of the next virtual thread of a native program, in the trace. */
  nextTaskId(): number {
    return this.tasks++;
  }

  registerPlatformThread(thread: PlatformThread): void {
    this.byOsThread[thread.os.id] = thread;
    this.platformThreads.push(thread);
  }

  /** The end of the last non-daemon platform thread is the end of the process; virtual threads just stop. */
  platformThreadEnded(ended: PlatformThread): void {
    this.machine.emit(Kind.note, ended.processor, -1, `thread ${ended.name} ended`);
  }

  /** The platform thread that runs right now (`Thread.currentCarrierThread`), null outside of any. */
  currentCarrier(): PlatformThread | null {
    const { current } = this.machine;
    return current === null ? null : this.byOsThread[current.id]!;
  }

  /** `Thread.currentThread()`. */
  currentThread(): JavaThread {
    return (this.currentCarrier() ?? this.mainThread).current;
  }

  /** An exception that left a thread's run: to its handler, or printed; nothing else happens. */
  dispatchUncaughtException(thread: JavaThread, error: Throwable): void {
    const handler = this.uncaughtExceptionHandlers.get(thread);
    if (handler !== undefined) handler(thread, error);
    else this.world.diagnose("uncaught", `Exception in thread "${thread.name}" ${error.toString()}`);
  }

  // ---- monitors -------------------------------------------------------------------------------------------------

  /** A monitor's exit chose a virtual thread as heir: hands it to the unblocker. */
  addToUnblock(thread: VirtualThread): void {
    const { monitorState } = thread;
    if (monitorState.onWaitingList) return;
    monitorState.onWaitingList = true;
    monitorState.next = this.toUnblock;
    this.toUnblock = thread;
    this.unblocker.unpark();
  }

  private *unblockVirtualThreads(): Steps {
    for (;;) {
      let thread = this.toUnblock;
      this.toUnblock = null;
      while (thread !== null) {
        const { monitorState }: VirtualThread = thread;
        const { next } = monitorState;
        monitorState.next = null;
        monitorState.onWaitingList = false;
        this.unblocks++;
        thread.unblock();
        thread = next;
        if (!this.machine.settle()) yield 0;
      }
      if (this.toUnblock === null) yield* this.unblocker.park();
    }
  }

  // ---- network --------------------------------------------------------------------------------------------------

  /** Pollers, started by the first thread that waits for a socket. */
  get networkPollers(): Pollers {
    this.pollers ??= new Pollers(this, this.machine.cores.length);
    return this.pollers;
  }

  /** A number for a new socket; numbers are not used again. */
  newFd(): number {
    return this.nextFd++;
  }

  // ---- for people -----------------------------------------------------------------------------------------------

  /** `System.identityHashCode`: here a number by order of asking. */
  identityHashCode(object: object): number {
    let hash = this.identityHashes.get(object);
    if (hash === undefined) {
      hash = ++this.lastIdentityHash;
      this.identityHashes.set(object, hash);
    }
    return hash;
  }

  describe(thread: JavaThread): string {
    return thread.task === null ? thread.toString() : thread.task.path;
  }

  /** As `jcmd PID Thread.vthread_pollers` prints it; empty before the first wait for a socket. */
  printPollers(): string {
    return this.pollers === null ? "" : this.pollers.toString();
  }
}
