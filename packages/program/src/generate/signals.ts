/** Selects that wait for promises, tokens and events, besides channels that nobody uses. */
import type { SelectCase } from "../tree.ts";
import { maybeError } from "./futures.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";

export const signalLeaves: readonly Leaf[] = [{ weight: 1, ops: 2, run: alone }];

export const signalSteps: readonly Step[] = [{ weight: 3, ops: 7, tasks: 0, run: awaited }];

/** What can happen, once for all: how a select waits for it, what it raises, and what makes it happen. */
interface Signal {
  readonly wait: (who: Actor) => SelectCase;
  readonly error: ReturnType<typeof maybeError>;
  readonly happen: (who: Actor) => void;
}

const signals: readonly ((plan: Plan) => Signal)[] = [
  (plan) => {
    const promise = plan.promise();
    const error = maybeError(plan);
    const value = plan.dice.below(100);
    return {
      wait: (who) => who.b.onSettled(promise, plan.fresh("value"), (given) => plan.say(who, given)),
      error,
      happen: ({ b }) => (error === undefined ? b.resolve(promise, value) : b.reject(promise, error)),
    };
  },
  (plan) => {
    const token = plan.token();
    return {
      wait: (who) => who.b.onCancelled(token, () => plan.say(who)),
      error: undefined,
      happen: ({ b }) => b.cancelToken(token),
    };
  },
  (plan) => {
    const event = plan.event();
    return {
      wait: (who) => who.b.onSet(event, () => plan.say(who)),
      error: undefined,
      happen: ({ b }) => b.eventSet(event),
    };
  },
];

function signal(plan: Plan): Signal {
  return plan.dice.pick(signals)!(plan);
}

/** Cases of signals that happen, and perhaps of a channel that nobody uses. */
function select(
  plan: Plan,
  who: Actor,
  among: readonly Signal[],
  options: Parameters<Actor["b"]["select"]>[1] = {},
): void {
  const { b } = who;
  const { dice } = plan;
  const run = () => {
    const cases = among.map(({ wait }) => wait(who));
    if (dice.chance(40)) cases.push(b.onRecv(plan.chan(dice.below(2)), () => plan.say(who)));
    b.select(dice.shuffled(cases), options);
  };
  const errors = among.flatMap(({ error }) => error ?? []);
  if (errors.length === 0) return run();
  b.try({ body: run, catch: [{ kinds: [...new Set(errors)], body: () => plan.say(who) }] });
}

/** A look at what has happened already or never will, or a wait that ends by its time. */
function alone(plan: Plan, who: Actor): void {
  const { dice } = plan;
  const seen = signal(plan);
  const other = signal(plan);
  plan.say(who);
  if (dice.chance(60)) seen.happen(who);
  const ns = dice.chance(40) ? plan.wait(who) : undefined;
  select(
    plan,
    who,
    [seen, other],
    ns === undefined
      ? { otherwise: () => plan.say(who) }
      : { timeout: { dur: ns, body: () => plan.say(who) } },
  );
  plan.say(who);
}

/** One makes one or two things happen, up to three wait for the first of them. */
function awaited(plan: Plan): void {
  const { dice } = plan;
  const [from, ...others] = dice.shuffled(plan.cast).slice(0, 4);
  if (from === undefined || others.length === 0) return;
  const among = dice.chance(50) ? [signal(plan)] : [signal(plan), signal(plan)];
  plan.spend(others.length + 2 * among.length);
  for (const who of others) {
    if (dice.chance(30)) plan.leaf(who);
    select(plan, who, among);
    plan.say(who);
  }
  if (dice.chance(50)) plan.leaf(from);
  for (const each of dice.shuffled(among)) {
    each.happen(from);
    plan.say(from);
    if (dice.chance(30)) from.b.yield();
  }
}
