/**
 * Random programs, typed and resource-first: a step draws what it shares (a channel, a lock, a promise), then writes into
 * the tasks that use it. Every program passes the checker, ends under every schedule (`generate/plan.ts` says why), hangs
 * its order on no two times that are close (`generate/durations.ts`), and logs before and after what it does.
 */
import { cancelLeaves, cancelSteps, deadlineLeaves, deadlineSteps } from "./generate/cancel.ts";
import { channelLeaves, channelSteps } from "./generate/channels.ts";
import { conditionLeaves, conditionSteps } from "./generate/conditions.ts";
import { controlLeaves } from "./generate/control.ts";
import { cpuLeaves, cpuSteps } from "./generate/cpu.ts";
import { Dice } from "./generate/dice.ts";
import { futureLeaves, futureSteps } from "./generate/futures.ts";
import { handlerLeaves, handlerSteps } from "./generate/handlers.ts";
import { ioLeaves, ioSteps } from "./generate/io.ts";
import { lockLeaves, lockSteps } from "./generate/locks.ts";
import { onceLeaves, onceSteps } from "./generate/once.ts";
import { Plan } from "./generate/plan.ts";
import type { Leaf, Step } from "./generate/plan.ts";
import { referenceLeaves, referenceSteps } from "./generate/references.ts";
import { signalLeaves, signalSteps } from "./generate/signals.ts";
import { close, hire, taskSteps } from "./generate/tasks.ts";
import { timerLeaves, timerSteps } from "./generate/timers.ts";
import { valueLeaves } from "./generate/values.ts";
import type { Program } from "./tree.ts";

export const fuzzClasses = [
  ...(["order", "channels", "locks", "conditions", "futures", "handlers"] as const),
  ...(["timers", "cancel", "cpu", "io", "mixed"] as const),
] as const;
export type FuzzClass = (typeof fuzzClasses)[number];

export interface GenerateKnobs {
  /** Greatest number of tasks of a run, main among them; 2 to 5. */
  readonly tasks?: number;
  /** Greatest number of statements that are visible operations; 5 to 25. */
  readonly ops?: number;
}

interface Recipe {
  readonly leaves: readonly Leaf[];
  readonly steps: readonly Step[];
  /** Most waiting times. */
  readonly durations: number;
}

const recipes: Record<FuzzClass, Recipe> = (() => {
  const order: Recipe = { leaves: controlLeaves, steps: taskSteps, durations: 0 };
  const extended = (leaves: readonly Leaf[], steps: readonly Step[], durations: number): Recipe => ({
    leaves: [...order.leaves, ...leaves],
    steps: [...order.steps, ...steps],
    durations,
  });
  return {
    order,
    channels: extended(channelLeaves, channelSteps, 1),
    locks: extended(lockLeaves, lockSteps, 1),
    conditions: extended([...conditionLeaves, ...onceLeaves], [...conditionSteps, ...onceSteps], 4),
    futures: extended([...futureLeaves, ...signalLeaves], [...futureSteps, ...signalSteps], 3),
    handlers: extended(handlerLeaves, handlerSteps, 3),
    timers: extended(
      [...timerLeaves, ...deadlineLeaves],
      [...timerSteps, ...deadlineSteps, ...channelSteps],
      5,
    ),
    cancel: extended([...cancelLeaves, ...signalLeaves], [...cancelSteps, ...signalSteps], 4),
    cpu: extended(cpuLeaves, cpuSteps, 2),
    io: extended(ioLeaves, ioSteps, 3),
    mixed: extended(
      [
        ...[...channelLeaves, ...lockLeaves, ...conditionLeaves, ...onceLeaves, ...futureLeaves],
        ...[...handlerLeaves, ...timerLeaves, ...cancelLeaves, ...signalLeaves, ...cpuLeaves, ...ioLeaves],
        ...valueLeaves,
        ...referenceLeaves,
      ],
      [
        ...[...channelSteps, ...lockSteps, ...conditionSteps, ...onceSteps, ...futureSteps],
        ...[...handlerSteps, ...timerSteps, ...cancelSteps, ...signalSteps, ...cpuSteps, ...ioSteps],
        ...referenceSteps,
      ],
      4,
    ),
  };
})();

/** The program of a seed and a class; always the same one. */
export function generate(seed: number, className: FuzzClass, knobs: GenerateKnobs = {}): Program {
  const { leaves, steps, durations } = recipes[className];
  const dice = new Dice(seed, className);
  const limits = { tasks: knobs.tasks ?? 5, ops: knobs.ops ?? 25, durations };
  const plan = new Plan(dice, limits, leaves, steps);
  plan.say(plan.main);
  const most = dice.between(3, 12);
  for (let i = 0; i < most; i++) {
    const first = i < 2 && plan.tasksLeft > 2;
    if (first) hire(plan);
    else dice.weighted(steps.filter((step) => plan.affords(step)))?.run(plan);
  }
  close(plan, plan.main);
  plan.say(plan.main);
  return plan.assemble(`${className}-${seed}`, `A random program of the class ${className}.`, {
    end: dice.chance(10) ? "main" : "quiescent",
    selectPolicy: dice.chance(50) ? "first" : "rotating",
    onDetachedFailure: "abort",
    ...(dice.chance(25) ? { lockFairness: dice.chance(50) ? "fifo" : "barging" } : {}),
  });
}
