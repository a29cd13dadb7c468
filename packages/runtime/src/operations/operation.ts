import type { Frame, Instruction } from "../code.ts";
import { int } from "../expressions.ts";
import type { Op } from "../model.ts";
import type { Task } from "../task.ts";
import { Fault, type Handle, type Value } from "../values.ts";
import type { World } from "../world.ts";

/** What the interpreter does for one kind of statement beyond plain control flow. */
export interface Operation {
  /** Evaluates the operands and starts it; null or a value when it is done at once. */
  start(world: World, task: Task, frame: Frame, at: Instruction): Op<unknown>;
  /** Puts the result where the statement wants it, and raises what it raises. */
  accept?(frame: Frame, at: Instruction, result: unknown): void;
}

export type Operations<Names extends string> = Readonly<Record<Names, Operation>>;

export function evaluate(at: Instruction, frame: Frame): Value[] {
  const { args } = at;
  const values: Value[] = new Array(args.length);
  for (let i = 0; i < args.length; i++) values[i] = args[i]!(frame);
  return values;
}

/** Durations are whole and not negative. */
export function duration(value: Value): number {
  return Math.max(0, int(value));
}

/** Notes what the task is about to wait for. */
export function waitFor<W extends Handle | Task | readonly Task[] | null>(task: Task, on: W): W {
  task.waitingOn = on as Task["waitingOn"];
  return on;
}

/** The handle behind a value. Throws NoneDeref for `none` and for what is no handle. */
export function handle<H extends Handle>(value: Value): H {
  if (typeof value === "object" && value !== null && "kind" in value) return value as H;
  throw new Fault("NoneDeref", value === null ? "none where a handle is needed" : "not a handle");
}
