/**
 * The module `asyncio` (and the bits of `time` and `threading` that programs need) of one simulated process. Names are
 * Python's; a coroutine is a generator function, `await x` is `yield* x`, times are seconds.
 */
import type { Thread } from "@orrery/simulator";
import { AsyncGenerator } from "./asyncgens.ts";
import { type BaseEventLoop, eager_task_factory, type TaskFactory } from "./base_events.ts";
import { create_connection, create_server, type Server } from "./connections.ts";
import { async_def, drop_coroutine } from "./coroutines.ts";
import { AttributeError, BlockingIOError, RuntimeError } from "./exceptions.ts";
import type { Future } from "./futures.ts";
import { name_library_coroutines } from "./library.ts";
import { Barrier, BoundedSemaphore, Condition, Event, Lock, Semaphore } from "./locks.ts";
import { type PySteps, type Python, type PyThread, sleep_blocking } from "./python.ts";
import { LifoQueue, PriorityQueue, Queue } from "./queues.ts";
import { type Address, type Socket, socketpair, tcp_socket } from "./sockets.ts";
import {
  type ClientConnected,
  DEFAULT_LIMIT_BYTES,
  StreamReader,
  StreamReaderProtocol,
  StreamWriter,
} from "./streams.ts";
import type { Awaitable, Coroutine, Task } from "./task.ts";
import { TaskGroup } from "./taskgroups.ts";
import * as tasks from "./tasks.ts";
import { ThreadPoolExecutor, type Work } from "./thread_pool.ts";
import { Timeout } from "./timeouts.ts";
import { type ConcurrentFuture, run_coroutine_threadsafe } from "./wrap_future.ts";

export class Asyncio {
  readonly python: Python;

  constructor(python: Python) {
    this.python = python;
    name_library_coroutines();
  }

  get_running_loop(): BaseEventLoop {
    const thread = this.python.machine.current;
    const loop = thread === null ? null : this.python.running_loop(thread);
    if (loop === null) throw new RuntimeError("no running event loop");
    return loop;
  }

  current_task(): Task | null {
    return this.get_running_loop()._current_task;
  }

  all_tasks(): Task[] {
    return this.get_running_loop().all_tasks();
  }

  create_task<T>(coro: Coroutine<T>, name: string | null = null): Task<T> {
    return this.get_running_loop().create_task(coro, name);
  }

  ensure_future<T>(awaitable: Awaitable<T>): Future<T> {
    return tasks.ensure_future(this.get_running_loop(), awaitable);
  }

  /** 3.12+: for `loop.set_task_factory`. */
  get eager_task_factory(): TaskFactory {
    if (this.python.minor < 12)
      throw new AttributeError("module 'asyncio' has no attribute 'eager_task_factory'");
    return eager_task_factory;
  }

  run_coroutine_threadsafe<T>(coro: Coroutine<T>, loop: BaseEventLoop): ConcurrentFuture<T> {
    return run_coroutine_threadsafe(coro, loop);
  }

  /** `async def`: messages name its coroutines, and `drop` tells of one that was never awaited. */
  async_def<F extends (...args: never[]) => Coroutine<unknown>>(body: F): F {
    return async_def(this.python, body);
  }

  /** The last reference to a coroutine goes. */
  drop(coro: Coroutine<unknown>): void {
    drop_coroutine(this.python, coro);
  }

  /** Calls an asynchronous generator function: nothing of its body runs yet. */
  async_generator<T>(body: () => Coroutine<void>): AsyncGenerator<T> {
    return new AsyncGenerator<T>(this.get_running_loop(), body(), body.name);
  }

  sleep<T = null>(delay: number, result: T = null as T): Coroutine<T> {
    return tasks.sleep(this.get_running_loop(), delay, result);
  }

  gather(...awaitables: Awaitable[]): Future<unknown[]> {
    return tasks.gather(this.get_running_loop(), awaitables);
  }

  /** gather(..., return_exceptions=True) */
  gather_settled(...awaitables: Awaitable[]): Future<unknown[]> {
    return tasks.gather(this.get_running_loop(), awaitables, true);
  }

  wait(
    futures: readonly Future[],
    options: { readonly timeout?: number; readonly return_when?: tasks.ReturnWhen } = {},
  ): Coroutine<tasks.Waited> {
    return tasks.wait(this.get_running_loop(), futures, options.return_when, options.timeout ?? null);
  }

  wait_for<T>(awaitable: Awaitable<T>, timeout: number | null): Coroutine<T> {
    return tasks.wait_for(this.get_running_loop(), awaitable, timeout);
  }

