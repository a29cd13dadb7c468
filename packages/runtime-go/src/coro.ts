/**
 * Coroutines: goroutines that switch to each other on one M, past the scheduler, after src/runtime/coro.go of Go 1.26; and
 * iter.Pull on top of them, after src/iter/iter.go.
 */
import { Kind } from "@orrery/simulator";
import { ITER_PULL, PULL_PANIC } from "./frames.ts";
import type { Go, GoLibrary } from "./library.ts";
import { GoPanic } from "./panic.ts";
import { type G, Gstatus, Leave, type M, type Runtime } from "./runtime2.ts";

/** One end runs, the other waits here: `gp` is the one that waits, null once the coroutine has ended. */
export class Coro {
  gp: G | null = null;
}

/** What a pull of `V` is read from: it calls `yield_` for each value until that says false. */
export type Seq<V> = (yield_: (v: V) => Go<boolean>) => Go;

/** newcoro: the goroutine waits, in no queue, for the first switch. */
function newcoro(rt: Runtime, parent: G, name: string, f: () => Go): Coro {
  const c = new Coro();
  const pp = rt.getp();
  rt.machine.charge(rt.costs.spawn + rt.gfget());
  c.gp = rt.newg(pp, parent, null, name, corostart(rt, c, f), null);
  rt.machine.emit(Kind.create, pp.id, c.gp.id, "newcoro", parent.id);
  c.gp.status = Gstatus.waiting;
  c.gp.starter = ITER_PULL;
  c.gp.left = Leave.coroswitch;
  c.gp.waitreason = "coroutine";
  c.gp.waitsince = rt.machine.now;
  return c;
}

function* corostart(rt: Runtime, c: Coro, f: () => Go): Go {
  try {
    yield* f();
  } finally {
    rt.getm().curg!.coroarg = c;
    yield Leave.coroexit;
  }
}

/** coroswitch_m: leaves `gp` and returns the other end, which runs on in the same time slice. */
export function coroswitch(rt: Runtime, mp: M, gp: G, exits: boolean): G {
  const c = gp.coroarg!;
  const next = c.gp!;
  const { machine } = rt;
  const pp = mp.p!;
  gp.coroarg = null;
  gp.m = null;
  if (exits) {
    c.gp = null;
    machine.emit(Kind.exit, pp.id, gp.id, "coroexit", 0);
    gp.status = Gstatus.dead;
    rt.gfree(gp);
  } else {
    c.gp = gp;
    gp.left = Leave.park;
    gp.status = Gstatus.waiting;
    gp.waitreason = "coroutine";
    gp.waitsince = machine.now;
    machine.emit(Kind.park, pp.id, gp.id, "coroutine");
  }
  machine.charge(rt.costs.coroswitch);
  if (gp.lockedm !== null) {
    gp.lockedm = null;
    mp.lockedg = next;
    next.lockedm = mp;
  }
  mp.curg = next;
  next.m = mp;
  next.lastp = pp;
  next.status = Gstatus.running;
  machine.emit(Kind.ready, pp.id, next.id, "coroswitch");
  machine.emit(Kind.run, pp.id, next.id, "coroswitch", pp.schedtick);
  return next;
}

/** The two functions that iter.Pull returns. A panic or Goexit of the sequence goes on in whoever called them. */
export interface Pull<V> {
  /** The next value and true, or undefined and false at the end. */
  next(): Go<readonly [V | undefined, boolean]>;
  /** Ends it: its `yield_` says false from now on. */
  stop(): Go;
}

export function pull<V>(lib: GoLibrary, seq: Seq<V>): Pull<V> {
  const { rt } = lib;
  let value: V | undefined;
  let ok = false;
  let done = false;
  let yieldNext = false;
  let ended = false;
  let goexited = false;
  let panicked: GoPanic | null = null;

  function* change(): Go {
    lib.g.coroarg = c;
    yield Leave.coroswitch;
  }
  function* yield_(v: V): Go<boolean> {
    if (done) return false;
    if (!yieldNext) throw new GoPanic("iter.Pull: yield called again before next");
    yieldNext = false;
    value = v;
    ok = true;
    yield* change();
    return !done;
  }
  const c = newcoro(rt, lib.g, lib.nameOf(seq), function* body(): Go {
    if (done) return;
    goexited = true; // until it is seen to end otherwise
    try {
      yield* seq(yield_);
      value = undefined;
      ok = false;
      goexited = false;
    } catch (error) {
      if (!(error instanceof GoPanic)) throw error;
      panicked = error;
      goexited = false;
    } finally {
      ended = true;
      done = true;
    }
  });
  function* goOn(): Go {
    yield* lib.pay();
    yield* change();
    if (panicked !== null) throw new GoPanic((panicked as GoPanic).message, PULL_PANIC);
    if (ended && goexited) yield* lib.goexit();
  }
  return {
    *next() {
      if (done) return [undefined, false];
      if (yieldNext) throw new GoPanic("iter.Pull: next called again before yield");
      yieldNext = true;
      yield* goOn();
      return [value, ok];
    },
    *stop() {
      if (done) return;
      done = true;
      yield* goOn();
    },
  };
}
