/**
 * Handlers of promises and calls from the runtime's queues. A handler waits for nothing, so that it ends as soon as it is
 * called; a promise that it returns is settled by somebody who waits for nothing before it.
 */
import { cell } from "../declarations.ts";
import { add, local, mul } from "../expressions.ts";
import type { E } from "../expressions.ts";
import type { Body } from "../body.ts";
import type { CallbackQueue, ErrKind } from "../tree.ts";
import { returning } from "./control.ts";
import { maybeError, receive, settle } from "./futures.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { member } from "./tasks.ts";

export const handlerLeaves: readonly Leaf[] = [
  { weight: 3, ops: 3, run: settledBefore },
  { weight: 4, ops: 3, run: queued },
];

export const handlerSteps: readonly Step[] = [
  { weight: 8, ops: 5, tasks: 0, run: chain },
  { weight: 5, ops: 4, tasks: 0, run: several },
  { weight: 4, ops: 7, tasks: 0, run: calls },
];

const queues = ["micro", "next", "immediate"] as const;

/** A promise, and the error that it is rejected with, if any. */
interface Promised {
  readonly promise: E<"promise">;
  readonly error: ErrKind | undefined;
}

/** How a handler ends. */
type Ending = "int" | "nothing" | { readonly fails: ErrKind } | { readonly gives: E<"promise"> };

/** Something more, where there is room for it. */
function perhaps(plan: Plan, percent: number, ops: number, write: () => void): void {
  if (!plan.dice.chance(percent) || plan.opsLeft < ops) return;
  plan.spend(ops);
  write();
}

// Handlers

/** What a handler does besides. */
function deeds(plan: Plan, who: Actor): void {
  const { b } = who;
  perhaps(plan, 15, 2, () => {
    const at = { cell: plan.cell(cell(0)), type: "int" } as const;
    const seen = b.load(plan.fresh("seen"), at);
    b.store(at, add(seen, 1));
    plan.say(who, seen);
  });
  perhaps(plan, 15, 1, () => call(plan, who, callee(plan, who)));
  if (who.turns === 1 && plan.tasksLeft > 0)
    perhaps(plan, 10, 2, () => {
      plan.spend(0, 1);
      const task = member(plan, who, "nothing", (it) => it.b.yield());
      b.spawn(task.ref, {});
      plan.say(who);
    });
}

/** The handler of an `onResolve`. */
function handler(plan: Plan, from: Actor, ending: Ending, write?: (who: Actor) => void): Actor {
  const returns =
    ending === "nothing" ? undefined : typeof ending === "object" && "gives" in ending ? "promise" : "int";
  const who = plan.proc("handler", from, {
    args: { value: "int" },
    ...(returns === undefined ? {} : { returns }),
  });
  who.turns = from.turns;
  const value = local("int", "value");
  plan.say(who, value);
  deeds(plan, who);
  write?.(who);
  if (ending === "nothing") return who;
  if (ending === "int") returning(who).return(add(mul(value, 2), plan.dice.below(10)));
  else if ("fails" in ending) who.b.throw(ending.fails);
  else (who.b as unknown as Body<"promise">).return(ending.gives);
  return who;
}

/**
 * A handler on a promise, and the promise of what it returns: one operation that is spent already. A promise that the
 * handler gives back is settled by `later`, or by itself.
 */
function handled(
  plan: Plan,
  who: Actor,
  on: Promised,
  later: (settle: (by: Actor) => void) => void,
): Promised {
  const { dice } = plan;
  const listen = (ending: Ending, write?: (it: Actor) => void) =>
    who.b.onResolve(plan.fresh("next"), on.promise, handler(plan, who, ending, write).ref);
  const way = dice.below(100);
  if (way < 35 && plan.opsLeft >= 1) {
    plan.spend(1);
    const inner = plan.promise();
    const error = who.turns === 1 ? maybeError(plan) : undefined;
    const settles = (by: Actor) => settle(plan, by, inner, error);
    const itself = dice.chance(40);
    if (!itself) later(settles);
    return { promise: listen({ gives: inner }, itself ? settles : undefined), error: on.error ?? error };
  }
  if (way < 50) {
    const error = maybeError(plan) ?? "User:failed";
    return { promise: listen({ fails: error }), error: on.error ?? error };
  }
  return { promise: listen("int"), error: on.error };
}

