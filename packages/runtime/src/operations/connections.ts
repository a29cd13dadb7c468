/** Connections. What fails raises Rejected; a wait that is cancelled closes what it waited for, as Java's sockets do by themselves. */
import { FAILED, Listener, Socket } from "@orrery/simulator";
import { bind } from "../completion.ts";
import { int } from "../expressions.ts";
import { isSteps, type Op, type Steps } from "../model.ts";
import { type ConnHandle, Fault, type ListenerHandle } from "../values.ts";
import { handle, type Operation, type Operations, waitFor } from "./operation.ts";

/** The operation, with `close` when it is cancelled. */
function orClose<T>(op: Op<T>, close: () => Op): Op<T> {
  return isSteps(op) ? closing(op, close) : op;
}

function* closing<T>(op: Steps<T>, close: () => Op): Steps<T> {
  try {
    return yield* op;
  } catch (error) {
    if (error instanceof Fault && error.kind === "Cancelled") {
      const closed = close();
      if (isSteps(closed)) yield* closed;
    }
    throw error;
  }
}

/** A read or write of at least one byte. */
const transfer =
  (direction: "read" | "write"): Operation["start"] =>
  ({ lowering }, task, frame, at) => {
    const conn = handle<ConnHandle>(at.a!(frame));
    const bytes = int(at.b!(frame));
    if (bytes < 1) throw new Fault("AssertFailed", `${direction} of ${bytes} bytes`);
    const op = lowering[direction](task, waitFor(task, conn), bytes) as Op<number | boolean>;
    return orClose(op, () => lowering.closeConn(task, conn));
  };

export const connections: Operations<
  "listen" | "accept" | "connect" | "read" | "write" | "closeConn" | "closeListener"
> = {
  listen: {
    start(world, task, frame, at) {
      const backlog = int(at.a!(frame));
      if (backlog < 0) throw new Fault("AssertFailed", `a backlog of ${backlog}`);
      const name = world.handleName(at.extra as string);
      const socket = new Listener(world.machine, String(at.extra), backlog);
      const listener: ListenerHandle = { kind: "listener", name, socket, native: null };
      frame.slots[at.slot] = listener;
      return world.lowering.listen(task, listener);
    },
  },
  accept: {
    start(world, task, frame, at) {
      const listener = handle<ListenerHandle>(at.a!(frame));
      const name = world.handleName(at.extra as string);
      const conn: ConnHandle = { kind: "conn", name, socket: null, native: null };
      frame.slots[at.slot] = conn;
      const op = world.lowering.accept(task, waitFor(task, listener), conn);
      return orClose(op, () => world.lowering.closeListener(task, listener));
    },
    accept(_frame, _at, accepted) {
      if (accepted !== true) throw new Fault("Rejected", "the listener is closed");
    },
  },
  connect: {
    start(world, task, frame, at) {
      const listener = handle<ListenerHandle>(at.a!(frame));
      const name = world.handleName(at.extra as string);
      const conn: ConnHandle = { kind: "conn", name, socket: null, native: null };
      frame.slots[at.slot] = conn;
      const dial = (): Socket => {
        conn.socket = Socket.connect(world.machine, String(at.extra), listener.socket);
        return conn.socket;
      };
      const op = world.lowering.connect(task, waitFor(task, conn), dial);
      return orClose(op, () => world.lowering.closeConn(task, conn));
    },
    accept(_frame, _at, connected) {
      if (connected !== true) throw new Fault("Rejected", "connection refused");
    },
  },
  read: {
    start: transfer("read"),
    accept(frame, at, result) {
      if (result === FAILED) throw new Fault("Rejected", "connection reset or closed");
      bind(frame, at.slot, result as number);
    },
  },
  write: {
    start: transfer("write"),
    accept(_frame, _at, written) {
      if (written !== true) throw new Fault("Rejected", "connection reset or closed");
    },
  },
  closeConn: {
    start({ lowering }, task, frame, at) {
      const conn = handle<ConnHandle>(at.a!(frame));
      return conn.socket!.closed ? null : lowering.closeConn(task, conn);
    },
  },
  closeListener: {
    start({ lowering }, task, frame, at) {
      const listener = handle<ListenerHandle>(at.a!(frame));
      return listener.socket.closed ? null : lowering.closeListener(task, listener);
    },
  },
};
