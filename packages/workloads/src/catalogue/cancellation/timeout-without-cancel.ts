import { bool, dur, eq, int, max, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const timeoutWithoutCancel = program(
  "timeout-without-cancel",
  {
    doc: "Somebody waits for a worker's result, but not for ever. The worker is not told when nobody waits any more.",
    params: {
      fix: oneOf("none", ["none", "buffered", "cancel"], {
        doc: "nothing, room for the result in the channel, or the worker is cancelled at the timeout",
      }),
      fails: bool(false, { doc: "whether the work ends with an error" }),
      requests: int(4, { min: 1, max: 10_000, doc: "requests, one after the other" }),
      work: dur("50ms", { min: "1ms", max: "60s", doc: "how long the worker takes", sweep: ["50ms", "5s"] }),
      timeout: dur("30ms", { min: "1ms", max: "60s", doc: "how long one waits", sweep: ["30ms", "3s"] }),
    },
    policies: { onDetachedFailure: "native" },
  },
  ({ params, proc, main }) => {
    const worker = proc("worker", { result: "chan", working: "atomic" }, (b, { result, working }) => {
      b.atomicAdd(working, 1);
      b.defer(() => b.atomicAdd(working, -1));
      b.sleep(params.work);
      b.if(params.fails, () => b.throw("User:broken"));
      b.count("work done");
      b.send(result, 42);
    });
    main((b) => {
      const room = b.let("room", 0);
      b.if(eq(params.fix, "buffered"), () => b.assign(room, 1));
      const working = b.atomic("working");
      const most = b.let("most", 0);
      b.repeat(params.requests, () => {
        const result = b.chan("result", room);
        const asked = b.now("asked");
        const wait = (giveUp: () => void) =>
          b.select([b.onRecv(result, () => b.count("in time"))], {
            timeout: { dur: params.timeout, body: giveUp },
          });
        b.if(
          eq(params.fix, "cancel"),
          () => {
            const t = b.spawn("t", worker, { result, working });
            wait(() => {
              b.count("timeouts");
              b.cancel(t);
            });
          },
          () => {
            b.detach(worker, { result, working });
            wait(() => b.count("timeouts"));
          },
        );
        b.mark("answer", asked);
        const now = b.atomicLoad("now", working);
        b.assign(most, max(most, now));
      });
      b.count("left at work", most);
    });
  },
);

const leaked = (tasks: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "leaked",
  tasks,
  when: { parameters, profile: "any" },
  because,
});
const workDone = (count: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "work done",
  min: count,
  max: count,
  when: { parameters, profile: "any" },
  because,
});

const fails = (
  runtime: Expectation["runtime"],
  is: "completed" | "failed",
  because: string,
): Expectation => ({
  runtime,
  kind: "outcome",
  is,
  when: { parameters: { fails: true }, profile: "any" },
  because,
});

/** A timeout ends the waiting, not the work. The times are a hundredth of the guide's 5 s and 3 s. */
export default workload({
  id: "W53",
  program: timeoutWithoutCancel,
  question: "What becomes of a worker when whoever waits for its result gives up?",
  headline:
    "It works to the end everywhere, and with an unbuffered channel it then waits for ever; room for one result cures the leak, a cancellation the late work as well; an error that comes too late ends a Go or Node process.",
  group: "cancellation",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "timeouts",
      min: 4,
      max: 4,
      because: "arithmetic: the work takes 20 ms longer than anybody waits",
    },
    leaked(4, {}, "arithmetic: each worker waits to send to nobody; W53"),
    leaked(0, { fix: "buffered" }, "arithmetic: the channel takes the result; W53"),
    leaked(0, { fix: "cancel" }, "arithmetic: no worker gets as far as the channel"),
    {
      runtime: "*",
      kind: "count",
      name: "left at work",
      min: 3,
      max: 4,
      when: { parameters: { fix: "buffered", work: 100e6, timeout: 25e6 } },
      because:
        "arithmetic: one waits at a time and 100 / 25 work; a limit that is let go at the timeout is none, 5 became 20 in the guide's optimiser",
    },
    fails(
      ["go", "node"],
      "failed",
      "ran: Go exits with 2 and Node with 1 at the first error, after which nobody has asked; B0 on withTimeout",
    ),
    fails(["asyncio", "java"], "completed", "ran: the error is printed, and all goes on"),
    workDone(4, {}, "arithmetic: nobody told the workers"),
    workDone(4, { fix: "buffered" }, "arithmetic: nobody told the workers"),
    workDone(0, { fix: "cancel" }, "arithmetic: they are cancelled after 30 ms of 50"),
    {
      runtime: "*",
      kind: "count",
      name: "in time",
      min: 4,
      max: 4,
      when: { parameters: { work: 10e6 } },
      because: "arithmetic: 10 ms of work within 30 ms",
    },
  ],
});
