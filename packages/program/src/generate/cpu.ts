/**
 * Processor time. The bursts of a program are 2 ms together at most, far less than the times between timers, so that it
 * makes no difference to the order who burns while somebody else waits; one may be long, and is then preempted, where the
 * runtime preempts, well before it ends.
 */
import { pause } from "./control.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { member } from "./tasks.ts";

const microsecond = 1_000;
const millisecond = 1_000_000;

export const cpuLeaves: readonly Leaf[] = [
  { weight: 8, ops: 1, run: burst },
  { weight: 2, ops: 1, run: drawnBurst },
  { weight: 2, ops: 1, run: longBurst },
  { weight: 3, ops: 1, run: block },
  { weight: 3, ops: 1, run: offload },
];

export const cpuSteps: readonly Step[] = [{ weight: 4, ops: 6, tasks: 2, run: burners }];

function burst(plan: Plan, who: Actor): void {
  plan.say(who);
  who.b.cpu(plan.burst(who));
  plan.say(who);
}

/** Its length is drawn; a share of the budget that covers the longest. */
function drawnBurst(plan: Plan, who: Actor): void {
  const { b } = who;
  const high = plan.burst(who);
  const from = { dist: "uniform", low: 50 * microsecond, high: Math.max(50 * microsecond, high) } as const;
  const time = b.draw(plan.fresh("time"), "burst", { gives: "dur", from });
  plan.say(who);
  b.cpu(time);
  plan.say(who);
}

/** The only time of the program that is not short. */
function longBurst(plan: Plan, who: Actor): void {
  if (who.turns !== 1 || !plan.durations.forbid()) return burst(plan, who);
  if (plan.hasLongBurst) return burst(plan, who);
  plan.hasLongBurst = true;
  plan.say(who);
  who.b.cpu(plan.dice.between(6, 8) * 5 * millisecond);
  plan.say(who);
}

/** Long enough for Go to take its processor away in any case. */
function block(plan: Plan, who: Actor): void {
  const ns = plan.durations.next(who.turns, { leastNs: 20 * millisecond });
  if (ns === undefined) return burst(plan, who);
  plan.say(who);
  who.b.block(ns);
  plan.say(who);
}

/** Longer than all bursts together, shorter than Go's time slice, because Go burns it where it is. */
function offload(plan: Plan, who: Actor): void {
  const ns = plan.durations.next(who.turns, { unitNs: 4 * millisecond, mostNs: 8 * millisecond });
  if (ns === undefined) return burst(plan, who);
  plan.say(who);
  if (plan.dice.chance(50)) who.b.offload(ns);
  else who.b.offload(ns, { workers: plan.dice.between(1, 2) });
  plan.say(who);
}

/** Alike tasks that burn and give way. */
function burners(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  const size = plan.tasksLeft > 2 ? dice.between(2, 3) : 2;
  plan.spend(5, size);
  const turns = dice.between(1, 2);
  const worker = member(
    plan,
    from,
    "returns",
    (who) => {
      who.b.repeat(turns, plan.fresh("i"), (i) => {
        who.b.cpu(plan.burst(who));
        plan.say(who, i);
        if (dice.chance(60)) pause(plan, who);
      });
    },
    { alike: true },
  );
  const tasks = b.list(plan.fresh("tasks"));
  b.repeat(size, plan.fresh("id"), (id) => b.push(tasks, b.spawn(plan.fresh("task"), worker.ref, { id })));
  plan.say(from);
  plan.say(from, b.joinAll(plan.fresh("values"), tasks));
}
