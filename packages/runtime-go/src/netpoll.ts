/**
 * The network poller, after src/runtime/netpoll.go and netpoll_epoll.go of Go 1.26: epoll, edge-triggered, whole
 * milliseconds.
 */
import type { Descriptor } from "@orrery/simulator";
import { Kind } from "@orrery/simulator";
import { type Abandon, type G, GQueue, Leave, type Runtime } from "./runtime2.ts";

/** netpoll_epoll.go: `var events [128]linux.EpollEvent`. */
const EPOLL_BATCH = 128;
const MS = 1_000_000;

/** One registered descriptor: the goroutine that waits to read it (or to write, if it stands for that), or the news that it may. */
export class PollDesc implements Abandon {
  readonly fd: Descriptor;
  /** `rg`: the parked reader. */
  reader: G | null = null;
  /** The read deadline has passed. */
  expired = false;
  /** `pdReady`: an edge came while nobody was parked. */
  ready = false;

  constructor(fd: Descriptor) {
    this.fd = fd;
    fd.owner = this;
  }

  abandon(rt: Runtime): void {
    this.reader = null;
    rt.netpollWaiters--;
  }
}

export function netpollGenericInit(rt: Runtime): void {
  if (rt.netpollInited) return;
  rt.netpollInited = true;
  rt.epoll.add(rt.netpollEventFd);
}

export function netpollopen(rt: Runtime, fd: Descriptor): PollDesc {
  netpollGenericInit(rt);
  const pd = new PollDesc(fd);
  rt.epoll.add(fd, true);
  return pd;
}

export function netpollclose(rt: Runtime, pd: PollDesc): void {
  rt.epoll.remove(pd.fd);
}

/** Ends a blocking netpoll early. */
export function netpollBreak(rt: Runtime): void {
  if (rt.netpollWakeSig) return;
  rt.netpollWakeSig = true;
  rt.counts.netpollBreaks++;
  rt.netpollEventFd.signal();
}

/** netpoll(0): goroutines that can go on. */
export function netpollNonBlocking(rt: Runtime): GQueue {
  rt.counts.netpolls++;
  return netpollready(rt, rt.epoll.poll(EPOLL_BATCH), false);
}

/** netpoll(delay), delay < 0: for ever. The thread sleeps in epoll_wait, in whole milliseconds. */
export function* netpollBlocking(rt: Runtime, delay: number): Generator<number, GQueue, number> {
  rt.counts.netpolls++;
  const { machine } = rt;
  if (delay === 0) return netpollready(rt, rt.epoll.poll(EPOLL_BATCH), false);
  const deadline = delay < 0 ? Infinity : machine.now + (delay < MS ? MS : Math.floor(delay / MS) * MS);
  const mp = rt.getm();
  machine.emit(Kind.threadBlock, -1, -1, "netpoll: epoll_wait", mp.thread.id);
  const events = yield* rt.epoll.wait(mp.thread, deadline, EPOLL_BATCH);
  machine.charge(rt.costs.netpollWake);
  return netpollready(rt, events, true);
}

/** Goroutines of a batch of events. They are pushed on a stack: the last event's comes first. */
function netpollready(rt: Runtime, events: readonly Descriptor[], blocking: boolean): GQueue {
  const toRun = new GQueue();
  for (const fd of events) {
    if (fd === rt.netpollEventFd) {
      if (blocking) {
        fd.drain();
        rt.netpollWakeSig = false;
      }
      continue;
    }
    const pd = fd.owner as PollDesc;
    const gp = pd.reader;
    if (gp === null) {
      pd.ready = true;
      continue;
    }
    pd.reader = null;
    rt.netpollWaiters--;
    gp.schedlink = toRun.head;
    if (toRun.head === null) toRun.tail = gp;
    toRun.head = gp;
    toRun.size++;
  }
  rt.machine.emit(Kind.poll, rt.acting()?.p?.id ?? -1, -1, blocking ? "netpoll" : "netpoll(0)", toRun.size);
  return toRun;
}

/** netpollblock: parks the goroutine until its descriptor is readable or the deadline passes. */
export function* netpollblock(rt: Runtime, gp: G, pd: PollDesc): Generator<number, void, unknown> {
  if (pd.ready || pd.expired) {
    pd.ready = false;
    return;
  }
  pd.reader = gp;
  rt.netpollWaiters++;
  gp.abandon = pd;
  gp.waitreason = "IO wait";
  yield Leave.park;
}
