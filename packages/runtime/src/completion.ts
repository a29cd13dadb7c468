/** How blocks end: normally, by a jump out of them, a return or an error, through the finally and deferred blocks around. */
import type { CatchTarget, Completion, Frame, ProcCode } from "./code.ts";
import type { Task } from "./task.ts";
import type { Fault, Value } from "./values.ts";

const NORMAL: Completion = { how: "normal" };
const NO_CATCHES: readonly CatchTarget[] = [];
const RUNNING = { catches: NO_CATCHES, finallyTarget: -1, running: true };

export function enter(
  task: Task,
  proc: ProcCode,
  args: Value[],
  caller: Frame | null,
  bindSlot: number,
): Frame {
  const slots = args;
  for (let i = args.length; i < proc.slots; i++) slots.push(null);
  return {
    task,
    proc,
    slots,
    pc: 0,
    caller,
    bind: bindSlot,
    depth: caller === null ? 0 : caller.depth + 1,
    regions: null,
    pending: null,
    defers: null,
  };
}

/** Sets a local; slot -1 is nobody's. */
export function bind(frame: Frame, slot: number, value: Value): void {
  if (slot >= 0) frame.slots[slot] = value;
}

/** Opens a region: a try with its catches, or whatever has a finally block. */
export function open(frame: Frame, catches: readonly CatchTarget[], finallyTarget: number): void {
  (frame.regions ??= []).push({ catches, finallyTarget, running: false });
}

/** Normal end of a region's block: through its finally block if it has one, else on to `target`. */
export function leave(frame: Frame, target: number): void {
  const { finallyTarget } = frame.regions!.pop()!;
  if (finallyTarget >= 0) run(frame, finallyTarget, NORMAL);
  else frame.pc = target;
}

/** End of a finally or deferred block: goes on with why it was entered. */
export function endFinally(frame: Frame): Frame | null {
  frame.regions!.pop();
  const completion = frame.pending!.pop()!;
  return completion.how === "normal" ? frame : proceed(frame, completion);
}

/**
 * Carries a completion outwards: through regions (a catch may take an error), then deferred blocks, then to the caller.
 * Returns the frame that goes on, or null at the end of the task, with its outcome in the task.
 */
export function proceed(from: Frame, completion: Completion): Frame | null {
  for (let frame = from; ; ) {
    const { regions } = frame;
    while (regions !== null && regions.length > (completion.how === "jump" ? completion.depth : 0)) {
      const { catches, finallyTarget, running } = regions.pop()!;
      if (running) frame.pending!.pop();
      const taken = completion.how === "throw" ? findCatch(catches, completion.error) : undefined;
      if (taken !== undefined) {
        if (finallyTarget >= 0) open(frame, NO_CATCHES, finallyTarget);
        frame.pc = taken.target;
        return frame;
      }
      if (finallyTarget >= 0) {
        run(frame, finallyTarget, completion);
        return frame;
      }
    }
    if (completion.how === "jump") {
      frame.pc = completion.target;
      return frame;
    }
    if (frame.defers !== null && frame.defers.length > 0) {
      run(frame, frame.defers.pop()!, completion);
      return frame;
    }
    const { caller } = frame;
    if (caller !== null && frame.proc.suspends) frame.task.returns++;
    if (completion.how === "return") {
      if (caller === null) frame.task.value = completion.value;
      else bind(caller, frame.bind, completion.value);
      return caller;
    }
    if (caller === null) {
      frame.task.error = (completion as Extract<Completion, { readonly how: "throw" }>).error;
      return null;
    }
    frame = caller;
  }
}

function run(frame: Frame, target: number, why: Completion): void {
  (frame.pending ??= []).push(why);
  (frame.regions ??= []).push(RUNNING);
  frame.pc = target;
}

function findCatch(catches: readonly CatchTarget[], error: Fault): CatchTarget | undefined {
  return catches.find(({ kinds }) => kinds.includes(error.kind) || kinds.includes("*"));
}
