/** collections.deque as the loop uses `_ready`: append and popleft, in a ring. */
export class Deque<T> {
  private items: (T | undefined)[] = new Array<T | undefined>(64);
  private head = 0;
  length = 0;

  append(item: T): void {
    const { items } = this;
    if (this.length === items.length) this.grow();
    this.items[(this.head + this.length) & (this.items.length - 1)] = item;
    this.length++;
  }

  popleft(): T {
    const item = this.items[this.head]!;
    this.items[this.head] = undefined;
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length--;
    return item;
  }

  /** Last first. */
  reverse(): void {
    const items = this.toArray().toReversed();
    this.clear();
    for (const item of items) this.append(item);
  }

  clear(): void {
    this.items = new Array<T | undefined>(64);
    this.head = 0;
    this.length = 0;
  }

  toArray(): T[] {
    return Array.from(
      { length: this.length },
      (_, i) => this.items[(this.head + i) & (this.items.length - 1)]!,
    );
  }

  private grow(): void {
    const { items } = this;
    const bigger = new Array<T | undefined>(items.length * 2);
    for (let i = 0; i < this.length; i++) bigger[i] = items[(this.head + i) & (items.length - 1)];
    this.items = bigger;
    this.head = 0;
  }
}
