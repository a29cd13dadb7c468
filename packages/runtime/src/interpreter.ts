/**
 * Runs a task's procedure: one generator per task over flat code. Each turn of the loop is one statement: control flow
 * and memory are done here, everything that a runtime has a say in is the lowering's. After each statement the task pays
 * its costs, which is where other processors get to act.
 */
import type { Frame, Instruction, LeaveTo, ProcCode } from "./code.ts";
import { bind, endFinally, enter, leave, open, proceed } from "./completion.ts";
import { isSteps, type Steps } from "./model.ts";
import { duration, evaluate } from "./operations/operation.ts";
import { closeScope, openScope } from "./scope.ts";
import type { Task, TaskScope } from "./task.ts";
import { Fault, type Value } from "./values.ts";
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
        const { operation } = at;
        if (operation !== null) {
          if (at.cancellable && task.cancelRequested) {
            task.cancelRequested = false;
            throw new Fault("Cancelled");
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
            default:
              throw new Error(`instruction ${at.op} has no operation`);
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
