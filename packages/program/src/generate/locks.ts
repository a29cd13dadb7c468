/**
 * Mutexes, semaphores, groups, atomics and plain memory. Who holds a lock takes only locks that were made later, and what
 * is done under a lock waits for nobody.
 */
import { cell, cells } from "../declarations.ts";
import { add, eq, mod, mul } from "../expressions.ts";
import type { E } from "../expressions.ts";
import { pause } from "./control.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { member } from "./tasks.ts";

export const lockLeaves: readonly Leaf[] = [
  { weight: 3, ops: 3, run: (plan, who) => critical(plan, who, plan.mutex()) },
  { weight: 2, ops: 3, run: (plan, who) => atomics(plan, who, plan.atomic(plan.dice.below(3))) },
  { weight: 2, ops: 4, run: memory },
  { weight: 1, ops: 1, run: errors },
];

export const lockSteps: readonly Step[] = [
  { weight: 6, ops: 10, tasks: 0, run: contend },
  { weight: 3, ops: 9, tasks: 0, run: permits },
  { weight: 3, ops: 5, tasks: 0, run: waitForGroup },
  { weight: 2, ops: 2, tasks: 0, run: signal },
  { weight: 2, ops: 4, tasks: 0, run: spin },
  { weight: 2, ops: 8, tasks: 0, run: shareAtomic },
  { weight: 3, ops: 10, tasks: 2, run: alike },
];

/** A critical section: three operations, or two and what `inside` writes. */
function critical(
  plan: Plan,
  who: Actor,
  mutex: E<"mutex">,
  inside: () => void = () => pause(plan, who),
): void {
  const { b } = who;
  const { dice } = plan;
  const way = dice.below(4);
  if (way === 0) {
    const helper = plan.proc("guard", who);
    helper.turns = who.turns;
    helper.b.lock(mutex);
    helper.b.defer(() => helper.b.unlock(mutex));
    plan.say(helper);
    pause(plan, helper);
    plan.say(helper);
    b.call(helper.ref, {});
    return plan.say(who);
  }
  if (way === 1) {
    plan.say(who);
    const ok = b.tryLock(plan.fresh("ok"), mutex);
    b.if(
      ok,
      () => {
        plan.say(who);
        inside();
        plan.say(who);
        b.unlock(mutex);
      },
      () => plan.say(who),
    );
    return;
  }
  plan.say(who);
  b.lock(mutex);
  plan.say(who);
  if (way === 2) {
    b.try({
      body: () => {
        inside();
        plan.say(who);
      },
      finally: () => b.unlock(mutex),
    });
  } else {
    inside();
    plan.say(who);
    b.unlock(mutex);
  }
  plan.say(who);
}

/** Up to three operations on an atomic. */
function atomics(plan: Plan, who: Actor, atomic: E<"atomic">): void {
  const { b } = who;
  const { dice } = plan;
  const times = dice.between(1, 3);
  for (let i = 0; i < times; i++) {
    const what = dice.below(5);
    if (what === 0) plan.say(who, b.atomicLoad(plan.fresh("seen"), atomic));
    else if (what === 1) b.atomicStore(atomic, dice.below(10));
    else if (what === 2) plan.say(who, b.atomicAdd(plan.fresh("sum"), atomic, dice.between(-3, 3)));
    else if (what === 3) b.atomicAdd(atomic, 1);
    else plan.say(who, b.atomicCas(plan.fresh("ok"), atomic, dice.below(3), dice.below(10)));
  }
}

/** Reads, changes and writes back a cell of its own, or of a list. */
function memory(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  if (dice.chance(50)) {
    const name = plan.cell(cell(dice.below(10)));
    increment(plan, who, name);
    return;
  }
  const ref = { cell: plan.cell(cells(3, dice.below(10))), type: "int" } as const;
  const index = b.let(plan.fresh("index"), dice.below(3));
  b.store({ ...ref, index: index.expr }, dice.between(10, 20));
  const seen = b.load(plan.fresh("seen"), { ...ref, index: mod(add(index, dice.below(2)), 3).expr });
  plan.say(who, seen);
}

/** Not atomic: another task may write between the two accesses. */
function increment(plan: Plan, who: Actor, name: string): void {
  const ref = { cell: name, type: "int" } as const;
  const seen = who.b.load(plan.fresh("seen"), ref);
  plan.say(who, seen);
  if (plan.dice.chance(40)) who.b.yield();
  who.b.store(ref, add(seen, 1));
}

