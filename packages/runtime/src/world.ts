/**
 * The program's side of a run: its tasks, shared cells, services and observations. The interpreter works on it; a model
 * sees only `WorldHooks`.
 */
import {
  below,
  draw,
  type Distribution,
  type Hash64,
  isMap,
  nameHash,
  type ParamValue,
  type Program,
  rootHash,
  type ServiceDecl,
  streamHash,
  taskHash,
} from "@orrery/program";
import { Kind, type Machine, type Request, Service } from "@orrery/simulator";
import { compile, type ProcCode, type ProgramCode } from "./code.ts";
import { runTask } from "./interpreter.ts";
import type { Reaction } from "./later.ts";
import type { Costs, Lowering, ServiceCall, Steps, WorldHooks } from "./model.ts";
import { Observations } from "./observations.ts";
import { Task } from "./task.ts";
import { Fault, type HandleFamily, HandleName, type PromiseHandle, type Value } from "./values.ts";

export interface Diagnostic {
  readonly kind: string;
  readonly text: string;
}

/** How the process ended by its own doing; null while it lives. */
export interface Ended {
  readonly outcome: "completed" | "failed" | "budget-exceeded";
  readonly detail: string | null;
}

export class World implements WorldHooks {
  readonly machine: Machine;
  readonly program: Program;
  readonly code: ProgramCode;
  readonly costs: Costs;
  readonly seed: number;
  readonly observations = new Observations();
  readonly diagnostics: Diagnostic[] = [];
  readonly cells: Value[][];
  /** Set once the model has booted. */
  lowering!: Lowering;
  main!: Task;
  ended: Ended | null = null;

  spawned = 0;
  completed = 0;
  failed = 0;
  cancelled = 0;
  live = 0;
  livePeak = 0;
  /** Calls that are due and have not begun. */
  later = 0;
  /** When main ended, and when the last task did: ns, -1 if not yet. */
  mainEndedNs = -1;
  lastEndedNs = -1;
  /** Tasks that failed and that somebody could still have joined. */
  readonly failures: Task[] = [];
  /** Second settlements of promises, which are ignored. */
  ignoredSettlements = 0;

  private readonly maxTasks: number;
  private readonly services: Map<string, ServiceState>;
  private readonly names = new Map<string, Hash64>();
  private readonly handles = new Map<string, HandleFamily>();
  private readonly reactions = new Map<PromiseHandle, Reaction[]>();
  private liveTasks: Task | null = null;

  constructor(
    machine: Machine,
    program: Program,
    params: Readonly<Record<string, ParamValue>>,
    costs: Costs,
    seed: number,
    maxTasks: number,
  ) {
    this.machine = machine;
    this.program = program;
    this.code = compile(program, params);
    this.costs = costs;
    this.seed = seed;
    this.maxTasks = maxTasks;
    this.cells = program.shared.map(({ type, init, length }) =>
      Array.from({ length: length === undefined ? 1 : (resolve(length, params) as number) }, () =>
        isMap(type) ? new Map() : init,
      ),
    );
    this.services = new Map(
      program.services.map((decl) => [decl.name, new ServiceState(machine, decl, params)]),
    );
  }

  bodyOf(task: Task, proc: ProcCode, args: Value[]): Steps<Value> {
    return runTask(this, task, proc, args);
  }

  // ---- tasks ----------------------------------------------------------------------------------------------------

  /** The next place among the tasks of a procedure that `parent` starts. */
  nextIndex(parent: Task, proc: string): number {
    parent.children ??= new Map();
    const index = parent.children.get(proc) ?? 0;
    parent.children.set(proc, index + 1);
    return index;
  }

  createTask(parent: Task | null, proc: string, place?: number): Task {
    const index = place ?? (parent === null ? 0 : this.nextIndex(parent, proc));
    const task = new Task(this.spawned++, parent, proc, index);
    task.next = this.liveTasks;
    if (this.liveTasks !== null) this.liveTasks.previous = task;
    this.liveTasks = task;
    this.live++;
    if (this.live > this.livePeak) this.livePeak = this.live;
    if (this.live > this.maxTasks)
      this.end({ outcome: "budget-exceeded", detail: `more than ${this.maxTasks} tasks (--max-tasks)` });
    return task;
  }

