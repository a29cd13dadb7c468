/** Promises: state and value are the language's, who is woken when is the runtime's. */
import type { ErrKind } from "@orrery/program";
import { bind } from "../completion.ts";
import { Fault, type PromiseHandle } from "../values.ts";
import { handle, type Operation, type Operations, waitFor } from "./operation.ts";

/** Settles once; later attempts are counted and ignored. */
const settle: Operation["start"] = (world, task, frame, at) => {
  const promise = handle<PromiseHandle>(at.a!(frame));
  if (promise.state !== "pending") {
    world.ignoredSettlements++;
    return null;
  }
  if (at.op === "resolve") {
    promise.state = "resolved";
    promise.value = at.b!(frame);
  } else {
    promise.state = "rejected";
    promise.error = new Fault(at.extra as ErrKind);
  }
  return world.lowering.settle(task, promise);
};

export const promises: Operations<"promise" | "resolve" | "reject" | "await"> = {
  promise: {
    start(world, task, frame, at) {
      const name = world.handleName(at.extra as string);
      const promise: PromiseHandle = {
        kind: "promise",
        name,
        state: "pending",
        value: null,
        error: null,
        native: null,
      };
      frame.slots[at.slot] = promise;
      world.lowering.promise(task, promise);
      return null;
    },
  },
  resolve: { start: settle },
  reject: { start: settle },
  await: {
    start: ({ lowering }, task, frame, at) =>
      lowering.await(task, waitFor(task, handle<PromiseHandle>(at.a!(frame)))),
    accept(frame, at) {
      const { value, error } = at.a!(frame) as PromiseHandle;
      if (error !== null) throw new Fault(error.kind, error.message);
      bind(frame, at.slot, value);
    },
  },
};
