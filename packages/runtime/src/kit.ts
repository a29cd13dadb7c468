/**
 * The kit that every model must pass: named checks of the language's semantics, of determinism, conservation, budgets
 * and deadlock reports. A model's test file runs them all:
 *
 *     for (const { name, run } of kit) test(name, () => run(model));
 *
 * A check throws an Error that says what was expected and what was seen.
 */
import type { RuntimeModel } from "./model.ts";
import { budgetChecks } from "./kit/budgets.ts";
import { conservationChecks } from "./kit/conservation.ts";
import { deadlockChecks } from "./kit/deadlock.ts";
import { determinismChecks } from "./kit/determinism.ts";
import { cancellationChecks } from "./kit/semantics/cancellation.ts";
import { channelsChecks } from "./kit/semantics/channels.ts";
import { conditionsChecks } from "./kit/semantics/conditions.ts";
import { flowChecks } from "./kit/semantics/flow.ts";
import { handlersChecks } from "./kit/semantics/handlers.ts";
import { locksChecks } from "./kit/semantics/locks.ts";
import { onceChecks } from "./kit/semantics/once.ts";
import { signalsChecks } from "./kit/semantics/signals.ts";
import { tasksChecks } from "./kit/semantics/tasks.ts";
import { connectionChecks } from "./kit/semantics/connections.ts";
import { timeChecks } from "./kit/semantics/time.ts";
import { timersChecks } from "./kit/semantics/timers.ts";

export interface Check {
  readonly name: string;
  run(model: RuntimeModel): void;
}

export const kit: readonly Check[] = [
  ...flowChecks,
  ...tasksChecks,
  ...channelsChecks,
  ...signalsChecks,
  ...locksChecks,
  ...conditionsChecks,
  ...onceChecks,
  ...handlersChecks,
  ...timeChecks,
  ...connectionChecks,
  ...timersChecks,
  ...cancellationChecks,
  ...determinismChecks,
  ...conservationChecks,
  ...budgetChecks,
  ...deadlockChecks,
];
