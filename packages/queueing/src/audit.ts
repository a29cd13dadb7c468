/**
 * Conservation (validation D20): watches what a model does with what it is given. What is sent is received or still queued, no more
 * permits are held than there are, a mutex has one holder, a group is counted, and every task is accounted for.
 */
import {
  type ChanHandle,
  type Execution,
  isSteps,
  type Lowering,
  type MutexHandle,
  type Op,
  type Received,
  type SelectArm,
  type Selected,
  type SemHandle,
  type Steps,
  type Task,
  type TimerHandle,
} from "@orrery/runtime";

interface Books {
  sent: number;
  received: number;
}

export class Audit {
  private readonly execution: Execution;
  private readonly lowering: Lowering;
  private readonly channels = new Map<ChanHandle, Books>();
  private readonly held = new Map<MutexHandle | SemHandle, number>();
  readonly problems: string[] = [];

  /** Before the first step. */
  constructor(execution: Execution) {
    this.execution = execution;
    this.lowering = execution.world.lowering;
    execution.world.lowering = this.watching(this.lowering);
  }

  /** After the end of the run: what was found. Where the end of main cut it off, values may still be on their way. */
  findings(): readonly string[] {
    const { outcome } = this.execution.result();
    const atRest =
      this.execution.spec.program.policies.end === "quiescent" &&
      (outcome === "completed" || outcome === "deadlocked");
    for (const [chan, { sent, received }] of atRest ? this.channels : []) {
      const queued = this.lowering.chanLen(this.execution.world.main, chan);
      if (sent !== received + queued)
        this.problems.push(`${chan.name}: ${sent} sent, ${received} received, ${queued} queued`);
    }
    const { world } = this.execution;
    const { spawned, completed, failed, cancelled } = world;
    const blocked = world.unfinished().length;
    if (spawned !== completed + failed + cancelled + blocked)
      this.problems.push(
        `${spawned} tasks: ${completed} completed, ${failed} failed, ${cancelled} cancelled, ${blocked} left`,
      );
    return this.problems;
  }

  private watching(lowering: Lowering): Lowering {
    const books = (chan: ChanHandle | null): Books | undefined =>
      chan === null ? undefined : this.channels.get(chan);
    const sent = (chan: ChanHandle | null): void => {
      const own = books(chan);
      if (own !== undefined) own.sent++;
    };
    const received = (chan: ChanHandle | null): void => {
      const own = books(chan);
      if (own !== undefined) own.received++;
    };
    const own: Partial<Lowering> = {
      chan: (self, chan) => {
        this.channels.set(chan, { sent: 0, received: 0 });
        lowering.chan(self, chan);
      },
      timer: (self: Task, timer: TimerHandle, ns: number) => {
        if (timer.chan !== null) this.channels.delete(timer.chan); // the runtime sends there
        return lowering.timer(self, timer, ns);
      },
      send: (self, chan, value) => after(lowering.send(self, chan, value), () => sent(chan)),
      recv: (self, chan) => after(lowering.recv(self, chan), ({ ok }: Received) => ok && received(chan)),
      trySend: (self, chan, value) =>
        after(lowering.trySend(self, chan, value), (taken) => taken && sent(chan)),
      tryRecv: (self, chan) =>
        after(lowering.tryRecv(self, chan), ({ ready, ok }) => ready && ok && received(chan)),
      select: (self, arms, otherwise, timeoutNs) =>
        after(lowering.select(self, arms, otherwise, timeoutNs), ({ arm, ok }: Selected) => {
          if (arm < 0) return;
          const taken = arms[arm] as SelectArm;
          if (taken.dir === "signal") return;
          if (taken.dir === "send") sent(taken.chan);
          else if (ok) received(taken.chan);
        }),
      lock: (self, mutex) => after(lowering.lock(self, mutex), () => this.takes(mutex, 1, 1)),
      tryLock: (self, mutex) =>
        after(lowering.tryLock(self, mutex), (locked) => locked && this.takes(mutex, 1, 1)),
      lockFor: (self, mutex, ns) =>
        after(lowering.lockFor(self, mutex, ns), (locked) => locked && this.takes(mutex, 1, 1)),
      unlock: (self, mutex) => {
        this.takes(mutex, -1, 1);
        return lowering.unlock(self, mutex);
      },
      condWait: (self, cond, ns) => {
        this.takes(cond.mutex, -1, 1);
        return finallyAfter(lowering.condWait(self, cond, ns), () => this.takes(cond.mutex, 1, 1));
      },
      acquire: (self, sem, count) =>
        after(lowering.acquire(self, sem, count), () => this.takes(sem, count, sem.permits)),
      acquireFor: (self, sem, count, ns) =>
        after(
          lowering.acquireFor(self, sem, count, ns),
          (acquired) => acquired && this.takes(sem, count, sem.permits),
        ),
      release: (self, sem, count) => {
        this.takes(sem, -count, sem.permits);
        return lowering.release(self, sem, count);
      },
    };
    return Object.assign(Object.create(lowering) as Lowering, own);
  }

  private takes(lock: MutexHandle | SemHandle, count: number, most: number): void {
    const held = (this.held.get(lock) ?? 0) + count;
    this.held.set(lock, held);
    if (held > most) this.problems.push(`${lock.name}: ${held} of ${most} held`);
  }
}

function after<V>(op: Op<V>, done: (value: V) => unknown): Op<V> {
  if (isSteps(op)) return stepsAfter(op, done);
  done(op);
  return op;
}

function* stepsAfter<V>(steps: Steps<V>, done: (value: V) => unknown): Steps<V> {
  const value = yield* steps;
  done(value);
  return value;
}

function finallyAfter<V>(op: Op<V>, done: () => void): Op<V> {
  if (isSteps(op)) return stepsFinally(op, done);
  done();
  return op;
}

function* stepsFinally<V>(steps: Steps<V>, done: () => void): Steps<V> {
  try {
    return yield* steps;
  } finally {
    done();
  }
}
