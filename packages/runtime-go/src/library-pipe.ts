/** Pipes for programs written straight against the model. */
import { Descriptor, type ThreadBody } from "@orrery/simulator";
import type { Go, GoLibrary } from "./library.ts";
import { netpollblock, netpollopen, type PollDesc } from "./netpoll.ts";
import { setReadDeadline } from "./time.ts";

/** A raw system call that does nothing (go1.23.5, getppid), ns. */
export const RAW_SYSCALL_NS = 89;

/** One end of it each way: bytes are counted, not kept. */
export class Pipe {
  private readonly lib: GoLibrary;
  private readonly fd: Descriptor;
  private readonly pd: PollDesc | null;
  private readonly data: string[] = [];

  constructor(lib: GoLibrary, pollable: boolean) {
    this.lib = lib;
    this.fd = new Descriptor(lib.rt.machine, "pipe");
    this.pd = pollable ? netpollopen(lib.rt, this.fd) : null;
  }

  /** Of an os.Pipe: a read that waits until then ends with os.ErrDeadlineExceeded. */
  *setReadDeadline(ns: number): Go {
    yield* this.lib.pay();
    setReadDeadline(this.lib.rt, this.pd!, this.lib.now() + ns);
  }

  /** What was written, null for os.ErrDeadlineExceeded. */
  *read(): Go<string | null> {
    const { lib, fd, data } = this;
    if (this.pd === null) {
      yield* lib.syscall((thread) => fd.read(thread));
    } else {
      yield* lib.getppid(); // read(2) that finds EAGAIN or data
      while (data.length === 0) {
        if (this.pd.expired) return null;
        yield* netpollblock(lib.rt, lib.g, this.pd);
        yield* lib.getppid();
      }
      fd.drain();
    }
    return data.shift()!;
  }

  *write(text: string): Go {
    const { lib, fd, data } = this;
    yield* lib.syscall(function* (): ThreadBody {
      yield RAW_SYSCALL_NS;
      data.push(text);
      fd.signal();
    });
  }
}
