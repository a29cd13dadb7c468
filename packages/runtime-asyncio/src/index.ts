/** CPython's asyncio: the runtime model, and the native library to write programs against. */
export { async_yield, AsyncGenerator } from "./asyncgens.ts";
export { Asyncio } from "./asyncio.ts";
export { BaseEventLoop } from "./base_events.ts";
export {
  create_connection,
  create_server,
  Server,
  sock_accept,
  sock_connect,
  sock_recv,
  sock_sendall,
} from "./connections.ts";
export { type AsyncioCosts, defaultCosts } from "./costs.ts";
export { Handle, TimerHandle } from "./events.ts";
export * from "./exceptions.ts";
export { Future } from "./futures.ts";
export { Gil, SWITCH_INTERVAL_NS } from "./gil.ts";
export { Barrier, BoundedSemaphore, Condition, Event, Lock, Semaphore } from "./locks.ts";
export { asyncioModel } from "./model.ts";
export { inspect } from "./inspect.ts";
export { ps, pstree } from "./pstree.ts";
export { type PySteps, Python, PyThread } from "./python.ts";
export { LifoQueue, PriorityQueue, Queue } from "./queues.ts";
export {
  type AsyncioRun,
  type Program,
  runAsyncio,
  type RunAsyncioOptions,
  runPython,
} from "./run_asyncio.ts";
export { type Address, type Bytes, ListeningSocket, Socket } from "./sockets.ts";
export { StreamReader, StreamReaderProtocol, StreamWriter } from "./streams.ts";
export { type Awaitable, type Coroutine, Task } from "./task.ts";
export { TaskGroup } from "./taskgroups.ts";
export { ThreadPoolExecutor } from "./thread_pool.ts";
export { Timeout } from "./timeouts.ts";
export { type Protocol, SocketTransport } from "./transports.ts";
