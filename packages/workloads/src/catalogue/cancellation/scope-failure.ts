import { dur, int, oneOf, program, sub } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const scopeFailure = program(
  "scope-failure",
  {
    doc: "Several tasks work in a scope when one of them fails; the scope cancels the others and ends when they have.",
    params: {
      heeds: oneOf("wait", ["wait", "check", "nothing"], {
        doc: "where the others hear of it: in a wait, in a check between two pieces of computing, or nowhere",
      }),
      siblings: int(3, { min: 0, max: 1000, doc: "tasks beside the one that fails", sweep: [1, 3, 10] }),
      failure: dur("20ms", { min: 0, max: "10s", doc: "when the one fails" }),
      pieces: int(25, { min: 1, max: 10_000, doc: "pieces of each sibling's work" }),
      piece: dur("2ms", {
        min: 0,
        max: "1s",
        doc: "length of a piece: a sleep where they wait, otherwise processor time",
      }),
    },
  },
  ({ params, proc, main }) => {
    const failing = proc("failing", {}, (b) => {
      b.sleep(params.failure);
      b.throw("User:broken");
    });
    const sibling = proc("sibling", {}, (b) => {
      b.repeat(params.pieces, () => {
        b.match(params.heeds, [
          ["wait", () => b.sleep(params.piece)],
          [
            "check",
            () => {
              b.cpu(params.piece);
              b.yield();
              b.check();
            },
          ],
          [
            "nothing",
            () => {
              b.cpu(params.piece);
              b.yield();
            },
          ],
        ]);
        b.count("pieces");
      });
      b.count("finished");
    });
    main((b) => {
      const start = b.now("start");
      b.try({
        body: () =>
          b.scope("cancelSiblings", () => {
            b.spawn(failing);
            b.repeat(params.siblings, () => b.spawn(sibling));
          }),
        catch: [{ kinds: "TaskFailed", body: () => b.count("failures") }],
      });
      const ended = b.now("ended");
      b.measure("end after the failure", sub(sub(ended, start), params.failure));
    });
  },
);

const ended = (
  runtime: Expectation["runtime"],
  minMs: number,
  maxMs: number,
  heeds: string,
  because: string,
): Expectation => ({
  runtime,
  kind: "measure",
  name: "end after the failure",
  stat: "max",
  minNs: minMs * 1e6,
  maxNs: maxMs * 1e6,
  when: { parameters: { heeds } },
  because,
});
const finished = (
  runtime: Expectation["runtime"],
  tasks: number,
  heeds: string,
  because: string,
): Expectation => ({
  runtime,
  kind: "count",
  name: "finished",
  min: tasks,
  max: tasks,
  when: { parameters: { heeds } },
  because,
});

/** A cancellation is a request; how long a scope takes to fail is up to those who are asked. */
export default workload({
  id: "W57",
  program: scopeFailure,
  question: "How long after a failure does the scope end, when three other tasks are at work in it?",
  headline:
    "Tasks that wait stop at once everywhere, tasks that compute at their next check and without one never; on one Java carrier their yields never let the failing task in.",
  group: "cancellation",
  options: oneWorker,
  levels: everywhere("O5"),
  expectations: [
    completes,
    ended("*", 0, 10, "wait", "ran: 0.1 to 1.9 ms: a wait that is under way is cut short"),
    ended("go", 0, 15, "check", "ran: 4.5 ms on Go 1.26: at most a round of three pieces"),
    ended("node", 0, 18, "check", "ran: 5.6 ms on Node 24: at most two rounds of three pieces"),
    ended(
      "asyncio",
      7,
      66,
      "check",
      "ran: 37 ms on CPython 3.11: a timer, its task's step and the scope's each wait for a round",
    ),
    ended(
      "java",
      60,
      400,
      "check",
      "ran: 191 ms on JDK 25: the failing task gets the carrier when all are done; W06",
    ),
    ended("*", 60, 400, "nothing", "ran: 90 to 145 ms: the rest of 3 * 50 ms of work"),
    finished(["go", "asyncio", "node"], 0, "check", "ran: nobody gets to the end of its 25 pieces"),
    finished("java", 3, "check", "ran: nobody is told before the end"),
    finished("*", 3, "nothing", "ran: computing and yielding are no cancellation points"),
  ],
});
