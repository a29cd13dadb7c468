/**
 * Who awaits whom, as `python -m asyncio ps` and `pstree` of 3.14 show it of a live process (Lib/asyncio/tools.py, read and
 * not run here). One line or branch per task; a task that two await is shown under both. Ids and addresses are left out.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { type Future, JoinFuture } from "./futures.ts";
import { Task } from "./task.ts";
import { GatheringFuture } from "./tasks.ts";

/** What a task waits for, innermost last: names of tasks, and at the end the operation. */
export function chain(task: Task): readonly string[] {
  const names: string[] = [];
  for (
    let waiter = task._fut_waiter;
    waiter !== null;
    waiter = waiter instanceof Task ? waiter._fut_waiter : null
  )
    names.push(waiter instanceof Task ? waiter.get_name() : waiter.label);
  return names;
}

/** Tasks that a task awaits, through a gather, a wait or a group too. */
function awaited(task: Task): readonly Task[] {
  const direct = (future: Future | null): readonly Task[] => {
    if (future instanceof Task) return [future as Task];
    if (future instanceof GatheringFuture) return future._children.flatMap(direct);
    if (future instanceof JoinFuture) return future._children().flatMap(direct);
    return [];
  };
  return direct(task._fut_waiter).filter((child) => !child.done());
}

interface Row {
  readonly task: string;
  readonly coroutine: string;
  readonly awaiting: string;
  readonly awaiter: string;
}

/** `asyncio ps`: a row per task and awaiter, in order of creation. */
export function ps(loop: BaseEventLoop): readonly Row[] {
  const tasks = loop.all_tasks();
  const awaiters = new Map<Task, string[]>();
  for (const task of tasks)
    for (const child of awaited(task)) awaiters.set(child, [...(awaiters.get(child) ?? []), task.get_name()]);
  return tasks.flatMap((task) =>
    (awaiters.get(task) ?? [""]).map((awaiter) => ({
      task: task.get_name(),
      coroutine: task.coro_name(),
      awaiting: chain(task).join(" -> "),
      awaiter,
    })),
  );
}

/** `asyncio pstree`: lines of the trees below the tasks that nobody awaits. A cycle ends at its first repetition. */
export function pstree(loop: BaseEventLoop): readonly string[] {
  const tasks = loop.all_tasks();
  const children = new Set(tasks.flatMap(awaited));
  const free = tasks.filter((task) => !children.has(task));
  const roots = free.length > 0 ? free : tasks.slice(0, 1); // they await each other
  const lines: string[] = [];
  const branch = (task: Task, indent: string, last: boolean, above: readonly Task[]): void => {
    lines.push(`${indent}${last ? "└──" : "├──"} (T) ${task.get_name()}`);
    const inner = `${indent}${last ? "    " : "│   "}`;
    const waiter = task._fut_waiter;
    const awaits = waiter === null || waiter instanceof Task ? "" : ` ${waiter.label}`;
    lines.push(`${inner}└──  ${task.coro_name()}${awaits}`);
    const below = above.includes(task) ? [] : awaited(task);
    for (const [i, child] of below.entries())
      branch(child, `${inner}    `, i === below.length - 1, [...above, task]);
  };
  for (const [i, root] of roots.entries()) branch(root, "", i === roots.length - 1, []);
  return lines;
}
