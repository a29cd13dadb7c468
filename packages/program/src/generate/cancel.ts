/**
 * Cancellation: of tasks that somebody waits for afterwards, of blocks under a token that somebody cancels, and of blocks
 * that must end in time. What is cancelled waits, tells how it was left, and passes the cancellation on.
 */
import { not } from "../expressions.ts";
import { pause } from "./control.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { point, pointOps } from "./points.ts";
import { guarded, member } from "./tasks.ts";

export const deadlineLeaves: readonly Leaf[] = [
  { weight: 6, ops: 1 + pointOps, run: late },
  { weight: 1, ops: 2, run: untouched },
];

export const deadlineSteps: readonly Step[] = [{ weight: 4, ops: 4, tasks: 0, run: inTime }];

export const cancelLeaves: readonly Leaf[] = [...deadlineLeaves, { weight: 2, ops: 3, run: cancelledBefore }];

export const cancelSteps: readonly Step[] = [
  ...deadlineSteps,
  { weight: 12, ops: 4 + pointOps, tasks: 1, run: cancelled },
  { weight: 6, ops: 7 + pointOps, tasks: 2, run: cancelledByAnother },
  { weight: 8, ops: 3 + pointOps, tasks: 0, run: underToken },
];

/** Something more, where there is room for it. */
function perhaps(plan: Plan, percent: number, ops: number, write: () => void): void {
  if (!plan.dice.chance(percent) || plan.opsLeft < ops) return;
  plan.spend(ops);
  write();
}

/** A block that no cancellation comes into; what is in it ends by itself. */
function shielded(plan: Plan, who: Actor): void {
  who.b.shield(() => {
    pause(plan, who);
    plan.say(who);
  });
}

const asked = (plan: Plan, who: Actor): void => plan.say(who, who.b.isCancelled(plan.fresh("asked")));

/** Waits at a point, and tells how the wait ended: at most `pointOps` operations that are spent already. */
function cancellable(plan: Plan, who: Actor, wait: () => void = () => point(plan, who)): void {
  const { b } = who;
  const { dice } = plan;
  plan.say(who);
  perhaps(plan, 25, 2, () => shielded(plan, who));
  perhaps(plan, 20, 1, () => asked(plan, who));
  perhaps(plan, 20, 1, () => b.check());
  const cleanUp = () => {
    plan.say(who);
    perhaps(plan, 20, 1, () => asked(plan, who));
    perhaps(plan, 20, 1, () => pause(plan, who));
    perhaps(plan, 20, 2, () => shielded(plan, who));
  };
  const body = () => {
    wait();
    plan.say(who);
  };
  const passedOn = {
    kinds: "Cancelled" as const,
    body: () => {
      cleanUp();
      b.throw("Cancelled");
    },
  };
  const way = dice.below(4);
  if (way === 0) body();
  else if (way === 1) b.try({ body, finally: cleanUp });
  else if (way === 2) b.try({ body, catch: [passedOn] });
  else b.try({ body, catch: [passedOn], finally: () => plan.say(who) });
}

/** Turns a few times without waiting for anything, until it is asked to stop. */
function turning(plan: Plan, who: Actor): void {
  const { b } = who;
  const heard = b.let(plan.fresh("heard"), false);
  const turns = plan.dice.between(2, 4);
  b.repeat(turns, plan.fresh("turn"), (turn) => {
    b.if(not(heard), () => {
      b.yield();
      b.assign(heard, b.isCancelled(plan.fresh("asked")));
      plan.say(who, turn, heard);
    });
  });
  b.check();
  plan.say(who);
}

// Blocks

/** The block, cancelled after `ns`. */
function deadline(plan: Plan, who: Actor, ns: number, write: () => void): void {
  const { b } = who;
  b.try({
    body: () => {
      b.deadline(ns, write);
      plan.say(who);
    },
    catch: [{ kinds: "Timeout", body: () => plan.say(who) }],
    ...(plan.dice.chance(25) ? { finally: () => plan.say(who) } : {}),
  });
}

/** What comes too late, or just in time; with a second block inside, one of the two may be over first. */
function late(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const times = [plan.wait(who), dice.chance(40) ? plan.wait(who) : undefined];
  const [outer, inner] = dice.shuffled(times.filter((ns) => ns !== undefined));
  plan.say(who);
  if (outer === undefined) return b.yield();
  deadline(plan, who, outer, () => {
    if (inner === undefined || plan.opsLeft < 1) return cancellable(plan, who);
    plan.spend(1);
    if (dice.chance(60)) return deadline(plan, who, inner, () => cancellable(plan, who));
    b.sleep(inner);
    cancellable(plan, who);
  });
  plan.say(who);
}

/** A deadline that nothing meets. */
function untouched(plan: Plan, who: Actor): void {
  const ns = plan.wait(who);
  plan.say(who);
  if (ns === undefined) return asked(plan, who);
  deadline(plan, who, ns, () => {
    pause(plan, who);
    plan.say(who);
  });
}

