/** What one actor does alone in every class: control flow, errors, procedures, giving way. */
import { add, and, at, div, eq, ge, isNone, len, local, lt, mod, mul, not, or, sub } from "../expressions.ts";
import type { Args, Body, ProcRef } from "../body.ts";
import { boolExpr, intExpr } from "./expressions.ts";
import type { Actor, Leaf, Plan } from "./plan.ts";

/** The writer of a procedure that returns an int. */
export const returning = (who: Actor): Body<"int"> => who.b as unknown as Body<"int">;
const intProc = (who: Actor): ProcRef<Args, "int"> => who.ref as ProcRef<Args, "int">;

/** Gives way in one of the ways that need no time, or passes time when the class has some to pass. */
export function pause(plan: Plan, who: Actor): void {
  const ns = plan.dice.chance(40) ? plan.wait(who) : undefined;
  if (ns !== undefined) return who.b.sleep(ns);
  who.b.yield();
}

export const controlLeaves: readonly Leaf[] = [
  {
    weight: 5,
    ops: 1,
    run(plan, who) {
      plan.say(who);
      who.b.yield();
      plan.say(who);
    },
  },
  {
    weight: 1,
    ops: 1,
    run(plan, who) {
      who.b.yieldMicro();
      plan.say(who);
    },
  },
  {
    weight: 2,
    ops: 0,
    run(plan, who) {
      const { b } = who;
      const turns = plan.dice.between(2, 3);
      b.repeat(plan.parameter(turns), plan.fresh("i"), (i) => {
        plan.say(who, i);
        plan.repeated(who, turns, () => plan.leaf(who));
      });
    },
  },
  { weight: 2, ops: 0, run: calculated },
  { weight: 1, ops: 0, run: boundedWhile },
  { weight: 1, ops: 0, run: labelledLoops },
  { weight: 1, ops: 0, run: lists },
  { weight: 2, ops: 0, run: branches },
  { weight: 2, ops: 0, run: caught },
  { weight: 1, ops: 0, run: unwound },
  { weight: 2, ops: 0, run: called },
  { weight: 1, ops: 0, run: recursion },
  { weight: 1, ops: 0, run: observed },
];

function calculated(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const x = b.let(plan.fresh("x"), dice.between(-20, 20));
  if (dice.chance(50)) b.assign(x, intExpr(dice, [x]));
  plan.say(who, x, intExpr(dice, [x]), boolExpr(dice, [x]));
  if (dice.chance(30)) b.assert(or(boolExpr(dice, [x]), eq(x, x)), "always");
  if (dice.chance(30)) {
    const missing = b.let(plan.fresh("missing"), at([x], dice.between(0, 2)));
    plan.say(who, missing, isNone(missing));
  }
}

function boundedWhile(plan: Plan, who: Actor): void {
  const { b } = who;
  const turns = plan.dice.between(2, 3);
  const n = b.let(plan.fresh("n"), 0);
  b.while(lt(n, turns), { bound: turns }, () => {
    plan.say(who, n);
    plan.repeated(who, turns, () => plan.leaf(who));
    b.assign(n, add(n, 1));
  });
}

function labelledLoops(plan: Plan, who: Actor): void {
  const { b } = who;
  const label = plan.fresh("outer");
  b.repeat(3, { bind: plan.fresh("i"), label }, (i) => {
    b.repeat(3, plan.fresh("j"), (j) => {
      b.if(eq(j, plan.dice.between(1, 2)), () => (plan.dice.chance(50) ? b.continue(label) : b.break()));
      b.if(and(eq(i, 1), eq(j, plan.dice.below(2))), () =>
        plan.dice.chance(50) ? b.break(label) : b.continue(),
      );
      plan.say(who, i, j);
    });
  });
}

function lists(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const items = b.list(plan.fresh("items"), dice.below(10), dice.below(10));
  b.push(items, dice.between(-5, 5));
  if (dice.chance(50)) b.setAt(items, dice.below(3), 7);
  plan.say(who, items, len(items), at(items, dice.between(1, 4)));
  b.forEach(items, plan.fresh("item"), (item) => {
    plan.say(who, item, mod(mul(item, 3), 4));
    if (dice.chance(40)) plan.repeated(who, 3, () => plan.leaf(who));
  });
}

