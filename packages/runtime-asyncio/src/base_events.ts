/**
 * asyncio/base_events.py BaseEventLoop with selector_events.py's readers and self-pipe, as unix_events.py's
 * _UnixSelectorEventLoop has them, CPython 3.11.7 to 3.13.0. Connections are in connections.ts. Left out: subprocesses, TLS.
 * Validated by the conformance programs, which ran on the real loop.
 */
import { Descriptor, Kind, type Machine, type Thread, type ThreadBody } from "@orrery/simulator";
import type { AsyncGenerator } from "./asyncgens.ts";
import { Deque } from "./deque.ts";
import { type Callback, Handle, TimerHandle } from "./events.ts";
import { leavesTheLoop, RuntimeError } from "./exceptions.ts";
import { type ExceptionContext, log_record } from "./exception_handler.ts";
import { type DoneCallback, Future, isWaiting } from "./futures.ts";
import { heapify, heappop, heappush } from "./heapq.ts";
import { type BlockingCall, isGenerator, type PySteps, type Python } from "./python.ts";
import { EpollSelector, timeout_ms } from "./selectors.ts";
import { type Coroutine, Task } from "./task.ts";
import { gather } from "./tasks.ts";
import { ThreadPoolExecutor, type Work } from "./thread_pool.ts";
import { Signals } from "./unix_signals.ts";
import { wrap_future } from "./wrap_future.ts";

/** base_events._MIN_SCHEDULED_TIMER_HANDLES */
const MIN_SCHEDULED_TIMER_HANDLES = 100;
/** base_events._MIN_CANCELLED_TIMER_HANDLES_FRACTION */
const MIN_CANCELLED_TIMER_HANDLES_FRACTION = 0.5;
/** base_events.MAXIMUM_SELECT_TIMEOUT */
const MAXIMUM_SELECT_TIMEOUT_SECONDS = 24 * 3600;
/** time.get_clock_info('monotonic').resolution on Linux */
const CLOCK_RESOLUTION_SECONDS = 1e-9;
const NS_PER_SECOND = 1e9;

/** Container objects that the collector sees (gc.get_objects(): 11 per sleeper). A Handle; with a context and arguments of
 *  its own; what a Task has beyond a Future: coroutine, two contexts, weak reference. */
const HANDLE_OBJECTS = 1;
const TIMER_OBJECTS = 3;
const TASK_OBJECTS = 4;

/** Tasks whose memory obmalloc keeps between runs: 3000 sleepers again and again meet few page faults, 30 000 meet 16 000. */
const KEPT_TASKS = 2_000;

export type TaskFactory = <T>(loop: BaseEventLoop, coro: Coroutine<T>) => Task<T>;

/** asyncio.eager_task_factory (3.12+) */
export const eager_task_factory: TaskFactory = (loop, coro) =>
  new Task(loop, coro, null, ++loop.python.tasks_created, true);

/**
 * trio's batch (_core/_run.py unrolled_run, 0.35): turned round with probability 1/2, so that nobody relies on the order in
 * which tasks become ready. Here for all of the loop's handles.
 */
function reverse_half(machine: Machine, ready: Deque<Handle | Task>): void {
  if (ready.length > 1 && machine.decisions.choose("asyncio.batchOrder", 2) === 1) ready.reverse();
}

