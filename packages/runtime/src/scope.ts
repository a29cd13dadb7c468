/** Structured concurrency: `scope` and `scopeRace`. What waiting means is the lowering's, who is cancelled is decided here. */
import type { Stmt } from "@orrery/program";
import type { Completion } from "./code.ts";
import { isSteps, type Steps } from "./model.ts";
import type { Task, TaskScope } from "./task.ts";
import { Fault } from "./values.ts";
import type { World } from "./world.ts";

export function openScope(
  world: World,
  owner: Task,
  stmt: Extract<Stmt, { readonly op: "scope" | "scopeRace" }>,
): TaskScope {
  const scope: TaskScope = {
    owner,
    race: stmt.op === "scopeRace",
    cancelSiblings: stmt.op === "scope" && stmt.onError === "cancelSiblings",
    children: [],
    live: 0,
    firstFailure: null,
    winner: null,
    closing: false,
    native: null,
  };
  world.lowering.scopeEnter(owner, scope);
  return scope;
}

/**
 * End of the block, however it ended: waits for the children (of a race that leaves its losers, for the winner) and tells
 * what the block raises. A scope never ends before its children; a cancellation that comes meanwhile is passed on to them.
 */
export function* closeScope(
  world: World,
  owner: Task,
  scope: TaskScope,
  pending: Completion,
  leaveLosers: boolean,
): Steps<{ readonly failure: Fault | null; readonly winner: Task | null }> {
  scope.closing = true;
  let failure = pending.how === "throw" ? pending.error : null;
  if (failure !== null) world.cancelAll(owner, scope.children);
  else if (owner.cancelRequested && scope.firstFailure !== null) owner.cancelRequested = false; // it was the scope's own
  for (;;) {
    owner.waitingOn = scope.children;
    try {
      const op = world.lowering.scopeWait(owner, scope, leaveLosers);
      if (isSteps(op)) yield* op;
      break;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      owner.cancelRequested = false;
      failure = error;
      world.cancelAll(owner, scope.children);
    }
  }
  owner.waitingOn = null;
  for (const child of scope.children) child.observed = true;
  return { failure: failureOf(scope, failure), winner: scope.winner };
}

/** What the block raises, given what was raised in it. */
function failureOf({ race, winner, children, firstFailure }: TaskScope, raised: Fault | null): Fault | null {
  if (race) {
    if (raised !== null || winner !== null || children.length === 0) return raised;
    return new Fault("TaskFailed", "no task of the race completed");
  }
  if (firstFailure !== null && (raised === null || raised.kind === "Cancelled"))
    return new Fault("TaskFailed", `${firstFailure.path}: ${firstFailure.error?.message ?? "failed"}`);
  return raised;
}

/** Makes a new task a child of the scope. Where the others have been cancelled already, so is this one from the start. */
export function addChild(scope: TaskScope, child: Task): void {
  child.scope = scope;
  scope.children.push(child);
  scope.live++;
  const decided = scope.race ? scope.winner !== null : scope.cancelSiblings && scope.firstFailure !== null;
  if (decided) child.cancelRequested = true;
}
