/** Cancellation on request: of a task, of a block under a token; and none inside a shield. */
import { CancelRegion } from "../cancel-region.ts";
import { open } from "../completion.ts";
import { Task } from "../task.ts";
import { Fault, type TokenHandle } from "../values.ts";
import { handle, type Operations } from "./operation.ts";

export const cancellation: Operations<
  | "cancel"
  | "isCancelled"
  | "check"
  | "enterShield"
  | "exitShield"
  | "token"
  | "cancelToken"
  | "enterToken"
  | "exitToken"
> = {
  cancel: {
    start(world, task, frame, at) {
      const target = at.a!(frame);
      if (!(target instanceof Task)) throw new Fault("NoneDeref", "none where a task is needed");
      world.cancel(task, target);
      return null;
    },
  },
  isCancelled: {
    start({ machine, costs }, task, frame, at) {
      machine.charge(costs.memory);
      frame.slots[at.slot] = task.cancelRequested;
      return null;
    },
  },
  /** The interpreter's loop delivers a cancellation here as at every other point. */
  check: { start: () => null },
  enterShield: {
    start(_world, task, frame, at) {
      task.shields++;
      open(frame, [], at.target);
      return null;
    },
  },
  exitShield: {
    start(_world, task) {
      task.shields--;
      return null;
    },
  },
  token: {
    start(world, _task, frame, at) {
      const name = world.handleName(at.extra as string);
      const token: TokenHandle = { kind: "token", name, cancelled: false, native: [] };
      frame.slots[at.slot] = token;
      return null;
    },
  },
  cancelToken: {
    start({ lowering }, task, frame, at) {
      const token = handle<TokenHandle>(at.a!(frame));
      const first = !token.cancelled;
      token.cancelled = true;
      for (const region of (token.native as CancelRegion[]).splice(0))
        if (region.expire() && region.owner !== task) lowering.cancel(task, region.owner);
      return first ? lowering.tokenCancelled(task, token) : null;
    },
  },
  enterToken: {
    start(_world, task, frame, at) {
      const token = handle<TokenHandle>(at.a!(frame));
      const region = new CancelRegion(task, "Cancelled");
      region.native = token;
      open(frame, [], at.target);
      if (token.cancelled) region.expire();
      else (token.native as CancelRegion[]).push(region);
      return null;
    },
  },
  exitToken: {
    start(_world, task, frame) {
      const region = task.regions!.at(-1)!;
      region.close();
      const waiting = (region.native as TokenHandle).native as CancelRegion[];
      const index = waiting.indexOf(region);
      if (index >= 0) waiting.splice(index, 1);
      const pending = frame.pending!;
      pending[pending.length - 1] = region.completion(pending.at(-1)!);
      return null;
    },
  },
};
