/** What happens once, and what waits until all have come. */
import { pause } from "./control.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";

export const onceLeaves: readonly Leaf[] = [{ weight: 2, ops: 3, run: twice }];

export const onceSteps: readonly Step[] = [
  { weight: 5, ops: 5, tasks: 0, run: onlyOne },
  { weight: 4, ops: 5, tasks: 0, run: happening },
  { weight: 4, ops: 4, tasks: 0, run: meeting },
];

/** What is done once: at most one operation. It may fail. */
function deed(plan: Plan, from: Actor, turns: number): { readonly who: Actor; readonly fails: boolean } {
  const who = plan.proc("deed", from);
  const fails = plan.dice.chance(25);
  who.turns = turns;
  plan.say(who);
  if (plan.dice.chance(70)) {
    pause(plan, who);
    plan.say(who);
  }
  if (fails) who.b.throw("User:failed");
  return { who, fails };
}

/** Only who does it meets its failure. */
function once(plan: Plan, who: Actor, write: () => void, fails: boolean): void {
  plan.say(who);
  if (fails) who.b.try({ body: write, catch: [{ kinds: "User:failed", body: () => plan.say(who) }] });
  else write();
  plan.say(who);
}

function twice(plan: Plan, who: Actor): void {
  const handle = plan.once();
  const { who: done, fails } = deed(plan, who, who.turns === 0 ? 0 : 1);
  for (let i = 0; i < 2; i++) once(plan, who, () => who.b.onceDo(handle, done.ref, {}), fails);
}

/** Several come to do what one of them does while the others wait. */
function onlyOne(plan: Plan): void {
  const those = plan.dice.shuffled(plan.cast).slice(0, 4);
  plan.spend(1 + those.length);
  const handle = plan.once();
  const { who: done, fails } = deed(plan, plan.main, 1);
  for (const who of those) {
    if (plan.dice.chance(30)) plan.leaf(who);
    once(plan, who, () => who.b.onceDo(handle, done.ref, {}), fails);
  }
}

/** Up to three wait for an event, which one sets, perhaps twice. */
function happening(plan: Plan): void {
  const [from, ...waiters] = plan.dice.shuffled(plan.cast).slice(0, 4);
  if (from === undefined || waiters.length === 0) return;
  plan.spend(waiters.length + 2);
  const event = plan.event();
  for (const who of waiters) {
    if (plan.dice.chance(30)) plan.leaf(who);
    plan.say(who);
    who.b.eventWait(event);
    plan.say(who);
  }
  if (plan.dice.chance(50)) plan.leaf(from);
  from.b.eventSet(event);
  plan.say(from);
  if (plan.dice.chance(25)) from.b.eventSet(event);
}

/** All come to the barrier, once or twice. */
function meeting(plan: Plan): void {
  const those = plan.dice.shuffled(plan.cast).slice(0, plan.dice.between(2, 4));
  plan.spend(those.length);
  const rounds = plan.dice.between(1, 2);
  const barrier = plan.barrier(those.length);
  for (const who of those)
    who.b.repeat(rounds, plan.fresh("round"), (round) => {
      if (plan.dice.chance(40)) plan.repeated(who, rounds, () => plan.leaf(who));
      plan.say(who, round);
      who.b.barrierWait(barrier);
      plan.say(who, round);
    });
}
