/** Promises, the first of several tasks, races, and tasks that are cancelled. */
import { add } from "../expressions.ts";
import type { E } from "../expressions.ts";
import type { ErrKind } from "../tree.ts";

import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { guarded, member } from "./tasks.ts";

export const futureLeaves: readonly Leaf[] = [{ weight: 3, ops: 3, run: settledAlone }];

export const futureSteps: readonly Step[] = [
  { weight: 6, ops: 5, tasks: 0, run: awaited },
  { weight: 3, ops: 4, tasks: 0, run: relay },
  { weight: 4, ops: 6, tasks: 2, run: joinAny },
  { weight: 4, ops: 6, tasks: 2, run: race },
  { weight: 4, ops: 7, tasks: 2, run: failingSibling },
];

const errorKinds = ["User:denied", "Timeout", "Rejected"] as const;

export function settle(plan: Plan, who: Actor, promise: E<"promise">, error: ErrKind | undefined): void {
  if (error === undefined) who.b.resolve(promise, plan.dice.below(100));
  else who.b.reject(promise, error);
  plan.say(who);
}

export function receive(plan: Plan, who: Actor, promise: E<"promise">, error: ErrKind | undefined): void {
  const { b } = who;
  plan.say(who);
  if (error === undefined) return plan.say(who, b.await(plan.fresh("value"), promise));
  b.try({
    body: () => b.await(promise),
    catch: [{ kinds: error, body: () => plan.say(who) }],
  });
}

export const maybeError = (plan: Plan): ErrKind | undefined =>
  plan.dice.chance(30) ? plan.dice.pick(errorKinds) : undefined;

/** A promise that is settled, perhaps twice, before it is awaited. */
function settledAlone(plan: Plan, who: Actor): void {
  const promise = plan.promise();
  const error = who.turns === 1 ? maybeError(plan) : undefined;
  settle(plan, who, promise, error);
  if (plan.dice.chance(30)) settle(plan, who, promise, undefined);
  receive(plan, who, promise, error);
}

/** One settles, up to three await. */
function awaited(plan: Plan): void {
  const [from, ...waiters] = plan.dice.shuffled(plan.cast).slice(0, 4);
  if (from === undefined || waiters.length === 0) return;
  plan.spend(waiters.length + 2);
  const promise = plan.promise();
  const error = maybeError(plan);
  for (const who of waiters) {
    if (plan.dice.chance(30)) plan.leaf(who);
    receive(plan, who, promise, error);
  }
  if (plan.dice.chance(50)) plan.leaf(from);
  settle(plan, from, promise, error);
  if (plan.dice.chance(20)) settle(plan, from, promise, undefined);
}

/** A promise for a value that another promise gives. */
function relay(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  const [one, other] = pair;
  plan.spend(4);
  const first = plan.promise();
  const second = plan.promise();
  one.b.resolve(first, plan.dice.below(50));
  plan.say(one);
  const value = other.b.await(plan.fresh("value"), first);
  plan.say(other, value);
  other.b.resolve(second, add(value, 1));
  plan.say(other);
  receive(plan, one, second, undefined);
}

/** The first of several tasks; the others run on and are waited for later. */
function joinAny(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  const size = plan.tasksLeft > 2 && plan.opsLeft >= 8 ? dice.between(2, 3) : 2;
  plan.spend(2 * size + 2, size);
  const failing = dice.chance(30) ? dice.below(size) : -1;
  const firstSuccess = dice.chance(50);
  const tasks = Array.from({ length: size }, (_, i) => {
    const who = member(plan, from, i === failing ? "fails" : "returns", (it) => {
      if (i !== size - 1 || dice.chance(50)) sleepOrGiveWay(plan, it, 60);
      if (dice.chance(50)) plan.leaf(it);
    });
    return b.spawn(plan.fresh("task"), who.ref, {});
  });
  const all = b.list(plan.fresh("tasks"), ...dice.shuffled(tasks));
  plan.say(from);
  guarded(plan, from, failing >= 0, () =>
    plan.say(from, b.joinAny(plan.fresh("first"), all, { firstSuccess })),
  );
  b.settleAll(all);
  plan.say(from);
}

function sleepOrGiveWay(plan: Plan, who: Actor, percent: number): void {
  const ns = plan.dice.chance(percent) ? plan.wait(who) : undefined;
  if (ns === undefined) who.b.yield();
  else who.b.sleep(ns);
  plan.say(who);
}

/**
 * Tasks of which the first to succeed wins; a loser tells that it was cancelled, and passes it on. The loser is started
 * first: what is started after the race is won is not cancelled.
 */
function race(plan: Plan): void {
  const from = plan.someone();
  const { dice } = plan;
  plan.spend(6, 2);
  const loser = member(plan, from, "nothing", (who) => stuck(plan, who, dice.chance(40)));
  const winner = member(plan, from, dice.chance(50) ? "returns" : "nothing", (who) => {
    if (dice.chance(50)) plan.leaf(who);
    sleepOrGiveWay(plan, who, 70);
  });
  const body = () => {
    for (const { ref } of [loser, winner]) {
      from.b.spawn(plan.fresh("racer"), ref, {});
      plan.say(from);
    }
  };
  const leaveLosers = dice.chance(25);
  if (winner.ref.returns === undefined || dice.chance(30)) {
    from.b.scopeRace(body, { leaveLosers });
    return plan.say(from);
  }
  plan.say(from, from.b.scopeRace(plan.fresh("won"), body, { leaveLosers }));
}

/** Waits for what comes late or never, and tells when it is cancelled. */
function stuck(plan: Plan, who: Actor, finallyOnly: boolean): void {
  const { b } = who;
  const { dice } = plan;
  const ways: readonly (() => void)[] = [
    () => b.recv(plan.chan(0)),
    () => b.send(plan.chan(0), 1),
    () => b.await(plan.promise()),
    () => b.acquire(plan.sem(0)),
    () => b.groupWait(plan.group(1)),
    () => {
      b.select([b.onRecv(plan.chan(0), () => plan.say(who))]);
    },
    () => {
      const ns = plan.wait(who);
      if (ns === undefined) b.recv(plan.chan(1));
      else b.sleep(ns);
    },
  ];
  const wait = () => {
    plan.say(who);
    dice.pick(ways)?.();
    plan.say(who);
  };
  if (finallyOnly) return b.try({ body: wait, finally: () => plan.say(who) });
  b.try({
    body: wait,
    catch: [
      {
        kinds: "Cancelled",
        body: () => {
          plan.say(who);
          b.throw("Cancelled");
        },
      },
    ],
  });
}

/** One task of a scope fails, and its sibling is cancelled, which has been started before. */
function failingSibling(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  plan.spend(7, 2);
  const victim = member(plan, from, "nothing", (who) => stuck(plan, who, dice.chance(40)));
  const failing = member(plan, from, "fails", (who) => {
    if (dice.chance(50)) plan.leaf(who);
    sleepOrGiveWay(plan, who, 50);
  });
  guarded(plan, from, true, () =>
    b.scope("cancelSiblings", () => {
      for (const { ref } of [victim, failing]) {
        b.spawn(ref, {});
        plan.say(from);
      }
      if (dice.chance(30)) b.yield();
      plan.say(from);
    }),
  );
  plan.say(from);
}
