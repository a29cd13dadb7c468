/** A program that can't go on is a clear answer: who waits for what, and the cycle when there is one. */
import type { Deadlock } from "../deadlock.ts";
import type { Check } from "../kit.ts";
import { runToEnd, same, write } from "./harness.ts";
import { leak, lockOrder } from "./programs.ts";

export const deadlockChecks: readonly Check[] = [
  {
    name: "a deadlock names the cycle of who waits for whom",
    run(model) {
      const result = runToEnd(model, lockOrder);
      same("outcome", result.outcome, "deadlocked");
      const { cycle, blocked } = result.detail as Deadlock;
      same(
        "cycle",
        cycle.map(({ task, waitingFor }) => `${task} ${waitingFor.replace(/ \(.*/, "")}`),
        ["main/taker[0] lock right held by main/taker[1]", "main/taker[1] lock left held by main/taker[0]"],
      );
      same(
        "blocked",
        blocked.map(({ task }) => task),
        ["main", "main/taker[0]", "main/taker[1]"],
      );
    },
  },
  {
    name: "main alone waiting for ever is a deadlock without a cycle",
    run(model) {
      const alone = write("alone", ({ main }) =>
        main((b) => {
          const ch = b.chan("ch");
          b.recv(ch);
        }),
      );
      const result = runToEnd(model, alone);
      same("outcome", result.outcome, "deadlocked");
      same("detail", result.detail, {
        blocked: [{ task: "main", waitingFor: "recv ch (main/1)" }],
        cycle: [],
      });
    },
  },
  {
    name: "tasks left waiting after the end of main are leaks, not a deadlock",
    run(model) {
      const result = runToEnd(model, leak);
      same("outcome", result.outcome, "completed");
      same("leaked", result.tasks.leaked, [{ task: "main/receiver[0]", waitingFor: "recv ch (receiver/0)" }]);
    },
  },
];
