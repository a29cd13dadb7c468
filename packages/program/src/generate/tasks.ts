/** Tasks that one actor starts and waits for, and tasks that take part in later steps. */
import type { Args } from "../body.ts";
import { at, isOk, selfIndex } from "../expressions.ts";
import type { E, Local } from "../expressions.ts";
import { returning } from "./control.ts";
import type { Actor, Hired, Plan, Step } from "./plan.ts";

/** Procedures below main that may start tasks. */
const deepest = 2;

export const taskSteps: readonly Step[] = [
  { weight: 6, ops: 6, tasks: 2, run: (plan) => crew(plan, owner(plan)) },
  { weight: 2, ops: 2, tasks: 1, run: hire },
  { weight: 1, ops: 1, tasks: 1, run: detached },
  { weight: 2, ops: 7, tasks: 2, run: stage },
  { weight: 2, ops: 0, tasks: 0, run: (plan) => plan.leaf(plan.someone()) },
];

export const owner = (plan: Plan): Actor =>
  plan.dice.pick(plan.cast.filter(({ depth }) => depth < deepest)) ?? plan.main;

export type Ending = "nothing" | "returns" | "fails";

/** The procedure of a task. `alike`: several tasks run it side by side. */
export function member(
  plan: Plan,
  from: Actor,
  ending: Ending,
  write: (who: Actor) => void,
  options: { readonly alike?: boolean; readonly args?: Args } = {},
): Actor {
  const { alike = false, args = {} } = options;
  const who = plan.proc("task", from, {
    args: alike ? { ...args, id: "int" } : args,
    ...(ending === "returns" ? { returns: "int" } : {}),
    ...(alike ? { tag: "id" } : {}),
  });
  who.turns = alike ? 0 : 1;
  if (alike && plan.dice.chance(30)) plan.say(who, selfIndex());
  else plan.say(who);
  write(who);
  end(plan, who, ending);
  return who;
}

function end(plan: Plan, who: Actor, ending: Ending): void {
  plan.say(who);
  if (ending === "returns") returning(who).return(plan.dice.below(100));
  if (ending === "fails") who.b.throw("User:failed");
}

function work(plan: Plan, who: Actor): void {
  const count = plan.dice.between(1, 3);
  for (let i = 0; i < count; i++) {
    const nests = who.depth < deepest && plan.tasksLeft >= 2 && plan.opsLeft >= 6 && who.turns > 0;
    if (nests && plan.dice.chance(12)) crew(plan, who);
    else plan.leaf(who);
  }
}

/** Two or three tasks whose owner waits for them. */
function crew(plan: Plan, owner: Actor): void {
  const { dice } = plan;
  const size = plan.tasksLeft > 2 && plan.opsLeft > 6 ? dice.between(2, 3) : 2;
  const way = dice.pick(["join", "joinAll", "settleAll", "scope"] as const);
  plan.spend(size + (way === "join" ? size : 1), size);
  const alike = dice.chance(35);
  const ending: Ending = way === "scope" || dice.chance(40) ? "nothing" : "returns";
  const failing = dice.chance(25) ? dice.below(size) : -1;
  const ends = (i: number): Ending => (failing === i ? "fails" : ending);
  const common = alike
    ? member(plan, owner, failing >= 0 ? "fails" : ending, (who) => work(plan, who), { alike })
    : undefined;
  const members =
    common === undefined
      ? Array.from({ length: size }, (_, i) => member(plan, owner, ends(i), (who) => work(plan, who)))
      : Array.from({ length: size }, () => common);
  const start = (): readonly Local<"task">[] =>
    members.map(({ ref }, i) => {
      const task = owner.b.spawn(plan.fresh("task"), ref, alike ? { id: i } : {}, {
        deferred: dice.chance(15),
      });
      if (dice.chance(60)) plan.say(owner);
      return task;
    });
  if (way === "scope") {
    guarded(plan, owner, failing >= 0, () =>
      owner.b.scope(failing < 0 && dice.chance(30) ? "cancelSiblings" : "waitAll", () => {
        start();
        if (dice.chance(50)) plan.leaf(owner);
        plan.say(owner);
      }),
    );
    plan.say(owner);
    return;
  }
  const tasks = start();
  if (dice.chance(40)) plan.leaf(owner);
  waitForAll(plan, owner, tasks, way, failing >= 0, ending === "returns");
}

