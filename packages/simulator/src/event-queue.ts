/**
 * The event queue: a ring for events due now beside a 4-ary heap, both structures of arrays, keyed (time, sequence).
 *
 * Events at the same time fire in the order in which they were pushed. An event pushed for the current time goes to
 * the ring; whatever the heap holds for that time was pushed earlier, so the heap is always asked first.
 */

/** Something an event can wake. */
export interface Target {
  fire(): void;
}

// States of an event. A freed slot keeps its target until it is used again.
const LIVE = 0;
const DAEMON = 1;
const CANCELLED = 2;

const ARITY_SHIFT = 2; // 4-ary: shallower than binary, and four children share a cache line of times

export class EventQueue {
  /** Virtual time in ns of the last event taken, or as moved by `advanceTo`. */
  now = 0;
  /** Pending events that are daemons or cancelled: 0 nearly always, and then nobody looks at `states`. */
  private odd = 0;

  // The heap, by position.
  private times: Float64Array;
  private slots: Int32Array;
  private size = 0;
  /** True while the top of the heap is a hole. */
  private vacant = false;
  private nextSeq = 0;

  // The events, by slot.
  private seqs: Float64Array;
  private targets: Target[] = [];
  private states: Uint8Array;
  private freeSlots: Int32Array;
  private freeCount = 0;
  /** A freed slot to use first, -1 for none. */
  private spare = -1;
  private slotCount = 0;

  // The ring of events due now, as slots.
  private ring = new Int32Array(64);
  private ringHead = 0;
  private ringSize = 0;

  constructor(capacity = 1024) {
    this.times = new Float64Array(capacity);
    this.seqs = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
    this.states = new Uint8Array(capacity);
    this.freeSlots = new Int32Array(capacity);
  }

  /** Pending events that keep the simulation going (all but daemon ones). */
  get live(): number {
    return this.length - this.odd;
  }

  /** Pending events, cancelled ones that were not reached yet included. */
  get length(): number {
    return this.size + this.ringSize - (this.vacant ? 1 : 0);
  }

  /**
   * Schedules `target.fire()` at `time` (ns, not before now). A daemon event fires if the simulation gets there,
   * but does not keep it going. Returns a handle for `cancel`, valid until the event fires.
   */
  push(time: number, target: Target, daemon = false): number {
    let slot = this.spare;
    if (slot >= 0) this.spare = -1;
    else slot = this.freeCount > 0 ? this.freeSlots[--this.freeCount]! : this.newSlot();
    this.targets[slot] = target;
    this.states[slot] = daemon ? DAEMON : LIVE;
    if (daemon) this.odd++;
    if (time <= this.now) this.pushRing(slot);
    else this.pushHeap(time, slot);
    return slot;
  }

  /** Takes back an event that has not fired. The entry stays queued, empty, until it is reached. */
  cancel(handle: number): void {
    if (this.states[handle] === LIVE) this.odd++;
    this.states[handle] = CANCELLED;
  }

  /** Time in ns of the next event, `Infinity` when there is none. */
  peekTime(): number {
    if (this.vacant) this.fill();
    if (this.odd > 0) this.dropCancelled();
    if (this.ringSize > 0) return this.now;
    return this.size > 0 ? this.times[0]! : Infinity;
  }

  /** Takes cancelled events off the front. */
  private dropCancelled(): void {
    while (this.size > 0 && this.states[this.slots[0]!] === CANCELLED) {
      this.release(this.popHeap());
      this.fill();
      this.odd--;
    }
    while (this.ringSize > 0 && this.states[this.ring[this.ringHead]!] === CANCELLED) {
      this.release(this.shiftRing());
      this.odd--;
    }
  }

  /** Moves the clock forward without an event; nothing may be due before `time`. */
  advanceTo(time: number): void {
    this.now = time;
  }

  /** Fires the next event; false when there was none. */
  fireNext(): boolean {
    if (this.vacant) this.fill();
    if (this.odd > 0) this.dropCancelled();
    let slot: number;
    if (this.size > 0 && (this.ringSize === 0 || this.times[0]! <= this.now)) {
      this.now = this.times[0]!;
      slot = this.popHeap();
    } else if (this.ringSize > 0) slot = this.shiftRing();
    else return false;
    if (this.odd > 0 && this.states[slot] === DAEMON) this.odd--;
    this.release(slot);
    this.targets[slot]!.fire();
    return true;
  }

  private newSlot(): number {
    if (this.slotCount === this.states.length) {
      this.states = grow8(this.states);
      this.seqs = growF64(this.seqs);
      this.freeSlots = grow32(this.freeSlots);
    }
    return this.slotCount++;
  }

  private release(slot: number): void {
    if (this.spare < 0) this.spare = slot;
    else this.freeSlots[this.freeCount++] = slot;
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

  private shiftRing(): number {
    const slot = this.ring[this.ringHead]!;
    this.ringHead = (this.ringHead + 1) & (this.ring.length - 1);
    this.ringSize--;
    return slot;
  }

  private pushHeap(time: number, slot: number): void {
    this.seqs[slot] = this.nextSeq++;
    if (this.vacant) {
      this.vacant = false;
      this.sink(time, slot);
      return;
    }
    if (this.size === this.times.length) {
      this.times = growF64(this.times);
      this.slots = grow32(this.slots);
    }
    // A fresh sequence number is the largest so far: the new event stays below equals, so only times are compared.
    const { times, slots } = this;
    let i = this.size++;
    while (i > 0) {
      const parent = (i - 1) >> ARITY_SHIFT;
      if (times[parent]! <= time) break;
      times[i] = times[parent]!;
      slots[i] = slots[parent]!;
      i = parent;
    }
    times[i] = time;
    slots[i] = slot;
  }

  /** Takes the top and leaves a hole there: most events push another one, which then sinks from the top in one pass. */
  private popHeap(): number {
    this.vacant = true;
    return this.slots[0]!;
  }

  /** Closes the hole with the last element. */
  private fill(): void {
    this.vacant = false;
    const last = --this.size;
    if (last > 0) this.sink(this.times[last]!, this.slots[last]!);
  }

  /** Puts an element into the hole at the top and lets it sink to its place. */
  private sink(time: number, slot: number): void {
    const { times, slots, seqs, size } = this;
    let hole = 0;
    for (let first = 1; first < size; first = (hole << ARITY_SHIFT) + 1) {
      let least = first;
      let leastTime = times[first]!;
      const end = first + 4 < size ? first + 4 : size;
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child]!;
        if (
          childTime < leastTime ||
          (childTime === leastTime && seqs[slots[child]!]! < seqs[slots[least]!]!)
        ) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && seqs[slot]! < seqs[slots[least]!]!)) break;
      times[hole] = leastTime;
      slots[hole] = slots[least]!;
      hole = least;
    }
    times[hole] = time;
    slots[hole] = slot;
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
