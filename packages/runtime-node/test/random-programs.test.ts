/**
 * Random programs of the portable language (tasks, channels, select, locks, semaphores, groups, promises, giving way), run by the
 * model through its lowering, and written out as async functions with a small support class each for the Node that runs
 * this test. They must log the same, in the same order, deadlocks included.
 */
import { type Body, checkOrThrow, gt, len, program, type Program, type TypeName } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { SeededDecisions } from "@orrery/simulator";
import { expect, test } from "vitest";
import { node } from "../src/index.ts";

const PROGRAMS = 500;
const PROCEDURES = 3;
const CAPACITIES = [0, 1, 3];
const PERMITS = 2;
/** Turns of the loop without a line in the log after which nothing more is expected. */
const QUIET_TURNS = 8;

type Statement =
  | {
      readonly op:
        | "yield"
        | "yieldMicro"
        | "await"
        | "resolve"
        | "joinAll"
        | "settleAll"
        | "joinAny"
        | "groupWait"
        | "fail";
      readonly id: number;
    }
  | { readonly op: "send" | "recv" | "trySend" | "tryRecv"; readonly chan: number; readonly id: number }
  | {
      readonly op: "select";
      readonly arms: { readonly send: boolean; readonly chan: number }[];
      readonly otherwise: boolean;
      readonly id: number;
    }
  | { readonly op: "locked" | "acquired" | "scope"; readonly body: Statement[]; readonly id: number }
  | { readonly op: "spawn"; readonly proc: number; readonly deferred: boolean; readonly id: number };

interface RandomProgram {
  /** A procedure spawns only those after it. */
  readonly procs: Statement[][];
  readonly main: Statement[];
}

function generate(seed: number): RandomProgram {
  const decisions = new SeededDecisions(seed);
  const below = (n: number): number => decisions.choose("test.program", n);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  let ids = 0;
  const block = (count: number, proc: number, depth: number): Statement[] =>
    Array.from({ length: count }, () => statement(proc, depth));
  const statement = (proc: number, depth: number): Statement => {
    const id = ids++;
    const chan = below(CAPACITIES.length);
    switch (below(9)) {
      case 0:
        return { op: pick(["yield", "yieldMicro"]), id };
      case 1:
        return { op: pick(["await", "resolve", "resolve", "groupWait"]), id };
      case 2:
      case 3:
        return { op: pick(["send", "recv"]), chan, id };
      case 4:
        return { op: pick(["trySend", "tryRecv"]), chan, id };
      case 5: {
        const arms = Array.from({ length: 1 + below(3) }, () => ({
          send: below(2) === 0,
          chan: below(CAPACITIES.length),
        }));
        return { op: "select", arms, otherwise: below(2) === 0, id };
      }
      case 6:
        if (depth > 0) return { op: "yieldMicro", id };
        return { op: pick(["locked", "acquired", "scope"]), body: block(1 + below(3), proc, depth + 1), id };
      case 7:
        if (depth === 0 && proc >= 0 && below(3) === 0) return { op: "fail", id };
        return { op: pick(["joinAll", "settleAll", "joinAny"]), id };
      default:
        if (proc + 1 >= PROCEDURES) return { op: "yield", id };
        return { op: "spawn", proc: proc + 1 + below(PROCEDURES - proc - 1), deferred: below(3) === 0, id };
    }
  };
  return {
    procs: Array.from({ length: PROCEDURES }, (_, proc) => block(2 + below(5), proc, 0)),
    main: [
      ...Array.from({ length: 5 }, (): Statement => {
        return { op: "spawn", proc: below(PROCEDURES), deferred: below(3) === 0, id: ids++ };
      }),
      ...block(8, -1, 0),
    ],
  };
}

// ---- on the model -----------------------------------------------------------------------------------------------------

const resources = {
  c0: "chan",
  c1: "chan",
  c2: "chan",
  mutex: "mutex",
  sem: "sem",
  group: "group",
  promise: "promise",
} as const satisfies Readonly<Record<string, TypeName>>;

