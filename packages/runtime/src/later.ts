/** Procedures that run later as tasks of their own: after a time, when a promise is settled, from one of the runtime's queues. */
import type { ProcCode } from "./code.ts";
import type { Steps } from "./model.ts";
import type { Task } from "./task.ts";
import { Fault, type PromiseHandle, type Value } from "./values.ts";
import type { World } from "./world.ts";

export interface Launch {
  readonly child: Task;
  readonly body: Steps<Value>;
}

/** A call whose place among its parent's children is taken when the program asks for it, whenever it comes to run. */
export class Callback {
  protected readonly world: World;
  private readonly parent: Task;
  private readonly code: ProcCode;
  private readonly args: readonly Value[];
  private index: number;
  private isDue = false;

  constructor(world: World, parent: Task, code: ProcCode, args: readonly Value[]) {
    this.world = world;
    this.parent = parent;
    this.code = code;
    this.args = args;
    this.index = world.nextIndex(parent, code.name);
  }

  /** Nothing but time stands before it now: the program is not at its end. */
  due(): void {
    if (!this.isDue) this.world.later++;
    this.isDue = true;
  }

  /** It has come, or will not run after all. */
  dropped(): void {
    if (!this.isDue) return;
    this.isDue = false;
    this.world.noLonger();
  }

  /** Another call of the same, of a timer that is started anew after it has fired. */
  again(): void {
    this.index = this.world.nextIndex(this.parent, this.code.name);
  }

  /** Its time has come: the task that it is. The lowering starts it, and calls this once for each. */
  launch(): Launch {
    const launch = this.begin();
    this.dropped();
    return launch;
  }

  protected begin(...more: readonly Value[]): Launch {
    const child = this.world.createTask(this.parent, this.code.name, this.index);
    return { child, body: this.world.bodyOf(child, this.code, [...this.args, ...more]) };
  }
}

/** The handler of an `onResolve`, due until `derived` is settled, since other handlers may wait for that. Once `derived` is settled, by `skip`, `ended` or `follow`, the lowering wakes who awaits it. */
export class Reaction extends Callback {
  readonly promise: PromiseHandle;
  readonly derived: PromiseHandle;

  constructor(
    world: World,
    parent: Task,
    code: ProcCode,
    args: readonly Value[],
    promise: PromiseHandle,
    derived: PromiseHandle,
  ) {
    super(world, parent, code, args);
    this.promise = promise;
    this.derived = derived;
  }

  /** The promise has been resolved: the handler, with its value. */
  handle(): Launch {
    return this.begin(this.promise.value);
  }

  /** The promise has been rejected: so is `derived`. */
  skip(): void {
    this.world.settlePromise(this.derived, null, this.promise.error);
    this.dropped();
  }

  /** The handler has ended. A promise that it returned is given back: `derived` is to follow that one. */
  ended(child: Task): PromiseHandle | null {
    child.observed = true;
    const { value } = child;
    if (child.error === null && typeof value === "object" && value !== null && "kind" in value)
      if (value.kind === "promise") {
        this.world.react(this, value);
        if (value.state === "pending") this.dropped();
        return value;
      }
    this.world.settlePromise(this.derived, value, child.error);
    this.dropped();
    return null;
  }

  /** The promise that the handler returned has been settled. */
  follow({ value, error }: PromiseHandle): void {
    this.world.settlePromise(
      this.derived,
      value,
      error === null ? null : new Fault(error.kind, error.message),
    );
    this.dropped();
  }
}
