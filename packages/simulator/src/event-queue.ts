/**
 * The event queue: a ring for events due now beside a 4-ary heap, both structures of arrays, keyed (time, sequence).
 *
 * Events at the same time fire in the order in which they were pushed. An event pushed for the current time goes to
 * the ring; whatever the heap holds for that time was pushed earlier, so the heap is always asked first.
 */

/** Something an event can wake. `arg` is whatever was pushed with it. */
export interface Target {
  fire(arg: number): void;
}

const ARITY_SHIFT = 2; // 4-ary: shallower than binary, and four children share a cache line of times

export class EventQueue {
  /** Virtual time in ns of the last event taken, or as moved by `advanceTo`. */
  now = 0;
  /** Pending events that keep the simulation going (all but daemon ones). */
  live = 0;

  // The heap, by position.
  private times: Float64Array;
  private seqs: Float64Array;
  private slots: Int32Array;
  private size = 0;
  private nextSeq = 0;

  // The events, by slot.
  private targets: (Target | null)[] = [];
  private args: number[] = [];
  private daemons: Uint8Array;
  private freeSlots: Int32Array;
  private freeCount = 0;
  private slotCount = 0;

  // The ring of events due now, as slots.
  private ring = new Int32Array(64);
  private ringHead = 0;
  private ringSize = 0;

  constructor(capacity = 1024) {
    this.times = new Float64Array(capacity);
    this.seqs = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
    this.daemons = new Uint8Array(capacity);
    this.freeSlots = new Int32Array(capacity);
  }

  /** Pending events, cancelled ones that were not reached yet included. */
  get length(): number {
    return this.size + this.ringSize;
  }

  /**
   * Schedules `target.fire(arg)` at `time` (ns, not before now). A daemon event fires if the simulation gets there,
   * but does not keep it going. Returns a handle for `cancel`, valid until the event fires.
   */
  push(time: number, target: Target, arg: number, daemon = false): number {
    const slot = this.freeCount > 0 ? this.freeSlots[--this.freeCount]! : this.newSlot();
    this.targets[slot] = target;
    this.args[slot] = arg;
    this.daemons[slot] = daemon ? 1 : 0;
    if (!daemon) this.live++;
    if (time <= this.now) this.pushRing(slot);
    else this.pushHeap(time, slot);
    return slot;
  }

  /** Takes back an event that has not fired. The entry stays queued, empty, until it is reached. */
  cancel(handle: number): void {
    if (this.targets[handle] === null) return;
    this.targets[handle] = null;
    if (this.daemons[handle] === 0) this.live--;
  }

  /** Time in ns of the next event, `Infinity` when there is none. */
  peekTime(): number {
    while (this.size > 0 && this.targets[this.slots[0]!] === null) this.release(this.popHeap());
    if (this.ringSize > 0) return this.now;
    return this.size > 0 ? this.times[0]! : Infinity;
  }

  /** Moves the clock forward without an event; nothing may be due before `time`. */
  advanceTo(time: number): void {
    this.now = time;
  }

  /** Fires the next event; false when there was none. */
  fireNext(): boolean {
    for (;;) {
      let slot: number;
      if (this.size > 0 && (this.ringSize === 0 || this.times[0]! <= this.now)) {
        const time = this.times[0]!;
        slot = this.popHeap();
        if (this.targets[slot] === null) {
          this.release(slot);
          continue;
        }
        this.now = time;
      } else if (this.ringSize > 0) {
        slot = this.ring[this.ringHead]!;
        this.ringHead = (this.ringHead + 1) & (this.ring.length - 1);
        this.ringSize--;
      } else return false;
      const target = this.targets[slot]!;
      if (target === null) {
        this.release(slot);
        continue;
      }
      const arg = this.args[slot]!;
      if (this.daemons[slot] === 0) this.live--;
      this.release(slot);
      target.fire(arg);
      return true;
    }
  }

  private newSlot(): number {
    if (this.slotCount === this.daemons.length) {
      this.daemons = grow8(this.daemons);
      this.freeSlots = grow32(this.freeSlots);
    }
    return this.slotCount++;
  }

  private release(slot: number): void {
    this.targets[slot] = null;
    this.freeSlots[this.freeCount++] = slot;
  }

  private pushRing(slot: number): void {
    if (this.ringSize === this.ring.length) {
      const bigger = new Int32Array(this.ring.length * 2);
      for (let i = 0; i < this.ringSize; i++)
        bigger[i] = this.ring[(this.ringHead + i) & (this.ring.length - 1)]!;
      this.ring = bigger;
      this.ringHead = 0;
    }
    this.ring[(this.ringHead + this.ringSize) & (this.ring.length - 1)] = slot;
    this.ringSize++;
  }

  private pushHeap(time: number, slot: number): void {
    if (this.size === this.times.length) {
      this.times = growF64(this.times);
      this.seqs = growF64(this.seqs);
      this.slots = grow32(this.slots);
    }
    // A fresh sequence number is the largest so far: the new event sinks below equals, so only times are compared.
    const { times, seqs, slots } = this;
    let i = this.size++;
    while (i > 0) {
      const parent = (i - 1) >> ARITY_SHIFT;
      if (times[parent]! <= time) break;
      times[i] = times[parent]!;
      seqs[i] = seqs[parent]!;
      slots[i] = slots[parent]!;
      i = parent;
    }
    times[i] = time;
    seqs[i] = this.nextSeq++;
    slots[i] = slot;
  }

  private popHeap(): number {
    const { times, seqs, slots } = this;
    const top = slots[0]!;
    const size = --this.size;
    if (size > 0) {
      const time = times[size]!;
      const seq = seqs[size]!;
      const slot = slots[size]!;
      let i = 0;
      for (;;) {
        let child = (i << ARITY_SHIFT) + 1;
        if (child >= size) break;
        const end = child + 4 < size ? child + 4 : size;
        let least = child;
        let leastTime = times[child]!;
        for (child++; child < end; child++) {
          const t = times[child]!;
          if (t < leastTime || (t === leastTime && seqs[child]! < seqs[least]!)) {
            least = child;
            leastTime = t;
          }
        }
        if (time < leastTime || (time === leastTime && seq < seqs[least]!)) break;
        times[i] = leastTime;
        seqs[i] = seqs[least]!;
        slots[i] = slots[least]!;
        i = least;
      }
      times[i] = time;
      seqs[i] = seq;
      slots[i] = slot;
    }
    return top;
  }
}

const growF64 = (a: Float64Array): Float64Array<ArrayBuffer> => {
  const b = new Float64Array(a.length * 2);
  b.set(a);
  return b;
};
const grow32 = (a: Int32Array): Int32Array<ArrayBuffer> => {
  const b = new Int32Array(a.length * 2);
  b.set(a);
  return b;
};
const grow8 = (a: Uint8Array): Uint8Array<ArrayBuffer> => {
  const b = new Uint8Array(a.length * 2);
  b.set(a);
  return b;
};