  /** Records a task's outcome; runs in the task's own context, right before its body returns. */
  finishTask(task: Task): void {
    const { error } = task;
    task.waitingOn = null;
    if (error === null) {
      task.state = "completed";
      this.completed++;
    } else if (error.kind === "Cancelled") {
      task.state = "cancelled";
      this.cancelled++;
    } else {
      task.state = "failed";
      this.failed++;
    }
    if (task.previous !== null) task.previous.next = task.next;
    else this.liveTasks = task.next;
    if (task.next !== null) task.next.previous = task.previous;
    task.previous = null;
    task.next = null;
    this.live--;
    this.lastEndedNs = this.machine.now;
    if (task.scope !== null) this.scopeChildEnded(task);
    if (error !== null && task.state === "failed") this.taskFailed(task, error);
    if (task === this.main) this.mainEnded();
    else this.endIfIdle();
  }

  /** A call that was due has come, or will not. */
  noLonger(): void {
    this.later--;
    this.endIfIdle();
  }

  private endIfIdle(): void {
    if (this.idle && this.mainEndedNs >= 0) this.end({ outcome: "completed", detail: null });
  }

  /** Nothing is left that could run. */
  private get idle(): boolean {
    return this.live === 0 && this.later === 0;
  }

  neverStarted(task: Task): void {
    task.error = new Fault("Cancelled");
    this.finishTask(task);
  }

  private mainEnded(): void {
    this.mainEndedNs = this.machine.now;
    if (this.ended !== null) return;
    if (this.idle || this.program.policies.end === "main") this.end({ outcome: "completed", detail: null });
  }

  private taskFailed(task: Task, error: Fault): void {
    if (task !== this.main && !task.detached) {
      this.failures.push(task); // somebody may still join it
      return;
    }
    const { ends, exitStatus, text } = this.lowering.uncaught(task, error);
    const policy = this.program.policies.onDetachedFailure;
    if (task !== this.main && policy === "ignore") return;
    this.diagnose("uncaught", text);
    if (task === this.main || policy === "abort" || ends)
      this.end({ outcome: "failed", detail: `${task.path}: ${error.message} (exit status ${exitStatus})` });
  }

  private scopeChildEnded(child: Task): void {
    const scope = child.scope!;
    scope.live--;
    if (child.state === "completed") {
      if (scope.race && scope.winner === null) {
        scope.winner = child;
        this.cancelAll(child, scope.children);
      }
    } else if (child.state === "failed" && scope.firstFailure === null) {
      scope.firstFailure = child;
      if (scope.cancelSiblings) {
        this.cancelAll(child, scope.children);
        if (!scope.closing) this.cancel(child, scope.owner);
      }
    }
    this.lowering.scopeChildEnded(child, scope);
  }

  cancelAll(by: Task, tasks: readonly Task[]): void {
    for (const task of tasks) if (task !== by) this.cancel(by, task);
  }

  cancel(by: Task, task: Task): void {
    if (task.ended) return;
    for (const region of task.regions ?? []) region.overtaken = true;
    if (task.cancelRequested) return;
    task.cancelRequested = true;
    if (task.shields === 0 && task !== by) this.lowering.cancel(by, task);
  }

  /** Settles a promise, once. The lowering is told by whoever asks. */
  settlePromise(promise: PromiseHandle, value: Value, error: Fault | null): void {
    if (promise.state !== "pending") {
      this.ignoredSettlements++;
      return;
    }
    promise.state = error === null ? "resolved" : "rejected";
    promise.value = error === null ? value : null;
    promise.error = error;
    for (const reaction of this.reactions.get(promise) ?? []) reaction.due();
    this.reactions.delete(promise);
  }

