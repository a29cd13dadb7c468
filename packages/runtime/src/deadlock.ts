/** Who waits for whom among tasks that can't go on. */
import type { Task } from "./task.ts";
import type { Handle } from "./values.ts";

export interface Blocked {
  readonly task: string;
  /** `lock fork[2] held by main/philosopher[2]`, `join main/worker[0]`, `recv out`. */
  readonly waitingFor: string;
}

export interface Deadlock {
  readonly blocked: readonly Blocked[];
  /** Tasks of a cycle of waiting, each for the next and the last for the first; empty when there is none. */
  readonly cycle: readonly Blocked[];
}

export function describeBlocked(task: Task): Blocked {
  const { waiting, waitingOn } = task;
  if (waiting === null) return { task: task.path, waitingFor: "its runtime" };
  const at = ` (${waiting.statement})`;
  if (waitingOn === null) return { task: task.path, waitingFor: waiting.op + at };
  if (Array.isArray(waitingOn)) {
    const names = (waitingOn as readonly (Task | Handle)[])
      .filter((each) => !("path" in each) || !each.ended)
      .map((each) => ("path" in each ? each.path : String(each.name)));
    const shown =
      names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
    return { task: task.path, waitingFor: `${waiting.op} ${shown}${at}` };
  }
  const on = waitingOn as Handle | Task;
  if ("path" in on) return { task: task.path, waitingFor: `${waiting.op} ${on.path}${at}` };
  const held = on.kind === "mutex" && on.holder !== null ? ` held by ${on.holder.path}` : "";
  return { task: task.path, waitingFor: `${waiting.op} ${on.name}${held}${at}` };
}

export function describeDeadlock(tasks: readonly Task[]): Deadlock {
  const cycle = findCycle(tasks);
  return { blocked: tasks.map(describeBlocked), cycle: cycle.map(describeBlocked) };
}

/** Tasks that could let `task` go on, as far as the language knows: the lock's holder, the joined tasks. */
function waitsFor(task: Task): readonly Task[] {
  const on = task.waitingOn;
  if (on === null) return [];
  if (Array.isArray(on))
    return (on as readonly (Task | Handle)[]).filter((each) => "path" in each && !each.ended) as Task[];
  const single = on as Handle | Task;
  if ("path" in single) return [single];
  return single.kind === "mutex" && single.holder !== null ? [single.holder] : [];
}

/** The first cycle by depth-first search from the oldest task. */
function findCycle(tasks: readonly Task[]): readonly Task[] {
  const done = new Set<Task>();
  for (const start of tasks) {
    const path: Task[] = [];
    const onPath = new Set<Task>();
    // Each entry of the stack: the task and how many of those it waits for were tried.
    const stack: { readonly task: Task; tried: number }[] = [{ task: start, tried: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (top.tried === 0) {
        if (done.has(top.task)) {
          stack.pop();
          continue;
        }
        path.push(top.task);
        onPath.add(top.task);
      }
      const next = waitsFor(top.task)[top.tried++];
      if (next === undefined) {
        done.add(top.task);
        onPath.delete(top.task);
        path.pop();
        stack.pop();
      } else if (onPath.has(next)) return path.slice(path.indexOf(next));
      else if (!done.has(next)) stack.push({ task: next, tried: 0 });
    }
  }
  return [];
}
