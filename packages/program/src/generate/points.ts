/**
 * Waits at every kind of cancellation point, for what never comes or comes late: nobody else uses what is waited for, and
 * whoever waits for a lock holds it already. So a wait ends when it is cancelled, and harms nobody.
 */
import type { Actor, Plan } from "./plan.ts";
import { member } from "./tasks.ts";

/** Greatest number of operations of a point. */
export const pointOps = 3;

type Point = (plan: Plan, who: Actor) => void;

/** One of all points that there is room for; those that have no time to wait wait for a value. */
export function point(plan: Plan, who: Actor): void {
  const mayStart = who.turns === 1 && plan.tasksLeft > 0;
  const kind = plan.dice.pick([untimed, untimed, timed, mayStart ? [joined] : timed]);
  (plan.dice.pick(kind) ?? received)(plan, who);
}

function received(plan: Plan, { b }: Actor): void {
  b.recv(plan.chan(0));
}

const untimed: readonly Point[] = [
  received,
  (plan, { b }) => void b.recvOk(plan.fresh("got"), plan.fresh("ok"), plan.chan(0)),
  (plan, { b }) => b.range(plan.chan(1), plan.fresh("item"), () => {}),
  (plan, { b }) => b.send(plan.chan(0), 1),
  (plan, who) =>
    who.b.select([
      who.b.onRecv(plan.chan(0), () => plan.say(who)),
      who.b.onSend(plan.chan(0), 1, () => plan.say(who)),
    ]),
  (plan, who) =>
    who.b.select([
      who.b.onSettled(plan.promise(), () => plan.say(who)),
      who.b.onCancelled(plan.token(), () => plan.say(who)),
      who.b.onSet(plan.event(), () => plan.say(who)),
    ]),
  (plan, { b }) => {
    const mutex = plan.mutex();
    b.lock(mutex);
    b.try({ body: () => b.lock(mutex), finally: () => b.unlock(mutex) });
  },
  (plan, { b }) => b.acquire(plan.sem(0)),
  (plan, { b }) => {
    const rwlock = plan.rwlock();
    b.wlock(rwlock);
    b.try({
      body: () => (plan.dice.chance(50) ? b.rlock(rwlock) : b.wlock(rwlock)),
      finally: () => b.wunlock(rwlock),
    });
  },
  (plan, { b }) => {
    const rwlock = plan.rwlock();
    b.rlock(rwlock);
    b.try({ body: () => b.wlock(rwlock), finally: () => b.runlock(rwlock) });
  },
  (plan, { b }) => {
    const mutex = plan.mutex();
    b.lock(mutex);
    b.try({ body: () => b.condWait(plan.cond(mutex)), finally: () => b.unlock(mutex) });
  },
  (plan, { b }) => {
    const monitor = plan.monitor();
    b.enter(monitor, () => b.monitorWait(monitor));
  },
  (plan, { b }) => b.groupWait(plan.group(1)),
  (plan, { b }) => b.eventWait(plan.event()),
  (plan, { b }) => b.barrierWait(plan.barrier(2)),
  (plan, { b }) => b.await(plan.promise()),
];

const timed: readonly Point[] = [
  within((_, { b }, ns) => b.sleep(ns)),
  within((plan, { b }, ns) => b.callService(plan.service(ns, 0))),
  within((plan, who, ns) => {
    const { b } = who;
    const mutex = plan.mutex();
    b.lock(mutex);
    b.try({
      body: () => plan.say(who, b.lockFor(plan.fresh("ok"), mutex, ns)),
      finally: () => b.unlock(mutex),
    });
  }),
  within((plan, who, ns) => plan.say(who, who.b.acquireFor(plan.fresh("ok"), plan.sem(0), ns))),
  within((plan, who, ns) => {
    const { b } = who;
    const mutex = plan.mutex();
    b.lock(mutex);
    b.try({
      body: () => plan.say(who, b.condWaitFor(plan.fresh("ok"), plan.cond(mutex), ns)),
      finally: () => b.unlock(mutex),
    });
  }),
  within((plan, who, ns) => {
    const { b } = who;
    const monitor = plan.monitor();
    b.enter(monitor, () => plan.say(who, b.monitorWaitFor(plan.fresh("ok"), monitor, ns)));
  }),
];

/** A point that needs a time, or another when there is none. */
function within(wait: (plan: Plan, who: Actor, ns: number) => void): Point {
  return (plan, who) => {
    const ns = plan.wait(who);
    if (ns === undefined) received(plan, who);
    else wait(plan, who, ns);
  };
}

/** The end of a task that sleeps. */
function joined(plan: Plan, who: Actor): void {
  const { b } = who;
  plan.spend(0, 1);
  const sleeper = member(plan, who, "nothing", (it) => {
    const ns = plan.wait(it);
    if (ns === undefined) it.b.yield();
    else it.b.sleep(ns);
  });
  const task = b.spawn(plan.fresh("task"), sleeper.ref, {});
  plan.say(who);
  const way = plan.dice.below(4);
  if (way === 0) b.join(task);
  else if (way === 1) b.joinAny([task]);
  else if (way === 2) b.joinAll([task]);
  else b.settleAll([task]);
}