export class BaseEventLoop {
  readonly python: Python;
  /** Number of this loop in the process: the processor in the trace. */
  readonly index: number;
  readonly _ready = new Deque<Handle | Task>();
  _scheduled: TimerHandle[] = [];
  _timer_cancelled_count = 0;
  _stopping = false;
  _closed = false;
  /** The thread that runs it, null while it does not run. */
  _thread: Thread | null = null;
  _current_task: Task | null = null;
  _current_handle: Handle | Task | null = null;
  _default_executor: ThreadPoolExecutor | null = null;
  _executor_shutdown_called = false;
  /** seconds */
  slow_callback_duration = 0.1;
  readonly _selector: EpollSelector;
  /** Calls of `_run_once` begun. */
  iterations = 0;
  /** Handles run, steps of tasks among them. */
  handles = 0;
  task_steps = 0;
  tasks_created = 0;
  timers_due = 0;
  /** Futures with an exception that nobody may have retrieved. */
  _unretrieved: Future[] = [];
  /** Begun and not ended; a weak set in Python. */
  readonly _asyncgens = new Set<AsyncGenerator>();
  private _asyncgens_shutdown_called = false;
  private readonly signals = new Signals(this);
  /** Futures that are not done and that the program has no reference to any more. */
  readonly _dropped = new WeakSet<Future>();
  private live_tasks = 0;
  private most_tasks = KEPT_TASKS;
  private first_task: Task | null = null;
  private last_task: Task | null = null;
  private readonly _ssock: Descriptor;
  private _debug: boolean;
  private _task_factory: TaskFactory | null = null;
  private _exception_handler: ((loop: BaseEventLoop, context: ExceptionContext) => void) | null = null;

  constructor(python: Python, index: number) {
    this.python = python;
    this.index = index;
    this._debug = python.options.debug;
    this._selector = new EpollSelector(python, index);
    this._ssock = new Descriptor(python.machine, "self-pipe");
    const _read_from_self = (): void => this._read_from_self();
    this._add_reader(this._ssock, _read_from_self);
  }

  // ---- the loop -------------------------------------------------------------------------------------------------

  *run_forever(thread: Thread): ThreadBody {
    this._check_closed();
    if (this._thread !== null) throw new RuntimeError("This event loop is already running");
    if (this.python.running_loop(thread) !== null)
      throw new RuntimeError("Cannot run the event loop while another loop is running");
    this._thread = thread;
    this.python.set_running_loop(thread, this);
    try {
      do yield* this._run_once(thread);
      while (!this._stopping);
    } finally {
      this._stopping = false;
      this._thread = null;
      this._current_task = null;
      this.python.set_running_loop(thread, null);
    }
  }

  /** This is the loop: one iteration. The order is what was ready, then I/O as the kernel has it, then due timers. */
  protected *_run_once(thread: Thread): ThreadBody {
    const { machine, gil, costs } = this.python;
    this.iterations++;
    this._drop_cancelled_timers();

    let timeout: number | null = null;
    if (this._ready.length > 0 || this._stopping) timeout = 0;
    else if (this._scheduled.length > 0)
      timeout = timeout_ms(
        Math.min(Math.max(0, this._scheduled[0]!._when - this.time()), MAXIMUM_SELECT_TIMEOUT_SECONDS),
      );

    const event_list = yield* this._selector.select(thread, timeout);
    if (machine.trace.enabled)
      machine.emit(Kind.poll, this.index, -1, "_run_once: select", event_list.length);
    for (const descriptor of event_list) this._add_callback(descriptor.owner as Handle, descriptor);

    const end_time = this.time() + CLOCK_RESOLUTION_SECONDS;
    while (this._scheduled.length > 0 && this._scheduled[0]!._when < end_time) this._pop_timer(true);

    machine.charge(costs.iteration);
    const ntodo = this._ready.length;
    if (this.python.options.batchOrder === "reverse") reverse_half(machine, this._ready);
    if (machine.trace.enabled) machine.emit(Kind.phase, this.index, -1, "_run_once: ntodo", ntodo);
    for (let i = 0; i < ntodo; i++) {
      const handle = this._ready.popleft();
      if (handle instanceof Handle && handle._cancelled) continue;
      if (!machine.settle()) machine.charge(yield 0);
      if (gil.gil_drop_request) yield* gil.handle_drop_request(thread);
      this.handles++;
      this.python.gc.untrack(HANDLE_OBJECTS);
      machine.charge(costs.runHandle);
      if (this._debug) yield* this._run_timed(thread, handle);
      else if (handle instanceof Task) {
        let rest = handle.step();
        while (rest !== null) rest = handle.resume(null, yield* this._perform(thread, handle, rest));
      } else {
        const steps = this._run(handle);
        if (steps !== null) yield* this._run_steps(thread, handle, steps);
      }
    }
  }