// oxlint-disable-next-line typescript/no-explicit-any -- the builder's types follow texts that are made here at run time
type Any = any;

function toProgram({ procs, main }: RandomProgram): Program {
  const policies = { selectPolicy: "first" } as const;
  return program("random", { doc: "", policies }, (writer) => {
    const refs: Any[] = [];
    const emit = (b: Body<Any>, of: Any, statements: readonly Statement[], tasks: Any): void => {
      const chans = [of.c0, of.c1, of.c2];
      const caught = (id: number, body: () => void): void =>
        b.try({ body, catch: [{ kinds: ["TaskFailed"], body: () => b.log(`${id} caught`) }] });
      for (const statement of statements) {
        const { id } = statement;
        switch (statement.op) {
          case "yield":
            b.yield();
            break;
          case "yieldMicro":
            b.yieldMicro();
            break;
          case "await":
            b.await(of.promise);
            break;
          case "resolve":
            b.resolve(of.promise, 1);
            break;
          case "groupWait":
            b.groupWait(of.group);
            break;
          case "joinAll":
            caught(id, () => b.joinAll(tasks));
            break;
          case "fail":
            b.throw("User:failed");
            break;
          case "settleAll":
            b.settleAll(tasks);
            break;
          case "joinAny":
            b.if(gt(len(tasks), 0), () => caught(id, () => b.joinAny(tasks)));
            break;
          case "send":
            b.send(chans[statement.chan], id);
            break;
          case "recv":
            b.log(`${id} got {0}`, b.recv(`v${id}`, chans[statement.chan]));
            break;
          case "trySend":
            b.log(`${id} sent {0}`, b.trySend(`ok${id}`, chans[statement.chan], id));
            break;
          case "tryRecv": {
            const [value, ok] = b.tryRecv(`v${id}`, `ok${id}`, chans[statement.chan]);
            b.log(`${id} got {0} {1}`, value, ok);
            break;
          }
          case "select":
            b.select(
              statement.arms.map(({ send, chan }, arm) =>
                send
                  ? b.onSend(chans[chan], id, () => b.log(`${id} arm ${arm}`))
                  : b.onRecv(chans[chan], `v${id}x${arm}`, (value: Any) =>
                      b.log(`${id} arm ${arm} {0}`, value),
                    ),
              ),
              statement.otherwise ? { otherwise: () => b.log(`${id} otherwise`) } : {},
            );
            break;
          case "locked":
            b.lock(of.mutex);
            emit(b, of, statement.body, tasks);
            b.unlock(of.mutex);
            break;
          case "acquired":
            b.acquire(of.sem);
            emit(b, of, statement.body, tasks);
            b.release(of.sem);
            break;
          case "scope":
            caught(id, () => b.scope("waitAll", () => emit(b, of, statement.body, tasks)));
            break;
          case "spawn":
            b.groupAdd(of.group);
            b.push(tasks, b.spawn(`task${id}`, refs[statement.proc], of, { deferred: statement.deferred }));
        }
        b.log(String(id));
      }
    };
    for (let proc = PROCEDURES - 1; proc >= 0; proc--)
      refs[proc] = writer.proc(`p${proc}`, resources, (b: Any, of: Any) => {
        b.defer(() => b.groupDone(of.group));
        emit(b, of, procs[proc]!, b.list("tasks"));
      });
    writer.main((b) => {
      const of = {
        c0: b.chan("c0", CAPACITIES[0]!),
        c1: b.chan("c1", CAPACITIES[1]!),
        c2: b.chan("c2", CAPACITIES[2]!),
        mutex: b.mutex("mutex"),
        sem: b.sem("sem", PERMITS),
        group: b.group("group"),
        promise: b.promise("promise"),
      };
      emit(b, of, main, b.list("tasks"));
    });
  });
}

