/**
 * Locks for readers and writers, conditions and monitors, and locks that are waited for only so long. Whoever waits for a
 * wake-up looks first, and again after each, at what the lock guards, so that none is lost; or waits only so long.
 */
import { cell } from "../declarations.ts";
import type { CellRef } from "../declarations.ts";
import { add, eq, sub } from "../expressions.ts";
import type { E } from "../expressions.ts";
import { pause } from "./control.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";

export const conditionLeaves: readonly Leaf[] = [
  { weight: 3, ops: 4, run: (plan, who) => access(plan, who, plan.rwlock(), counter(plan)) },
  { weight: 2, ops: 4, run: nested },
  { weight: 2, ops: 4, run: unanswered },
  { weight: 2, ops: 2, run: untroubled },
];

export const conditionSteps: readonly Step[] = [
  { weight: 5, ops: 8, tasks: 0, run: readersAndWriters },
  { weight: 5, ops: 10, tasks: 0, run: untilSet },
  { weight: 4, ops: 11, tasks: 0, run: items },
  { weight: 4, ops: 7, tasks: 0, run: inTime },
  { weight: 4, ops: 6, tasks: 0, run: impatient },
];

const counter = (plan: Plan): CellRef<"int"> => ({ cell: plan.cell(cell(0)), type: "int" });

/** What `take` takes and `give` gives back, whatever happens inside. */
function held(
  plan: Plan,
  who: Actor,
  take: (who: Actor) => void,
  give: (who: Actor) => void,
  inside: (who: Actor) => void,
): void {
  const { dice } = plan;
  const way = dice.below(3);
  plan.say(who);
  if (way === 0) {
    const helper = plan.proc("guard", who);
    helper.turns = who.turns;
    take(helper);
    helper.b.defer(() => give(helper));
    plan.say(helper);
    inside(helper);
    plan.say(helper);
    who.b.call(helper.ref, {});
    return plan.say(who);
  }
  take(who);
  plan.say(who);
  if (way === 1)
    who.b.try({
      body: () => {
        inside(who);
        plan.say(who);
      },
      finally: () => give(who),
    });
  else {
    inside(who);
    plan.say(who);
    give(who);
  }
  plan.say(who);
}

// Readers and writers

/** Reads or writes under the lock: four operations. */
function access(plan: Plan, who: Actor, rwlock: E<"rwlock">, at: CellRef<"int">): void {
  if (plan.dice.chance(55))
    return held(
      plan,
      who,
      ({ b }) => b.rlock(rwlock),
      ({ b }) => b.runlock(rwlock),
      (it) => {
        plan.say(it, it.b.load(plan.fresh("seen"), at));
        pause(plan, it);
      },
    );
  held(
    plan,
    who,
    ({ b }) => b.wlock(rwlock),
    ({ b }) => b.wunlock(rwlock),
    (it) => {
      it.b.store(at, plan.dice.below(100));
      pause(plan, it);
    },
  );
}

function readersAndWriters(plan: Plan): void {
  const rwlock = plan.rwlock();
  const at = counter(plan);
  for (const who of plan.dice.shuffled(plan.cast)) {
    if (plan.opsLeft < 4) return;
    plan.spend(4);
    access(plan, who, rwlock, at);
  }
}

// Conditions

/** A condition with its mutex, or a monitor. */
interface Condition {
  /** Two operations, and those inside. */
  held(who: Actor, inside: (who: Actor) => void): void;
  wait(who: Actor): void;
  waitFor(who: Actor, ns: number): E<"bool">;
  wake(who: Actor, all: boolean): void;
  /** Whether it can be woken by somebody who does not hold it. */
  readonly open: boolean;
}