  /** Cancelled timers: only at the head of the heap, or all of them when there are many and more than half are. */
  private _drop_cancelled_timers(): void {
    const { machine, costs } = this.python;
    const count = this._scheduled.length;
    if (
      count > MIN_SCHEDULED_TIMER_HANDLES &&
      this._timer_cancelled_count / count > MIN_CANCELLED_TIMER_HANDLES_FRACTION
    ) {
      const kept: TimerHandle[] = [];
      for (const handle of this._scheduled)
        if (handle._cancelled) handle._scheduled = false;
        else kept.push(handle);
      machine.charge(count * costs.timerPurge + heapify(kept) * costs.timerCompare);
      machine.emit(Kind.note, this.index, -1, "_run_once: cancelled timers rebuilt", count - kept.length);
      this._scheduled = kept;
      this._timer_cancelled_count = 0;
      return;
    }
    while (this._scheduled.length > 0 && this._scheduled[0]!._cancelled) {
      this._timer_cancelled_count--;
      this._pop_timer(false);
    }
  }

  /** Takes the first timer out of the heap; a due one becomes ready, be it cancelled or not. */
  private _pop_timer(due: boolean): void {
    const { machine, costs } = this.python;
    const handle = this._scheduled[0]!;
    machine.charge(costs.timerPop + heappop(this._scheduled) * costs.timerCompare);
    handle._scheduled = false;
    if (!due) {
      this.python.gc.untrack(TIMER_OBJECTS);
      return;
    }
    this.timers_due++;
    this.python.gc.untrack(TIMER_OBJECTS - HANDLE_OBJECTS);
    machine.emit(Kind.timer, this.index, -1, "_run_once: timer due");
    this._ready.append(handle);
  }

  /** Does what a task's step asked its thread for. */
  protected *_perform(
    thread: Thread,
    task: Task,
    what: number | BlockingCall,
  ): Generator<number, number, number> {
    yield* this.python.perform(thread, what);
    if (typeof what !== "number") this.python.machine.emit(Kind.syscallExit, this.index, task.id, what.name);
    return 0;
  }

  /** Handle._run. A generator function's body is returned: it goes on in `_run_steps`. */
  protected _run(handle: Handle): PySteps<unknown> | null {
    const { machine } = this.python;
    if (machine.trace.enabled)
      machine.emit(Kind.callback, this.index, -1, handle._callback!.name || "<lambda>");
    try {
      const result = handle.call();
      return isGenerator(result) ? result : null;
    } catch (error) {
      this._callback_raised(handle, error);
      return null;
    }
  }

  protected *_run_steps(thread: Thread, handle: Handle, steps: PySteps<unknown>): ThreadBody {
    try {
      yield* this.python.run(thread, steps);
    } catch (error) {
      this._callback_raised(handle, error);
    }
  }

  private _callback_raised(handle: Handle, exception: unknown): void {
    if (leavesTheLoop(exception)) throw exception;
    if (exception instanceof Error) this.python.raised.add(exception);
    this.call_exception_handler({
      message: `Exception in callback ${handle.format_callback_source()}`,
      exception,
      handle,
    });
  }

  /** Debug mode: the handle is timed. */
  protected *_run_timed(thread: Thread, handle: Handle | Task): ThreadBody {
    this._current_handle = handle;
    const begun = this.time();
    if (handle instanceof Task) {
      let rest = handle.step();
      while (rest !== null) rest = handle.resume(null, yield* this._perform(thread, handle, rest));
    } else {
      const steps = this._run(handle);
      if (steps !== null) yield* this._run_steps(thread, handle, steps);
    }
    this._current_handle = null;
    const took = this.time() - begun;
    if (took >= this.slow_callback_duration)
      this.python.world.diagnose(
        "slow callback",
        `Executing ${handle.repr()} took ${took.toFixed(3)} seconds`,
      );
  }

  stop(): void {
    this._stopping = true;
  }

