/** Nothing hangs: what never ends meets a budget, and says which. */
import type { Check } from "../kit.ts";
import { ensure, runToEnd, same, write } from "./harness.ts";
import { endless } from "./programs.ts";

export const budgetChecks: readonly Check[] = [
  ...[true, false].map(
    (polite): Check => ({
      name: `a program that ${polite ? "yields" : "spins"} for ever ends at the event budget, also when nothing costs time`,
      run(model) {
        for (const costs of [undefined, { name: "free", runtimes: { [model.name]: { statement: 0 } } }]) {
          const result = runToEnd(model, endless(polite), {
            budgets: { maxEvents: 20_000 },
            ...(costs === undefined ? {} : { profile: costs }),
          });
          same("outcome", result.outcome, "budget-exceeded");
          ensure(String(result.detail).includes("--max-events"), () => `detail: ${String(result.detail)}`);
        }
      },
    }),
  ),
  {
    name: "a program beyond its virtual time or its tasks ends at that budget",
    run(model) {
      const long = write("long", ({ main }) => main((b) => b.sleep("1h")));
      const late = runToEnd(model, long, { budgets: { maxTimeNs: 60e9 } });
      same("outcome", late.outcome, "budget-exceeded");
      ensure(String(late.detail).includes("--max-time"), () => `detail: ${String(late.detail)}`);
      const bomb = write("bomb", ({ proc, main }) => {
        const child = proc("child", {}, (b) => b.sleep("1s"));
        main((b) => b.while(true, { spin: true }, () => b.spawn(child)));
      });
      const many = runToEnd(model, bomb, { budgets: { maxTasks: 500 } });
      same("outcome", many.outcome, "budget-exceeded");
      ensure(String(many.detail).includes("--max-tasks"), () => `detail: ${String(many.detail)}`);
    },
  },
];
