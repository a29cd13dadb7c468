/** A queue in an array with a moving head: push and shift are O(1) amortised, removal from the middle is O(n). */
export class Fifo<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  pushFront(item: T): void {
    if (this.head > 0) this.items[--this.head] = item;
    else this.items.unshift(item);
  }

  peek(): T | undefined {
    return this.items[this.head];
  }

  shift(): T | undefined {
    if (this.head === this.items.length) return undefined;
    const item = this.items[this.head]!;
    this.items[this.head++] = undefined as T;
    if (this.head >= 32 && this.head * 2 >= this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  /** Removes the items for which `drop` holds. */
  removeWhere(drop: (item: T) => boolean): void {
    this.items = this.items.slice(this.head).filter((item) => !drop(item));
    this.head = 0;
  }

  toArray(): T[] {
    return this.items.slice(this.head);
  }
}