  /** Runs until the future is done; a coroutine is made a task first. */
  *run_until_complete<T>(thread: Thread, awaitable: Coroutine<T> | Future<T>): Generator<number, T, number> {
    this._check_closed();
    const created = !(awaitable instanceof Future);
    const future = created ? this.create_task(awaitable) : awaitable;
    const _run_until_complete_cb = (done: Future): void => {
      if (!done.cancelled() && leavesTheLoop(done.exception())) return;
      this.stop();
    };
    future.add_done_callback(_run_until_complete_cb);
    try {
      yield* this.run_forever(thread);
    } catch (error) {
      if (created && future.done() && !future.cancelled()) future.exception();
      throw error;
    } finally {
      future.remove_done_callback(_run_until_complete_cb);
    }
    if (!future.done()) throw new RuntimeError("Event loop stopped before Future completed.");
    return future.result();
  }

  close(): void {
    if (this._thread !== null) throw new RuntimeError("Cannot close a running event loop");
    if (this._closed) return;
    this._closed = true;
    this._ready.clear();
    this._scheduled = [];
    this._executor_shutdown_called = true;
    this._default_executor?.shutdown_nowait();
    this._default_executor = null;
    this._remove_reader(this._ssock);
    for (const future of this._unretrieved) future.tell_unretrieved();
    this._unretrieved = [];
    for (const task of this.all_tasks())
      if (task._log_destroy_pending)
        this.call_exception_handler({ message: "Task was destroyed but it is pending!", task });
  }

  is_closed(): boolean {
    return this._closed;
  }

  is_running(): boolean {
    return this._thread !== null;
  }

  get_debug(): boolean {
    return this._debug;
  }

  set_debug(enabled: boolean): void {
    this._debug = enabled;
  }

  /** Seconds on the monotonic clock: virtual nanoseconds as a float. */
  time(): number {
    return this.python.machine.threadNow / NS_PER_SECOND;
  }

  // ---- queueing -------------------------------------------------------------------------------------------------

  call_soon(callback: Callback, a?: unknown, b?: unknown): Handle {
    this._check_closed();
    if (this._debug) this._check_thread();
    return this._call_soon(callback, a, b);
  }

  call_soon_threadsafe(callback: Callback, a?: unknown, b?: unknown): Handle {
    this._check_closed();
    const handle = this._call_soon(callback, a, b);
    this._write_to_self();
    return handle;
  }

  call_later(delay: number, callback: Callback, a?: unknown, b?: unknown): TimerHandle {
    return this.call_at(this.time() + delay, callback, a, b);
  }

  call_at(when: number, callback: Callback, a?: unknown, b?: unknown): TimerHandle {
    this._check_closed();
    if (this._debug) this._check_thread();
    const { machine, costs } = this.python;
    const timer = new TimerHandle(when, callback, a, b, this);
    machine.charge(costs.callLater + heappush(this._scheduled, timer) * costs.timerCompare);
    this.python.gc.track(TIMER_OBJECTS);
    timer._scheduled = true;
    return timer;
  }

  _timer_handle_cancelled(handle: TimerHandle): void {
    this.python.machine.charge(this.python.costs.timerCancel);
    if (handle._scheduled) this._timer_cancelled_count++;
  }

  private _call_soon(callback: Callback, a: unknown, b: unknown): Handle {
    const handle = new Handle(callback, a, b, this);
    this.python.machine.charge(this.python.costs.callSoon);
    this.python.gc.track(HANDLE_OBJECTS);
    this._ready.append(handle);
    return handle;
  }

  /** call_soon(task.__step, error) */
  _call_step(task: Task, error: Error | null, reason: string): void {
    const { machine, costs } = this.python;
    task.pending = error;
    machine.charge(costs.callSoon);
    this.python.gc.track(HANDLE_OBJECTS);
    if (machine.trace.enabled)
      machine.emit(Kind.ready, this.index, task.id, reason, this._current_task?.id ?? -1);
    this._ready.append(task);
  }

