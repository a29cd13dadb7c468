/**
 * One CPython process: its GIL, its threads, and what Python code on a thread may do. Python code is a generator
 * (`PySteps`) that yields
 * - a number: that many ns of CPU, with the GIL held;
 * - a `BlockingCall`: a system call that blocks the thread, with the GIL released;
 * - in coroutines also a `Future` it awaits, or nothing (a bare `yield`); only `Task` understands those.
 */
import { BLOCK, type Machine, nanosleep, type Thread, type ThreadBody } from "@orrery/simulator";
import type { Steps, WorldHooks } from "@orrery/runtime";
import type { BaseEventLoop } from "./base_events.ts";
import type { AsyncioCosts } from "./costs.ts";
import type { ListeningSocket } from "./sockets.ts";
import type { ThreadPoolExecutor } from "./thread_pool.ts";
import { KeyboardInterrupt, RuntimeError } from "./exceptions.ts";
import type { Coroutine } from "./task.ts";
import { GarbageCollector } from "./gc.ts";
import { Gil } from "./gil.ts";

export type PySteps<V = void> = Steps<V>;

/** A system call that blocks: the GIL is released around it. */
export class BlockingCall {
  readonly name: string;
  readonly body: (thread: Thread) => ThreadBody;

  constructor(name: string, body: (thread: Thread) => ThreadBody) {
    this.name = name;
    this.body = body;
  }
}

export function isGenerator(value: unknown): value is PySteps<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { next?: unknown }).next === "function"
  );
}

/** CPython whose asyncio is followed; judged against 3.11.7, 3.12.1 and 3.13.0. */
export const VERSIONS = ["3.11", "3.12", "3.13"] as const;
export type Version = (typeof VERSIONS)[number];

export interface PythonOptions {
  readonly version: Version;
  /** Threads of the default executor. */
  readonly executorWorkers: number;
  readonly debug: boolean;
  /** The program's file, as messages name it. */
  readonly file: string;
  /** Iteration order of sets of tasks, which CPython leaves to addresses: as created, or drawn. */
  readonly setOrder: "creation" | "shuffle";
  /** Whose order an iteration has: asyncio's own loop, or uvloop's. */
  readonly loop: "asyncio" | "uvloop";
  /** Order of what is ready in an iteration: as it came, or turned round with probability 1/2, as trio has it. */
  readonly batchOrder: "fifo" | "reverse";
}

export class Python {
  readonly machine: Machine;
  readonly costs: AsyncioCosts;
  readonly options: PythonOptions;
  /** Minor version, 11 to 13: what the rules that changed look at. */
  readonly minor: number;
  readonly world: WorldHooks;
  readonly gil: Gil;
  readonly gc: GarbageCollector;
  /** Tasks created so far: the next one's id in the trace. */
  tasks_created = 0;
  /** tasks.py _task_name_counter: only tasks without a name take a number. */
  task_name_counter = 0;
  /** Threads started by Python code, in order of creation. */
  readonly threads: PyThread[] = [];
  /** Thread pools, in order of creation. */
  readonly executors: ThreadPoolExecutor[] = [];
  /** Coroutines of `async_def` that nobody has awaited. */
  readonly unawaited = new Map<
    Coroutine<unknown>,
    { readonly name: string; readonly created: readonly string[] | null }
  >();
  /** Exceptions that were raised, and so have a traceback. */
  readonly raised = new WeakSet<object>();
  /** Number of the next socket; 0 to 2 are open, then the loop's epoll and self-pipe. */
  next_fd = 7;
  /** Linux's first ephemeral port (ip_local_port_range). */
  next_port = 32_768;
  /** Sockets that listen on the loopback interface, by port. */
  readonly listeners = new Map<number, ListeningSocket>();
  /** The loop whose self-pipe is the wake-up descriptor of signals (signal.set_wakeup_fd). */
  signal_loop: BaseEventLoop | null = null;
  /** Python's own handler of SIGINT, or the Runner's; it may raise KeyboardInterrupt in the main thread. */
  sigint: () => void = () => {
    throw new KeyboardInterrupt("");
  };
  /** Running loops, by OS thread. */
  private readonly running: (BaseEventLoop | null)[] = [];

  constructor(machine: Machine, costs: AsyncioCosts, options: PythonOptions, world: WorldHooks) {
    this.machine = machine;
    this.costs = costs;
    this.options = options;
    this.minor = Number(options.version.slice(2));
    this.world = world;
    this.gil = new Gil(machine);
    this.gc = new GarbageCollector(machine, costs.gcYoung, costs.gcFull);
  }

  running_loop(thread: Thread): BaseEventLoop | null {
    return this.running[thread.id] ?? null;
  }

  set_running_loop(thread: Thread, loop: BaseEventLoop | null): void {
    this.running[thread.id] = loop;
  }