/** Waits for tasks, some of which may fail. */
function waitForAll(
  plan: Plan,
  owner: Actor,
  tasks: readonly Local<"task">[],
  way: "join" | "joinAll" | "settleAll",
  failing: boolean,
  returning: boolean,
): void {
  const { b } = owner;
  const { dice } = plan;
  if (way === "join") {
    for (const task of dice.shuffled(tasks)) {
      guarded(plan, owner, failing, () => {
        if (!returning || failing) return b.join(task);
        plan.say(owner, b.join(plan.fresh("value"), task));
      });
      plan.say(owner);
    }
    return;
  }
  const all = b.list(plan.fresh("tasks"), ...dice.shuffled(tasks));
  if (way === "joinAll") {
    guarded(plan, owner, failing, () => {
      if (!returning) return b.joinAll(all);
      plan.say(owner, b.joinAll(plan.fresh("values"), all));
    });
    plan.say(owner);
    return;
  }
  const results = b.settleAll(plan.fresh("results"), all);
  plan.say(owner, ...tasks.map((_, i) => isOk(at(results, i) as E<"any">)));
}

/** Writes something that can raise TaskFailed, with what takes it. */
export function guarded(plan: Plan, who: Actor, failing: boolean, write: () => void): void {
  if (!failing) return write();
  who.b.try({
    body: write,
    catch: [{ kinds: plan.dice.chance(30) ? "*" : "TaskFailed", body: () => plan.say(who) }],
  });
}

/** A task that nobody waits for. */
function detached(plan: Plan): void {
  const from = owner(plan);
  plan.spend(1, 1);
  const who = member(plan, from, "nothing", (it) => {
    work(plan, it);
  });
  from.b.detach(who.ref, {});
  plan.say(from);
}

/** A task that joins the cast; `close` ends it. */
export function hire(plan: Plan, from: Actor = owner(plan), mayFail = true): void {
  plan.spend(2, 1);
  const ending: Ending =
    mayFail && plan.dice.chance(15) ? "fails" : plan.dice.chance(40) ? "returns" : "nothing";
  const who = plan.proc("task", from, ending === "returns" ? { returns: "int" } : {});
  const task = from.b.spawn(plan.fresh("task"), who.ref, {});
  plan.say(from);
  plan.say(who);
  plan.cast.push(who);
  plan.hired.push({ who, from, task, ending });
}

/** A scope around a few steps, with tasks of its own. */
function stage(plan: Plan): void {
  const from = owner(plan);
  const { dice } = plan;
  plan.spend(1);
  const others = [...plan.hired];
  const fails = dice.chance(40);
  guarded(plan, from, fails, () =>
    from.b.scope(!fails && dice.chance(40) ? "cancelSiblings" : "waitAll", () => {
      for (let i = 0; i < 2; i++) hire(plan, from, fails);
      const most = dice.between(1, 4);
      for (let i = 0; i < most; i++)
        dice
          .weighted(
            plan.steps.filter((step) => step.run !== hire && step.run !== stage && plan.affords(step)),
          )
          ?.run(plan);
      close(plan, from, others);
    }),
  );
  plan.say(from);
}

/** Ends everyone that `from` hired, except `others`, and lets it wait for them. */
export function close(plan: Plan, from: Actor, others: readonly Hired[] = []): void {
  const own = plan.hired.filter((each) => each.from === from && !others.includes(each));
  for (const { who, ending } of own) {
    close(plan, who);
    end(plan, who, ending);
    plan.cast.splice(plan.cast.indexOf(who), 1);
    plan.hired.splice(
      plan.hired.findIndex((each) => each.who === who),
      1,
    );
  }
  if (own.length === 0) return;
  const failing = own.some(({ ending }) => ending === "fails");
  const returning = own.every(({ ending }) => ending === "returns");
  const way = own.length === 1 ? "join" : plan.dice.pick(["join", "joinAll", "settleAll"] as const);
  waitForAll(
    plan,
    from,
    own.map(({ task }) => task),
    way,
    failing,
    returning,
  );
}
