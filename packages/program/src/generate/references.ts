/** Procedures called and tasks started by references. */
import type { Args, Body, ProcRef, Returns } from "../body.ts";
import { add, list, local, mul } from "../expressions.ts";
import type { E } from "../expressions.ts";
import { declaredType, ProcTypeRef, type Signature } from "../proc-types.ts";
import { returning } from "./control.ts";
import type { Actor, Hired, Leaf, Plan, Step } from "./plan.ts";
import { owner } from "./tasks.ts";

export const referenceLeaves: readonly Leaf[] = [
  { weight: 6, ops: 1, run: calledInTurn },
  { weight: 3, ops: 1, run: asked },
];
export const referenceSteps: readonly Step[] = [{ weight: 6, ops: 2, tasks: 1, run: hireByReference }];

const signatures = {
  Change: { args: { n: "int" }, returns: "int" },
  Ask: { args: {}, returns: "int" },
  Deed: { args: {} },
} as const satisfies Readonly<Record<string, Signature>>;

function typed<N extends keyof typeof signatures>(
  plan: Plan,
  name: N,
): ProcTypeRef<N, (typeof signatures)[N]> {
  plan.procTypes[name] = declaredType(signatures[name]);
  return new ProcTypeRef(name, signatures[name]);
}

/** A few procedures in a list, called one after the other; some have an argument bound, and some may wait. */
function calledInTurn(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const Change = typed(plan, "Change");
  const count = dice.between(1, 3);
  const k = b.let(plan.fresh("k"), dice.below(10));
  const refs: E[] = [];
  for (let i = 0; i < count; i++) {
    const binds = dice.chance(60);
    const helper = plan.proc("change", who, {
      args: binds ? { k: "int", n: "int" } : { n: "int" },
      returns: "int",
    });
    helper.turns = who.turns * count;
    const n = local("int", "n");
    plan.say(helper, n);
    if (dice.chance(50)) plan.leaf(helper);
    returning(helper).return(add(mul(n, 2), binds ? local("int", "k") : 1));
    const ref = helper.ref as ProcRef<{ readonly k: "int"; readonly n: "int" }, "int">;
    refs.push(Change.to(ref, binds ? { k: dice.chance(50) ? k : dice.below(10) } : {}));
  }
  const all = b.let(plan.fresh("changes"), list(...refs));
  b.assign(k, dice.below(10));
  const value = b.let(plan.fresh("value"), dice.below(10));
  b.forEach(all, plan.fresh("change"), (change) => {
    const got = Change.call(b, plan.fresh("got"), change, { n: value });
    plan.say(who, got);
    b.assign(value, got);
  });
  plan.say(who, value);
}

/** A reference of the type by which tasks are started, called. */
function asked(plan: Plan, who: Actor): void {
  const helper = plan.proc("ask", who, { returns: "int" });
  helper.turns = who.turns;
  plan.say(helper);
  if (plan.dice.chance(50)) plan.leaf(helper);
  returning(helper).return(plan.dice.below(10));
  const Ask = typed(plan, "Ask");
  const ref = who.b.let(plan.fresh("ref"), Ask.to(helper.ref as ProcRef<Args, "int">));
  plan.say(who, Ask.call(who.b, plan.fresh("answer"), ref, {}));
}

/** A task for the cast, started by a reference. */
function hireByReference(plan: Plan): void {
  plan.spend(2, 1);
  const from = owner(plan);
  const ending: Hired["ending"] = plan.dice.chance(15)
    ? "fails"
    : plan.dice.chance(50)
      ? "returns"
      : "nothing";
  const who = plan.proc("task", from, ending === "returns" ? { returns: "int" } : {});
  const b: Body<Returns> = from.b;
  const name = plan.fresh("task");
  const task =
    ending === "returns"
      ? typed(plan, "Ask").spawn(b, name, typed(plan, "Ask").to(who.ref as ProcRef<Args, "int">), {})
      : typed(plan, "Deed").spawn(b, name, typed(plan, "Deed").to(who.ref as ProcRef<Args, undefined>), {});
  plan.say(from);
  plan.say(who);
  plan.cast.push(who);
  plan.hired.push({ who, from, task, ending });
}