  shield<T>(awaitable: Awaitable<T>): Future<T> {
    return tasks.shield(this.get_running_loop(), awaitable);
  }

  as_completed<T>(awaitables: readonly Awaitable<T>[], timeout: number | null = null): Coroutine<T>[] {
    return tasks.as_completed(this.get_running_loop(), awaitables, timeout);
  }

  timeout(delay: number | null): Timeout {
    const loop = this.get_running_loop();
    return new Timeout(loop, delay === null ? null : loop.time() + delay);
  }

  timeout_at(when: number | null): Timeout {
    return new Timeout(this.get_running_loop(), when);
  }

  TaskGroup(): TaskGroup {
    return new TaskGroup(this.get_running_loop());
  }

  Lock(): Lock {
    return new Lock(this.get_running_loop());
  }

  Event(): Event {
    return new Event(this.get_running_loop());
  }

  Condition(lock?: Lock): Condition {
    return new Condition(this.get_running_loop(), lock);
  }

  Semaphore(value = 1): Semaphore {
    return new Semaphore(this.get_running_loop(), value);
  }

  BoundedSemaphore(value = 1): BoundedSemaphore {
    return new BoundedSemaphore(this.get_running_loop(), value);
  }

  Barrier(parties: number): Barrier {
    return new Barrier(this.get_running_loop(), parties);
  }

  Queue<T>(maxsize = 0): Queue<T> {
    return new Queue<T>(this.get_running_loop(), maxsize);
  }

  LifoQueue<T>(maxsize = 0): LifoQueue<T> {
    return new LifoQueue<T>(this.get_running_loop(), maxsize);
  }

  PriorityQueue<T extends number>(maxsize = 0): PriorityQueue<T> {
    return new PriorityQueue<T>(this.get_running_loop(), maxsize);
  }

  /** `to` an address on the loopback interface, or a socket that is connected (`sock=`). `limit`: bytes. */
  *open_connection(
    to: Address | Socket,
    limit: number = DEFAULT_LIMIT_BYTES,
  ): Coroutine<readonly [StreamReader, StreamWriter]> {
    const loop = this.get_running_loop();
    const reader = new StreamReader(loop, limit);
    const factory = (): StreamReaderProtocol => new StreamReaderProtocol(loop, reader);
    const [transport, protocol] = yield* create_connection(loop, factory, to);
    return [reader, new StreamWriter(transport, protocol, reader)];
  }

  /** Listens on 127.0.0.1; port 0 is one that is free. `limit`: bytes. */
  start_server(
    client_connected: ClientConnected,
    port = 0,
    limit: number = DEFAULT_LIMIT_BYTES,
  ): Coroutine<Server> {
    const loop = this.get_running_loop();
    return create_server(
      loop,
      () => new StreamReaderProtocol(loop, new StreamReader(loop, limit), client_connected),
      port,
    );
  }

  /** socket.socketpair(), both ends non-blocking. */
  socketpair(): [Socket, Socket] {
    return socketpair(this.python);
  }

  /** socket.create_connection to the loopback interface: blocks for no time at all. */
  create_connection(address: Address): Socket {
    const socket = tcp_socket(this.python);
    try {
      socket.connect(address);
    } catch (error) {
      if (!(error instanceof BlockingIOError)) throw error;
    }
    socket.check_error();
    return socket;
  }

  *to_thread<T>(work: Work<T>): Coroutine<T> {
    return yield* this.get_running_loop().run_in_executor(null, work);
  }

  ThreadPoolExecutor(max_workers: number, thread_name_prefix = "ThreadPoolExecutor-0"): ThreadPoolExecutor {
    return new ThreadPoolExecutor(this.python, max_workers, thread_name_prefix);
  }

  /** threading.Thread(target=..., name=...).start(); the wait that ends it is `yield* thread.started()`. */
  start_thread(target: (thread: Thread) => PySteps<unknown>, name = "Thread-1"): PyThread {
    return this.python.start_new_thread(name, target);
  }

  /** time.sleep: blocks the calling thread with the GIL released. */
  time_sleep(seconds: number): PySteps {
    return sleep_blocking(this.python, seconds);
  }

  /** time.monotonic */
  monotonic(): number {
    return this.python.machine.threadNow / 1e9;
  }

  /** Python code that keeps a core busy for so many seconds, with the GIL held. */
  *burn(seconds: number): PySteps {
    yield Math.round(seconds * 1e9);
  }
}
