/** Sleeps, and selects that wait only so long. */
import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { member } from "./tasks.ts";

export const timerLeaves: readonly Leaf[] = [
  { weight: 8, ops: 1, run: sleep },
  { weight: 3, ops: 1, run: selectTimeout },
];

export const timerSteps: readonly Step[] = [
  { weight: 5, ops: 2, tasks: 0, run: selectInTime },
  { weight: 5, ops: 6, tasks: 2, run: sleepers },
];

/** Sleeps, once or in turns. */
function sleep(plan: Plan, who: Actor): void {
  const { dice } = plan;
  const turns = dice.chance(25) ? 2 : 1;
  const ns = plan.durations.next(who.turns * turns);
  plan.say(who);
  if (ns === undefined) {
    who.b.yield();
    return plan.say(who);
  }
  if (turns === 1) {
    who.b.sleep(ns);
    return plan.say(who);
  }
  who.b.repeat(turns, plan.fresh("i"), (i) => {
    who.b.sleep(ns);
    plan.say(who, i);
  });
}

/** Nothing comes. */
function selectTimeout(plan: Plan, who: Actor): void {
  const ns = plan.wait(who);
  if (ns === undefined) return plan.say(who);
  plan.say(who);
  who.b.select(
    [who.b.onRecv(plan.chan(plan.dice.below(2)), plan.fresh("got"), (got) => plan.say(who, got))],
    {
      timeout: {
        dur: ns,
        body: () => {
          plan.say(who);
          if (plan.dice.chance(30)) plan.leaf(who);
        },
      },
    },
  );
  plan.say(who);
}

/** A value that comes before the time is over, or not; its sender never waits. */
function selectInTime(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  const [from, to] = pair;
  const { b } = to;
  const ns = plan.wait(to);
  if (ns === undefined) return;
  plan.spend(2);
  const chan = plan.chan(1);
  plan.say(to);
  b.select([b.onRecv(chan, plan.fresh("got"), (got) => plan.say(to, got))], {
    timeout: { dur: ns, body: () => plan.say(to) },
  });
  plan.say(to);
  if (plan.dice.chance(50)) plan.leaf(from);
  from.b.send(chan, plan.dice.below(100));
  plan.say(from);
}

/** Tasks that sleep side by side, each its own time. */
function sleepers(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  const size = plan.tasksLeft > 2 ? 3 : 2;
  const times = Array.from({ length: size }, () => plan.durations.next(1)).filter((ns) => ns !== undefined);
  if (times.length < 2) return;
  plan.spend(6, times.length);
  const dur = { kind: "dur", expr: { var: "time" } } as const;
  const sleeper = member(
    plan,
    from,
    "nothing",
    (who) => {
      who.b.sleep(dur);
      plan.say(who);
      if (dice.chance(50)) who.b.yield();
    },
    { alike: true, args: { time: "dur" } },
  );
  const all = b.list(plan.fresh("tasks"));
  for (const [id, time] of dice.shuffled([...times.entries()])) {
    b.push(all, b.spawn(plan.fresh("task"), sleeper.ref, { time, id }));
    plan.say(from);
  }
  b.joinAll(all);
  plan.say(from);
}