  /** Notes what waits for a promise, that of the reaction or the one that its handler returned. */
  react(reaction: Reaction, promise = reaction.promise): void {
    if (promise.state !== "pending") return reaction.due();
    const waiting = this.reactions.get(promise);
    if (waiting === undefined) this.reactions.set(promise, [reaction]);
    else waiting.push(reaction);
  }

  /** Tasks that have not ended, oldest first. */
  unfinished(): Task[] {
    const tasks: Task[] = [];
    for (let task = this.liveTasks; task !== null; task = task.next) tasks.push(task);
    return tasks.toReversed();
  }

  // ---- resources ------------------------------------------------------------------------------------------------

  /** A name for the next handle created under a local's name. */
  handleName(local: string): HandleName {
    let family = this.handles.get(local);
    if (family === undefined) {
      family = { local, count: 0 };
      this.handles.set(local, family);
    }
    return new HandleName(family);
  }

  /** A request to a service, its fate a function of seed, task and how often the task has asked. */
  serviceCall(task: Task, name: string): ServiceCall {
    const state = this.services.get(name)!;
    const point = `service.${name}`;
    const { decisions } = this.machine;
    const serviceNs = decisions.take(`${point}.latency`, this.draw(task, `${point}.latency`, state.latency));
    const fails =
      state.failPerMillion > 0 &&
      decisions.take(`${point}.fails`, this.below(task, `${point}.fails`, 1_000_000)) < state.failPerMillion;
    return { service: name, send: (): Request => state.service.request(serviceNs, fails) };
  }

  /** Value of the next draw of a stream in a task. */
  draw(task: Task, stream: string, from: Distribution): number {
    const n = this.drawsBefore(task, stream);
    return draw(from, streamHash(this.hashOf(task), this.nameHash(stream), scratch), n);
  }

  below(task: Task, stream: string, limit: number): number {
    const n = this.drawsBefore(task, stream);
    return below(limit, streamHash(this.hashOf(task), this.nameHash(stream), scratch), n);
  }

  private drawsBefore(task: Task, stream: string): number {
    task.draws ??= new Map();
    const n = task.draws.get(stream) ?? 0;
    task.draws.set(stream, n + 1);
    return n;
  }

  private hashOf(task: Task): Hash64 {
    if (task.hash === null) {
      const hash = { hi: 0, lo: 0 };
      task.hash =
        task.parent === null
          ? rootHash(this.seed, hash)
          : taskHash(this.hashOf(task.parent), this.nameHash(task.proc), task.index, hash);
    }
    return task.hash;
  }

  private nameHash(name: string): Hash64 {
    let hash = this.names.get(name);
    if (hash === undefined) {
      hash = nameHash(name);
      this.names.set(name, hash);
    }
    return hash;
  }

  // ---- what a model says ----------------------------------------------------------------------------------------

  diagnose(kind: string, text: string): void {
    this.diagnostics.push({ kind, text });
    this.machine.emit(Kind.note, -1, -1, kind);
  }

  exit(status: number, why: string): void {
    this.end(status === 0 ? { outcome: "completed", detail: null } : { outcome: "failed", detail: why });
  }

  private end(ended: Ended): void {
    if (this.ended !== null) return;
    this.ended = ended;
    this.machine.halt();
  }
}

const scratch: Hash64 = { hi: 0, lo: 0 };

class ServiceState {
  readonly service: Service;
  readonly latency: Distribution;
  readonly failPerMillion: number;

  constructor(machine: Machine, decl: ServiceDecl, params: Readonly<Record<string, ParamValue>>) {
    this.service = new Service(machine, decl.name, decl.servers ?? Infinity, decl.queueLimit ?? Infinity);
    const latency = resolve(decl.latency, params);
    this.latency = typeof latency === "object" ? latency : { dist: "constant", value: latency as number };
    this.failPerMillion = resolve(decl.failPerMillion, params) as number;
  }
}

/** A value given in place, or the parameter it comes from. */
function resolve<T>(
  value: T | { readonly param: string },
  params: Readonly<Record<string, ParamValue>>,
): T | ParamValue {
  return typeof value === "object" && value !== null && "param" in value
    ? params[value.param]!
    : (value as T);
}
