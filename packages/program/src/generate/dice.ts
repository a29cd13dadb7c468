/** Random choices of a generator: whole numbers from one stream of `draws.ts`, so a seed always gives the same ones. */
import { below, nameHash, rootHash, streamHash } from "../draws.ts";
import type { Hash64 } from "../hash64.ts";

export interface Weighted {
  readonly weight: number;
}

export class Dice {
  readonly #stream: Hash64;
  #thrown = 0;

  constructor(seed: number, stream: string) {
    const root = rootHash(seed, { hi: 0, lo: 0 });
    this.#stream = streamHash(root, nameHash(stream), { hi: 0, lo: 0 });
  }

  /** 0 to limit - 1. */
  below(limit: number): number {
    return below(limit, this.#stream, this.#thrown++);
  }

  /** low to high, both inclusive. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly [T, ...T[]]): T;
  pick<T>(items: readonly T[]): T | undefined;
  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(Math.max(1, items.length))];
  }

  weighted<T extends Weighted>(items: readonly T[]): T | undefined {
    let left = this.below(
      Math.max(
        1,
        items.reduce((sum, { weight }) => sum + weight, 0),
      ),
    );
    return items.find(({ weight }) => (left -= weight) < 0);
  }

  /** Fisher-Yates. */
  shuffled<T>(items: readonly T[]): readonly T[] {
    const order = [...items];
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j] as T, order[i] as T];
    }
    return order;
  }
}
