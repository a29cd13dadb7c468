/**
 * Run queues: each P's `runnext` and ring of 256, and the global queue. After proc.go of Go 1.26 (`runqput`,
 * `runqputslow`, `runqputbatch`, `runqget`, `globrunqget`, `globrunqgetbatch`).
 */
import { Kind } from "@orrery/simulator";
import { type G, type GQueue, type P, RUNQ_LEN, type Runtime } from "./runtime2.ts";

const MASK = RUNQ_LEN - 1;

export function runqempty(pp: P): boolean {
  return pp.runqhead === pp.runqtail && pp.runnext === null;
}

/** Puts `gp` into the ring, or with `next` into `runnext`, whose former holder goes to the ring's tail. */
export function runqput(rt: Runtime, pp: P, gp: G, next: boolean): void {
  let put = gp;
  if (next) {
    const oldnext = pp.runnext;
    pp.runnext = gp;
    if (oldnext === null) return;
    put = oldnext;
    if (rt.machine.trace.enabled) rt.machine.emit(Kind.note, pp.id, put.id, "runqput: kicked out of runnext");
  }
  if (pp.runqtail - pp.runqhead < RUNQ_LEN) {
    pp.runq[pp.runqtail & MASK] = put;
    pp.runqtail++;
  } else runqputslow(rt, pp, put);
}

/** The ring is full: its 128 oldest and the new one move to the global queue. */
function runqputslow(rt: Runtime, pp: P, gp: G): void {
  const n = RUNQ_LEN / 2;
  for (let i = 0; i < n; i++) rt.runq.pushBack(take(pp));
  rt.runq.pushBack(gp);
  rt.counts.runqOverflows++;
  rt.machine.emit(Kind.note, pp.id, gp.id, "runqputslow: half the ring to the global queue", n + 1);
}

/** Appends from `q` while there is room. */
export function runqputbatch(pp: P, q: GQueue): void {
  while (q.size > 0 && pp.runqtail - pp.runqhead < RUNQ_LEN) {
    pp.runq[pp.runqtail & MASK] = q.pop();
    pp.runqtail++;
  }
}

/** Oldest of the ring, which must not be empty. */
function take(pp: P): G {
  const slot = pp.runqhead & MASK;
  const gp = pp.runq[slot]!;
  pp.runq[slot] = null;
  pp.runqhead++;
  return gp;
}

/** Everything that a P has goes to the head of the global queue, in its order. */
export function runqdrain(pp: P, global: GQueue): void {
  while (pp.runqtail !== pp.runqhead) {
    pp.runqtail--;
    const slot = pp.runqtail & MASK;
    global.pushFront(pp.runq[slot]!);
    pp.runq[slot] = null;
  }
  if (pp.runnext !== null) global.pushFront(pp.runnext);
  pp.runnext = null;
}

/** Head of the ring, null when it is empty. The caller has looked at `runnext`. */
export function runqgetRing(pp: P): G | null {
  return pp.runqhead === pp.runqtail ? null : take(pp);
}

/** Moves the older half of the victim's ring, rounded up, to the thief's, and returns the last of them: it runs first. */
export function runqgrab(pp: P, victim: P): { gp: G | null; n: number } {
  const len = victim.runqtail - victim.runqhead;
  const n = len - (len >> 1);
  if (n === 0) return NOTHING;
  for (let i = 1; i < n; i++) {
    pp.runq[pp.runqtail & MASK] = take(victim);
    pp.runqtail++;
  }
  return { gp: take(victim), n };
}
const NOTHING = { gp: null, n: 0 } as const;

/** Up to `max` from the global queue: the first is returned, the others go to the ring of `pp`. */
export function globrunqgetbatch(rt: Runtime, pp: P, max: number): G | null {
  const { runq } = rt;
  if (runq.size === 0) return null;
  let n = Math.min(max, runq.size, Math.floor(runq.size / rt.gomaxprocs) + 1);
  const gp = runq.pop();
  for (; n > 1; n--) {
    pp.runq[pp.runqtail & MASK] = runq.pop();
    pp.runqtail++;
  }
  return gp;
}

/** Goroutines of a P in the order in which it would run them. */
export function queued(pp: P): G[] {
  const gs: G[] = pp.runnext === null ? [] : [pp.runnext];
  for (let i = pp.runqhead; i < pp.runqtail; i++) gs.push(pp.runq[i & MASK]!);
  return gs;
}
