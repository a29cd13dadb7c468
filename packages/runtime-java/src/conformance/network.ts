/** Pipes and sockets: who waits for one parks, and a poller unparks it. */
import type { Steps } from "@orrery/runtime";
import { Descriptor } from "@orrery/simulator";
import { blockingRead } from "../lib/net.ts";
import { NioSocket } from "../lib/nio-socket.ts";
import { join, Thread } from "../lib/thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { caught, type Program } from "./prelude.ts";

/** A pipe, or one direction of a socket, and what was written to it. */
class Pipe<T> {
  private readonly jvm: Jvm;
  private readonly fd: number;
  private readonly descriptor: Descriptor;
  private readonly written: T[] = [];

  constructor(jvm: Jvm, name: string, fd = jvm.newFd()) {
    this.jvm = jvm;
    this.fd = fd;
    this.descriptor = new Descriptor(jvm.machine, name);
  }

  write(item: T): void {
    this.jvm.machine.charge(this.jvm.costs.syscall);
    this.written.push(item);
    this.descriptor.signal();
  }

  *read(): Steps<T> {
    yield* blockingRead(this.jvm, this.descriptor, this.fd);
    return this.written.shift()!;
  }
}

/** A connection as its two ends see it. */
class Connection {
  readonly request: Pipe<number>;
  readonly reply: Pipe<number>;

  constructor(jvm: Jvm) {
    this.request = new Pipe(jvm, "request");
    this.reply = new Pipe(jvm, "reply");
  }
}

/** The only read poller that `-Djdk.readPollers=1` leaves is that of this number. */
const FD_OF_FIRST_POLLER = 0;

export const network: readonly Program[] = [
  {
    name: "PipeReadiness",
    pins: "The sub-poller unparks readers in the order of readiness; they run after root blocks",
    flags: ["-Djdk.readPollers=1"],
    *port({ jvm, go, log, nap, joinAll }) {
      const pipes = new Map(["A", "B", "C"].map((n) => [n, new Pipe<string>(jvm, n, FD_OF_FIRST_POLLER)]));
      const threads = [...pipes].map(([n, pipe]) =>
        go(n, function* () {
          log(n + (yield* pipe.read()));
        }),
      );
      yield* nap(40);
      const letters = ["a", "b", "c"];
      for (const n of ["C", "A", "B"]) pipes.get(n)!.write(letters.shift()!);
      log("root");
      yield* joinAll(threads);
    },
  },
  {
    name: "SocketEcho",
    pins: "Who reads a socket that is not ready parks, and is unparked by its poller",
    *port({ jvm, go, log, yieldNow }) {
      const listener = new Pipe<Connection>(jvm, "listener");
      const server = go("server", function* () {
        const s = yield* listener.read();
        const b = yield* s.request.read();
        log(`got ${b}`);
        s.reply.write(b + 1);
      });
      yield* yieldNow();
      const c = new Connection(jvm);
      listener.write(c);
      c.request.write(7);
      log("sent");
      log(`reply ${yield* c.reply.read()}`);
      yield* join(server);
    },
  },
  {
    name: "SocketInterrupt",
    pins: "An interrupt of a thread that reads a socket ends the read and keeps the flag",
    *port({ jvm, go, log, yieldNow }) {
      const c = new Connection(jvm);
      const r = go("R", function* () {
        try {
          yield* c.reply.read();
        } catch (error) {
          caught(error, "SocketException");
          log(`R: ${error.message} ${Thread.currentThread(jvm).interrupted}`);
        }
      });
      yield* yieldNow();
      r.interrupt();
      yield* join(r);
    },
  },
  {
    name: "SocketTimeoutAndClose",
    pins: "A close ends another thread's accept, a timeout ends a read, an interrupt of a reader closes the socket",
    *port({ jvm, go, log, yieldNow }) {
      const closed = new NioSocket<NioSocket<number>>(jvm, "closed");
      const server = go("server", function* () {
        try {
          yield* closed.read();
        } catch (error) {
          caught(error, "SocketException");
          log(`accept: ${error.message}`);
        }
      });
      yield* yieldNow();
      closed.close();
      yield* join(server);
      const c = new NioSocket<number>(jvm, "c");
      c.soTimeoutNs = 5_000_000;
      try {
        yield* c.read();
      } catch (error) {
        caught(error, "SocketTimeoutException");
        log(error.message);
      }
      c.soTimeoutNs = 0;
      const r = go("R", () => c.read());
      yield* yieldNow();
      r.interrupt();
      yield* join(r);
      log(c.isClosed);
    },
  },
];
