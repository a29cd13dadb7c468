/**
 * Connections of asyncio/base_events.py and selector_events.py, 3.11.7: servers, clients, and the loop's operations on
 * sockets, which try the call first and wait only if it would block. Addresses are literals, so no name is looked up.
 */
import type { Descriptor } from "@orrery/simulator";
import type { BaseEventLoop } from "./base_events.ts";
import type { Callback, Handle } from "./events.ts";
import { BlockingIOError } from "./exceptions.ts";
import type { Future } from "./futures.ts";
import { type Address, type Bytes, ListeningSocket, type Socket, tcp_socket } from "./sockets.ts";
import type { Coroutine } from "./task.ts";
import { gather } from "./tasks.ts";
import { type Protocol, SocketTransport } from "./transports.ts";

/** create_server's default: connections that are accepted in one go. */
const BACKLOG = 100;

export class Server {
  _sockets: ListeningSocket[] | null;
  private readonly _loop: BaseEventLoop;
  private readonly _protocol_factory: () => Protocol;
  private _active_count = 0;
  private _waiters: Future<null>[] | null = [];

  constructor(loop: BaseEventLoop, sockets: ListeningSocket[], protocol_factory: () => Protocol) {
    this._loop = loop;
    this._sockets = sockets;
    this._protocol_factory = protocol_factory;
  }

  get sockets(): readonly ListeningSocket[] {
    return this._sockets ?? [];
  }

  _start_serving(): void {
    for (const sock of this.sockets)
      this._loop._add_reader(sock.reading, () =>
        _accept_connection(this._loop, this._protocol_factory, sock, this),
      );
  }

  _attach(): void {
    this._active_count++;
  }

  _detach(): void {
    this._active_count--;
    if (this._active_count === 0 && this._sockets === null) this._wakeup();
  }

  /** Accepts nobody any more; connections that are there go on. */
  close(): void {
    if (this._sockets === null) return;
    for (const sock of this._sockets) {
      this._loop._remove_reader(sock.reading);
      sock.close();
    }
    this._sockets = null;
    if (this._active_count === 0) this._wakeup();
  }

  /** 3.11 returns at once from a server that is closed; from 3.12 on it waits for its connections. */
  *wait_closed(): Coroutine<void> {
    if (this._waiters === null || (this._sockets === null && this._loop.python.minor < 12)) return;
    const waiter = this._loop.create_future<null>("Server.wait_closed");
    this._waiters.push(waiter);
    yield* waiter;
  }

  private _wakeup(): void {
    const waiters = this._waiters ?? [];
    this._waiters = null;
    for (const waiter of waiters) if (!waiter.done()) waiter.set_result(null);
  }
}

/** The listening descriptor's callback: every connection that waits gets a task. */
function _accept_connection(
  loop: BaseEventLoop,
  protocol_factory: () => Protocol,
  sock: ListeningSocket,
  server: Server,
): void {
  for (let i = 0; i < BACKLOG; i++) {
    const conn = unless_it_blocks(() => sock.accept());
    if (conn === BLOCKS) return;
    loop.create_task(_accept_connection2(loop, protocol_factory, conn, server));
  }
}

function* _accept_connection2(
  loop: BaseEventLoop,
  protocol_factory: () => Protocol,
  conn: Socket,
  server: Server,
): Coroutine<void> {
  const waiter = loop.create_future("_accept_connection2");
  const transport = new SocketTransport(loop, conn, protocol_factory(), waiter, server);
  try {
    yield* waiter;
  } catch (error) {
    transport.close();
    throw error;
  }
}

export function* create_server(
  loop: BaseEventLoop,
  protocol_factory: () => Protocol,
  port: number,
): Coroutine<Server> {
  yield* gather(loop, [_resolved()]); // _create_server_getaddrinfo, one per host
  const server = new Server(loop, [new ListeningSocket(loop.python, port)], protocol_factory);
  server._start_serving();
  yield; // so that all readers are registered
  return server;
}

/** _ensure_resolved of a literal address. */
function* _resolved(): Coroutine<void> {}

/** `to` an address, or a socket that is connected. */
export function* create_connection<P extends Protocol>(
  loop: BaseEventLoop,
  protocol_factory: () => P,
  to: Address | Socket,
): Coroutine<readonly [SocketTransport, P]> {
  let sock: Socket;
  if (Array.isArray(to)) {
    sock = tcp_socket(loop.python);
    yield* sock_connect(loop, sock, to as Address);
  } else sock = to as Socket;
  const protocol = protocol_factory();
  const waiter = loop.create_future("create_connection");
  const transport = new SocketTransport(loop, sock, protocol, waiter);
  try {
    yield* waiter;
  } catch (error) {
    transport.close();
    throw error;
  }
  return [transport, protocol];
}

// ---- the loop's operations on sockets -----------------------------------------------------------------------------

export function* sock_recv(loop: BaseEventLoop, sock: Socket, size: number): Coroutine<Bytes> {
  const data = unless_it_blocks(() => sock.recv(size));
  return data !== BLOCKS ? data : yield* retried(loop, "sock_recv", sock.reading, () => sock.recv(size));
}

export function* sock_sendall(loop: BaseEventLoop, sock: Socket, data: Bytes): Coroutine<null> {
  const first = unless_it_blocks(() => sock.send(data));
  let sent = first === BLOCKS ? 0 : first;
  if (sent === data.length) return null;
  return yield* retried(loop, "sock_sendall", sock.writing, () => {
    sent += sock.send(data.slice(sent));
    if (sent < data.length) throw new BlockingIOError();
    return null;
  });
}

export function* sock_accept(loop: BaseEventLoop, sock: ListeningSocket): Coroutine<Socket> {
  const conn = unless_it_blocks(() => sock.accept());
  return conn !== BLOCKS ? conn : yield* retried(loop, "sock_accept", sock.reading, () => sock.accept());
}

export function* sock_connect(loop: BaseEventLoop, sock: Socket, address: Address): Coroutine<null> {
  if (unless_it_blocks(() => sock.connect(address)) !== BLOCKS) return null;
  return yield* retried(loop, "sock_connect", sock.writing, () => {
    sock.check_error();
    return null;
  });
}

const BLOCKS = Symbol("BlockingIOError");

function unless_it_blocks<T>(call: () => T): T | typeof BLOCKS {
  try {
    return call();
  } catch (error) {
    if (error instanceof BlockingIOError) return BLOCKS;
    throw error;
  }
}

/** Tries the call again at each event of the descriptor. Whoever registers on it meanwhile takes its place for good. */
function* retried<T>(
  loop: BaseEventLoop,
  label: string,
  descriptor: Descriptor,
  call: () => T,
): Coroutine<T> {
  const future = loop.create_future<T>(label);
  const again: Callback = () => {
    if (future.done()) return;
    try {
      const result = unless_it_blocks(call);
      if (result !== BLOCKS) future.set_result(result);
    } catch (error) {
      future.set_exception(error as Error);
    }
  };
  const handle: Handle = loop._add_reader(descriptor, again);
  future.add_done_callback(() => {
    if (!handle.cancelled()) loop._remove_reader(descriptor);
  });
  return yield* future;
}