  /** call_soon(callback, future), for a future that is done. */
  _call_done(callback: DoneCallback, future: Future): void {
    if (!isWaiting(callback)) {
      this.call_soon(callback, future);
      return;
    }
    const { machine, costs } = this.python;
    const task = callback as Task;
    task.pending = future;
    machine.charge(costs.callSoon);
    this.python.gc.track(HANDLE_OBJECTS);
    if (machine.trace.enabled)
      machine.emit(Kind.ready, this.index, task.id, "call_soon: task_wakeup", this._current_task?.id ?? -1);
    this._ready.append(task);
  }

  // ---- futures and tasks ----------------------------------------------------------------------------------------

  create_future<T>(label = "Future"): Future<T> {
    this.python.machine.charge(this.python.costs.createFuture);
    return new Future<T>(this, label);
  }

  create_task<T>(coro: Coroutine<T>, name: string | null = null): Task<T> {
    this._check_closed();
    if (this._task_factory === null) return new Task(this, coro, name, ++this.python.tasks_created);
    const task = this._task_factory(this, coro);
    if (name !== null) task.set_name(name);
    return task;
  }

  /** Before 3.13.3 the factory does not see the name: it is set when the task is there. */
  set_task_factory(factory: TaskFactory | null): void {
    this._task_factory = factory;
  }

  /** tasks._register_task. */
  _register_task(task: Task): void {
    const { machine, costs } = this.python;
    this.tasks_created++;
    machine.charge(costs.createTask);
    if (++this.live_tasks > this.most_tasks) {
      this.most_tasks = this.live_tasks;
      machine.charge(costs.freshTask);
    }
    this.python.gc.track(TASK_OBJECTS);
    if (machine.trace.enabled)
      machine.emit(Kind.create, this.index, task.id, "create_task", this._current_task?.id ?? -1);
    task.previous = this.last_task;
    if (this.last_task === null) this.first_task = task;
    else this.last_task.next = task;
    this.last_task = task;
  }

  _unregister_task(task: Task): void {
    this.live_tasks--;
    this.python.gc.untrack(TASK_OBJECTS);
    if (task.previous === null) this.first_task = task.next;
    else task.previous.next = task.next;
    if (task.next === null) this.last_task = task.previous;
    else task.next.previous = task.previous;
    task.previous = null;
    task.next = null;
  }

  /** Tasks that are not done. A set in Python; here in order of creation. */
  all_tasks(): Task[] {
    const tasks: Task[] = [];
    for (let task = this.first_task; task !== null; task = task.next) tasks.push(task);
    return tasks;
  }

  // ---- selector_events.py: readers and the self-pipe ------------------------------------------------------------

  /** Calls `callback` in each iteration that finds the descriptor readable. A reader that is there is replaced. */
  _add_reader(descriptor: Descriptor, callback: Callback): Handle {
    const old = descriptor.owner as Handle | null;
    const handle = new Handle(callback, undefined, undefined, this);
    descriptor.owner = handle;
    if (old === null) this._selector.register(descriptor);
    else old.cancel();
    return handle;
  }

  _remove_reader(descriptor: Descriptor): void {
    (descriptor.owner as Handle | null)?.cancel();
    descriptor.owner = null;
    this._selector.unregister(descriptor);
  }

  private _add_callback(handle: Handle, descriptor: Descriptor): void {
    if (handle._cancelled) this._remove_reader(descriptor);
    else this._ready.append(handle);
  }

  private _write_to_self(): void {
    this.python.machine.charge(this.python.costs.wakeSelf);
    this._ssock.signal();
  }

  private _read_from_self(): void {
    this.python.machine.charge(this.python.costs.socket);
    this._ssock.drain();
    for (const handle of this.signals.read()) {
      this._ready.append(handle); // _add_callback_signalsafe
      this._write_to_self();
    }
  }

  // ---- unix_events.py: signals ----------------------------------------------------------------------------------

  /** `callback` runs in the loop, one iteration after the read of the self-pipe. `signal` by name: "SIGUSR1". */
  add_signal_handler(signal: string, callback: Callback, a?: unknown): void {
    this._check_closed();
    this.signals.add(signal, callback, a);
    this.python.signal_loop = this;
  }