function runOnModel(random: RandomProgram): string[] {
  const { program: checked, params } = checkOrThrow(toProgram(random));
  const execution = new Execution(runSpec(node, checked, params, { trace: false })).run();
  return execution.result().log.map(({ text }) => text);
}

// ---- on Node ----------------------------------------------------------------------------------------------------------

interface Received {
  readonly arm: number;
  readonly value: unknown;
}
class Parked {
  done = false;
  readonly promise: Promise<Received>;
  private wake!: (received: Received) => void;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  complete(arm: number, value: unknown): boolean {
    if (this.done) return false;
    this.done = true;
    this.wake({ arm, value });
    return true;
  }
}

class Channel {
  readonly buffer: unknown[] = [];
  readonly receivers: { parked: Parked; arm: number }[] = [];
  readonly senders: { parked: Parked; arm: number; value: unknown }[] = [];
  private readonly cap: number;

  constructor(cap: number) {
    this.cap = cap;
  }

  trySend(value: unknown): boolean {
    for (let first = this.receivers.shift(); first !== undefined; first = this.receivers.shift())
      if (first.parked.complete(first.arm, value)) return true;
    if (this.buffer.length === this.cap) return false;
    this.buffer.push(value);
    return true;
  }

  tryRecv(): { value: unknown } | null {
    const buffered = this.buffer.length > 0 ? { value: this.buffer.shift() } : null;
    for (let first = this.senders.shift(); first !== undefined; first = this.senders.shift()) {
      if (!first.parked.complete(first.arm, null)) continue;
      if (buffered === null) return { value: first.value };
      this.buffer.push(first.value);
      break;
    }
    return buffered;
  }

  send(value: unknown): Promise<unknown> {
    if (this.trySend(value)) return Promise.resolve();
    const parked = new Parked();
    this.senders.push({ parked, arm: 0, value });
    return parked.promise;
  }

  recv(): Promise<Received> {
    const received = this.tryRecv();
    if (received !== null) return Promise.resolve({ arm: 0, value: received.value });
    const parked = new Parked();
    this.receivers.push({ parked, arm: 0 });
    return parked.promise;
  }
}

function select(
  arms: readonly { readonly send: boolean; readonly channel: Channel }[],
  value: unknown,
  otherwise: boolean,
): Promise<Received> {
  for (const [arm, { send, channel }] of arms.entries()) {
    if (send) {
      if (channel.trySend(value)) return Promise.resolve({ arm, value: null });
    } else {
      const received = channel.tryRecv();
      if (received !== null) return Promise.resolve({ arm, value: received.value });
    }
  }
  if (otherwise) return Promise.resolve({ arm: -1, value: null });
  const parked = new Parked();
  for (const [arm, { send, channel }] of arms.entries())
    if (send) channel.senders.push({ parked, arm, value });
    else channel.receivers.push({ parked, arm });
  return parked.promise;
}

class Semaphore {
  private readonly waiters: (() => void)[] = [];
  private permits: number;

  constructor(permits: number) {
    this.permits = permits;
  }

  acquire(): Promise<void> {
    if (this.permits > 0) {
      this.permits--;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.waiters.push(resolve);
    });
  }

  release(): void {
    const next = this.waiters.shift();
    if (next === undefined) this.permits++;
    else next();
  }
}

class Group {
  private count = 0;
  private waiters: (() => void)[] = [];

  add(by: number): void {
    this.count += by;
    if (this.count > 0) return;
    for (const wake of this.waiters) wake();
    this.waiters = [];
  }

  wait(): Promise<void> {
    if (this.count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiters.push(resolve);
    });
  }
}

const show = (value: unknown): string => (value === null ? "none" : String(value));

/** An async function whose body is `statements`, written in line: `yield p` is `await p`. */
async function asyncFunction(body: Generator<unknown, void, never>): Promise<void> {
  for (let result = body.next(); result.done !== true; ) {
    let value: unknown;
    try {
      value = await result.value;
    } catch (error) {
      result = body.throw(error);
      continue;
    }
    result = body.next(value as never);
  }
}

