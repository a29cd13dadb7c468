/**
 * java.util.concurrent.Phaser (JDK 25) without tiers: parties register and leave, the last to arrive advances the phase and wakes
 * who waits, newest first, in one loop. A terminated phaser has a negative phase and lets everybody through.
 */
import type { Steps } from "@orrery/runtime";
import { type JavaThread, Throwable, UNTIMED } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { TimeoutException } from "./cyclic-barrier.ts";

/** `Phaser.MAX_PHASE`. */
const MAX_PHASE = 0x7fff_ffff;
/** `Phaser.SPINS_PER_ARRIVAL`, where there is more than one processor. */
const SPINS_PER_ARRIVAL = 1 << 8;
/** Spins that the model takes at a time. */
const SPINS_A_TURN = 32;

export class Phaser {
  private readonly jvm: Jvm;
  private parties: number;
  private unarrived: number;
  private currentPhase = 0;
  private waiters: JavaThread[] = [];

  constructor(jvm: Jvm, parties = 0) {
    this.jvm = jvm;
    this.parties = parties;
    this.unarrived = parties;
  }

  /** Runs in the last to arrive; true ends the phaser. To be overridden. */
  protected onAdvance(_phase: number, registeredParties: number): boolean {
    return registeredParties === 0;
  }

  /** The phase in which the new party is to arrive; negative if terminated. */
  register(): number {
    if (this.isTerminated) return this.phase;
    this.parties++;
    this.unarrived++;
    return this.phase;
  }

  /** The phase arrived at. Does not wait. */
  arrive(): number {
    return this.doArrive(0);
  }

  arriveAndDeregister(): number {
    return this.doArrive(1);
  }

  private doArrive(leaving: 0 | 1): number {
    const { phase } = this;
    if (this.isTerminated) return phase;
    if (this.unarrived === 0)
      throw new Throwable("java.lang.IllegalStateException", "Attempted arrival of unregistered party");
    this.parties -= leaving;
    if (--this.unarrived === 0) this.advance();
    return phase;
  }

  private advance(): void {
    const phase = this.currentPhase;
    const terminated = this.onAdvance(phase, this.parties);
    this.unarrived = this.parties;
    this.currentPhase = (phase + 1) & MAX_PHASE;
    if (terminated) this.currentPhase |= ~MAX_PHASE;
    this.releaseWaiters();
  }

  private releaseWaiters(): void {
    const { waiters } = this;
    this.waiters = [];
    for (let thread = waiters.pop(); thread !== undefined; thread = waiters.pop()) thread.unpark();
  }

  /** The phase that begins; negative if the phaser has ended. */
  *arriveAndAwaitAdvance(): Steps<number> {
    const phase = this.doArrive(0);
    return yield* this.awaitAdvance(phase);
  }

  /** Waits until the phase is another one than that. Not interruptible. */
  *awaitAdvance(phase: number): Steps<number> {
    if (phase < 0) return phase;
    if (this.phase === phase) yield* this.spin(phase);
    if (this.phase === phase) yield* this.internalAwaitAdvance(phase, false, Infinity);
    return this.phase;
  }

  *awaitAdvanceInterruptibly(phase: number, nanos = Infinity): Steps<number> {
    if (phase < 0) return phase;
    const deadline = nanos === Infinity ? Infinity : this.jvm.machine.threadNow + nanos;
    if (this.phase === phase) yield* this.internalAwaitAdvance(phase, true, deadline);
    return this.phase;
  }

  /** Looks for a while, for longer if few are missing. */
  private *spin(phase: number): Steps {
    const { machine, costs } = this.jvm;
    if (machine.cores.length < 2) return;
    const few = this.unarrived < machine.cores.length;
    const spins = few ? 2 * SPINS_PER_ARRIVAL : SPINS_PER_ARRIVAL;
    for (let i = 0; i < spins && this.phase === phase; i += SPINS_A_TURN)
      yield SPINS_A_TURN * costs.onSpinWait;
  }

  private *internalAwaitAdvance(phase: number, interruptible: boolean, deadlineNs: number): Steps {
    const { machine } = this.jvm;
    const current = this.jvm.currentThread();
    let interrupted = false;
    this.waiters.push(current);
    while (this.phase === phase) {
      interrupted = current.getAndClearInterrupt() || interrupted;
      const over = deadlineNs <= machine.now;
      if (over || (interrupted && interruptible)) {
        this.waiters = this.waiters.filter((thread) => thread !== current);
        throw interrupted ? this.jvm.interruptedException() : new TimeoutException();
      }
      yield* current.park(deadlineNs === Infinity ? UNTIMED : deadlineNs - machine.now);
    }
    interrupted = current.getAndClearInterrupt() || interrupted;
    if (interrupted) current.interrupt();
  }

  forceTermination(): void {
    this.currentPhase |= ~MAX_PHASE;
    this.releaseWaiters();
  }

  get phase(): number {
    return this.currentPhase;
  }

  get registeredParties(): number {
    return this.parties;
  }

  get arrivedParties(): number {
    return this.parties - this.unarrived;
  }

  get isTerminated(): boolean {
    return this.currentPhase < 0;
  }
}
