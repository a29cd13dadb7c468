/**
 * TCP connections, after net/fd_unix.go, internal/poll/fd_unix.go of Go 1.26: every call is tried first, and where it would block its
 * goroutine parks in the network poller. Each direction of a descriptor has a PollDesc of its own here. Left out: the lock of a
 * descriptor that keeps two readers apart (they may read at once here), deadlines.
 */
import type { ConnHandle, ListenerHandle, Steps } from "@orrery/runtime";
import { FAILED, type Socket, WOULD_BLOCK } from "@orrery/simulator";
import { INSISTS } from "./limit.ts";
import { netpollblock, netpollclose, netpollopen, type PollDesc } from "./netpoll.ts";
import type { G, Runtime } from "./runtime2.ts";
import { Sema, semacquire, semrelease } from "./sema.ts";
import { ready } from "./wake.ts";

/** What a goroutine that has been cancelled finds after its wait. */
type Resumed = (gp: G) => void;

/** poll.FD */
class FD {
  readonly reads: PollDesc;
  /** Null for a listener. */
  readonly writes: PollDesc | null;
  /** Who closes waits until those who were inside have left. */
  readonly csema = new Sema();
  /** fdmu: calls inside. */
  refs = 0;
  closing = false;

  constructor(reads: PollDesc, writes: PollDesc | null) {
    this.reads = reads;
    this.writes = writes;
  }
}

const fdOf = ({ native }: ConnHandle | ListenerHandle): FD => native as FD;

function open(rt: Runtime, socket: Socket): FD {
  return new FD(netpollopen(rt, socket.input), netpollopen(rt, socket.output));
}

/** Tries `attempt`, `costNs` each time, until it gives a value. */
function* blocking<V>(
  rt: Runtime,
  gp: G,
  fd: FD,
  pd: PollDesc,
  costNs: number,
  attempt: () => V | undefined,
  resumed: Resumed,
): Steps<V> {
  pd.ready = false; // prepareRead, prepareWrite
  fd.refs++;
  try {
    for (;;) {
      yield costNs;
      const value = attempt();
      if (value !== undefined) return value;
      yield* netpollblock(rt, gp, pd);
      resumed(gp);
    }
  } finally {
    fd.refs--;
    if (fd.closing && fd.refs === 0) semrelease(rt, fd.csema, false, "FD.decref: runnext");
  }
}

export function listen(rt: Runtime, listener: ListenerHandle): void {
  rt.machine.charge(rt.costs.listen);
  listener.native = new FD(netpollopen(rt, listener.socket.incoming), null);
}

/** `netFD.connect`: EINPROGRESS, and a wait until it may be written to. False if it was refused. */
export function* connect(
  rt: Runtime,
  gp: G,
  conn: ConnHandle,
  dial: () => Socket,
  resumed: Resumed,
): Steps<boolean> {
  yield rt.costs.dial;
  const socket = dial();
  const fd = open(rt, socket);
  conn.native = fd;
  let waited = false;
  return yield* blocking(
    rt,
    gp,
    fd,
    fd.writes!,
    0,
    () => {
      if (waited && (socket.output.readable || socket.closed)) return socket.connected && !socket.closed;
      waited = true;
      return undefined;
    },
    resumed,
  );
}

/** `FD.Accept`: false if the listener is closed. */
export function accept(
  rt: Runtime,
  gp: G,
  listener: ListenerHandle,
  conn: ConnHandle,
  resumed: Resumed,
): Steps<boolean> {
  const fd = fdOf(listener);
  const attempt = (): boolean | undefined => {
    if (listener.socket.closed) return false;
    conn.socket = listener.socket.accept();
    if (conn.socket === null) return undefined;
    conn.native = open(rt, conn.socket);
    return true;
  };
  return blocking(rt, gp, fd, fd.reads, rt.costs.accept, attempt, resumed);
}

/** `FD.Read` */
export function read(rt: Runtime, gp: G, conn: ConnHandle, bytes: number, resumed: Resumed): Steps<number> {
  const fd = fdOf(conn);
  const attempt = (): number | undefined => {
    const read = conn.socket!.read(bytes);
    return read === WOULD_BLOCK ? undefined : read;
  };
  return blocking(rt, gp, fd, fd.reads, rt.costs.socketRead, attempt, resumed);
}

/** `FD.Write`: until all is written; false if it failed. */
export function write(rt: Runtime, gp: G, conn: ConnHandle, bytes: number, resumed: Resumed): Steps<boolean> {
  const fd = fdOf(conn);
  let left = bytes;
  const attempt = (): boolean | undefined => {
    const written = conn.socket!.write(left);
    if (written === FAILED) return false;
    if (written > 0) left -= written;
    return left === 0 || undefined;
  };
  return blocking(rt, gp, fd, fd.writes!, rt.costs.socketWrite, attempt, resumed);
}

export function closeConn(rt: Runtime, gp: G, conn: ConnHandle): Steps | undefined {
  conn.socket?.close();
  return close(rt, gp, conn);
}

export function closeListener(rt: Runtime, gp: G, listener: ListenerHandle): Steps | undefined {
  listener.socket.close();
  return close(rt, gp, listener);
}

/** `FD.Close`: evicts who waits, and waits until they have left. */
function close(rt: Runtime, gp: G, handle: ConnHandle | ListenerHandle): Steps | undefined {
  rt.machine.charge(rt.costs.closeSocket);
  if (handle.native === null) return undefined;
  const fd = fdOf(handle);
  fd.closing = true;
  for (const pd of [fd.reads, fd.writes]) {
    if (pd === null) continue;
    netpollunblock(rt, pd);
    netpollclose(rt, pd);
  }
  return fd.refs > 0 ? left(rt, gp, fd) : undefined;
}

function* left(rt: Runtime, gp: G, { csema }: FD): Steps {
  yield* semacquire(rt, gp, csema, false, "FD.Close", INSISTS);
}

/** poll_runtime_pollUnblock: whoever waits goes on, and finds it closed. */
function netpollunblock(rt: Runtime, pd: PollDesc): void {
  const gp = pd.reader;
  if (gp === null) return;
  pd.abandon(rt);
  ready(rt, gp, "pollUnblock: runnext");
}
