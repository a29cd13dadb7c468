/**
 * uv_loop_t and uv_run (libuv 1.52, src/unix/core.c), in UV_RUN_DEFAULT mode. Left out: uv_stop, child processes,
 * prepare handles.
 */
import { Fifo } from "@orrery/runtime";
import { Descriptor, Epoll, Kind, type Machine, type Thread } from "@orrery/simulator";
import type { NodeCosts } from "../costs.ts";
import { Async, uv__async_io } from "./async.ts";
import { uv__run_closing_handles } from "./closing.ts";
import type { Handle, Run } from "./handle.ts";
import { type LoopWatcher, uv__run_check } from "./loop-watcher.ts";
import { type IoWatcher, uv__io_poll, uv__io_start } from "./poll.ts";
import { SignalPipe } from "./signal.ts";
import { type ThreadPool, uv__work_done, type Work } from "./threadpool.ts";
import { TimerHeap, uv__next_timeout, uv__run_timers, uv__timer_due } from "./timer.ts";

const NS_PER_MS = 1_000_000;
const US_PER_MS = 1000;
const NS_PER_US = 1000;
const PENDING_ROUNDS = 8; // uv_run: rounds of uv__run_pending after the poll

/** Where a turn is; "main" before the first. */
export type Phase = "main" | "timers" | "pending" | "poll" | "check" | "closing";

export class Loop {
  readonly machine: Machine;
  readonly costs: NodeCosts;
  /** The thread that runs the loop; set when it starts. */
  thread!: Thread;

  /** Cached milliseconds, refreshed by `uv__update_time` only. */
  time = 0;
  readonly timerHeap = new TimerHeap();
  timerCounter = 0;
  phase: Phase = "main";
  readonly pendingQueue = new Fifo<() => Run<unknown>>();
  readonly idleHandles: LoopWatcher[] = [];
  readonly checkHandles: LoopWatcher[] = [];
  readonly asyncHandles: Async[] = [];
  readonly asyncDescriptor: Descriptor;
  readonly watcherQueue: IoWatcher[] = [];
  readonly epoll: Epoll;
  /** Servers and sockets that are not closed. */
  readonly tcpHandles = new Set<Handle>();
  /** Made by the first signal that is listened to. */
  signalPipe: SignalPipe | null = null;
  closingHandles: Handle | null = null;
  /** Handles that are active and referenced. */
  activeHandles = 0;
  activeReqs = 0;

  readonly pool: ThreadPool;
  /** Finished pool work. */
  readonly wq = new Fifo<Work>();
  readonly wqAsync: Async;

  /** uv_metrics_info, and the time spent in sleeping polls. */
  loopCount = 0;
  events = 0;
  eventsWaiting = 0;
  idleNs = 0;
  /** When uv_run was first called; -1 before. */
  startNs = -1;

  /** libuv >= 1.45. In that of Node 11 timers come first in a turn, and nothing is pending right after the poll. */
  readonly timersAfterPoll: boolean;

  /** Where between two milliseconds of CLOCK_MONOTONIC the process was started. */
  private readonly clockOffsetNs: number;

  constructor(machine: Machine, costs: NodeCosts, pool: ThreadPool, timersAfterPoll: boolean) {
    this.machine = machine;
    this.costs = costs;
    this.clockOffsetNs = machine.decisions.choose("node.clockOffset", US_PER_MS) * NS_PER_US;
    this.epoll = new Epoll(machine);
    this.asyncDescriptor = new Descriptor(machine, "eventfd");
    uv__io_start(this, { descriptor: this.asyncDescriptor, callback: () => uv__async_io(this) });
    this.pool = pool;
    this.timersAfterPoll = timersAfterPoll;
    this.wqAsync = new Async(this, () => uv__work_done(this));
    this.wqAsync.unref();
    this.uv__update_time();
  }

  /** uv__signal_loop_once_init */
  signals(): SignalPipe {
    return (this.signalPipe ??= new SignalPipe(this));
  }

  uv__update_time(): void {
    this.time = Math.floor((this.machine.threadNow + this.clockOffsetNs) / NS_PER_MS);
  }

  uv__loop_alive(): boolean {
    return (
      this.activeHandles > 0 ||
      this.activeReqs > 0 ||
      this.pendingQueue.length > 0 ||
      this.closingHandles !== null
    );
  }

  /** How long the poll may sleep, ms: 0 not at all, -1 for ever. */
  uv__backend_timeout(): number {
    if (
      (this.activeHandles > 0 || this.activeReqs > 0) &&
      this.pendingQueue.length === 0 &&
      this.idleHandles.length === 0 &&
      this.closingHandles === null
    )
      return uv__next_timeout(this);
    return 0;
  }
}

/** uv__io_feed: its callback is due in the pending phase. */
export function uv__io_feed(loop: Loop, callback: () => Run<unknown>): void {
  loop.pendingQueue.push(callback);
}

/** What is pending when the phase begins; what its callbacks feed waits for the next. */
function* uv__run_pending(loop: Loop): Run {
  for (let left = loop.pendingQueue.length; left > 0; left--) yield* loop.pendingQueue.shift()!();
}

/** THE LOOP. One turn: pending, idle, prepare, poll, check, closing, timers; until nothing keeps the loop alive. */
export function* uv_run(loop: Loop): Run {
  const { machine } = loop;
  let alive = loop.uv__loop_alive();
  loop.uv__update_time();
  loop.phase = "timers";
  const { timersAfterPoll } = loop;
  if (timersAfterPoll && alive && uv__timer_due(loop)) yield* uv__run_timers(loop);

  while (alive) {
    if (!timersAfterPoll) {
      loop.phase = "timers";
      loop.uv__update_time();
      if (uv__timer_due(loop)) yield* uv__run_timers(loop);
    }
    loop.phase = "pending";
    if (loop.pendingQueue.length > 0) yield* uv__run_pending(loop);
    // Idle handles are there to keep the poll from sleeping, prepare handles there are none.
    loop.loopCount++;
    machine.emit(Kind.phase, 0, -1, "uv_run", loop.loopCount);
    machine.charge(loop.costs.loopIteration);
    loop.phase = "poll";
    yield* uv__io_poll(loop, loop.uv__backend_timeout());
    for (let round = 0; timersAfterPoll && round < PENDING_ROUNDS && loop.pendingQueue.length > 0; round++)
      yield* uv__run_pending(loop);
    loop.phase = "check";
    yield* uv__run_check(loop);
    loop.phase = "closing";
    if (loop.closingHandles !== null) yield* uv__run_closing_handles(loop);
    if (timersAfterPoll) {
      loop.phase = "timers";
      loop.uv__update_time();
      if (uv__timer_due(loop)) yield* uv__run_timers(loop);
    }
    alive = loop.uv__loop_alive();
  }
}
