/** Sleeps, selects that wait only so long, timers, tickers, calls after a time. */
import { pause } from "./control.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { member } from "./tasks.ts";

export const timerLeaves: readonly Leaf[] = [
  { weight: 8, ops: 1, run: sleep },
  { weight: 3, ops: 1, run: selectTimeout },
  { weight: 5, ops: 3, run: after },
  { weight: 4, ops: 6, run: stopped },
];

export const timerSteps: readonly Step[] = [
  { weight: 5, ops: 2, tasks: 0, run: selectInTime },
  { weight: 5, ops: 6, tasks: 2, run: sleepers },
  { weight: 4, ops: 7, tasks: 2, run: calledLater },
  { weight: 3, ops: 5, tasks: 0, run: ticks },
];

/** Sleeps, once or in turns. */
function sleep(plan: Plan, who: Actor): void {
  const { dice } = plan;
  const turns = dice.chance(25) ? 2 : 1;
  const ns = plan.durations.next(who.turns * turns);
  plan.say(who);
  if (ns === undefined) {
    who.b.yield();
    return plan.say(who);
  }
  if (turns === 1) {
    who.b.sleep(ns);
    return plan.say(who);
  }
  who.b.repeat(turns, plan.fresh("i"), (i) => {
    who.b.sleep(ns);
    plan.say(who, i);
  });
}

/** Nothing comes. */
function selectTimeout(plan: Plan, who: Actor): void {
  const ns = plan.wait(who);
  if (ns === undefined) return plan.say(who);
  plan.say(who);
  who.b.select(
    [who.b.onRecv(plan.chan(plan.dice.below(2)), plan.fresh("got"), (got) => plan.say(who, got))],
    {
      timeout: {
        dur: ns,
        body: () => {
          plan.say(who);
          if (plan.dice.chance(30)) plan.leaf(who);
        },
      },
    },
  );
  plan.say(who);
}

/** A value that comes before the time is over, or not; its sender never waits. */
function selectInTime(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  const [from, to] = pair;
  const { b } = to;
  const ns = plan.wait(to);
  if (ns === undefined) return;
  plan.spend(2);
  const chan = plan.chan(1);
  plan.say(to);
  b.select([b.onRecv(chan, plan.fresh("got"), (got) => plan.say(to, got))], {
    timeout: { dur: ns, body: () => plan.say(to) },
  });
  plan.say(to);
  if (plan.dice.chance(50)) plan.leaf(from);
  from.b.send(chan, plan.dice.below(100));
  plan.say(from);
}

/** Tasks that sleep side by side, each its own time. */
function sleepers(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  const size = plan.tasksLeft > 2 ? 3 : 2;
  const times = Array.from({ length: size }, () => plan.durations.next(1)).filter((ns) => ns !== undefined);
  if (times.length < 2) return;
  plan.spend(6, times.length);
  const dur = { kind: "dur", expr: { var: "time" } } as const;
  const sleeper = member(
    plan,
    from,
    "nothing",
    (who) => {
      who.b.sleep(dur);
      plan.say(who);
      if (dice.chance(50)) who.b.yield();
    },
    { alike: true, args: { time: "dur" } },
  );
  const all = b.list(plan.fresh("tasks"));
  for (const [id, time] of dice.shuffled([...times.entries()])) {
    b.push(all, b.spawn(plan.fresh("task"), sleeper.ref, { time, id }));
    plan.say(from);
  }
  b.joinAll(all);
  plan.say(from);
}

/** A channel that gets its value after a time, received from or one of two cases. */
function after(plan: Plan, who: Actor): void {
  const { b } = who;
  const ns = plan.wait(who);
  if (ns === undefined) return plan.say(who);
  const { dice } = plan;
  plan.say(who);
  const chan = b.after(plan.fresh("due"), ns);
  if (dice.chance(30)) pause(plan, who);
  if (dice.chance(50)) return plan.say(who, b.recv(plan.fresh("fired"), chan));
  b.select(
    dice.shuffled([
      b.onRecv(chan, plan.fresh("fired"), (fired) => plan.say(who, fired)),
      b.onRecv(plan.chan(0), () => plan.say(who)),
    ]),
  );
  plan.say(who);
}

/** A timer that is stopped before it fires or afterwards, and started anew or not. */
function stopped(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const times = [plan.wait(who), plan.wait(who)].filter((ns) => ns !== undefined);
  const [due, meanwhile] = dice.shuffled(times);
  if (due === undefined) return plan.say(who);
  plan.say(who);
  const [timer, chan] = b.timer(plan.fresh("timer"), plan.fresh("due"), due);
  if (meanwhile === undefined) b.yield();
  else b.sleep(meanwhile);
  plan.say(who);
  if (dice.chance(60)) plan.say(who, b.stopTimer(plan.fresh("stopped"), timer));
  const again = dice.chance(60) ? plan.wait(who) : undefined;
  if (again === undefined) return plan.say(who, ...b.tryRecv(plan.fresh("fired"), plan.fresh("ok"), chan));
  if (dice.chance(70)) plan.say(who, b.resetTimer(plan.fresh("pending"), timer, again));
  else b.resetTimer(timer, again);
  plan.say(who, b.recv(plan.fresh("fired"), chan));
}

/** A procedure that is to run after a time, or is stopped before, or started anew. */
function calledLater(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  const times = [plan.wait(from), plan.wait(from)].filter((ns) => ns !== undefined);
  const [due, meanwhile] = dice.shuffled(times);
  if (due === undefined) return;
  plan.spend(7, 2);
  const called = plan.proc("later", from);
  called.turns = 0;
  plan.say(called);
  const sends = dice.chance(40) ? plan.chan(2) : undefined;
  if (sends === undefined) called.b.yield();
  else called.b.send(sends, dice.below(100));
  plan.say(called);
  plan.say(from);
  const timer = b.afterFunc(plan.fresh("timer"), due, called.ref, {});
  plan.say(from);
  if (sends !== undefined) {
    plan.say(from, b.recv(plan.fresh("got"), sends));
    return plan.say(from, b.stopTimer(plan.fresh("stopped"), timer));
  }
  if (meanwhile === undefined) b.yield();
  else b.sleep(meanwhile);
  plan.say(from);
  const again = dice.chance(50) ? plan.wait(from) : undefined;
  if (again !== undefined) plan.say(from, b.resetTimer(plan.fresh("pending"), timer, again));
  if (again === undefined || dice.chance(30)) plan.say(from, b.stopTimer(plan.fresh("stopped"), timer));
}

/** A few ticks, with two missed in between or not. Nobody waits for another time afterwards. */
function ticks(plan: Plan): void {
  const who = plan.someone();
  const { b } = who;
  const { dice } = plan;
  const times = plan.durations.period();
  if (times === undefined) return;
  plan.spend(5);
  const catchUp = dice.pick(["drop", "drop", undefined, "burst", "drift"] as const);
  plan.say(who);
  const [timer, chan] = b.ticker(plan.fresh("ticker"), plan.fresh("ticks"), times.periodNs, catchUp);
  const receive = () => b.repeat(dice.between(1, 2), () => plan.say(who, b.recv(plan.fresh("tick"), chan)));
  receive();
  if (dice.chance(60)) {
    if (dice.chance(60)) b.sleep(times.lateNs);
    else b.block(times.lateNs);
    plan.say(who);
    receive();
  }
  plan.say(who, b.stopTimer(plan.fresh("stopped"), timer));
}
