/**
 * Runs a task's procedure: one generator per task over flat code. Each turn of the loop is one statement: control flow
 * and memory are done here, everything that a runtime has a say in is the lowering's. After each statement the task pays
 * its costs, which is where other processors get to act.
 */
import type { ErrKind, Stmt } from "@orrery/program";
import { Kind } from "@orrery/simulator";
import type { Frame, Instruction, LeaveTo, ProcCode, SelectCode, TryTargets } from "./code.ts";
import { bind, endFinally, enter, leave, open, proceed } from "./completion.ts";
import { int, list } from "./expressions.ts";
import {
  isSteps,
  type Op,
  type Received,
  SELECT_DEFAULT,
  SELECT_TIMEOUT,
  type Selected,
  type Steps,
} from "./model.ts";
import { closeScope, openScope } from "./scope.ts";
import type { Task, TaskScope } from "./task.ts";
import {
  type AtomicHandle,
  type ChanHandle,
  Fault,
  type GroupHandle,
  type Handle,
  type MutexHandle,
  type PromiseHandle,
  type SemHandle,
  type TaskResult,
  type Value,
} from "./values.ts";
import type { World } from "./world.ts";

/** Calls that may nest in one task. */
export const MAX_CALL_DEPTH = 10_000;

/** The body of a task. It returns when the task has ended, its outcome in `task`; it never throws a program's error. */
export function* runTask(world: World, task: Task, proc: ProcCode, args: Value[]): Steps<Value> {
  const { machine, lowering, costs } = world;
  let frame: Frame | null = enter(task, proc, args, null, -1);
  let scopes: TaskScope[] | null = null;
  while (frame !== null) {
    try {
      // This is the loop: one statement a turn.
      for (;;) {
        const at: Instruction = frame.proc.code[frame.pc++]!;
        machine.charge(costs.statement);
        switch (at.op) {
          case "let":
            frame.slots[at.slot] = at.a!(frame);
            break;
          case "jump":
            frame.pc = at.target;
            break;
          case "jumpUnless":
            if (at.a!(frame) !== true) frame.pc = at.target;
            break;
          case "loopNext": {
            const turn = (frame.slots[at.slot] as number) + 1;
            frame.slots[at.slot] = turn;
            if (turn >= (frame.slots[at.slot2] as number)) frame.pc = at.target;
            else if ((at.extra as number) >= 0) frame.slots[at.extra as number] = turn;
            break;
          }
          case "call":
            if (frame.depth >= MAX_CALL_DEPTH)
              throw new Fault("DepthExceeded", `more than ${MAX_CALL_DEPTH} nested calls`);
            frame = enter(
              task,
              world.code.procs.get(at.extra as string)!,
              evaluate(at, frame),
              frame,
              at.slot,
            );
            break;
          case "return":
            frame = proceed(frame, { how: "return", value: at.a === null ? null : at.a(frame) });
            break;
          case "leave":
            leave(frame, at.target);
            break;
          case "leaveTo":
            frame = proceed(frame, { how: "jump", target: at.target, depth: (at.extra as LeaveTo).depth });
            break;
          case "endFinally":
            frame = endFinally(frame);
            break;
          case "spawn":
          case "detach": {
            const code = world.code.procs.get(at.extra as string)!;
            const child = world.createTask(task, code.name);
            if (at.op === "detach") child.detached = true;
            else if (scopes !== null && scopes.length > 0) joinScope(scopes[scopes.length - 1]!, child);
            bind(frame, at.slot, child);
            const op = lowering.spawn(
              task,
              child,
              runTask(world, child, code, evaluate(at, frame)),
              at.slot2 === 1,
            );
            if (isSteps(op)) yield* op;
            break;
          }
          case "cpu":
            yield duration(at.a!(frame));
            break;
          case "enterScope": {
            const scope: TaskScope = openScope(world, task, at.extra as Parameters<typeof openScope>[2]);
            (scopes ??= []).push(scope);
            open(frame, [], at.target);
            break;
          }
          case "endScope": {
            const scope: TaskScope = scopes!.pop()!;
            const pending: Frame["pending"] = frame.pending;
            task.waiting = at.at;
            const failure: Fault | null = yield* closeScope(
              world,
              task,
              scope,
              pending!.at(-1)!,
              at.extra as boolean,
            );
            task.waiting = null;
            if (failure !== null) pending![pending!.length - 1] = { how: "throw", error: failure };
            else if (scope.winner !== null) bind(frame, at.slot, scope.winner.value);
            frame = endFinally(frame);
            break;
          }
          default: {
            if (at.cancellable && task.cancelRequested) {
              task.cancelRequested = false;
              throw new Fault("Cancelled");
            }
            const op = perform(world, task, frame, at);
            if (isSteps(op)) {
              task.waiting = at.at;
              const result: unknown = yield* op;
              task.waiting = null;
              accept(task, frame, at, result);
            } else accept(task, frame, at, op);
          }
        }
        if (frame === null) break;
        if (!machine.settle()) yield 0;
      }
    } catch (error) {
      task.waiting = null;
      if (!(error instanceof Fault)) throw error;
      if (error.kind === "Cancelled") task.cancelRequested = false;
      frame = proceed(frame!, { how: "throw", error });
    }
  }
  world.finishTask(task);
  return task.value;
}

