/** Connections: a small class over `node:net`, whose methods are awaited whether they had to wait or not. */
import type { ConnHandle, ListenerHandle, Steps, Task } from "@orrery/runtime";
import type { Socket } from "@orrery/simulator";
import { type Awaits, Connection, Server, tick } from "../node/connection.ts";
import { NOTHING } from "./awaiting.ts";
import { LaterLowering } from "./later.ts";

export class ConnectingLowering extends LaterLowering {
  /** `server.listen(0, "127.0.0.1", backlog)`: the look-up of the address and 'listening' take a tick each. */
  *listen(_self: Task, listener: ListenerHandle): Steps {
    this.charge("listen");
    listener.native = new Server(this.env, listener.socket);
    yield this.uncancellable(tick(this.env), "listen");
    yield this.uncancellable(tick(this.env), "listening");
  }

  /** `net.connect(...)`: the call itself is made in a tick. */
  *connect(self: Task, conn: ConnHandle, dial: () => Socket): Steps<boolean> {
    const awaits = this.awaits(self, "connect");
    yield awaits(tick(this.env));
    this.charge("connect");
    const connection = new Connection(this.env, dial());
    conn.native = connection;
    return yield* connection.connected(awaits);
  }

  *accept(self: Task, listener: ListenerHandle, conn: ConnHandle): Steps<boolean> {
    const accepted = yield* (listener.native as Server).accept(this.awaits(self, "accept"));
    yield this.turn("accept");
    if (accepted === null) return false;
    conn.socket = accepted.socket;
    conn.native = accepted.connection;
    return true;
  }

  *read(self: Task, conn: ConnHandle, bytes: number): Steps<number> {
    const read = yield* (conn.native as Connection).read(bytes, this.awaits(self, "read"));
    yield this.turn("read");
    return read;
  }

  *write(self: Task, conn: ConnHandle, bytes: number): Steps<boolean> {
    const written = yield* (conn.native as Connection).write(bytes, this.awaits(self, "write"));
    yield this.turn("write");
    return written;
  }

  closeConn(_self: Task, conn: ConnHandle): void {
    if (conn.native === null) conn.socket?.close();
    else (conn.native as Connection).destroy();
  }

  closeListener(_self: Task, listener: ListenerHandle): void {
    (listener.native as Server).close();
  }

  private awaits(self: Task, what: string): Awaits {
    return (promise) => this.cancellable(self, promise, NOTHING, what);
  }
}
