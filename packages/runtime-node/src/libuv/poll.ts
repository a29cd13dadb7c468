/**
 * libuv 1.52 src/unix/linux.c: uv__io_poll over epoll. io_uring is left out (Node 24 does not use it for ordering effects).
 */
import { type Descriptor, Kind } from "@orrery/simulator";
import type { Run } from "./handle.ts";
import type { Loop } from "./loop.ts";

/** uv__io_t: who is told when a descriptor becomes readable. */
export interface IoWatcher {
  readonly descriptor: Descriptor;
  readonly callback: () => Run<unknown>;
}

const MAX_EVENTS = 1024; // uv__io_poll: events[1024]
const MAX_BATCHES = 48; // uv__io_poll: count, "the best throughput" by its benchmarks
const NS_PER_MS = 1_000_000;

/** uv__io_start: the kernel is told at the next poll. */
export function uv__io_start(loop: Loop, watcher: IoWatcher): void {
  watcher.descriptor.owner = watcher;
  loop.watcherQueue.push(watcher);
}

/** uv__io_close: out of the kernel's set at once. */
export function uv__io_close(loop: Loop, watcher: IoWatcher): void {
  watcher.descriptor.owner = null;
  loop.epoll.remove(watcher.descriptor);
}

/**
 * `timeoutMs` as of uv__backend_timeout: -1 for ever, 0 for a look. Node sets UV_METRICS_IDLE_TIME, so that every poll
 * begins with a look, and waits only if nothing was there.
 */
export function* uv__io_poll(loop: Loop, timeoutMs: number): Run {
  const { machine, epoll } = loop;
  for (const watcher of loop.watcherQueue)
    if (watcher.descriptor.owner === watcher) epoll.add(watcher.descriptor);
  loop.watcherQueue.length = 0;

  const base = loop.time;
  let realTimeout = timeoutMs;
  let timeout = 0;
  let reset = true;
  for (let batches = MAX_BATCHES; ; ) {
    machine.charge(loop.costs.epollWait);
    if (!machine.settle()) yield 0;
    const events = timeout === 0 ? epoll.poll(MAX_EVENTS) : yield* epoll_pwait(loop, timeout);
    loop.uv__update_time();
    if (events.length > 0) {
      machine.emit(Kind.poll, 0, -1, "uv__io_poll", events.length);
      let signalled = false;
      for (const descriptor of events) {
        const watcher = descriptor.owner as IoWatcher | null;
        if (watcher === null) continue;
        if (watcher === loop.signalPipe) signalled = true;
        else yield* watcher.callback();
      }
      if (signalled) yield* loop.signalPipe!.callback();
      loop.events += events.length;
      if (reset) loop.eventsWaiting += events.length;
      if (signalled || events.length < MAX_EVENTS || --batches === 0) return;
      reset = false;
      timeout = 0;
      continue;
    }
    if (!reset) return; // a wait that ran out
    reset = false;
    if (timeoutMs === 0) return;
    if (timeoutMs > 0) {
      realTimeout -= loop.time - base;
      if (realTimeout <= 0) return;
    }
    timeout = realTimeout;
  }
}

function* epoll_pwait(loop: Loop, timeoutMs: number): Generator<number, Descriptor[], number> {
  const { machine, thread } = loop;
  const entry = machine.now;
  machine.emit(Kind.threadBlock, 0, -1, timeoutMs === -1 ? "epoll_pwait" : "epoll_pwait: timeout", timeoutMs);
  const deadlineNs = timeoutMs === -1 ? Infinity : entry + timeoutMs * NS_PER_MS;
  const events = yield* loop.epoll.wait(thread, deadlineNs, MAX_EVENTS);
  machine.emit(Kind.threadWake, 0, -1, "epoll_pwait");
  loop.idleNs += machine.now - entry;
  return events;
}