  /** False: it had no handler. */
  remove_signal_handler(signal: string): boolean {
    return this.signals.remove(signal);
  }

  has_signal_handler(signal: string): boolean {
    return this.signals.has(signal);
  }

  /** The wake-up descriptor: the signal's number, as one byte. */
  _signal_arrived(signal: string): void {
    this.signals.arrived(signal);
    this._ssock.signal();
  }

  // ---- threads --------------------------------------------------------------------------------------------------

  /**
   * `await loop.run_in_executor(executor, work)`; null: the default executor. `work` is a plain function, or a generator
   * function if it burns CPU or blocks.
   */
  *run_in_executor<T>(executor: ThreadPoolExecutor | null, work: Work<T>): Coroutine<T> {
    return yield* yield* this.submit_to_executor(executor, work);
  }

  /** `loop.run_in_executor(executor, work)` without the await: blocks the loop's thread while a worker starts. */
  *submit_to_executor<T>(executor: ThreadPoolExecutor | null, work: Work<T>): PySteps<Future<T>> {
    this._check_closed();
    if (executor !== null) return wrap_future(yield* executor.submit(work), this);
    if (this._executor_shutdown_called) throw new RuntimeError("Executor shutdown has been called");
    this._default_executor ??= new ThreadPoolExecutor(
      this.python,
      this.python.options.executorWorkers,
      "asyncio",
    );
    return wrap_future(yield* this._default_executor.submit(work), this);
  }

  *shutdown_default_executor(): Coroutine<void> {
    this._executor_shutdown_called = true;
    const executor = this._default_executor;
    if (executor === null) return;
    const future = this.create_future<null>("shutdown_default_executor");
    const thread = yield* this.python.start_thread("_do_shutdown", () => this._do_shutdown(executor, future));
    try {
      yield* future;
    } finally {
      yield* thread.join();
    }
  }

  private *_do_shutdown(executor: ThreadPoolExecutor, future: Future<null>): PySteps {
    yield* executor.shutdown();
    if (!this.is_closed()) this.call_soon_threadsafe((done: Future) => done.set_result(null), future);
  }

  _asyncgen_firstiter_hook(agen: AsyncGenerator): void {
    if (this._asyncgens_shutdown_called)
      this.python.world.diagnose(
        "warning",
        `asynchronous generator ${agen.repr()} was scheduled after loop.shutdown_asyncgens() call`,
      );
    this._asyncgens.add(agen);
  }

  /** Closes what has begun and not ended, all at a time. */
  *shutdown_asyncgens(): Coroutine<void> {
    this._asyncgens_shutdown_called = true;
    const closing = this.python.iterate([...this._asyncgens]);
    if (closing.length === 0) return;
    this._asyncgens.clear();
    const results = yield* gather(
      this,
      closing.map((agen) => agen.aclose()),
      true,
    );
    for (const [i, exception] of results.entries())
      if (exception instanceof Error)
        this.call_exception_handler({
          message: `an error occurred during closing of asynchronous generator ${closing[i]!.repr()}`,
          exception,
          asyncgen: closing[i]!,
        });
  }

  // ---- errors ---------------------------------------------------------------------------------------------------

  set_exception_handler(handler: ((loop: BaseEventLoop, context: ExceptionContext) => void) | null): void {
    this._exception_handler = handler;
  }

  call_exception_handler(context: ExceptionContext): void {
    if (this._exception_handler === null) {
      this.default_exception_handler(context);
      return;
    }
    try {
      this._exception_handler(this, context);
    } catch (exception) {
      if (leavesTheLoop(exception)) throw exception;
      this.default_exception_handler({ message: "Unhandled error in exception handler", exception });
    }
  }

  default_exception_handler(context: ExceptionContext): void {
    this.python.world.diagnose("asyncio", log_record(this, context));
  }

  _check_closed(): void {
    if (this._closed) throw new RuntimeError("Event loop is closed");
  }

  private _check_thread(): void {
    if (this._thread !== null && this.python.machine.current !== this._thread)
      throw new RuntimeError("Non-thread-safe operation invoked on an event loop other than the current one");
  }
}
