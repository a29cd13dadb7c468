/**
 * Waiting times whose sums tell apart who waited for what. Each is longer than all before it together by a margin (a
 * superincreasing sequence: Merkle and Hellman 1978). Whatever the schedule, an instant at which something ends is a sum of
 * waiting times along one path through the run, and no two different sets of them have nearly the same sum: so two timers
 * never end closer than the margin, however they add up, and no order hangs on which is a little late.
 */
const millisecond = 1_000_000;

export interface TimeAsked {
  /** The time is a multiple of it, and longer than all others together by it at least. */
  readonly unitNs?: number;
  readonly leastNs?: number;
  readonly mostNs?: number;
}

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

  /**
   * The period of a ticker, and a time by which to be late for two of its ticks. The period is longer than twice all
   * times before it together, and so the ticks, however many, come at no instant at which something else ends, nor half
   * a period later, which is where the other time leads. There is none to give afterwards.
   */
  period(): { readonly periodNs: number; readonly lateNs: number } | undefined {
    if (this.#left < 2) return undefined;
    const periodNs = 2 * (this.#sumNs + 10 * millisecond);
    this.#left = 0;
    return { periodNs, lateNs: 2.5 * periodNs };
  }

  /** A time that is waited `turns` times one after the other, 0: side by side; undefined when there is none to give. */
  next(turns: number, asked: TimeAsked = {}): number | undefined {
    const { unitNs = 10 * millisecond, leastNs = 0, mostNs = Number.MAX_SAFE_INTEGER } = asked;
    const ns = Math.max(leastNs, unitNs * Math.ceil((this.#sumNs + unitNs) / unitNs));
    if (turns === 0 || this.#left < turns || ns > mostNs) return undefined;
    this.#left -= turns;
    this.#sumNs += turns * ns;
    return ns;
  }
}