async function runOnNode({ procs, main }: RandomProgram): Promise<string[]> {
  const lines: string[] = [];
  const log = (text: string): void => void lines.push(text);
  const channels = CAPACITIES.map((cap) => new Channel(cap));
  const mutex = new Semaphore(1);
  const sem = new Semaphore(PERMITS);
  const group = new Group();
  const promise = Promise.withResolvers<number>();

  function* procedure(proc: number, deferred: boolean): Generator<unknown, void, never> {
    if (deferred) yield null;
    try {
      yield* run(procs[proc]!, [], null);
    } finally {
      group.add(-1);
    }
  }

  function* run(
    statements: readonly Statement[],
    tasks: Promise<void>[],
    scope: Promise<void>[] | null,
  ): Generator<unknown, void, never> {
    for (const statement of statements) {
      const { id } = statement;
      switch (statement.op) {
        case "yield":
          yield new Promise((resolve) => setImmediate(resolve));
          break;
        case "yieldMicro":
          yield null;
          break;
        case "await":
          yield promise.promise;
          break;
        case "resolve":
          promise.resolve(1);
          break;
        case "groupWait":
          yield group.wait();
          break;
        case "joinAll":
          try {
            yield Promise.all(tasks);
          } catch {
            log(`${id} caught`);
          }
          break;
        case "fail":
          throw new Error("failed");
        case "settleAll":
          yield Promise.allSettled(tasks);
          break;
        case "joinAny":
          try {
            if (tasks.length > 0) yield Promise.race(tasks);
          } catch {
            log(`${id} caught`);
          }
          break;
        case "send":
          yield channels[statement.chan]!.send(id);
          break;
        case "recv": {
          const { value }: Received = yield channels[statement.chan]!.recv();
          log(`${id} got ${show(value)}`);
          break;
        }
        case "trySend":
          log(`${id} sent ${channels[statement.chan]!.trySend(id)}`);
          break;
        case "tryRecv": {
          const received = channels[statement.chan]!.tryRecv();
          log(`${id} got ${show(received?.value ?? null)} ${received !== null}`);
          break;
        }
        case "select": {
          const arms = statement.arms.map(({ send, chan }) => ({ send, channel: channels[chan]! }));
          const { arm, value }: Received = yield select(arms, id, statement.otherwise);
          if (arm < 0) log(`${id} otherwise`);
          else log(arms[arm]!.send ? `${id} arm ${arm}` : `${id} arm ${arm} ${show(value)}`);
          break;
        }
        case "locked":
          yield mutex.acquire();
          yield* run(statement.body, tasks, scope);
          mutex.release();
          break;
        case "acquired":
          yield sem.acquire();
          yield* run(statement.body, tasks, scope);
          sem.release();
          break;
        case "scope": {
          const children: Promise<void>[] = [];
          yield* run(statement.body, tasks, children);
          const results: PromiseSettledResult<void>[] = yield Promise.allSettled(children);
          if (results.some(({ status }) => status === "rejected")) log(`${id} caught`);
          break;
        }
        case "spawn": {
          group.add(1);
          const task = asyncFunction(procedure(statement.proc, statement.deferred));
          task.catch(() => {});
          tasks.push(task);
          scope?.push(task);
        }
      }
      log(String(id));
    }
  }

  setImmediate(() => void asyncFunction(run(main, [], null)));
  for (let lively = true; lively; ) {
    const before = lines.length;
    for (let turn = 0; turn < QUIET_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
    lively = lines.length > before;
  }
  return lines;
}

test(`${PROGRAMS} random programs log what Node logs`, async () => {
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const random = generate(seed);
    const seen = runOnModel(random);
    const expected = await runOnNode(random);
    if (seen.join() !== expected.join()) expect({ seed, lines: seen }).toEqual({ seed, lines: expected });
  }
});