function errors(plan: Plan, who: Actor): void {
  const { b } = who;
  const group = plan.dice.chance(50);
  const [guardedGroup, mutex] = group ? [plan.group(0), undefined] : [undefined, plan.mutex()];
  b.try({
    body: () => {
      if (guardedGroup !== undefined) b.groupDone(guardedGroup);
      else if (mutex !== undefined) b.unlock(mutex);
    },
    catch: [{ kinds: group ? "NegativeGroup" : "UnlockOfUnlocked", body: () => plan.say(who) }],
  });
}

// Together

/** Actors that want the same locks, in the same order when they want both. */
function contend(plan: Plan): void {
  const { dice } = plan;
  const outer = plan.mutex();
  const inner = plan.mutex();
  const name = plan.cell(cell(0));
  let left = 10;
  for (const who of dice.shuffled(plan.cast)) {
    const nested = dice.chance(35);
    if (left < 5) break;
    left -= 5;
    plan.spend(5);
    critical(plan, who, outer, () => {
      if (nested) critical(plan, who, inner);
      else increment(plan, who, name);
    });
  }
}

/** Actors that want some of the permits of one semaphore. */
function permits(plan: Plan): void {
  const { dice } = plan;
  const most = dice.between(1, 3);
  const sem = plan.sem(most);
  for (const who of dice.shuffled(plan.cast).slice(0, 3)) {
    const count = dice.between(1, most);
    const { b } = who;
    plan.spend(3);
    plan.say(who);
    if (count === 1 && dice.chance(50)) b.acquire(sem);
    else b.acquire(sem, count);
    plan.say(who);
    pause(plan, who);
    plan.say(who);
    if (count === 1 && dice.chance(50)) b.release(sem);
    else b.release(sem, count);
    plan.say(who);
  }
}

function waitForGroup(plan: Plan): void {
  const [waiter, ...others] = plan.dice.shuffled(plan.cast).slice(0, 4);
  if (waiter === undefined || others.length === 0) return;
  plan.spend(others.length + 2);
  const alsoWaits = others.length > 1 && plan.dice.chance(50) ? others.pop() : undefined;
  const group = plan.group(others.length);
  for (const who of others) {
    if (plan.dice.chance(50)) plan.leaf(who);
    plan.say(who);
    who.b.groupDone(group);
    plan.say(who);
  }
  for (const who of [waiter, alsoWaits])
    if (who !== undefined) {
      plan.say(who);
      who.b.groupWait(group);
      plan.say(who);
    }
}

/** A semaphore without permits, as a signal. */
function signal(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  const [from, to] = pair;
  plan.spend(2);
  const sem = plan.sem(0);
  plan.say(to);
  to.b.acquire(sem);
  plan.say(to);
  if (plan.dice.chance(50)) plan.leaf(from);
  from.b.release(sem);
  plan.say(from);
}

/** Waits by turning until another actor sets a flag. Nobody waits for time, which turning tasks can keep from those who do. */
function spin(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined || !plan.durations.forbid()) return;
  const [from, to] = pair;
  const { b } = to;
  plan.spend(4);
  const flag = plan.atomic(0);
  plan.say(to);
  const seen = b.let(plan.fresh("flag"), 0);
  b.while(eq(seen, 0), { spin: true }, () => {
    b.yield();
    b.assign(seen, b.atomicLoad(plan.fresh("seen"), flag));
  });
  plan.say(to);
  from.b.atomicStore(flag, 1);
  plan.say(from);
}

function shareAtomic(plan: Plan): void {
  const atomic = plan.atomic(plan.dice.below(3));
  for (const who of plan.dice.shuffled(plan.cast).slice(0, 2)) {
    plan.spend(4);
    atomics(plan, who, atomic);
    if (plan.dice.chance(50)) who.b.yield();
    plan.say(who);
  }
}

/** Alike tasks around one lock, counted by a group. */
function alike(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  const size = plan.tasksLeft > 2 ? dice.between(2, 3) : 2;
  plan.spend(10, size);
  const group = plan.group(size);
  const mutex = plan.mutex();
  const name = plan.cell(cell(0));
  const worker = member(
    plan,
    from,
    "nothing",
    (who) => {
      who.b.repeat(dice.between(1, 2), plan.fresh("i"), (i) => {
        critical(plan, who, mutex, () => increment(plan, who, name));
        plan.say(who, mul(i, 2));
      });
      who.b.groupDone(group);
    },
    { alike: true },
  );
  b.repeat(size, plan.fresh("id"), (id) => b.spawn(worker.ref, { id }));
  plan.say(from);
  b.groupWait(group);
  plan.say(from, b.load(plan.fresh("total"), { cell: name, type: "int" }));
}
