/** `System.out` and `System.err`: a lock around a write that blocks the carrier and is compensated. */
import type { Steps } from "@orrery/runtime";
import { compensatedCall } from "../lib/blocker.ts";
import { ReentrantLock } from "../lib/reentrant-lock.ts";
import type { Jvm } from "../vm/jvm.ts";

/** A write(2) to a pipe; the programs hold for any time, ns. */
const WRITE_NS = 2_000;

export class PrintStream {
  private readonly jvm: Jvm;
  private readonly print: (line: string) => void;
  private readonly internalLock: ReentrantLock;

  constructor(jvm: Jvm, print: (line: string) => void) {
    this.jvm = jvm;
    this.print = print;
    this.internalLock = new ReentrantLock(jvm);
  }

  *println(line = ""): Steps {
    yield* this.internalLock.lock();
    yield* compensatedCall(this.jvm, WRITE_NS);
    this.print(line);
    this.internalLock.unlock();
  }
}
