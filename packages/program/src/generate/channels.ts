/** Channels: values handed over, channels closed, selects, and attempts that never wait. */
import { add, mul, none } from "../expressions.ts";
import type { E, Value } from "../expressions.ts";
import { pause } from "./control.ts";
import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { member } from "./tasks.ts";

export const channelLeaves: readonly Leaf[] = [
  { weight: 3, ops: 5, run: attempts },
  { weight: 2, ops: 3, run: closedAlone },
  { weight: 1, ops: 1, run: errors },
  { weight: 2, ops: 2, run: selectAlone },
];

export const channelSteps: readonly Step[] = [
  { weight: 5, ops: 2, tasks: 0, run: pass },
  { weight: 3, ops: 3, tasks: 0, run: ranged },
  { weight: 3, ops: 5, tasks: 0, run: fanIn },
  { weight: 2, ops: 5, tasks: 0, run: fanOut },
  { weight: 2, ops: 4, tasks: 0, run: closeWakes },
  { weight: 3, ops: 4, tasks: 0, run: selectFrom },
  { weight: 2, ops: 4, tasks: 0, run: selectInto },
  { weight: 2, ops: 4, tasks: 0, run: requestReply },
  { weight: 3, ops: 6, tasks: 2, run: pool },
  { weight: 3, ops: 5, tasks: 0, run: contested },
];

/** Something to send. */
function value(plan: Plan): Value {
  const { dice } = plan;
  const number = dice.below(100);
  return dice.weighted<{ weight: number; value: Value }>([
    { weight: 8, value: number },
    { weight: 1, value: dice.chance(50) },
    { weight: 1, value: dice.pick(["x", "yes", "two words"]) },
    { weight: 1, value: [number, number + 1] },
    { weight: 1, value: none },
    { weight: 1, value: -number },
  ])!.value;
}

function receive(plan: Plan, who: Actor, chan: E<"chan">): void {
  const { b } = who;
  if (plan.dice.chance(60)) return plan.say(who, b.recv(plan.fresh("got"), chan));
  if (plan.dice.chance(50)) return plan.say(who, ...b.recvOk(plan.fresh("got"), plan.fresh("ok"), chan));
  b.recv(chan);
  plan.say(who);
}

function send(plan: Plan, who: Actor, chan: E<"chan">): void {
  if (plan.dice.chance(60)) plan.say(who);
  who.b.send(chan, value(plan));
  plan.say(who);
}

// Alone

/** A channel's length and capacity, and attempts at it that do not wait. */
function attempts(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const chan = plan.chan(dice.below(3));
  const times = dice.between(2, 4);
  for (let i = 0; i < times; i++) {
    const what = dice.below(3);
    if (what === 0) plan.say(who, b.trySend(plan.fresh("sent"), chan, value(plan)));
    else if (what === 1) plan.say(who, ...b.tryRecv(plan.fresh("got"), plan.fresh("ok"), chan));
    else plan.say(who, b.chanLen(plan.fresh("length"), chan));
  }
  if (dice.chance(50)) plan.say(who, b.chanCap(plan.fresh("cap"), chan));
}

/** A channel of one's own: filled, closed, emptied. */
function closedAlone(plan: Plan, who: Actor): void {
  const { b } = who;
  const chan = plan.chan(2);
  const turns = plan.dice.between(1, 2);
  if (who.turns !== 1) return closedError(plan, who);
  b.repeat(turns, plan.fresh("i"), (i) => b.send(chan, mul(i, 3)));
  b.close(chan);
  plan.say(who);
  if (plan.dice.chance(50))
    return b.range(chan, plan.fresh("item"), (item) => {
      plan.say(who, item);
      if (plan.dice.chance(50)) plan.repeated(who, turns, () => plan.leaf(who));
    });
  plan.say(who, ...b.recvOk(plan.fresh("got"), plan.fresh("ok"), chan));
}

function errors(plan: Plan, who: Actor): void {
  who.b.try({
    body: () => who.b.close(none as E<"chan"> | E<"any">),
    catch: [{ kinds: "CloseOfNone", body: () => plan.say(who) }],
  });
}

/** Closing twice, or sending to what is closed, by whoever comes second. */
function closedError(plan: Plan, who: Actor): void {
  const { b } = who;
  const chan = plan.chan(plan.dice.below(2));
  b.try({
    body: () => {
      b.close(chan);
      plan.say(who);
      if (plan.dice.chance(50)) b.send(chan, 1);
      else b.close(chan);
    },
    catch: [{ kinds: ["ChannelClosed", "CloseOfClosed"], body: () => plan.say(who) }],
  });
}

