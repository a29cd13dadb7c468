import { dur, eq, int, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const swallowedCancel = program(
  "swallowed-cancel",
  {
    doc: "A worker turns every error of a step into its own; then somebody shuts it down.",
    params: {
      handler: oneOf("continue", ["continue", "return", "rethrow"], {
        doc: "what becomes of a cancellation: a failed step after which the worker goes on, or returns; or itself, raised again",
      }),
      steps: int(10, { min: 1, max: 10_000, doc: "steps of the worker" }),
      step: dur("20ms", { min: "1ms", max: "10s", doc: "length of a step" }),
      shutdown: dur("50ms", { min: "1ms", max: "60s", doc: "when the worker is cancelled" }),
    },
  },
  ({ params, proc, main }) => {
    const step = proc("step", {}, (b) => {
      b.try({
        body: () => b.sleep(params.step),
        catch: [
          {
            kinds: "*",
            body: () =>
              b.match(params.handler, [["rethrow", () => b.throw("Cancelled")]], () =>
                b.throw("User:stepFailed"),
              ),
          },
        ],
      });
      b.count("steps");
    });
    const worker = proc("worker", {}, (b) => {
      b.repeat(params.steps, () => {
        b.try({
          body: () => b.call(step),
          catch: [
            {
              kinds: "User:stepFailed",
              body: () => {
                b.count("step failed");
                b.if(eq(params.handler, "return"), () => b.return());
              },
            },
          ],
        });
      });
    });
    main((b) => {
      const t = b.spawn("t", worker);
      b.sleep(params.shutdown);
      const asked = b.now("asked");
      b.cancel(t);
      b.try({
        body: () => {
          b.join(t);
          b.count("success");
        },
        catch: [{ kinds: "TaskFailed", body: () => b.count("cancelled") }],
      });
      b.mark("shut down", asked);
    });
  },
);

const reports = (handler: string, what: "success" | "cancelled", because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: what,
  min: 1,
  max: 1,
  when: { parameters: { handler }, profile: "any" },
  because,
});
const shutDown = (minMs: number, maxMs: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "mark",
  name: "shut down",
  stat: "max",
  minNs: minMs * 1e6,
  maxNs: maxMs * 1e6,
  when: { parameters },
  because,
});

/** A cancellation is delivered once: a handler that takes it for one more failed step has used it up. */
export default workload({
  id: "W55",
  program: swallowedCancel,
  question:
    "What happens to a shutdown when the worker catches its cancellation and does not raise it again?",
  headline:
    "The worker that goes on makes the shutdown wait for all its remaining steps, and it and the one that returns report success, on every runtime.",
  group: "cancellation",
  levels: everywhere("O5"),
  expectations: [
    completes,
    reports("continue", "success", "W55: the task was never cancelled, as far as anybody can tell"),
    reports("return", "success", "W55: cancelled() is false on asyncio, and so it is here everywhere"),
    reports("rethrow", "cancelled", "arithmetic: the error reaches whoever joins"),
    shutDown(100, 175, {}, "arithmetic: seven steps of 20 ms are left, the third is cut short after 10 ms"),
    shutDown(0, 15, { handler: "return" }, "arithmetic: the step under way is cut short"),
    shutDown(0, 15, { handler: "rethrow" }, "arithmetic: the step under way is cut short"),
  ],
});