function branches(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const drawn = dice.chance(50)
    ? b.draw(plan.fresh("drawn"), dice.pick(["size", "way"]), {
        gives: "int",
        from: { dist: "uniform", low: 0, high: 2 },
      })
    : b.choose(plan.fresh("chosen"), 3);
  if (dice.chance(50)) {
    b.if(
      dice.pick([eq(drawn, 1), not(eq(drawn, 0)), ge(sub(drawn, 1), 0)]),
      () => {
        plan.say(who, drawn);
        plan.leaf(who);
      },
      () => plan.say(who),
    );
    return;
  }
  b.match(
    drawn,
    [
      [0, () => plan.leaf(who)],
      [1, () => plan.say(who)],
    ],
    () => plan.say(who, div(drawn, 2)),
  );
}

/** An error that is raised and caught, past something. */
function caught(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const error = dice.pick(["User:oops", "User:other", "AssertFailed", "Overflow"] as const);
  b.try({
    body: () => {
      if (dice.chance(60)) plan.leaf(who);
      if (error === "AssertFailed") b.assert(eq(who.depth, who.depth + 1), "never");
      else if (error === "Overflow") {
        const zero = b.let(plan.fresh("zero"), 0);
        b.let(plan.fresh("quotient"), div(7, zero));
      } else if (dice.chance(20)) b.try({ body: () => b.throw("User:first"), finally: () => b.throw(error) });
      else b.throw(error);
    },
    catch: [
      ...(dice.chance(30) ? [{ kinds: "User:never" as const, body: () => plan.say(who) }] : []),
      {
        kinds: dice.chance(30) ? [error, "ChannelClosed"] : error,
        body: () => {
          plan.say(who);
          if (dice.chance(30)) plan.leaf(who);
        },
      },
    ],
    ...(dice.chance(40)
      ? {
          finally: () => {
            plan.say(who);
            if (dice.chance(40)) plan.leaf(who);
          },
        }
      : {}),
  });
}

/** A procedure with deferred blocks that ends early, by a return or an error. */
function unwound(plan: Plan, who: Actor): void {
  const helper = plan.proc("help", who);
  const { b } = helper;
  helper.turns = who.turns;
  plan.say(helper);
  b.defer(() => {
    plan.say(helper);
    if (plan.dice.chance(40)) plan.leaf(helper);
  });
  if (plan.dice.chance(60)) b.defer(() => plan.say(helper));
  if (plan.dice.chance(60)) plan.leaf(helper);
  if (plan.dice.chance(50)) {
    b.try({
      body: () => {
        if (plan.dice.chance(50)) return b.return();
        b.repeat(3, plan.fresh("i"), (i) => {
          plan.say(helper, i);
          b.if(eq(i, 1), () => b.return());
        });
      },
      finally: () => plan.say(helper),
    });
    who.b.call(helper.ref, {});
    plan.say(who);
    return;
  }
  b.throw("User:left");
  who.b.try({
    body: () => who.b.call(helper.ref, {}),
    catch: [{ kinds: plan.dice.chance(50) ? "*" : "User:left", body: () => plan.say(who) }],
  });
}

/** A procedure that gives a value back. */
function called(plan: Plan, who: Actor): void {
  const helper = plan.proc("help", who, { args: { given: "int" }, returns: "int" });
  helper.turns = who.turns;
  const given = local("int", "given");
  plan.say(helper, given);
  plan.leaf(helper);
  returning(helper).return(add(mul(given, 2), 1));
  const result = who.b.call(plan.fresh("result"), intProc(helper), { given: plan.dice.below(10) });
  plan.say(who, result);
}

function recursion(plan: Plan, who: Actor): void {
  const helper = plan.proc("walk", who, { args: { n: "int" }, returns: "int" });
  helper.turns = who.turns * 3;
  const n = local("int", "n");
  const b = returning(helper);
  plan.say(helper, n);
  b.if(lt(n, 1), () => b.return(1));
  if (plan.dice.chance(50)) plan.leaf(helper);
  const rest = b.call("rest", intProc(helper), { n: sub(n, 1) });
  plan.say(helper, n, rest);
  b.return(add(mul(n, 10), rest));
  const result = who.b.call(plan.fresh("result"), intProc(helper), { n: plan.dice.between(1, 2) });
  plan.say(who, result);
}

function observed(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const since = b.now(plan.fresh("since"));
  plan.leaf(who);
  if (dice.chance(50)) b.mark("span", since);
  if (dice.chance(30)) b.mark("reached");
  if (dice.chance(50)) b.count("turns", dice.between(1, 3));
  if (dice.chance(30)) b.count("visits");
  if (dice.chance(30)) b.measure("size", dice.below(100));
  if (dice.chance(30)) b.gauge("level", dice.below(100));
  if (dice.chance(30)) b.expect(lt(dice.below(5), 9), "small");
}
