/**
 * V8's young generation (src/heap/scavenger.cc), as far as it takes the main thread's time: when the semi-space is full, what
 * is alive is copied, and what survives a second time is copied into the old generation. What is dead costs nothing.
 * Counted are async functions and timers, which wait for long; the marking of the old generation is left out.
 */
import type { Machine } from "@orrery/simulator";
import type { NodeCosts } from "../costs.ts";

/**
 * That fill a semi-space of 16 MiB with what they allocate on their way, about 1 KiB each: 5000 waiting tasks see no scavenge
 * (--trace-gc) and take 230 ns each, 20 000 see one and take more.
 */
const SCAVENGE_OBJECTS = 16_384;

export class NewSpace {
  private readonly machine: Machine;
  private readonly costs: NodeCosts;
  /** Scavenges so far. */
  private epoch = 0;
  private allocated = 0;
  /** Alive: those allocated since the last scavenge, and those that it copied for the first time. */
  private nursery = 0;
  private intermediate = 0;

  constructor(machine: Machine, costs: NodeCosts) {
    this.machine = machine;
    this.costs = costs;
  }

  /** The epoch in which the object is born, to be told when it dies. */
  allocate(): number {
    if (this.allocated === SCAVENGE_OBJECTS) this.scavenge();
    this.allocated++;
    this.nursery++;
    return this.epoch;
  }

  release(born: number): void {
    if (born === this.epoch) this.nursery--;
    else if (born === this.epoch - 1) this.intermediate--;
  }

  private scavenge(): void {
    this.machine.charge(this.costs.scavenged * (this.nursery + this.intermediate));
    this.epoch++;
    this.allocated = 0;
    this.intermediate = this.nursery;
    this.nursery = 0;
  }
}
