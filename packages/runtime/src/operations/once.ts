/** What happens once, or when all have come. */
import { open } from "../completion.ts";
import { int } from "../expressions.ts";
import type { BarrierHandle, EventHandle, OnceHandle } from "../values.ts";
import { handle, type Operations, waitFor } from "./operation.ts";

export const once: Operations<
  "once" | "enterOnce" | "exitOnce" | "event" | "eventSet" | "eventWait" | "barrier" | "barrierWait"
> = {
  once: {
    start(world, task, frame, at) {
      const name = world.handleName(at.extra as string);
      const handle: OnceHandle = { kind: "once", name, state: "new", native: null };
      frame.slots[at.slot] = handle;
      world.lowering.once(task, handle);
      return null;
    },
  },
  /** Goes on to the call, or past it to `target`'s other side when somebody else has made it. */
  enterOnce: {
    start({ lowering }, task, frame, at) {
      const once = handle<OnceHandle>(at.a!(frame));
      frame.slots[at.slot] = once;
      return lowering.onceEnter(task, waitFor(task, once));
    },
    accept(frame, at, result) {
      if (result !== true) {
        frame.pc = at.extra as number;
        return;
      }
      (frame.slots[at.slot] as OnceHandle).state = "running";
      open(frame, [], at.target);
    },
  },
  exitOnce: {
    start({ lowering }, task, frame, at) {
      const once = frame.slots[at.slot] as OnceHandle;
      once.state = "done";
      return lowering.onceExit(task, once);
    },
  },
  event: {
    start(world, task, frame, at) {
      const name = world.handleName(at.extra as string);
      const event: EventHandle = { kind: "event", name, set: false, native: null };
      frame.slots[at.slot] = event;
      world.lowering.event(task, event);
      return null;
    },
  },
  eventSet: {
    start({ lowering }, task, frame, at) {
      const event = handle<EventHandle>(at.a!(frame));
      if (event.set) return null;
      event.set = true;
      return lowering.eventSet(task, event);
    },
  },
  eventWait: {
    start: ({ lowering }, task, frame, at) =>
      lowering.eventWait(task, waitFor(task, handle<EventHandle>(at.a!(frame)))),
  },
  barrier: {
    start(world, task, frame, at) {
      const name = world.handleName(at.extra as string);
      const parties = Math.max(1, int(at.a!(frame)));
      const barrier: BarrierHandle = { kind: "barrier", name, parties, native: null };
      frame.slots[at.slot] = barrier;
      world.lowering.barrier(task, barrier);
      return null;
    },
  },
  barrierWait: {
    start: ({ lowering }, task, frame, at) =>
      lowering.barrierWait(task, waitFor(task, handle<BarrierHandle>(at.a!(frame)))),
  },
};