  /** os.kill(os.getpid(), signal), in the main thread: Python's handler runs before it comes back. */
  kill(signal: string): void {
    const loop = this.signal_loop;
    loop?._signal_arrived(signal);
    if (loop?.has_signal_handler(signal) === true) return;
    if (signal !== "SIGINT") throw new RuntimeError(`${signal} has no handler and ends the process`);
    this.sigint();
  }

  /** The items of a set in the order in which it is iterated. */
  iterate<T>(set: readonly T[]): readonly T[] {
    if (this.options.setOrder === "creation") return set;
    const items = [...set];
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.machine.decisions.choose("asyncio.setOrder", i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  /** threading.Thread(target, name).start() */
  *start_thread(name: string, target: (thread: Thread) => PySteps<unknown>): PySteps<PyThread> {
    yield this.costs.threadStart;
    const thread = this.start_new_thread(name, target);
    yield* thread.started();
    return thread;
  }

  /** _thread.start_new_thread: comes back at once, and the new thread waits for the GIL. */
  start_new_thread(name: string, target: (thread: Thread) => PySteps<unknown>): PyThread {
    const thread = new PyThread(this, name, target);
    this.threads.push(thread);
    return thread;
  }

  /** Runs Python code to its end on a thread that holds the GIL. */
  *run<V>(thread: Thread, steps: PySteps<V>): Generator<number, V, number> {
    let sent: unknown = 0;
    for (;;) {
      const result = steps.next(sent);
      if (result.done === true) return result.value;
      sent = yield* this.perform(thread, result.value);
    }
  }

  /** Does what Python code yielded: burns CPU or makes a blocking call. */
  *perform(thread: Thread, what: number | BlockingCall): Generator<number, number, number> {
    if (typeof what === "number") {
      const { gil } = this;
      let left = what;
      do {
        if (gil.gil_drop_request) yield* gil.handle_drop_request(thread);
        left = yield left;
      } while (left > 0);
      if (gil.gil_drop_request) yield* gil.handle_drop_request(thread);
      return 0;
    }
    yield* this.release_gil(thread);
    yield* what.body(thread);
    yield* this.gil.take_gil(thread);
    return 0;
  }

  /** Py_BEGIN_ALLOW_THREADS. */
  *release_gil(thread: Thread): ThreadBody {
    const { machine } = this;
    if (!machine.settle()) machine.charge(yield 0);
    if (!this.gil.drop_gil()) yield* this.gil.force_switch(thread);
  }
}

/** A Python thread on its OS thread. */
export class PyThread {
  readonly name: string;
  readonly thread: Thread;
  private _started = false;
  private starter: Thread | null = null;
  private joiner: Thread | null = null;

  constructor(python: Python, name: string, target: (thread: Thread) => PySteps<unknown>) {
    this.name = name;
    this.thread = python.machine.spawn(name, (thread) => this.bootstrap(python, thread, target));
  }

  private *bootstrap(
    python: Python,
    thread: Thread,
    target: (thread: Thread) => PySteps<unknown>,
  ): ThreadBody {
    yield python.costs.threadRun;
    yield* python.gil.take_gil(thread);
    this._started = true;
    if (this.starter !== null) python.machine.wake(this.starter);
    yield* python.run(thread, target(thread));
    yield* python.release_gil(thread);
    if (this.joiner !== null) python.machine.wake(this.joiner);
  }

  get done(): boolean {
    return this.thread.state === "done";
  }

  /**
   * The end of Thread.start(): `_started.wait()`. The new thread sets the event once it has the GIL, and goes on with it:
   * the starter has to get it back like any other, after a switch interval or when the new thread blocks.
   */
  *started(): PySteps {
    yield new BlockingCall("Thread.start", (thread) => this.wait_started(thread));
  }

  private *wait_started(thread: Thread): ThreadBody {
    this.starter = thread;
    thread.waitingFor = `start ${this.name}`;
    while (!this._started) yield BLOCK;
    this.starter = null;
    thread.waitingFor = "";
  }

  /** Thread.join(). */
  *join(): PySteps {
    if (this.done) return;
    yield new BlockingCall(`join ${this.name}`, (thread) => this.wait(thread));
  }

  private *wait(thread: Thread): ThreadBody {
    this.joiner = thread;
    thread.waitingFor = `join ${this.name}`;
    while (!this.done) yield BLOCK;
    thread.waitingFor = "";
  }
}

/** time.sleep(s): blocks the calling thread, be it the loop's. */
export function* sleep_blocking(python: Python, seconds: number): PySteps {
  const ns = Math.round(seconds * 1e9);
  yield new BlockingCall("time.sleep", (thread) => nanosleep(python.machine, thread, ns));
}
