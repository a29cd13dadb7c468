/**
 * The pauses of CPython's cyclic garbage collector: Modules/gcmodule.c of 3.11 (gc_collect_generations). Collections happen
 * when net allocations of container objects pass the thresholds; each one looks at every object of the generations it
 * collects. That is what doubles the cost per task of a hundred thousand tasks, and it stops every thread. What the
 * collector frees is not modelled: live tasks are no garbage.
 */
import { Kind, type Machine } from "@orrery/simulator";

/** gc.get_threshold() */
const THRESHOLD_0_OBJECTS = 700;
const THRESHOLD_1_COLLECTIONS = 10;
const THRESHOLD_2_COLLECTIONS = 10;

export class GarbageCollector {
  /** Collections by generation. */
  readonly collections: [number, number, number] = [0, 0, 0];
  /** Live objects by generation. */
  private readonly sizes: [number, number, number] = [0, 0, 0];
  private count0 = 0;
  private count1 = 0;
  private count2 = 0;
  private long_lived_pending = 0;
  private long_lived_total = 0;
  private readonly machine: Machine;
  private readonly youngNs: number;
  private readonly fullNs: number;

  /** ns per object of a young and of a full collection. */
  constructor(machine: Machine, youngNs: number, fullNs: number) {
    this.machine = machine;
    this.youngNs = youngNs;
    this.fullNs = fullNs;
  }

  /** So many container objects were made. */
  track(objects: number): void {
    this.sizes[0] += objects;
    this.count0 += objects;
    if (this.count0 > THRESHOLD_0_OBJECTS) this.collect_generations();
  }

  /** So many were freed by their reference counts: the youngest, as far as they go. */
  untrack(objects: number): void {
    const { sizes } = this;
    this.count0 = Math.max(0, this.count0 - objects);
    let left = objects;
    for (let generation = 0; left > 0 && generation < 3; generation++) {
      const freed = Math.min(left, sizes[generation]!);
      sizes[generation]! -= freed;
      left -= freed;
    }
  }

  private collect_generations(): void {
    if (this.count2 > THRESHOLD_2_COLLECTIONS && this.long_lived_pending >= this.long_lived_total / 4)
      this.collect(2);
    else if (this.count1 > THRESHOLD_1_COLLECTIONS) this.collect(1);
    else this.collect(0);
  }

  private collect(generation: 0 | 1 | 2): void {
    const { sizes } = this;
    const young = sizes[0] + (generation > 0 ? sizes[1] : 0) + (generation > 1 ? sizes[2] : 0);
    this.collections[generation]++;
    this.count0 = 0;
    sizes[0] = 0;
    if (generation === 0) {
      this.count1++;
      sizes[1] += young;
    } else {
      this.count1 = 0;
      sizes[1] = 0;
      if (generation === 1) {
        this.count2++;
        this.long_lived_pending += young;
        sizes[2] += young;
      } else {
        this.count2 = 0;
        this.long_lived_pending = 0;
        this.long_lived_total = young;
        sizes[2] = young;
      }
    }
    this.machine.charge(young * (generation === 2 ? this.fullNs : this.youngNs));
    if (generation === 2) this.machine.emit(Kind.note, -1, -1, "gc: generation 2", young);
  }
}
