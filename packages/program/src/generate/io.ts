/**
 * Requests and files. A service answers after a time of its own, as a timer would. How long a file takes nobody can say, so
 * files are read where nobody else goes on meanwhile, or where nobody logs until all have read. Two ends of a connection take
 * turns, and neither logs while the other may.
 */
import type { Actor, Leaf, Plan, Step } from "./plan.ts";
import { member } from "./tasks.ts";

const millisecond = 1_000_000;

export const ioLeaves: readonly Leaf[] = [{ weight: 8, ops: 1, run: request }];

export const ioSteps: readonly Step[] = [
  { weight: 4, ops: 9, tasks: 0, run: alone },
  { weight: 3, ops: 9, tasks: 2, run: readers },
  { weight: 3, ops: 5, tasks: 2, run: requests },
  { weight: 4, ops: 18, tasks: 0, run: exchange },
];

function request(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  const ns = plan.wait(who);
  if (ns === undefined) return plan.say(who);
  const fails = dice.chance(25);
  const service = plan.service(ns, fails ? 1_000_000 : 0);
  plan.say(who);
  if (fails)
    b.try({
      body: () => b.callService(service),
      catch: [{ kinds: "Rejected", body: () => plan.say(who) }],
    });
  else if (dice.chance(30)) b.callService(service, dice.below(10));
  else b.callService(service);
  plan.say(who);
}

function file(plan: Plan, who: Actor): void {
  const { b } = who;
  const { dice } = plan;
  if (dice.chance(35)) return b.fileStat();
  const bytes = dice.pick([64, 512, 4096]);
  const ns = dice.chance(30) ? plan.durations.next(who.turns, { unitNs: 20 * millisecond }) : undefined;
  if (ns === undefined) b.fileRead(bytes);
  else b.fileRead(bytes, { stall: ns });
}

/** Up to two file operations while all others of the cast wait. */
function alone(plan: Plan): void {
  const [reader, ...others] = plan.dice.shuffled(plan.cast);
  if (reader === undefined || others.length > 2) return;
  plan.spend(5 + 2 * others.length);
  const here = plan.group(others.length);
  const done = plan.chan(0);
  for (const who of others) {
    plan.say(who);
    who.b.groupDone(here);
    who.b.recv(done);
    plan.say(who);
  }
  if (others.length > 0) reader.b.groupWait(here);
  for (let i = plan.dice.between(1, 2); i > 0; i--) {
    plan.say(reader);
    file(plan, reader);
    plan.say(reader);
  }
  if (others.length > 0) reader.b.close(done);
  plan.say(reader);
}

/** Tasks that read side by side and do not tell when they are done. */
function readers(plan: Plan): void {
  if (plan.cast.length > 1) return alone(plan);
  const from = plan.main;
  const { b } = from;
  const { dice } = plan;
  const size = plan.tasksLeft > 2 ? 3 : 2;
  plan.spend(4, size);
  const reader = plan.proc("read", from);
  reader.turns = 0;
  plan.say(reader);
  file(plan, reader);
  const tasks = b.list(plan.fresh("tasks"));
  b.repeat(size, plan.fresh("i"), (i) => {
    b.push(tasks, b.spawn(plan.fresh("task"), reader.ref, {}));
    plan.say(from, i);
  });
  if (dice.chance(50)) b.joinAll(tasks);
  else b.settleAll(tasks);
  plan.say(from);
}

/** Tasks that each ask a service of their own. */
function requests(plan: Plan): void {
  const from = plan.someone();
  plan.spend(5, 2);
  const tasks = [0, 1].map(() => {
    const who = member(plan, from, "nothing", (it) => request(plan, it));
    const task = from.b.spawn(plan.fresh("task"), who.ref, {});
    plan.say(from);
    return task;
  });
  from.b.joinAll(from.b.list(plan.fresh("tasks"), ...tasks));
  plan.say(from);
}

/**
 * Two of the cast over a connection, while all others wait: each logs when it has read something, and the server then waits as the
 * others do, since nobody can say who of two that a socket wakes goes first.
 */
function exchange(plan: Plan): void {
  const { dice } = plan;
  const [server, client, ...others] = dice.shuffled(plan.cast);
  if (server === undefined || client === undefined || others.length > 1) return alone(plan);
  const rounds = plan.opsLeft >= 22 ? dice.between(1, 2) : 1;
  plan.spend(12 + 2 * others.length + 4 * rounds);
  const listener = plan.listener(dice.between(1, 3));
  const here = plan.group(others.length);
  const done = plan.chan(0);
  for (const who of others) {
    plan.say(who);
    who.b.groupDone(here);
    who.b.recv(done);
    plan.say(who);
  }
  const ours = server.b.accept(plan.fresh("conn"), listener);
  if (others.length > 0) client.b.groupWait(here);
  const theirs = client.b.connect(plan.fresh("conn"), listener);
  for (let round = 0; round < rounds; round++) {
    const [asked, answered] = [dice.between(1, 1000), dice.between(1, 1000)];
    client.b.write(theirs, asked);
    plan.say(server, server.b.read(plan.fresh("n"), ours, asked));
    server.b.write(ours, answered);
    plan.say(client, client.b.read(plan.fresh("n"), theirs, 1000));
  }
  server.b.closeConn(ours);
  plan.say(client, client.b.read(plan.fresh("n"), theirs, 1));
  client.b.closeConn(theirs);
  client.b.closeListener(listener);
  server.b.recv(done);
  plan.say(server);
  client.b.close(done);
  plan.say(client);
}