/** Handlers of handlers, and one who awaits the last of them. */
function chain(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  const [from, to] = pair;
  const { dice } = plan;
  plan.spend(3);
  let last: Promised = { promise: plan.promise(), error: maybeError(plan) };
  const first = last;
  const later: ((by: Actor) => void)[] = [];
  plan.say(to);
  for (let links = dice.between(1, 4); links > 0; links--) {
    last = handled(plan, to, last, (settles) => later.push(settles));
    if (plan.opsLeft < 1) break;
    plan.spend(1);
  }
  if (dice.chance(30)) plan.leaf(to);
  receive(plan, to, last.promise, last.error);
  if (dice.chance(50)) plan.leaf(from);
  const settles = [(by: Actor) => settle(plan, by, first.promise, first.error), ...later];
  for (const each of dice.shuffled(settles)) {
    each(from);
    if (dice.chance(30)) plan.say(from);
  }
}

/** Several handlers of one promise, of one actor or two, beside those who await it. */
function several(plan: Plan): void {
  const [from, ...others] = plan.dice.shuffled(plan.cast).slice(0, 3);
  if (from === undefined || others.length === 0) return;
  const { dice } = plan;
  plan.spend(1);
  const promised: Promised = { promise: plan.promise(), error: maybeError(plan) };
  const early = dice.chance(40);
  if (early) settle(plan, from, promised.promise, promised.error);
  for (const who of others) {
    plan.say(who);
    for (let i = dice.between(1, 2); i > 0 && plan.opsLeft >= 1; i--) {
      plan.spend(1);
      who.b.onResolve(promised.promise, handler(plan, who, "nothing").ref);
      plan.say(who);
    }
    perhaps(plan, 50, 1, () => receive(plan, who, promised.promise, promised.error));
  }
  if (!early) settle(plan, from, promised.promise, promised.error);
}

/** Handlers of a promise that is settled already. */
function settledBefore(plan: Plan, who: Actor): void {
  const error = who.turns === 1 ? maybeError(plan) : undefined;
  const promise = plan.promise();
  settle(plan, who, promise, error);
  const next = who.b.onResolve(plan.fresh("next"), promise, handler(plan, who, "int").ref);
  plan.say(who);
  receive(plan, who, next, error);
}

// Queues

/** What is called from a queue: it may have another call queued. */
function callee(plan: Plan, from: Actor, mayCall = false): Actor {
  const who = plan.proc("callback", from, { args: { id: "int" }, tag: "id" });
  who.turns = 0;
  plan.say(who);
  if (mayCall) perhaps(plan, 25, 1, () => call(plan, who, callee(plan, who)));
  return who;
}

function call(plan: Plan, who: Actor, called: Actor, queue: CallbackQueue = plan.dice.pick(queues)): void {
  who.b.callback(queue, called.ref, { id: plan.dice.below(100) });
  plan.say(who);
}

/**
 * The call of a timer, right after a sleep if there is time for one: otherwise it hangs on timing whether the millisecond
 * that Node's timer takes is over before all that is immediate.
 */
function callAnywhere(plan: Plan, who: Actor, called: Actor): void {
  const ns = plan.dice.chance(25) && plan.opsLeft > 0 ? plan.wait(who) : undefined;
  if (ns === undefined) return call(plan, who, called);
  plan.spend(1);
  who.b.sleep(ns);
  plan.say(who);
  call(plan, who, called, "timer");
}

/** Two or three calls by one actor, which then gives way or not. */
function queued(plan: Plan, who: Actor): void {
  const called = callee(plan, who);
  for (let i = plan.dice.between(1, 2); i > 0; i--) callAnywhere(plan, who, called);
  if (plan.dice.chance(60)) giveWay(plan, who);
}

function giveWay(plan: Plan, who: Actor): void {
  if (plan.dice.chance(35)) who.b.yieldMicro();
  else who.b.yield();
  plan.say(who);
}

/** Calls of several actors, among them one that settles what somebody awaits. */
function calls(plan: Plan): void {
  const { dice } = plan;
  plan.spend(7);
  const called = callee(plan, plan.main, true);
  for (let i = 0; i < 4; i++) {
    const who = plan.someone();
    if (dice.chance(70)) callAnywhere(plan, who, called);
    else giveWay(plan, who);
  }
  if (dice.chance(40)) return;
  const who = plan.someone();
  const promise = plan.promise();
  const settling = callee(plan, who);
  settle(plan, settling, promise, undefined);
  callAnywhere(plan, who, settling);
  receive(plan, plan.someone(), promise, undefined);
}