function joinScope(scope: TaskScope, child: Task): void {
  child.scope = scope;
  scope.children.push(child);
  scope.live++;
}

function evaluate(at: Instruction, frame: Frame): Value[] {
  const { args } = at;
  const values: Value[] = new Array(args.length);
  for (let i = 0; i < args.length; i++) values[i] = args[i]!(frame);
  return values;
}

/** Durations are whole and not negative. */
function duration(value: Value): number {
  return Math.max(0, int(value));
}

/** Statements beyond plain control flow: evaluates the operands and starts the operation. */
function perform(world: World, task: Task, frame: Frame, at: Instruction): Op<unknown> {
  const { lowering, machine, costs, observations } = world;
  switch (at.op) {
    case "push":
      list(at.a!(frame)).push(at.b!(frame));
      return null;
    case "setAt": {
      const items = list(at.a!(frame));
      const index = int(at.b!(frame));
      if (index < 0 || index >= items.length)
        throw new Fault("NoneDeref", `index ${index} outside a list of ${items.length}`);
      items[index] = at.args[0]!(frame);
      return null;
    }
    case "jumpUnlessEqual":
      if (frame.slots[at.slot] !== at.a!(frame)) frame.pc = at.target;
      return null;
    case "loopStart":
      frame.slots[at.slot] = -1;
      frame.slots[at.slot2] = int(at.a!(frame));
      return null;
    case "eachStart":
      frame.slots[at.slot] = -1;
      frame.slots[at.slot2] = list(at.a!(frame));
      return null;
    case "eachNext": {
      const index = (frame.slots[at.slot] as number) + 1;
      const items = frame.slots[at.slot2] as Value[];
      frame.slots[at.slot] = index;
      if (index >= items.length) frame.pc = at.target;
      else frame.slots[at.extra as number] = items[index]!;
      return null;
    }
    case "bound": {
      const turns = (frame.slots[at.slot] as number) + 1;
      frame.slots[at.slot] = turns;
      const most = int(at.a!(frame));
      if (turns > most)
        throw new Fault("AssertFailed", `loop at ${at.at.statement} went beyond its bound of ${most}`);
      return null;
    }
    case "defer":
      (frame.defers ??= []).push(at.target);
      return null;
    case "enterTry": {
      const { catches, finallyTarget } = at.extra as TryTargets;
      open(frame, catches, finallyTarget);
      return null;
    }
    case "throw": {
      const { kind, message } = at.extra as Extract<Stmt, { readonly op: "throw" }>;
      throw new Fault(kind, message ?? kind);
    }
    case "assert":
      if (at.a!(frame) !== true) throw new Fault("AssertFailed", at.extra as string);
      return null;

    case "join":
      return lowering.join(task, waitFor(task, at.a!(frame) as Task));
    case "joinAny":
      return lowering.joinAny(task, waitFor(task, list(at.a!(frame)) as Task[]), at.extra as boolean);
    case "joinAll":
      return lowering.joinAll(task, waitFor(task, list(at.a!(frame)) as Task[]));
    case "settleAll":
      return lowering.settleAll(task, waitFor(task, list(at.a!(frame)) as Task[]));
    case "yield":
      return lowering.yield(task);
    case "yieldMicro":
      return lowering.yieldMicro(task);
    case "sleep":
      return lowering.sleep(task, duration(at.a!(frame)));
    case "block":
      return lowering.block(task, duration(at.a!(frame)));
    case "offload":
      return lowering.offload(
        task,
        duration(at.a!(frame)),
        at.b === null ? null : Math.max(1, int(at.b(frame))),
      );

    case "chan": {
      const cap = int(at.a!(frame));
      if (cap < 0) throw new Fault("AssertFailed", `a channel of capacity ${cap}`);
      const chan: ChanHandle = {
        kind: "chan",
        name: world.handleName(at.extra as string),
        cap,
        native: null,
      };
      frame.slots[at.slot] = chan;
      lowering.chan(task, chan);
      return null;
    }
    case "send":
      return lowering.send(task, waitFor(task, at.a!(frame) as ChanHandle | null), at.b!(frame));
    case "recv":
    case "recvOk":
    case "rangeNext":
      return lowering.recv(task, waitFor(task, at.a!(frame) as ChanHandle | null));
    case "trySend": {
      const chan = at.a!(frame) as ChanHandle | null;
      return chan === null ? false : lowering.trySend(task, chan, at.b!(frame));
    }
    case "tryRecv": {
      const chan = at.a!(frame) as ChanHandle | null;
      return chan === null ? { value: null, ok: false, ready: false } : lowering.tryRecv(task, chan);
    }
    case "close": {
      const chan = at.a!(frame) as ChanHandle | null;
      if (chan === null) throw new Fault("CloseOfNone", "close of none channel");
      return lowering.close(task, chan);
    }
    case "chanLen":
      frame.slots[at.slot] = lowering.chanLen(task, handle<ChanHandle>(at.a!(frame)));
      return null;
    case "chanCap":
      frame.slots[at.slot] = handle<ChanHandle>(at.a!(frame)).cap;
      return null;
    case "select": {
      const { arms, timeout, otherwiseTarget } = at.extra as SelectCode;
      const cases = arms.map(({ dir, chan, value }) => ({
        dir,
        chan: chan(frame) as ChanHandle | null,
        value: value === null ? null : value(frame),
      }));
      task.waitingOn = cases.flatMap(({ chan }) => (chan === null ? [] : [chan]));
      return lowering.select(
        task,
        cases,
        otherwiseTarget >= 0,
        timeout === null ? null : duration(timeout(frame)),
      );
    }

    case "mutex": {
      const mutex: MutexHandle = {
        kind: "mutex",
        name: world.handleName(at.extra as string),
        holder: null,
        native: null,
      };
      frame.slots[at.slot] = mutex;
      lowering.mutex(task, mutex);
      return null;
    }
    case "lock":
      return lowering.lock(task, waitFor(task, handle<MutexHandle>(at.a!(frame))));
    case "tryLock":
      return lowering.tryLock(task, waitFor(task, handle<MutexHandle>(at.a!(frame))));
    case "unlock": {
      const mutex = handle<MutexHandle>(at.a!(frame));
      if (mutex.holder === null) throw new Fault("UnlockOfUnlocked", `unlock of unlocked ${mutex.name}`);
      mutex.holder = null;
      return lowering.unlock(task, mutex);
    }
    case "sem": {
      const sem: SemHandle = {
        kind: "sem",
        name: world.handleName(at.extra as string),
        permits: int(at.a!(frame)),
        native: null,
      };
      frame.slots[at.slot] = sem;
      lowering.sem(task, sem);
      return null;
    }
    case "acquire":
      return lowering.acquire(task, waitFor(task, handle<SemHandle>(at.a!(frame))), int(at.b!(frame)));
    case "release":
      return lowering.release(task, handle<SemHandle>(at.a!(frame)), int(at.b!(frame)));
    case "group": {
      const group: GroupHandle = {
        kind: "group",
        name: world.handleName(at.extra as string),
        count: 0,
        native: null,
      };
      frame.slots[at.slot] = group;
      lowering.group(task, group);
      return null;
    }
    case "groupAdd": {
      const group = handle<GroupHandle>(at.a!(frame));
      const by = int(at.b!(frame));
      if (group.count + by < 0) throw new Fault("NegativeGroup", `negative count of ${group.name}`);
      group.count += by;
      return lowering.groupAdd(task, group, by);
    }
    case "groupWait":
      return lowering.groupWait(task, waitFor(task, handle<GroupHandle>(at.a!(frame))));

    case "load":
      machine.charge(costs.memory);
      frame.slots[at.slot] = world.cells[at.slot2]![cellIndex(world, at, frame)]!;
      return null;
    case "store":
      machine.charge(costs.memory);
      world.cells[at.slot2]![cellIndex(world, at, frame)] = at.b!(frame);
      return null;
    case "atomic":
      frame.slots[at.slot] = {
        kind: "atomic",
        name: world.handleName(at.extra as string),
        value: int(at.a!(frame)),
        native: null,
      } satisfies AtomicHandle;
      return null;
    case "atomicLoad":
      machine.charge(costs.memory);
      frame.slots[at.slot] = handle<AtomicHandle>(at.a!(frame)).value;
      return null;
    case "atomicStore":
      machine.charge(costs.memory);
      handle<AtomicHandle>(at.a!(frame)).value = int(at.b!(frame));
      return null;
    case "atomicAdd": {
      machine.charge(costs.memory);
      const atomic = handle<AtomicHandle>(at.a!(frame));
      atomic.value += int(at.b!(frame));
      bind(frame, at.slot, atomic.value);
      return null;
    }
    case "atomicCas": {
      machine.charge(costs.memory);
      const atomic = handle<AtomicHandle>(at.a!(frame));
      const swapped = atomic.value === int(at.b!(frame));
      if (swapped) atomic.value = int(at.args[0]!(frame));
      frame.slots[at.slot2] = swapped;
      return null;
    }

    case "promise": {
      const promise: PromiseHandle = {
        kind: "promise",
        name: world.handleName(at.extra as string),
        state: "pending",
        value: null,
        error: null,
        native: null,
      };
      frame.slots[at.slot] = promise;
      lowering.promise(task, promise);
      return null;
    }
    case "resolve":
    case "reject": {
      const promise = handle<PromiseHandle>(at.a!(frame));
      if (promise.state !== "pending") {
        world.ignoredSettlements++;
        return null;
      }
      if (at.op === "resolve") {
        promise.state = "resolved";
        promise.value = at.b!(frame);
      } else {
        promise.state = "rejected";
        promise.error = new Fault(at.extra as ErrKind);
      }
      return lowering.settle(task, promise);
    }
    case "await":
      return lowering.await(task, waitFor(task, handle<PromiseHandle>(at.a!(frame))));

    case "callService":
      return lowering.callService(task, world.serviceCall(task, at.extra as string));
    case "fileRead":
      return lowering.fileRead(task, int(at.a!(frame)), at.b === null ? 0 : duration(at.b(frame)));
    case "fileStat":
      return lowering.fileStat(task);

    case "log": {
      machine.emit(Kind.log, -1, task.id, at.at.statement, observations.log.length);
      const text = interpolate(at.extra as string, at, frame);
      observations.log.push({ timeNs: machine.now, task, statement: at.at.statement, text });
      return null;
    }
    case "mark":
    case "measure": {
      const value =
        at.op === "measure" ? int(at.a!(frame)) : machine.now - (at.a === null ? 0 : int(at.a(frame)));
      observations.sample(at.extra as string, value);
      machine.emit(Kind.mark, -1, task.id, at.extra as string, value);
      return null;
    }
    case "count":
      observations.count(at.extra as string, int(at.a!(frame)));
      return null;
    case "gauge":
      observations.gauge(at.extra as string, int(at.a!(frame)));
      return null;
    case "expect":
      if (at.a!(frame) !== true)
        observations.unmet.push({ task, statement: at.at.statement, message: at.extra as string });
      return null;
    case "now":
      frame.slots[at.slot] = machine.now;
      return null;
    case "draw": {
      const { stream, from } = at.extra as Extract<Stmt, { readonly op: "draw" }>;
      const value = machine.decisions.take(`draw.${stream}`, world.draw(task, stream, from));
      frame.slots[at.slot] = value;
      return null;
    }
    case "choose": {
      const n = int(at.a!(frame));
      if (n < 1) throw new Fault("AssertFailed", `choose among ${n}`);
      frame.slots[at.slot] = machine.decisions.take("choose", world.below(task, "choose", n));
      return null;
    }
    default:
      throw new Error(`instruction ${at.op} is not for perform`);
  }
}

