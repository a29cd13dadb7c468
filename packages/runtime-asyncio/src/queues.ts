/**
 * asyncio/queues.py (3.11.7; shutdown as 3.13.0 has it). Items go through the queue, never hand to hand: a woken getter looks again, and one that
 * finds the queue emptied by somebody else queues up anew, at the back.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { Deque } from "./deque.ts";
import { AttributeError, pyRepr, QueueEmpty, QueueFull, QueueShutDown, ValueError } from "./exceptions.ts";
import { heappop, heappush } from "./heapq.ts";
import { Event } from "./locks.ts";
import type { Coroutine } from "./task.ts";
import { Waiters } from "./waiters.ts";

interface Items<T> {
  readonly length: number;
  put(item: T): void;
  get(): T;
  items(): readonly T[];
}

export class Queue<T> {
  readonly maxsize: number;
  readonly _getters = new Waiters();
  readonly _putters = new Waiters();
  _unfinished_tasks = 0;
  private _is_shutdown = false;
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
      items: () => items.toArray(),
    };
  }

  repr(): string {
    const info = [`maxsize=${this.maxsize}`];
    if (!this.empty()) info.push(`_queue=${pyRepr(this._queue.items())}`);
    if (this._getters.length > 0) info.push(`_getters[${this._getters.length}]`);
    if (this._putters.length > 0) info.push(`_putters[${this._putters.length}]`);
    if (this._unfinished_tasks > 0) info.push(`tasks=${this._unfinished_tasks}`);
    if (this._is_shutdown) info.push("shutdown");
    return `<${this.class_name()} at 0x0 ${info.join(" ")}>`;
  }

  protected class_name(): string {
    return "Queue";
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
    while (this.full()) {
      if (this._is_shutdown) throw new QueueShutDown();
      yield* this.wait_in(this._putters, "Queue.put", () => !this.full());
    }
    this.put_nowait(item);
  }

  put_nowait(item: T): void {
    this._loop.python.machine.charge(this._loop.python.costs.queuePut);
    if (this._is_shutdown) throw new QueueShutDown();
    if (this.full()) throw new QueueFull();
    this._queue.put(item);
    this._unfinished_tasks++;
    this._finished.clear();
    _wakeup_next(this._getters);
  }

  *get(): Coroutine<T> {
    while (this.empty()) {
      if (this._is_shutdown) throw new QueueShutDown();
      yield* this.wait_in(this._getters, "Queue.get", () => !this.empty());
    }
    return this.get_nowait();
  }

  get_nowait(): T {
    this._loop.python.machine.charge(this._loop.python.costs.queueGet);
    if (this.empty()) {
      if (this._is_shutdown) throw new QueueShutDown();
      throw new QueueEmpty();
    }
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

  /** 3.13+: nothing can be put any more, nor got once it is empty; `immediate` empties it. All who wait look again. */
  shutdown(immediate = false): void {
    if (this._loop.python.minor < 13) throw new AttributeError("'Queue' object has no attribute 'shutdown'");
    this._is_shutdown = true;
    if (immediate) {
      while (!this.empty()) {
        this._queue.get();
        if (this._unfinished_tasks > 0) this._unfinished_tasks--;
      }
      if (this._unfinished_tasks === 0) this._finished.set();
    }
    while (_wakeup_next(this._getters));
    while (_wakeup_next(this._putters));
  }
}

/** Wakes the first waiter that is not done and drops those before it; false: there is none. */
function _wakeup_next(waiters: Waiters): boolean {
  for (let waiter = waiters.first(); waiter !== undefined; waiter = waiters.first()) {
    waiters.remove(waiter);
    if (!waiter.done()) {
      waiter.set_result(true);
      return true;
    }
  }
  return false;
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
      items: () => items,
    };
  }

  protected override class_name(): string {
    return "LifoQueue";
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
      items: () => items.map(({ item }) => item),
    };
  }

  protected override class_name(): string {
    return "PriorityQueue";
  }
}
