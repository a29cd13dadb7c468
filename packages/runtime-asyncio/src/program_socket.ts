/**
 * `loop.sock_*` of asyncio/selector_events.py (3.11): a call is tried first, and where it would block the loop's reader or writer tries
 * it again and settles the future that its task awaits. Closing a socket that somebody waits on shuts it down first: that wakes
 * them. Left out: reads into buffers, datagrams.
 */
import type { ConnHandle, ListenerHandle, Steps } from "@orrery/runtime";
import { type Descriptor, FAILED, type Socket, WOULD_BLOCK } from "@orrery/simulator";
import type { BaseEventLoop } from "./base_events.ts";

/** `await loop.sock_connect(sock, address)` */
export function* sock_connect(loop: BaseEventLoop, dial: () => Socket): Steps<boolean> {
  loop.python.machine.charge(loop.python.costs.sockConnect);
  const socket = dial();
  yield* when_ready(loop, socket.output, "sock_connect", () => (socket.closed ? false : null));
  return socket.connected && !socket.closed;
}

/** `await loop.sock_accept(sock)` */
export function* sock_accept(
  loop: BaseEventLoop,
  { socket: listener }: ListenerHandle,
  conn: ConnHandle,
): Steps<boolean> {
  const _sock_accept = (): boolean | undefined => {
    if (listener.closed) return false;
    conn.socket = listener.accept();
    if (conn.socket === null) return undefined;
    loop.python.machine.charge(loop.python.costs.sockAccept);
    return true;
  };
  return _sock_accept() ?? (yield* when_ready(loop, listener.incoming, "sock_accept", _sock_accept));
}

/** `await loop.sock_recv(sock, bytes)` */
export function* sock_recv(loop: BaseEventLoop, { socket }: ConnHandle, bytes: number): Steps<number> {
  const _sock_recv = (): number | undefined => {
    loop.python.machine.charge(loop.python.costs.sockRecv);
    const read = socket!.read(bytes);
    return read === WOULD_BLOCK ? undefined : read;
  };
  return _sock_recv() ?? (yield* when_ready(loop, socket!.input, "sock_recv", _sock_recv));
}

/** `await loop.sock_sendall(sock, data)` */
export function* sock_sendall(loop: BaseEventLoop, { socket }: ConnHandle, bytes: number): Steps<boolean> {
  let left = bytes;
  const _sock_sendall = (): boolean | undefined => {
    loop.python.machine.charge(loop.python.costs.sockSend);
    const sent = socket!.write(left);
    if (sent === FAILED) return false;
    if (sent > 0) left -= sent;
    return left === 0 ? true : undefined;
  };
  return _sock_sendall() ?? (yield* when_ready(loop, socket!.output, "sock_sendall", _sock_sendall));
}

/** Adds a reader or writer until `attempt` gives a value. */
function* when_ready<T>(
  loop: BaseEventLoop,
  descriptor: Descriptor,
  label: string,
  attempt: () => T | undefined,
): Steps<T> {
  const { python } = loop;
  python.machine.charge(python.costs.sockWatch);
  const fut = loop.create_future<T>(label);
  loop._add_reader(descriptor, () => {
    if (fut.done()) return;
    const value = attempt();
    if (value !== undefined) fut.set_result(value);
  });
  fut.add_done_callback(() => loop._remove_reader(descriptor));
  return yield* fut;
}

/** `sock.close()`, after `sock.shutdown(SHUT_RDWR)` where somebody waits. */
export function close(loop: BaseEventLoop, socket: { close(): void }, ...waits: readonly Descriptor[]): void {
  loop.python.machine.charge(loop.python.costs.sockClose);
  socket.close();
  for (const descriptor of waits) descriptor.signal();
}