/** Puts the result of an operation where the statement wants it, and raises what it raises. */
function accept(task: Task, frame: Frame, at: Instruction, result: unknown): void {
  task.waitingOn = null;
  switch (at.op) {
    case "join":
      bind(frame, at.slot, outcome(at.a!(frame) as Task));
      return;
    case "joinAny": {
      const first = result as Task | null;
      if (first === null) throw new Fault("TaskFailed", "every task failed");
      bind(frame, at.slot, outcome(first));
      return;
    }
    case "joinAll": {
      const failed = result as Task | null;
      if (failed !== null) outcome(failed);
      const values = list(at.a!(frame)).map((each) => outcome(each as Task));
      bind(frame, at.slot, values);
      return;
    }
    case "settleAll":
      bind(
        frame,
        at.slot,
        list(at.a!(frame)).map((each) => settled(each as Task)),
      );
      return;
    case "recv":
      bind(frame, at.slot, (result as Received).value);
      return;
    case "recvOk":
      bind(frame, at.slot, (result as Received).value);
      frame.slots[at.slot2] = (result as Received).ok;
      return;
    case "tryRecv":
      bind(frame, at.slot, (result as Received).value);
      frame.slots[at.slot2] = (result as { readonly ready: boolean }).ready && (result as Received).ok;
      return;
    case "rangeNext":
      if ((result as Received).ok) frame.slots[at.slot] = (result as Received).value;
      else frame.pc = at.target;
      return;
    case "trySend":
      frame.slots[at.slot2] = result as boolean;
      return;
    case "select": {
      const { arm, value, ok } = result as Selected;
      const code = at.extra as SelectCode;
      if (arm === SELECT_DEFAULT) frame.pc = code.otherwiseTarget;
      else if (arm === SELECT_TIMEOUT) frame.pc = code.timeoutTarget;
      else {
        const { slot, okSlot, target } = code.arms[arm]!;
        bind(frame, slot, value);
        bind(frame, okSlot, ok);
        frame.pc = target;
      }
      return;
    }
    case "lock":
      (at.a!(frame) as MutexHandle).holder = task;
      return;
    case "tryLock":
      if (result === true) (at.a!(frame) as MutexHandle).holder = task;
      frame.slots[at.slot2] = result as boolean;
      return;
    case "await": {
      const promise = at.a!(frame) as PromiseHandle;
      if (promise.error !== null) throw new Fault(promise.error.kind, promise.error.message);
      bind(frame, at.slot, promise.value);
      return;
    }
    case "callService":
      if (result !== true) throw new Fault("Rejected", `service ${at.extra as string} refused or failed`);
  }
}

