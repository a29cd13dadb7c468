/** The process between two events, as plain JSON. */
import type { Snapshot } from "@orrery/runtime";
import type { BaseEventLoop } from "./base_events.ts";
import { Handle } from "./events.ts";
import { chain, pstree } from "./pstree.ts";

export function inspect(loop: BaseEventLoop): Snapshot {
  const { python } = loop;
  const { gil } = python;
  return {
    loop: {
      iterations: loop.iterations,
      current_task: loop._current_task?.get_name() ?? null,
      _ready: loop._ready
        .toArray()
        .map((handle) => (handle instanceof Handle ? handle.repr() : handle.step_repr())),
      _scheduled: loop._scheduled.map((timer) => ({
        when: timer._when,
        callback: timer.format_callback(),
        cancelled: timer._cancelled,
      })),
      _timer_cancelled_count: loop._timer_cancelled_count,
      _selector: loop._selector.fds.map(({ name, readable, owner }) => ({
        name,
        callback: (owner as Handle).format_callback(),
        readable,
      })),
      _asyncgens: [...loop._asyncgens].map(({ name }) => name),
    },
    tasks: loop.all_tasks().map((task) => ({
      id: task.id,
      name: task.get_name(),
      coro: task.coro_name(),
      wait_for: task._fut_waiter?.label ?? null,
      chain: chain(task),
      cancelling: task.cancelling(),
      _must_cancel: task._must_cancel,
    })),
    pstree: pstree(loop),
    gil: {
      holder: gil.holder?.name ?? null,
      waiters: gil.waiters.map(({ name }) => name),
      gil_drop_request: gil.gil_drop_request,
    },
    executors: python.executors.map(({ prefix, max_workers, work_queue, idle_permits, threads }) => ({
      prefix,
      max_workers,
      threads: threads.map(({ name }) => name),
      work_queue: work_queue.length,
      idle_permits,
    })),
    threads: python.threads.map(({ name, thread }) => ({
      name,
      state: thread.state,
      waitingFor: thread.waitingFor,
    })),
  };
}

export function counters(loop: BaseEventLoop): Record<string, number> {
  const { gil, threads } = loop.python;
  return {
    iterations: loop.iterations,
    handles: loop.handles,
    task_steps: loop.task_steps,
    timers_due: loop.timers_due,
    tasks: loop.tasks_created,
    selector_waits: loop._selector.waits,
    gil_switches: gil.switch_number,
    gil_drop_requests: gil.forced,
    gc_collections: loop.python.gc.collections[2],
    threads_started: threads.length,
    executor_work_items: loop.python.executors.reduce((sum, { completed }) => sum + completed, 0),
  };
}
