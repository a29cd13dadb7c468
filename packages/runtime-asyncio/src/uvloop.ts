/**
 * uvloop's order (0.23.0 on libuv 1.52, uvloop/loop.pyx and src/unix/core.c uv_run): what is ready, then I/O, whose callbacks
 * run at once, then due timers, whose callbacks run at once too. Timers are FIFO among equals and have whole milliseconds;
 * what rounds to 0 ms is a call_soon. Left out: its costs (they are asyncio's here), and that transports write at the end of
 * an iteration. Validated by test/uvloop/programs.py.
 */
import { type Descriptor, Kind, type Thread, type ThreadBody } from "@orrery/simulator";
import { BaseEventLoop } from "./base_events.ts";
import { type Callback, Handle, TimerHandle } from "./events.ts";
import type { Python } from "./python.ts";
import { Task } from "./task.ts";

const NS_PER_MS = 1e6;

/** asyncio.new_event_loop() */
export function new_event_loop(python: Python): BaseEventLoop {
  return python.options.loop === "uvloop" ? new UvLoop(python, 0) : new BaseEventLoop(python, 0);
}

class UvLoop extends BaseEventLoop {
  /** loop->time: ms, as of the last look at the clock. */
  private now_ms = 0;

  protected override *_run_once(thread: Thread): ThreadBody {
    const { machine, costs } = this.python;
    this.iterations++;
    const ntodo = this._ready.length;
    for (let i = 0; i < ntodo; i++) yield* this.run_handle(thread, this._ready.popleft()); // Loop._on_idle

    this._scheduled = this._scheduled.filter((timer) => !timer._cancelled);
    let timeout: number | null = null;
    if (this._ready.length > 0 || this._stopping) timeout = 0;
    else if (this._scheduled.length > 0) timeout = Math.max(0, due_ms(this._scheduled[0]!) - this.now_ms);
    const event_list = yield* this._selector.select(thread, timeout);
    this.update_time();
    if (machine.trace.enabled) machine.emit(Kind.poll, this.index, -1, "uv__io_poll", event_list.length);
    machine.charge(costs.iteration);
    for (const descriptor of event_list) yield* this.run_handle(thread, reader(descriptor));

    this.update_time();
    const due = this._scheduled.filter((timer) => due_ms(timer) <= this.now_ms);
    this._scheduled = this._scheduled.slice(due.length);
    for (const handle of due) {
      machine.emit(Kind.timer, this.index, -1, "uv__run_timers");
      this.timers_due++;
      yield* this.run_handle(thread, handle);
    }
  }

  private *run_handle(thread: Thread, handle: Handle | Task | null): ThreadBody {
    if (handle === null || (handle instanceof Handle && handle._cancelled)) return;
    const { machine, gil, costs } = this.python;
    if (!machine.settle()) machine.charge(yield 0);
    if (gil.gil_drop_request) yield* gil.handle_drop_request(thread);
    this.handles++;
    machine.charge(costs.runHandle);
    if (this.get_debug()) yield* this._run_timed(thread, handle);
    else if (handle instanceof Task) {
      let rest = handle.step();
      while (rest !== null) rest = handle.resume(null, yield* this._perform(thread, handle, rest));
    } else {
      const steps = this._run(handle);
      if (steps !== null) yield* this._run_steps(thread, handle, steps);
    }
  }

  /** Whole ms, rounded down: a timer can be up to a millisecond early by another clock. */
  override time(): number {
    this.update_time();
    return this.now_ms / 1e3;
  }

  override call_at(when: number, callback: Callback, a?: unknown, b?: unknown): TimerHandle {
    return this.call_later(when - this.time(), callback, a, b);
  }

  override call_later(delay: number, callback: Callback, a?: unknown, b?: unknown): TimerHandle {
    this._check_closed();
    const { machine, costs } = this.python;
    const ms = half_to_even(Math.max(0, delay) * 1e3);
    const handle = new TimerHandle(this.time() + ms / 1e3, callback, a, b, this);
    if (ms === 0) {
      machine.charge(costs.callSoon);
      this._ready.append(handle);
      return handle;
    }
    machine.charge(costs.callLater);
    // by due ms, equal ones in the order in which they were started
    const place = this._scheduled.findIndex((timer) => due_ms(timer) > due_ms(handle));
    this._scheduled.splice(place < 0 ? this._scheduled.length : place, 0, handle);
    return handle;
  }

  /** A handle like any other: what is queued before it still runs. */
  override stop(): void {
    this._ready.append(new Handle(() => super.stop(), undefined, undefined, this));
  }

  private update_time(): void {
    this.now_ms = Math.floor(this.python.machine.threadNow / NS_PER_MS);
  }
}

const due_ms = (timer: TimerHandle): number => Math.round(timer._when * 1e3);

function reader(descriptor: Descriptor): Handle | null {
  return descriptor.owner as Handle | null;
}

/** Python's round(): halves go to the even neighbour. */
function half_to_even(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
