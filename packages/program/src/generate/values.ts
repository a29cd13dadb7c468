/** Maps and records, alone and shared between tasks. */
import { add, get, has, intMap, isNone, len, local, strMap } from "../expressions.ts";
import type { E, Local } from "../expressions.ts";
import { RecordRef } from "../records.ts";
import { intExpr } from "./expressions.ts";
import type { Actor, Leaf, Plan } from "./plan.ts";

export const valueLeaves: readonly Leaf[] = [
  { weight: 2, ops: 0, run: mapOfInts },
  { weight: 1, ops: 0, run: mapOfTexts },
  { weight: 2, ops: 2, run: sharedMap },
  { weight: 2, ops: 0, run: records },
];

function mapOfInts(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const map = b.let(
    plan.fresh("map"),
    intMap([dice.between(-9, 0), dice.below(10)], [dice.between(1, 9), 2]),
  );
  b.put(map, intExpr(dice, []), dice.below(10));
  const missing = b.let(plan.fresh("missing"), get(map, dice.between(-9, 9)));
  plan.say(who, map, isNone(missing), get(map, dice.between(-9, 9), dice.below(10)));
  const full = { max: 3 };
  b.try({
    body: () => {
      b.put(map, dice.between(20, 30), 1, full);
      b.put(map, dice.between(20, 22), 2, full);
      plan.say(who, len(map));
    },
    catch: [{ kinds: "AssertFailed", body: () => plan.say(who, len(map)) }],
  });
  const key = plan.fresh("key");
  b.forEachEntry(map, key, plan.fresh("value"), (_, value) => {
    plan.say(who, local("int", key), value);
    if (dice.chance(40)) b.put(map, add(local("int", key), 1), value);
    if (dice.chance(40)) b.delete(map, local("int", key));
    if (dice.chance(40)) plan.repeated(who, 4, () => plan.leaf(who));
  });
  plan.say(who, map);
}

function mapOfTexts(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const words = ["ash", "Birch", "oak", "elm"] as const;
  const map = b.let(plan.fresh("map"), strMap());
  const word = plan.fresh("word");
  b.forEach(dice.shuffled(words).slice(0, 3), word, () =>
    b.put(map, local("str", word), add(len(map), dice.below(3))),
  );
  b.delete(map, dice.pick(words));
  plan.say(who, map, has(map, dice.pick(words)), get(map, dice.pick(words), -1));
}

/** One map that every task of the program changes: who gives way in between sees what others did. */
function sharedMap(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const found = plan.shared.find(({ type }) => type === "intMap")?.name;
  const cell = found ?? plan.cell({ type: "intMap", init: null });
  const map = b.load(plan.fresh("seen"), { cell, type: "intMap" });
  const key = dice.below(3);
  const before = b.let(plan.fresh("before"), get(map, key, 0));
  if (dice.chance(50)) b.yield();
  b.put(map, key, add(before as E as E<"int">, 1));
  plan.say(who, map);
}

const fields = { id: "int", name: "str", done: "bool" } as const;

function records(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const Job = new RecordRef("Job", fields);
  plan.records["Job"] = fields;
  const job = b.let(plan.fresh("job"), Job.of({ id: intExpr(dice, []), name: "a", done: dice.chance(50) }));
  const item = dice.chance(50) ? Job.with(job, { id: add(Job.get(job, "id"), 1) }) : job;
  const copy = b.let(
    plan.fresh("copy"),
    Job.with(item, { name: dice.pick(["b", "c"]) }),
  ) as Local<"record:Job">;
  if (dice.chance(50)) b.assign(copy, job);
  plan.say(who, job, copy, Job.get(copy, "id"));
  b.if(Job.get(copy, "done"), () => plan.leaf(who));
}
