/** Starting tasks, waiting for them, giving way, and time. */
import { bind } from "../completion.ts";
import type { Frame, Instruction } from "../code.ts";
import { int, list, reference } from "../expressions.ts";
import { addChild } from "../scope.ts";
import { Task } from "../task.ts";
import { Fault, type TaskResult, type Value } from "../values.ts";
import type { World } from "../world.ts";
import { duration, evaluate, type Operation, type Operations, waitFor } from "./operation.ts";

const spawn: Operation["start"] = (world, task, frame, at) =>
  begin(world, task, frame, at, at.extra as string, evaluate(at, frame));

const spawnRef: Operation["start"] = (world, task, frame, at) => {
  const { proc, args } = reference(at.a!(frame));
  return begin(world, task, frame, at, proc, [...args, ...evaluate(at, frame)]);
};

/** A child of the innermost scope that is open, unless it is detached. */
function begin(
  world: World,
  task: Task,
  frame: Frame,
  at: Instruction,
  proc: string,
  args: Value[],
): ReturnType<Operation["start"]> {
  const code = world.code.procs.get(proc)!;
  const child = world.createTask(task, code.name);
  const scope = task.scopes?.at(-1);
  if (at.op === "detach") child.detached = true;
  else if (scope !== undefined) addChild(scope, child);
  bind(frame, at.slot, child);
  return world.lowering.spawn(task, child, world.bodyOf(child, code, args), at.slot2 === 1);
}

export const tasks: Operations<
  | "spawn"
  | "spawnRef"
  | "detach"
  | "join"
  | "joinAny"
  | "joinAll"
  | "settleAll"
  | "yield"
  | "yieldMicro"
  | "sleep"
  | "block"
  | "offload"
> = {
  spawn: { start: spawn },
  spawnRef: { start: spawnRef },
  detach: { start: spawn },
  join: {
    start: ({ lowering }, task, frame, at) => lowering.join(task, waitFor(task, one(at.a!(frame)))),
    accept: (frame, at) => bind(frame, at.slot, outcome(at.a!(frame) as Task)),
  },
  joinAny: {
    start: ({ lowering }, task, frame, at) =>
      lowering.joinAny(task, waitFor(task, many(at.a!(frame))), at.extra as boolean),
    accept(frame, at, result) {
      const first = result as Task | null;
      if (first === null) throw new Fault("TaskFailed", "every task failed");
      bind(frame, at.slot, outcome(first));
    },
  },
  joinAll: {
    start: ({ lowering }, task, frame, at) => lowering.joinAll(task, waitFor(task, many(at.a!(frame)))),
    accept(frame, at, result) {
      const failed = result as Task | null;
      if (failed !== null) outcome(failed);
      const values = list(at.a!(frame)).map((each) => outcome(each as Task));
      bind(frame, at.slot, values);
    },
  },
  settleAll: {
    start: ({ lowering }, task, frame, at) => lowering.settleAll(task, waitFor(task, many(at.a!(frame)))),
    accept: (frame, at) =>
      bind(
        frame,
        at.slot,
        list(at.a!(frame)).map((each) => settled(each as Task)),
      ),
  },
  yield: { start: ({ lowering }, task) => lowering.yield(task) },
  yieldMicro: { start: ({ lowering }, task) => lowering.yieldMicro(task) },
  sleep: { start: ({ lowering }, task, frame, at) => lowering.sleep(task, duration(at.a!(frame))) },
  block: { start: ({ lowering }, task, frame, at) => lowering.block(task, duration(at.a!(frame))) },
  offload: {
    start({ lowering }, task, frame, at) {
      const workers = at.b === null ? null : Math.max(1, int(at.b(frame)));
      return lowering.offload(task, duration(at.a!(frame)), workers);
    },
  },
};

function one(value: Value): Task {
  if (value instanceof Task) return value;
  throw new Fault("NoneDeref", value === null ? "none where a task is needed" : "not a task");
}

const many = (value: Value): Task[] => list(value).map(one);

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
