/**
 * Runs a task's procedure: one generator per task over flat code. Each turn of the loop is one statement: control flow
 * and memory are done here, everything that a runtime has a say in is the lowering's. After each statement the task pays
 * its costs, which is where other processors get to act.
 */
import type { Frame, Instruction, LeaveTo, ProcCode } from "./code.ts";
import { endFinally, enter, leave, proceed } from "./completion.ts";
import { reference } from "./expressions.ts";
import { isSteps, type Steps } from "./model.ts";
import { duration, evaluate } from "./operations/operation.ts";
import type { Task } from "./task.ts";
import { Fault, type Value } from "./values.ts";
import type { World } from "./world.ts";

/** Calls that may nest in one task. */
export const MAX_CALL_DEPTH = 10_000;

/** The body of a task. It returns when the task has ended, its outcome in `task`; it never throws a program's error. */
export function* runTask(world: World, task: Task, proc: ProcCode, args: Value[]): Steps<Value> {
  const { machine, costs, code } = world;
  let frame: Frame | null = enter(task, proc, args, null, -1);
  while (frame !== null) {
    try {
      // This is the loop: one statement a turn.
      for (;;) {
        const at: Instruction = frame.proc.code[frame.pc++]!;
        machine.charge(costs.statement);
        const { operation } = at;
        if (operation !== null) {
          if (at.cold) {
            at.cold = false;
            machine.charge(costs.cold);
          }
          if (at.cancellable) {
            if (code.cancels) machine.charge(costs.cancellable);
            if (task.cancelRequested && task.shields === 0) {
              task.cancelRequested = false;
              throw new Fault("Cancelled");
            }
          }
          task.waitingOn = null;
          let result = operation.start(world, task, frame, at);
          if (isSteps(result)) {
            task.waiting = at.at;
            result = yield* result;
            task.waiting = null;
          }
          operation.accept?.(frame, at, result);
        } else
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
              machine.charge(costs.call);
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
            case "callRef": {
              machine.charge(costs.call);
              const ref = reference(at.a!(frame));
              if (frame.depth >= MAX_CALL_DEPTH)
                throw new Fault("DepthExceeded", `more than ${MAX_CALL_DEPTH} nested calls`);
              const args = [...ref.args, ...evaluate(at, frame)];
              frame = enter(task, world.code.procs.get(ref.proc)!, args, frame, at.slot);
              break;
            }
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
            case "cpu":
              yield duration(at.a!(frame));
              break;
            default:
              throw new Error(`instruction ${at.op} has no operation`);
          }
        if (task.returns > 0) yield* returned(world, task);
        if (frame === null) break;
        if (!machine.settle()) yield 0;
      }
    } catch (error) {
      task.waiting = null;
      if (!(error instanceof Fault)) throw error;
      if (error.kind === "Cancelled") task.cancelRequested = false;
      frame = proceed(frame!, { how: "throw", error });
      if (task.returns > 0) yield* returned(world, task);
    }
  }
  world.finishTask(task);
  return task.value;
}

/** What the runtime makes of calls that have ended. */
function* returned({ lowering }: World, task: Task): Steps {
  for (; task.returns > 0; task.returns--) {
    const op = lowering.returned?.(task);
    if (isSteps(op)) yield* op;
  }
}
