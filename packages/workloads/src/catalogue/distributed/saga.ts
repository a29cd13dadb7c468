import { add, bool, eq, int, lt, not, program, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const saga = program(
  "saga",
  {
    doc: "An orchestrator runs the steps of each saga in turn, and undoes them in reverse when one fails. It may crash after a step, before it has noted the step down, and then asks for it again.",
    params: {
      sagas: int(1000, { min: 1, max: 100_000, doc: "sagas, all at once" }),
      steps: int(4, { min: 1, max: 100, doc: "steps of each", sweep: [1, 2, 4, 8] }),
      failures: int(100_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a step fails",
        unit: "per million",
      }),
      undoFailures: int(100_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that undoing a step fails",
        unit: "per million",
      }),
      crashes: int(0, {
        min: 0,
        max: 1_000_000,
        doc: "probability of a crash after a step",
        unit: "per million",
        sweep: [0, 10_000, 100_000],
      }),
      keys: bool(true, {
        doc: "whether a step that is asked for again is known by its key, and not done again",
      }),
    },
  },
  ({ params, proc, main }) => {
    const orchestrator = proc("orchestrator", {}, (b) => {
      const noted = b.let("noted", 0);
      b.repeat(params.steps, { bind: "step", label: "steps" }, () => {
        const effort = b.draw("effort", "effort", uniform("1ms", "3ms"));
        b.sleep(effort);
        const luck = b.draw("luck", "steps", uniform(0, 999_999));
        b.if(lt(luck, params.failures), () => b.break("steps"));
        b.count("done");
        const crash = b.draw("crash", "crashes", uniform(0, 999_999));
        b.if(lt(crash, params.crashes), () => {
          b.count("crashed");
          b.if(not(params.keys), () => b.count("done again"));
        });
        b.assign(noted, add(noted, 1));
      });
      b.if(eq(noted, params.steps), () => {
        b.count("completed");
        b.return();
      });
      b.repeat(noted, () => {
        b.sleep("1ms");
        const luck = b.draw("undoLuck", "undos", uniform(0, 999_999));
        b.if(lt(luck, params.undoFailures), () => {
          b.count("stuck");
          b.return();
        });
        b.count("undone");
      });
      b.count("compensated");
    });
    main((b) => b.scope("waitAll", () => b.repeat(params.sagas, () => b.spawn(orchestrator))));
  },
);

/** The fate of a saga hangs on its services alone; the runtime only decides how many are under way. */
export default workload({
  id: "W71",
  program: saga,
  question:
    "How many sagas of four steps complete, are undone or get stuck when a step or its undoing fails one time in ten?",
  headline:
    "656, 300 and 44 of a thousand on every runtime; a crash between a step and its note repeats the step unless it has a key.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "completed",
      min: 611,
      max: 701,
      when: { profile: "any" },
      because: "arithmetic: 1000 * 0.9^4 = 656, three standard errors are 45",
    },
    {
      runtime: "*",
      kind: "count",
      name: "stuck",
      min: 25,
      max: 64,
      when: { profile: "any" },
      because:
        "arithmetic: failing after 0 to 3 steps and undoing all of them fails with 0.1 * (0.9^k - 0.81^k) each, 44 in all; three standard errors are 19",
    },
    {
      runtime: "*",
      kind: "count",
      name: "done again",
      min: 0,
      max: 0,
      when: { parameters: { crashes: 100_000 }, profile: "any" },
      because: "arithmetic: a key tells a step that has been done",
    },
    {
      runtime: "*",
      kind: "count",
      name: "done again",
      min: 250,
      max: 370,
      when: { parameters: { crashes: 100_000, keys: false }, profile: "any" },
      because: "arithmetic: 3095 steps are done, a tenth of them twice; three standard errors are 50",
    },
  ],
});
