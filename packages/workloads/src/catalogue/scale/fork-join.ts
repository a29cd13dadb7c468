import { at, dur, int, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters, RuntimeName } from "../../workload.ts";

const forkJoin = program(
  "fork-join",
  {
    doc: "The same small piece of work many times over: in a new task each, or by a few tasks that get messages.",
    params: {
      mode: oneOf("create", ["create", "throughput"], {
        doc: "a task for each piece, or a message for each",
      }),
      tasks: int(20_000, { min: 1, max: 1_000_000, doc: "tasks created", sweep: [10_000, 20_000, 40_000] }),
      members: int(60, { min: 1, max: 10_000, doc: "tasks that get messages" }),
      messages: int(300, {
        min: 1,
        max: 100_000,
        doc: "messages to each of them",
        sweep: [100, 300, 1_000, 10_000],
      }),
      work: dur("1us", { min: 0, max: "1ms", doc: "processor time of a piece" }),
    },
  },
  ({ params, proc, main }) => {
    const piece = proc("piece", {}, (b) => {
      b.cpu(params.work);
      b.count("pieces");
    });
    const member = proc("member", { inbox: "chan" }, (b, { inbox }) => {
      b.range(inbox, "message", () => {
        b.cpu(params.work);
        b.count("pieces");
      });
    });
    main((b) => {
      b.scope("waitAll", () => {
        b.match(params.mode, [
          ["create", () => b.repeat(params.tasks, () => b.spawn(piece))],
          [
            "throughput",
            () => {
              const inboxes = b.list("inboxes");
              b.repeat(params.members, () => {
                const inbox = b.chan("inbox", params.messages);
                b.push(inboxes, inbox);
                b.spawn(member, { inbox });
              });
              b.repeat(params.messages, "message", (message) =>
                b.repeat(params.members, "i", (i) => b.send(at(inboxes, i), message)),
              );
              b.forEach(inboxes, "inbox", (inbox) => b.close(inbox));
            },
          ],
        ]);
      });
    });
  },
);

const takes = (
  runtime: RuntimeName,
  minNs: number,
  maxNs: number,
  because: string,
  parameters: Parameters = {},
): Expectation => ({ runtime, kind: "makespan", minNs, maxNs, when: { parameters }, because });

/** Savina's two fork-join benchmarks, with the same work in both: what is dearer, a task or a message? */
export default workload({
  id: "W19",
  program: forkJoin,
  question: "Is it dearer to create a task for each piece of work or to send each to a task that is there?",
  headline:
    "A task costs asyncio about ten times what a message costs it and a cold JVM several times, Go and Node hardly more than a message.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "pieces",
      min: 20_000,
      max: 20_000,
      when: { profile: "any" },
      because: "arithmetic: one count a task",
    },
    {
      runtime: "*",
      kind: "count",
      name: "pieces",
      min: 18_000,
      max: 18_000,
      when: { parameters: { mode: "throughput" }, profile: "any" },
      because: "arithmetic: 60 * 300",
    },
    takes("go", 8e6, 150e6, "ran: 48 ms on Go 1.26, two cores"),
    takes("asyncio", 0.08e9, 0.9e9, "ran: 0.26 to 0.28 s on CPython 3.11"),
    takes("java", 5e6, 1.1e9, "ran: 0.27 to 0.37 s on a cold JDK 25, two cores"),
    takes("node", 18e6, 250e6, "ran: 58 to 86 ms on Node 24"),
    takes("go", 1.5e6, 160e6, "ran: 22 to 53 ms on Go 1.26, two cores", { mode: "throughput" }),
    takes("asyncio", 20e6, 240e6, "ran: 62 to 79 ms on CPython 3.11", { mode: "throughput" }),
    takes("java", 4e6, 160e6, "ran: 46 to 52 ms on a cold JDK 25, two cores", { mode: "throughput" }),
    takes("node", 18e6, 150e6, "ran: 49 to 50 ms on Node 24", { mode: "throughput" }),
  ],
});
