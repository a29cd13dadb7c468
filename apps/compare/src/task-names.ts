/** Paths of a run's tasks by id, kept small: a trace tells ids, people want `main/worker[2]`. */
import type { Execution, Task } from "@orrery/runtime";

export class TaskNames {
  private readonly parents: number[] = [];
  private readonly procs: string[] = [];
  private readonly places: number[] = [];

  /** Listens to the tasks that an execution makes from now on; so far there is main alone. */
  constructor(execution: Execution) {
    const { world } = execution;
    this.add(world.main);
    const create = world.createTask.bind(world);
    world.createTask = (parent, proc): Task => {
      const task = create(parent, proc);
      this.add(task);
      return task;
    };
  }

  get count(): number {
    return this.procs.length;
  }

  /** `main`, `main/worker[2]`; `the runtime` for -1. */
  path(id: number): string {
    if (id < 0) return "the runtime";
    const proc = this.procs[id];
    if (proc === undefined) return `task ${id}`;
    return this.parents[id]! < 0 ? proc : `${this.path(this.parents[id]!)}/${proc}[${this.places[id]}]`;
  }

  /** The last part alone: `worker[2]`. */
  short(id: number): string {
    const path = this.path(id);
    return path.slice(path.lastIndexOf("/") + 1);
  }

  private add(task: Task): void {
    this.parents[task.id] = task.parent === null ? -1 : task.parent.id;
    this.procs[task.id] = task.proc;
    this.places[task.id] = task.index;
  }
}