function condition(plan: Plan): Condition {
  if (plan.dice.chance(50)) return monitor(plan);
  const mutex = plan.mutex();
  const cond = plan.cond(mutex);
  return {
    held: (who, inside) =>
      held(
        plan,
        who,
        ({ b }) => b.lock(mutex),
        ({ b }) => b.unlock(mutex),
        inside,
      ),
    wait: ({ b }) => b.condWait(cond),
    waitFor: ({ b }, ns) => b.condWaitFor(plan.fresh("ok"), cond, ns),
    wake: ({ b }, all) => (all ? b.broadcast(cond) : b.signal(cond)),
    open: true,
  };
}

function monitor(plan: Plan): Condition {
  const made = plan.monitor(plan.dice.pick([undefined, undefined, "synchronized", "juc"]));
  return {
    held(who, inside) {
      plan.say(who);
      entered(plan, who, made, plan.dice.chance(35) ? 2 : 1, inside);
      plan.say(who);
    },
    wait: ({ b }) => b.monitorWait(made),
    waitFor: ({ b }, ns) => b.monitorWaitFor(plan.fresh("ok"), made, ns),
    wake: ({ b }, all) => (all ? b.notifyAll(made) : b.notify(made)),
    open: false,
  };
}

/** Enters the monitor `depth` times, the second time here or in a procedure. */
function entered(
  plan: Plan,
  who: Actor,
  monitor: E<"monitor">,
  depth: number,
  inside: (who: Actor) => void,
): void {
  who.b.enter(monitor, () => {
    plan.say(who);
    if (depth === 1) return inside(who);
    if (plan.dice.chance(50)) return entered(plan, who, monitor, depth - 1, inside);
    const helper = plan.proc("inner", who);
    helper.turns = who.turns;
    entered(plan, helper, monitor, depth - 1, inside);
    who.b.call(helper.ref, {});
  });
}

/** A monitor entered twice by one actor; the third kind pins Java's carrier, and is never waited in. */
function nested(plan: Plan, who: Actor): void {
  const made = plan.monitor(plan.dice.pick([undefined, "synchronized", "juc", "nativeFrame"]));
  plan.say(who);
  entered(plan, who, made, 2, (it) => {
    plan.say(it);
    pause(plan, it);
  });
  plan.say(who);
}

/** Waits until the cell is not 0: three operations. */
function waitWhileZero(plan: Plan, who: Actor, condition: Condition, at: CellRef<"int">): E<"int"> {
  const { b } = who;
  const seen = b.let(plan.fresh("count"), 0);
  b.assign(seen, b.load(plan.fresh("seen"), at));
  b.while(eq(seen, 0), { bound: 9 }, () => {
    plan.say(who);
    condition.wait(who);
    b.assign(seen, b.load(plan.fresh("seen"), at));
    plan.say(who, seen);
  });
  return seen;
}

/** Up to three wait until another has set a flag. */
function untilSet(plan: Plan): void {
  const [from, ...waiters] = plan.dice.shuffled(plan.cast).slice(0, 4);
  if (from === undefined || waiters.length === 0) return;
  const { dice } = plan;
  const made = condition(plan);
  const at = counter(plan);
  plan.spend(5);
  const waiting = waiters.filter(() => {
    const enough = plan.opsLeft >= 5;
    if (enough) plan.spend(5);
    return enough;
  });
  for (const who of waiting) {
    if (dice.chance(30)) plan.leaf(who);
    made.held(who, (it) => void waitWhileZero(plan, it, made, at));
  }
  if (dice.chance(40)) plan.leaf(from);
  const wake = (who: Actor) => {
    if (waiting.length === 1 || dice.chance(60)) return made.wake(who, waiting.length > 1);
    who.b.repeat(waiting.length, () => made.wake(who, false));
  };
  const outside = made.open && dice.chance(50);
  made.held(from, (it) => {
    it.b.store(at, 1);
    if (!outside) wake(it);
  });
  if (outside) wake(from);
  plan.say(from);
}