/** Notes what the task is about to wait for. */
function waitFor<W extends Handle | Task | readonly Task[] | null>(task: Task, on: W): W {
  task.waitingOn = on as Task["waitingOn"];
  return on;
}

/** The handle behind a value. Throws NoneDeref for `none`. */
function handle<H extends Handle>(value: Value): H {
  if (value === null) throw new Fault("NoneDeref", "none where a handle is needed");
  return value as H;
}

/** What a task that has ended gave, for whoever joins it. */
function outcome(task: Task): Value {
  task.observed = true;
  if (task.state === "completed") return task.value;
  throw new Fault("TaskFailed", `${task.path}: ${task.error?.message ?? task.state}`);
}

function settled(task: Task): TaskResult {
  task.observed = true;
  return { ok: task.state === "completed", value: task.value, error: task.error?.kind ?? null };
}

function cellIndex(world: World, at: Instruction, frame: Frame): number {
  if (at.a === null) return 0;
  const index = int(at.a(frame));
  const { length } = world.cells[at.slot2]!;
  if (index < 0 || index >= length) throw new Fault("NoneDeref", `cell ${index} of ${length}`);
  return index;
}

/** `{0}` is the first argument. */
function interpolate(text: string, at: Instruction, frame: Frame): string {
  if (at.args.length === 0) return text;
  const values = evaluate(at, frame);
  return text.replace(/\{(\d+)\}/g, (whole, digits: string) => {
    const value = values[Number(digits)];
    return value === undefined ? whole : show(value);
  });
}

/** How a value looks in a log. */
export function show(value: Value): string {
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(" ")}]`;
  if ("ok" in value) return value.ok ? `ok(${show(value.value)})` : `failed(${value.error})`;
  return "path" in value ? value.path : value.name;
}