/** The token is cancelled before the block begins, or inside it. */
function cancelledBefore(plan: Plan, who: Actor): void {
  const { b } = who;
  const token = plan.token();
  const inside = plan.dice.chance(50);
  plan.say(who);
  if (!inside) b.cancelToken(token);
  b.try({
    body: () =>
      b.withToken(token, () => {
        plan.say(who);
        if (inside) b.cancelToken(token);
        if (plan.dice.chance(50)) b.check();
        else b.recv(plan.chan(0));
        plan.say(who);
      }),
    catch: [{ kinds: "Cancelled", body: () => plan.say(who) }],
  });
}

/** Up to two wait under a token that another cancels. */
function underToken(plan: Plan): void {
  const [from, ...others] = plan.dice.shuffled(plan.cast).slice(0, 3);
  if (from === undefined || others.length === 0) return;
  const { dice } = plan;
  plan.spend(2);
  const token = plan.token();
  for (const who of others) {
    if (plan.opsLeft < 1 + pointOps) break;
    plan.spend(1 + pointOps);
    const ns = dice.chance(25) && plan.opsLeft >= 1 ? plan.wait(who) : undefined;
    if (ns !== undefined) plan.spend(1);
    who.b.try({
      body: () => {
        who.b.withToken(token, () => {
          if (ns === undefined) cancellable(plan, who);
          else deadline(plan, who, ns, () => cancellable(plan, who));
        });
        plan.say(who);
      },
      catch: [{ kinds: "Cancelled", body: () => plan.say(who) }],
    });
    plan.say(who);
  }
  if (dice.chance(70)) pause(plan, from);
  if (dice.chance(30)) plan.leaf(from);
  from.b.cancelToken(token);
  plan.say(from);
}

/** Somebody does in time, or too late, what is waited for; it never waits itself. */
function inTime(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  const [from, to] = pair;
  const ns = plan.wait(to);
  if (ns === undefined) return;
  plan.spend(4);
  const [wait, wake] = plan.dice.pick(wakings)(plan, from, to);
  plan.say(to);
  deadline(plan, to, ns, () => {
    wait();
    plan.say(to);
  });
  plan.say(to);
  if (plan.dice.chance(60)) plan.leaf(from);
  wake();
  plan.say(from);
}

type Waking = (plan: Plan, from: Actor, to: Actor) => readonly [wait: () => void, wake: () => void];
const wakings: readonly [Waking, ...Waking[]] = [
  (plan, from, to) => {
    const chan = plan.chan(1);
    return [() => plan.say(to, to.b.recv(plan.fresh("got"), chan)), () => from.b.send(chan, 5)];
  },
  (plan, from, to) => {
    const event = plan.event();
    return [() => to.b.eventWait(event), () => from.b.eventSet(event)];
  },
  (plan, from, to) => {
    const sem = plan.sem(0);
    return [() => to.b.acquire(sem), () => from.b.release(sem)];
  },
  (plan, from, to) => {
    const promise = plan.promise();
    return [() => plan.say(to, to.b.await(plan.fresh("value"), promise)), () => from.b.resolve(promise, 6)];
  },
  (plan, from, to) => {
    const group = plan.group(1);
    return [() => to.b.groupWait(group), () => from.b.groupDone(group)];
  },
];

// Tasks

/** A task that is to be cancelled: `pointOps` operations. */
function victim(plan: Plan, from: Actor): Actor {
  return member(plan, from, plan.dice.chance(30) ? "returns" : "nothing", (who) =>
    plan.dice.chance(15) ? turning(plan, who) : cancellable(plan, who),
  );
}

/** Cancels a task that it has started, perhaps twice, and waits for its end. */
function cancelled(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  plan.spend(4 + pointOps, 1);
  const task = b.spawn(plan.fresh("task"), victim(plan, from).ref, {});
  plan.say(from);
  if (dice.chance(70)) pause(plan, from);
  if (dice.chance(30)) plan.leaf(from);
  b.cancel(task);
  plan.say(from);
  perhaps(plan, 15, 1, () => b.cancel(task));
  guarded(plan, from, true, () => {
    b.join(task);
    plan.say(from);
  });
  plan.say(from);
}

/** One task cancels another. */
function cancelledByAnother(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  plan.spend(7 + pointOps, 2);
  const task = b.spawn(plan.fresh("task"), victim(plan, from).ref, {});
  plan.say(from);
  const task2 = { kind: "task", expr: { var: "other" } } as const;
  const killer = member(
    plan,
    from,
    "nothing",
    (who) => {
      pause(plan, who);
      who.b.cancel(task2);
      plan.say(who);
      who.b.yield();
    },
    { args: { other: "task" } },
  );
  b.spawn(killer.ref, { other: task });
  plan.say(from);
  if (plan.dice.chance(50)) {
    b.settleAll([task]);
  } else
    guarded(plan, from, true, () => {
      b.join(task);
      plan.say(from);
    });
  plan.say(from);
}
