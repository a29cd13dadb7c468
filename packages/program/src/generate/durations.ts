/**
 * Waiting times whose sums tell apart who waited for what. Each is a whole number of 10 ms, longer than all before it
 * together (a superincreasing sequence: Merkle and Hellman 1978). Whatever the schedule, an instant at which something
 * ends is a sum of waiting times along one path through the run, and no two different sets of them have the same sum: so
 * two timers never end less than 10 ms apart, however they are added up, and no order hangs on which is a little late.
 */
const unitNs = 10_000_000;

export class Durations {
  #left: number;
  #sumNs = 0;

  constructor(most: number) {
    this.#left = most;
  }

  /** From now on there is none to give; false when there was one before. */
  forbid(): boolean {
    if (this.#sumNs === 0) this.#left = 0;
    return this.#sumNs === 0;
  }

  /** A time that is waited `turns` times one after the other, 0: side by side; undefined when there is none to give. */
  next(turns: number): number | undefined {
    if (turns === 0 || this.#left < turns) return undefined;
    this.#left -= turns;
    const ns = this.#sumNs + unitNs;
    this.#sumNs += turns * ns;
    return ns;
  }
}
