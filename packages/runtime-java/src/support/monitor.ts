/**
 * The support file's monitor: the lock of an object or a ReentrantLock with its Condition. `Object.wait` does not say whether it was
 * notified or its time was over, so that who waits leaves a note, which `signal` marks.
 */
import { Fault, type MonitorHandle, type Steps } from "@orrery/runtime";
import type { ConditionObject } from "../lib/abstract-queued-synchronizer.ts";
import { ReentrantLock } from "../lib/reentrant-lock.ts";
import type { Jvm } from "../vm/jvm.ts";
import type { JavaThread } from "../vm/java-thread.ts";
import { ObjectMonitor } from "../vm/object-monitor.ts";

export interface Monitor {
  enter(): Steps;
  exit(): void;
  /** At most `ns`, null: without end. True if it was signalled. */
  await(ns: number | null): Steps<boolean>;
  signal(): void;
  signalAll(): void;
}

export function newMonitor(jvm: Jvm, { via }: MonitorHandle): Monitor {
  if (via === "juc") return new JucMonitor(jvm);
  return via === "synchronized" ? new SynchronizedMonitor(jvm) : new PinningMonitor(jvm);
}

/** `new ReentrantLock()` and its one condition. */
class JucMonitor implements Monitor {
  private readonly lock: ReentrantLock;
  private readonly condition: ConditionObject;

  constructor(jvm: Jvm) {
    this.lock = new ReentrantLock(jvm);
    this.condition = this.lock.newCondition();
  }

  enter(): Steps {
    return this.lock.lock();
  }

  exit(): void {
    this.lock.unlock();
  }

  *await(ns: number | null): Steps<boolean> {
    if (ns !== null) return yield* this.condition.awaitNanos(ns);
    yield* this.condition.await();
    return true;
  }

  signal(): void {
    this.condition.signal();
  }

  signalAll(): void {
    this.condition.signalAll();
  }
}

interface Note {
  signalled: boolean;
}

/** `synchronized (monitor) { ... }` */
class SynchronizedMonitor implements Monitor {
  protected readonly jvm: Jvm;
  private readonly object: ObjectMonitor;
  /** Of those who wait, oldest first. */
  private notes: Note[] = [];

  constructor(jvm: Jvm) {
    this.jvm = jvm;
    this.object = new ObjectMonitor(jvm);
  }

  enter(): Steps {
    return this.object.enter();
  }

  exit(): void {
    this.object.exit();
  }

  *await(ns: number | null): Steps<boolean> {
    const { machine } = this.jvm;
    const note: Note = { signalled: false };
    const deadlineNs = ns === null ? Infinity : machine.threadNow + ns;
    try {
      do {
        this.forget(note); // a notification went to one whose time was over: the next in turn
        this.notes.push(note);
        yield* this.object.wait(ns === null ? 0 : millis(deadlineNs - machine.threadNow));
      } while (!note.signalled && machine.threadNow < deadlineNs);
    } catch (error) {
      if (!(error instanceof Fault) || !note.signalled) throw error;
      this.jvm.currentThread().interrupt(); // signalled first
    } finally {
      this.forget(note);
    }
    return note.signalled;
  }

  private forget(note: Note): void {
    this.notes = this.notes.filter((other) => other !== note);
  }

  signal(): void {
    const first = this.notes.shift();
    if (first === undefined) return;
    first.signalled = true;
    this.object.notify();
  }

  signalAll(): void {
    for (const note of this.notes.splice(0)) note.signalled = true;
    this.object.notifyAll();
  }
}

/** A synchronized block under a native frame: who blocks or waits inside holds the carrier. */
class PinningMonitor extends SynchronizedMonitor {
  override enter(): Steps {
    this.thread.nativeFrames++;
    return super.enter();
  }

  override exit(): void {
    super.exit();
    this.thread.nativeFrames--;
  }

  private get thread(): JavaThread {
    return this.jvm.currentThread();
  }
}

/** Whole milliseconds for `Object.wait`, to which 0 would mean without end. */
const millis = (ns: number): number => Math.max(1, Math.ceil(ns / 1e6));
