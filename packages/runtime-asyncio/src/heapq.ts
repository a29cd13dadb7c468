/**
 * heapq (Lib/heapq.py, Modules/_heapqmodule.c; both give the same array) on timer handles. Comparisons are strictly `<`
 * on `_when` and nothing breaks ties: equal deadlines come out in heap order, 0 2 6 5 7 1 3 4 for eight of them.
 * Each function returns how many comparisons it made: on timer handles they are Python calls, and cost.
 */
export interface Timed {
  readonly _when: number;
}

export function heappush<T extends Timed>(heap: T[], item: T): number {
  const pos = heap.length;
  heap.push(item);
  return siftdown(heap, 0, pos, item);
}

/** Removes the head: `heap[0]` before the call. */
export function heappop<T extends Timed>(heap: T[]): number {
  const last = heap.pop()!;
  if (heap.length === 0) return 0;
  heap[0] = last;
  return siftup(heap, 0);
}

export function heapify<T extends Timed>(heap: T[]): number {
  let compares = 0;
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) compares += siftup(heap, i);
  return compares;
}

/** Moves `item` from `pos` towards the root while it is less than its parent. */
function siftdown<T extends Timed>(heap: T[], start: number, from: number, item: T): number {
  const when = item._when;
  let pos = from;
  let compares = 0;
  while (pos > start) {
    const parent = (pos - 1) >> 1;
    compares++;
    if (!(when < heap[parent]!._when)) break;
    heap[pos] = heap[parent]!;
    pos = parent;
  }
  heap[pos] = item;
  return compares;
}

/** Moves the smaller child up until a leaf is hit (the right one on ties), then bubbles the item up from there. */
function siftup<T extends Timed>(heap: T[], start: number): number {
  const end = heap.length;
  const item = heap[start]!;
  let pos = start;
  let child = 2 * pos + 1;
  let compares = 0;
  while (child < end) {
    const right = child + 1;
    if (right < end) {
      compares++;
      if (!(heap[child]!._when < heap[right]!._when)) child = right;
    }
    heap[pos] = heap[child]!;
    pos = child;
    child = 2 * pos + 1;
  }
  return compares + siftdown(heap, start, pos, item);
}
