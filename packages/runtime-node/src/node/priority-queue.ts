/** Node 24 lib/internal/priority_queue.js: a binary heap, counted from 1, whose nodes know their positions. */

export interface Positioned {
  priorityQueuePosition: number;
}

export class PriorityQueue<T extends Positioned> {
  private readonly heap: (T | undefined)[] = [undefined];
  private readonly compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  peek(): T | undefined {
    return this.heap[1];
  }

  /** In the order of the heap's array. */
  toArray(): T[] {
    return this.heap.slice(1) as T[];
  }

  insert(node: T): void {
    const { heap } = this;
    heap.push(node);
    node.priorityQueuePosition = heap.length - 1;
    this.percolateUp(heap.length - 1);
  }

  shift(): void {
    this.removeAt(1);
  }

  removeAt(position: number): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (position === heap.length) return;
    heap[position] = last;
    last.priorityQueuePosition = position;
    if (position > 1 && this.compare(heap[position >> 1]!, last) > 0) this.percolateUp(position);
    else this.percolateDown(position);
  }

  percolateDown(from: number): void {
    const { heap, compare } = this;
    const item = heap[from]!;
    let position = from;
    for (;;) {
      let child = position * 2;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child++;
      if (compare(item, heap[child]!) <= 0) break;
      this.place(heap[child]!, position);
      position = child;
    }
    this.place(item, position);
  }

  private percolateUp(from: number): void {
    const { heap, compare } = this;
    const item = heap[from]!;
    let position = from;
    while (position > 1) {
      const parent = heap[position >> 1]!;
      if (compare(parent, item) <= 0) break;
      this.place(parent, position);
      position >>= 1;
    }
    this.place(item, position);
  }

  private place(item: T, position: number): void {
    this.heap[position] = item;
    item.priorityQueuePosition = position;
  }
}