/** A select that never waits for anyone. */
function selectAlone(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const chan = plan.chan(dice.below(3));
  const cases = [
    b.onRecv(dice.chance(20) ? none : plan.chan(dice.below(2)), plan.fresh("got"), (got) =>
      plan.say(who, got),
    ),
    b.onSend(chan, value(plan), () => plan.say(who)),
  ];
  const ns = dice.chance(40) ? plan.wait(who) : undefined;
  b.select(dice.shuffled(cases), {
    ...(ns === undefined
      ? {
          otherwise: () => {
            plan.say(who);
            if (dice.chance(30)) plan.leaf(who);
          },
        }
      : { timeout: { dur: ns, body: () => plan.say(who) } }),
  });
  if (dice.chance(50)) plan.say(who, b.chanLen(plan.fresh("length"), chan));
}

// Together

/** One value from one actor to another. */
function pass(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  plan.spend(2);
  const [from, to] = pair;
  const chan = plan.chan(plan.dice.below(3));
  send(plan, from, chan);
  if (plan.dice.chance(30)) plan.leaf(to);
  receive(plan, to, chan);
}

/** A stream that ends. */
function ranged(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  plan.spend(3);
  const [from, to] = pair;
  const { dice } = plan;
  const chan = plan.chan(dice.below(4));
  const turns = dice.between(2, 3);
  from.b.repeat(turns, plan.fresh("i"), (i) => {
    from.b.send(chan, add(i, 10));
    plan.say(from, i);
    if (dice.chance(30)) plan.repeated(from, turns, () => plan.leaf(from));
  });
  from.b.close(chan);
  plan.say(from);
  to.b.range(chan, plan.fresh("item"), (item) => {
    plan.say(to, item);
    if (dice.chance(40)) plan.repeated(to, turns, () => plan.leaf(to));
  });
  plan.say(to);
}

/** Several senders, one receiver that takes as many values as they send. */
function fanIn(plan: Plan): void {
  const [to, ...senders] = plan.dice.shuffled(plan.cast).slice(0, 4);
  if (to === undefined || senders.length === 0) return;
  plan.spend(senders.length + 1);
  const chan = plan.chan(plan.dice.below(3));
  const each = plan.dice.between(1, 2);
  for (const sender of senders)
    sender.b.repeat(each, plan.fresh("i"), (i) => {
      plan.say(sender, i);
      sender.b.send(chan, i);
      plan.say(sender, i);
    });
  to.b.repeat(senders.length * each, plan.fresh("i"), () => {
    receive(plan, to, chan);
    if (plan.dice.chance(25)) plan.repeated(to, senders.length * each, () => plan.leaf(to));
  });
}

/** One sender, several receivers with their shares. */
function fanOut(plan: Plan): void {
  const [from, ...receivers] = plan.dice.shuffled(plan.cast).slice(0, 4);
  if (from === undefined || receivers.length === 0) return;
  plan.spend(receivers.length + 1);
  const chan = plan.chan(plan.dice.below(3));
  const each = plan.dice.between(1, 2);
  for (const to of receivers) to.b.repeat(each, () => receive(plan, to, chan));
  from.b.repeat(receivers.length * each, plan.fresh("i"), (i) => {
    from.b.send(chan, i);
    plan.say(from, i);
  });
}

/** Closing wakes all who wait. */
function closeWakes(plan: Plan): void {
  const [from, ...receivers] = plan.dice.shuffled(plan.cast).slice(0, 4);
  if (from === undefined || receivers.length === 0) return;
  plan.spend(receivers.length + 1);
  const chan = plan.chan(plan.dice.below(2));
  for (const to of receivers) {
    plan.say(to);
    plan.say(to, ...to.b.recvOk(plan.fresh("got"), plan.fresh("ok"), chan));
  }
  if (plan.dice.chance(50)) plan.leaf(from);
  from.b.close(chan);
  plan.say(from);
}

