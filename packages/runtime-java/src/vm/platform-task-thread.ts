/**
 * The baseline: a task as a platform thread of its own (`Thread.ofPlatform().daemon().start(body)`), one OS thread each, through the
 * same library. What a virtual thread is spared is here: the start of an OS thread, the kernel's wake-ups, a core's time shared by slices.
 */
import { Kind } from "@orrery/simulator";
import type { Steps, Task } from "@orrery/runtime";
import { NOTHING, PlatformThread } from "./java-thread.ts";
import type { Jvm } from "./jvm.ts";

export class PlatformTaskThread extends PlatformThread {
  override taskId: number;
  override readonly task: Task | null;
  private readonly body: Steps<unknown>;

  constructor(jvm: Jvm, name: string, body: Steps<unknown>, taskId: number, task: Task | null) {
    super(jvm, name, true);
    this.body = body;
    this.taskId = taskId;
    this.task = task;
  }

  override start(): void {
    const by = this.jvm.currentCarrier();
    const creator = by === null ? -1 : by.current.taskId;
    this.jvm.machine.emit(Kind.create, -1, this.taskId, "Thread.start: pthread_create", creator);
    this.jvm.machine.emit(Kind.ready, -1, this.taskId, "Thread.start: pthread_create");
    super.start(() => this.life());
  }

  private *life(): Steps {
    this.note(Kind.run, "the OS runs it");
    yield* this.body;
    this.note(Kind.exit, "Thread.exit");
  }

  override startPark(nanos: number): number {
    const how = super.startPark(nanos);
    if (how !== NOTHING) this.note(Kind.park, "Unsafe.park: futex");
    return how;
  }

  override endPark(): void {
    super.endPark();
    this.note(Kind.run, "the OS runs it");
  }

  override unparkOs(): void {
    if (this.isParked) this.note(Kind.ready, "Unsafe.unpark: futex");
    super.unparkOs();
  }

  /** Which core it is on the kernel knows, and the machine's own events tell. */
  private note(kind: Kind, reason: string): void {
    if (this.taskId >= 0) this.jvm.machine.emit(kind, -1, this.taskId, reason);
  }
}
