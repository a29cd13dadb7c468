/**
 * asyncio/queues.py (3.11.7). Items go through the queue, never hand to hand: a woken getter looks again, and one that
 * finds the queue emptied by somebody else queues up anew, at the back.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { Deque } from "./deque.ts";
import { QueueEmpty, QueueFull, ValueError } from "./exceptions.ts";
import { heappop, heappush } from "./heapq.ts";
import { Event } from "./locks.ts";
import type { Coroutine } from "./task.ts";
import { Waiters } from "./waiters.ts";

interface Items<T> {
  readonly length: number;
  put(item: T): void;
  get(): T;
}

export class Queue<T> {
  readonly maxsize: number;
  readonly _getters = new Waiters();
  readonly _putters = new Waiters();
  _unfinished_tasks = 0;
  private readonly _finished: Event;
  private readonly _queue: Items<T>;
  private readonly _loop: BaseEventLoop;

  constructor(loop: BaseEventLoop, maxsize = 0) {
    this._loop = loop;
    this.maxsize = maxsize;
    this._finished = new Event(loop);
    this._finished.set();
    this._queue = this._init();
  }

  protected _init(): Items<T> {
    const items = new Deque<T>();
    return {
      get length() {
        return items.length;
      },
      put: (item) => items.append(item),
      get: () => items.popleft(),
    };
  }

  qsize(): number {
    return this._queue.length;
  }

  empty(): boolean {
    return this._queue.length === 0;
  }

  full(): boolean {
    return this.maxsize > 0 && this._queue.length >= this.maxsize;
  }

  *put(item: T): Coroutine<void> {
    while (this.full()) yield* this.wait_in(this._putters, "Queue.put", () => !this.full());
    this.put_nowait(item);
  }

  put_nowait(item: T): void {
    this._loop.python.machine.charge(this._loop.python.costs.queuePut);
    if (this.full()) throw new QueueFull();
    this._queue.put(item);
    this._unfinished_tasks++;
    this._finished.clear();
    _wakeup_next(this._getters);
  }

  *get(): Coroutine<T> {
    while (this.empty()) yield* this.wait_in(this._getters, "Queue.get", () => !this.empty());
    return this.get_nowait();
  }

  get_nowait(): T {
    this._loop.python.machine.charge(this._loop.python.costs.queueGet);
    if (this.empty()) throw new QueueEmpty();
    const item = this._queue.get();
    _wakeup_next(this._putters);
    return item;
  }

  /** One wait; a cancelled waiter that had been woken wakes the next one if there is something for it. */
  private *wait_in(waiters: Waiters, label: string, possible: () => boolean): Coroutine<void> {
    const waiter = waiters.append(this._loop, label);
    try {
      yield* waiter;
    } catch (error) {
      waiter.cancel(); // in case it is not done yet
      waiters.remove(waiter);
      if (possible() && !waiter.cancelled()) _wakeup_next(waiters);
      throw error;
    }
  }

  task_done(): void {
    if (this._unfinished_tasks <= 0) throw new ValueError("task_done() called too many times");
    this._unfinished_tasks--;
    if (this._unfinished_tasks === 0) this._finished.set();
  }

  *join(): Coroutine<void> {
    if (this._unfinished_tasks > 0) yield* this._finished.wait();
  }
}

/** Wakes the first waiter that is not done and drops those before it. */
function _wakeup_next(waiters: Waiters): void {
  for (let waiter = waiters.first(); waiter !== undefined; waiter = waiters.first()) {
    waiters.remove(waiter);
    if (!waiter.done()) {
      waiter.set_result(true);
      return;
    }
  }
}

export class LifoQueue<T> extends Queue<T> {
  protected override _init(): Items<T> {
    const items: T[] = [];
    return {
      get length() {
        return items.length;
      },
      put: (item) => items.push(item),
      get: () => items.pop()!,
    };
  }
}

/** Lowest first, by heapq: entries that compare equal come out in no particular order. */
export class PriorityQueue<T extends number> extends Queue<T> {
  protected override _init(): Items<T> {
    const items: { readonly _when: number; readonly item: T }[] = [];
    return {
      get length() {
        return items.length;
      },
      put: (item) => heappush(items, { _when: item, item }),
      get: () => {
        const { item } = items[0]!;
        heappop(items);
        return item;
      },
    };
  }
}
