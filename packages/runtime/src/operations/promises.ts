/** Promises: state and value are the language's, who is woken when is the runtime's. */
import type { ErrKind, Stmt } from "@orrery/program";
import { bind } from "../completion.ts";
import { Fault, type PromiseHandle, settlement } from "../values.ts";
import { Callback, Reaction } from "../later.ts";
import type { World } from "../world.ts";
import { evaluate, handle, type Operation, type Operations, waitFor } from "./operation.ts";

function newPromise(world: World, local: string): PromiseHandle {
  return {
    kind: "promise",
    name: world.handleName(local),
    state: "pending",
    value: null,
    error: null,
    native: null,
  };
}

/** Settles once; later attempts are counted and ignored. */
const settle: Operation["start"] = (world, task, frame, at) => {
  const promise = handle<PromiseHandle>(at.a!(frame));
  if (promise.state !== "pending") {
    world.ignoredSettlements++;
    return null;
  }
  if (at.op === "resolve") world.settlePromise(promise, at.b!(frame), null);
  else world.settlePromise(promise, null, new Fault(at.extra as ErrKind));
  return world.lowering.settle(task, promise);
};

export const promises: Operations<"promise" | "resolve" | "reject" | "await" | "onResolve" | "callback"> = {
  promise: {
    start(world, task, frame, at) {
      const promise = newPromise(world, at.extra as string);
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
      bind(frame, at.slot, settlement(at.a!(frame) as PromiseHandle));
    },
  },
  onResolve: {
    start(world, task, frame, at) {
      const { proc, bind: local = "derived" } = at.extra as Extract<Stmt, { readonly op: "onResolve" }>;
      const promise = handle<PromiseHandle>(at.a!(frame));
      const derived = newPromise(world, local);
      const code = world.code.procs.get(proc)!;
      const reaction = new Reaction(world, task, code, evaluate(at, frame), promise, derived);
      bind(frame, at.slot, derived);
      world.lowering.promise(task, derived);
      world.react(reaction);
      return world.lowering.onResolve(task, reaction);
    },
  },
  callback: {
    start(world, task, frame, at) {
      const { proc, queue } = at.extra as Extract<Stmt, { readonly op: "callback" }>;
      const call = new Callback(world, task, world.code.procs.get(proc)!, evaluate(at, frame));
      call.due();
      return world.lowering.callback(task, queue, call);
    },
  },
};
