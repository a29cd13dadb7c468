/** `scope` and `scopeRace`: the block's region is closed by `endScope`, which waits, and an `endFinally`, which goes on. */
import { bind, open } from "../completion.ts";
import { closeScope, openScope } from "../scope.ts";
import type { TaskScope } from "../task.ts";
import type { Fault } from "../values.ts";
import type { Operations } from "./operation.ts";

export const scopes: Operations<"enterScope" | "endScope"> = {
  enterScope: {
    start(world, task, frame, at) {
      world.machine.charge(world.costs.scope);
      const scope = openScope(world, task, at.extra as Parameters<typeof openScope>[2]);
      (task.scopes ??= []).push(scope);
      open(frame, [], at.target);
      return null;
    },
  },
  endScope: {
    start(world, task, frame, at) {
      return closeScope(world, task, task.scopes!.pop()!, frame.pending!.at(-1)!, at.extra as boolean);
    },
    accept(frame, at, result) {
      const { failure, winner } = result as {
        readonly failure: Fault | null;
        readonly winner: TaskScope["winner"];
      };
      if (failure !== null) frame.pending![frame.pending!.length - 1] = { how: "throw", error: failure };
      else if (winner !== null) bind(frame, at.slot, winner.value);
    },
  },
};