/** A select that takes one value from each of several senders. */
function selectFrom(plan: Plan): void {
  const [to, ...senders] = plan.dice.shuffled(plan.cast).slice(0, 3);
  if (to === undefined || senders.length === 0) return;
  plan.spend(senders.length + 1);
  const { dice } = plan;
  const turns = senders.length;
  const chans = senders.map(() => plan.chan(dice.below(2)));
  to.b.repeat(turns, plan.fresh("i"), (i) => {
    const cases = chans.map((chan) =>
      dice.chance(30)
        ? to.b.onRecvOk(chan, plan.fresh("got"), plan.fresh("ok"), (got, ok) => plan.say(to, i, got, ok))
        : to.b.onRecv(chan, plan.fresh("got"), (got) => {
            plan.say(to, i, got);
            if (dice.chance(30)) plan.repeated(to, turns, () => plan.leaf(to));
          }),
    );
    to.b.select(dice.chance(20) ? [...cases, to.b.onRecv(none, () => plan.say(to))] : cases);
  });
  senders.forEach((sender, i) => send(plan, sender, chans[i] as E<"chan">));
}

/** A select that hands one value to each of several receivers; without a buffer no receiver can get two. */
function selectInto(plan: Plan): void {
  const [from, ...receivers] = plan.dice.shuffled(plan.cast).slice(0, 3);
  if (from === undefined || receivers.length === 0) return;
  plan.spend(receivers.length + 1);
  const chans = receivers.map(() => plan.chan(0));
  from.b.repeat(receivers.length, plan.fresh("i"), (i) => {
    from.b.select(chans.map((chan) => from.b.onSend(chan, add(i, 50), () => plan.say(from, i))));
  });
  receivers.forEach((to, i) => receive(plan, to, chans[i] as E<"chan">));
}

/** A request that carries the channel for its reply, or a fixed pair of channels. */
function requestReply(plan: Plan): void {
  const pair = plan.pair();
  if (pair === undefined) return;
  plan.spend(4);
  const [client, server] = pair;
  const requests = plan.chan(plan.dice.below(2));
  const replies = plan.chan(plan.dice.below(2));
  const carried = plan.dice.chance(30);
  client.b.send(requests, carried ? replies : plan.dice.below(50));
  plan.say(client);
  const request = server.b.recv(plan.fresh("request"), requests);
  if (plan.dice.chance(40)) plan.leaf(server);
  if (carried) server.b.send(request, 7);
  else server.b.send(replies, add(request, 1));
  plan.say(server);
  plan.say(client, client.b.recv(plan.fresh("reply"), replies));
}

/** Alike workers that take from one channel until it is closed. */
function pool(plan: Plan): void {
  const from = plan.someone();
  const { b } = from;
  const { dice } = plan;
  const jobs = plan.chan(dice.below(3));
  const size = plan.tasksLeft > 2 ? dice.between(2, 3) : 2;
  plan.spend(6, size);
  const worker = member(
    plan,
    from,
    "nothing",
    (who) =>
      who.b.range(jobs, plan.fresh("job"), (job) => {
        plan.say(who, job);
        if (dice.chance(60)) {
          pause(plan, who);
          plan.say(who, job);
        }
      }),
    { alike: true },
  );
  const tasks = b.list(plan.fresh("tasks"));
  b.repeat(size, plan.fresh("id"), (id) => b.push(tasks, b.spawn(plan.fresh("task"), worker.ref, { id })));
  plan.say(from);
  b.repeat(dice.between(2, 4), plan.fresh("job"), (job) => {
    b.send(jobs, job);
    plan.say(from, job);
  });
  b.close(jobs);
  if (dice.chance(50)) b.joinAll(tasks);
  else b.forEach(tasks, plan.fresh("each"), (each) => b.join(each));
  plan.say(from);
}

/** Actors that try at one channel without waiting, so that who comes when decides what they get. */
function contested(plan: Plan): void {
  const { dice } = plan;
  const chan = plan.chan(dice.below(3));
  plan.spend(5);
  for (let i = 0; i < 5; i++) {
    const who = plan.someone();
    const { b } = who;
    const what = dice.below(4);
    if (what === 0) plan.say(who, b.trySend(plan.fresh("sent"), chan, value(plan)));
    else if (what === 1) plan.say(who, ...b.tryRecv(plan.fresh("got"), plan.fresh("ok"), chan));
    else if (what === 2) plan.say(who, b.chanLen(plan.fresh("length"), chan));
    else
      b.select(
        [
          dice.chance(50)
            ? b.onRecv(chan, plan.fresh("got"), (got) => plan.say(who, got))
            : b.onSend(chan, i, () => plan.say(who)),
        ],
        { otherwise: () => plan.say(who) },
      );
  }
}