/** One puts items, one or two take them. */
function items(plan: Plan): void {
  const [from, ...takers] = plan.dice.shuffled(plan.cast).slice(0, plan.opsLeft >= 17 ? 3 : 2);
  if (from === undefined || takers.length === 0) return;
  const { dice } = plan;
  plan.spend(5 + 6 * takers.length);
  const made = condition(plan);
  const at = counter(plan);
  const each = dice.between(1, 2);
  for (const who of takers)
    who.b.repeat(each, () =>
      plan.repeated(who, each, () =>
        made.held(who, (it) => it.b.store(at, sub(waitWhileZero(plan, it, made, at), 1))),
      ),
    );
  const turns = each * takers.length;
  from.b.repeat(turns, () =>
    plan.repeated(from, turns, () =>
      made.held(from, (it) => {
        it.b.store(at, add(it.b.load(plan.fresh("seen"), at), 1));
        made.wake(it, dice.chance(40));
      }),
    ),
  );
}

/** Waits only so long, for a wake-up that may come too early or too late. */
function inTime(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  const [from, to] = pair;
  const { dice } = plan;
  const ns = plan.wait(to);
  if (ns === undefined) return untilSet(plan);
  plan.spend(7);
  const made = condition(plan);
  made.held(to, (it) => plan.say(it, made.waitFor(it, ns)));
  if (dice.chance(70)) pause(plan, from);
  if (made.open && dice.chance(50)) made.wake(from, dice.chance(40));
  else made.held(from, (it) => made.wake(it, dice.chance(40)));
  plan.say(from);
}

/** Waits only so long for a wake-up that never comes. */
function unanswered(plan: Plan, who: Actor): void {
  const ns = plan.wait(who);
  if (ns === undefined) return nested(plan, who);
  const made = condition(plan);
  made.held(who, (it) => plan.say(it, made.waitFor(it, ns)));
}

// Locks that are waited for only so long

/** Takes a mutex, or some permits, within a time: two operations. */
function tried(plan: Plan, who: Actor, what: E<"mutex"> | E<"sem">, ns: number): void {
  const { b } = who;
  const { dice } = plan;
  const ok = plan.fresh("ok");
  const count = dice.chance(50) ? 1 : undefined;
  plan.say(who);
  const taken = isMutex(what) ? b.lockFor(ok, what, ns) : b.acquireFor(ok, what, ns, count);
  b.if(
    taken,
    () => {
      plan.say(who);
      give(who, what, count);
    },
    () => plan.say(who),
  );
  plan.say(who);
}

const isMutex = (what: E<"mutex"> | E<"sem">): what is E<"mutex"> => what.kind === "mutex";

function give({ b }: Actor, what: E<"mutex"> | E<"sem">, count?: number): void {
  if (isMutex(what)) b.unlock(what);
  else b.release(what, count);
}

/** Nobody else wants it. */
function untroubled(plan: Plan, who: Actor): void {
  const ns = plan.wait(who);
  if (ns === undefined) return plan.say(who);
  tried(plan, who, plan.dice.chance(50) ? plan.mutex() : plan.sem(1), ns);
}

/** One has it for a time, others do not wait for ever. */
function impatient(plan: Plan): void {
  const [from, ...others] = plan.dice.shuffled(plan.cast).slice(0, 3);
  if (from === undefined || others.length === 0) return;
  const { dice } = plan;
  const times = [from, ...others].map((who) => plan.wait(who)).filter((ns) => ns !== undefined);
  const [own, ...theirs] = dice.shuffled(times);
  if (own === undefined) return readersAndWriters(plan);
  plan.spend(3);
  const what = dice.chance(50) ? plan.mutex() : plan.sem(1);
  plan.say(from);
  if (isMutex(what)) from.b.lock(what);
  else from.b.acquire(what);
  plan.say(from);
  from.b.sleep(own);
  plan.say(from);
  give(from, what);
  plan.say(from);
  for (const [i, who] of others.entries()) {
    const ns = theirs[i];
    if (ns === undefined || plan.opsLeft < 2) return;
    plan.spend(2);
    tried(plan, who, what, ns);
  }
}
