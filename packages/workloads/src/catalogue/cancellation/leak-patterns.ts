import { bool, gt, int, mul, oneOf, or, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const leakPatterns = program(
  "leak-patterns",
  {
    doc: "Six small ways to leave a task behind that waits for what nobody will do, and the usual repair of each.",
    params: {
      pattern: oneOf(
        "neverClosedRange",
        ["neverClosedRange", "forgottenDone", "missingGroupDone", "doubleSend", "earlyReturn", "nCast"],
        { doc: "what is forgotten" },
      ),
      fixed: bool(false, { doc: "whether it is repaired" }),
      n: int(4, { min: 2, max: 1000, doc: "items, members of the group, or senders" }),
    },
  },
  ({ params, proc, main }) => {
    // A range over a channel ends when somebody closes it.
    const consumer = proc("consumer", { items: "chan" }, (b, { items }) => {
      b.range(items, "item", () => b.count("taken"));
    });
    const neverClosedRange = proc("neverClosedRange", {}, (b) => {
      const items = b.chan("items");
      b.spawn(consumer, { items });
      b.repeat(params.n, "item", (item) => b.send(items, item));
      b.if(params.fixed, () => b.close(items));
    });

    // A server with a done channel stops when somebody uses it.
    const server = proc("server", { requests: "chan", done: "chan" }, (b, { requests, done }) => {
      b.while(true, { spin: true }, () => {
        b.select([b.onRecv(requests, () => b.count("taken")), b.onRecv(done, () => b.return())]);
      });
    });
    const forgottenDone = proc("forgottenDone", {}, (b) => {
      const requests = b.chan("requests");
      const done = b.chan("done");
      b.spawn(server, { requests, done });
      b.repeat(params.n, "request", (request) => b.send(requests, request));
      b.if(params.fixed, () => b.close(done));
    });

    // A member of a group that leaves early must say so, too.
    const member = proc("member", { members: "group", number: "int" }, (b, { members, number }) => {
      b.if(or(params.fixed, gt(number, 0)), () => b.groupDone(members));
    });
    const closer = proc("closer", { members: "group" }, (b, { members }) => b.groupWait(members));
    const missingGroupDone = proc("missingGroupDone", {}, (b) => {
      const members = b.group("members");
      b.groupAdd(members, params.n);
      b.repeat(params.n, "number", (number) => b.spawn(member, { members, number }));
      b.spawn(closer, { members });
    });

    // After an error is sent, the result must not be.
    const failing = proc("failing", { outcome: "chan" }, (b, { outcome }) => {
      b.send(outcome, "an error");
      b.if(params.fixed, () => b.return());
      b.send(outcome, "no result");
    });
    const doubleSend = proc("doubleSend", {}, (b) => {
      const outcome = b.chan("outcome");
      b.spawn(failing, { outcome });
      b.recv(outcome);
      b.count("taken");
    });

    // Who may return before it receives must leave room for what is sent.
    const sender = proc("sender", { answer: "chan" }, (b, { answer }) => b.send(answer, 42));
    const earlyReturn = proc("earlyReturn", { room: "int" }, (b, { room }) => {
      const answer = b.chan("answer", room);
      b.spawn(sender, { answer });
      b.return();
    });

    // Many are asked, one answer is taken.
    const nCast = proc("nCast", { room: "int" }, (b, { room }) => {
      const answer = b.chan("answer", mul(room, params.n));
      b.repeat(params.n, () => b.spawn(sender, { answer }));
      b.recv(answer);
      b.count("taken");
    });

    main((b) => {
      const room = b.let("room", 0);
      b.if(params.fixed, () => b.assign(room, 1));
      b.match(params.pattern, [
        ["neverClosedRange", () => b.call(neverClosedRange)],
        ["forgottenDone", () => b.call(forgottenDone)],
        ["missingGroupDone", () => b.call(missingGroupDone)],
        ["doubleSend", () => b.call(doubleSend)],
        ["earlyReturn", () => b.call(earlyReturn, { room })],
        ["nCast", () => b.call(nCast, { room })],
      ]);
    });
  },
);

const leaks = (pattern: string, tasks: number, because: string): readonly Expectation[] => {
  const premise = { runtime: "*", kind: "leaked", because } as const;
  return [
    { ...premise, tasks, when: { parameters: { pattern }, profile: "any" } },
    { ...premise, tasks: 0, when: { parameters: { pattern, fixed: true }, profile: "any" } },
  ];
};

/** One for each thing a task can wait for: to receive, in a select, for a group, to send. */
export default workload({
  id: "W54",
  program: leakPatterns,
  question: "Which tasks are left behind, and what do they wait for?",
  headline:
    "Every pattern leaks the same tasks on every runtime, for a forgotten partner is forgotten everywhere; each repair leaves none.",
  group: "cancellation",
  levels: everywhere("O5"),
  expectations: [
    completes,
    ...leaks(
      "neverClosedRange",
      1,
      "arithmetic: the consumer waits for an item unless the channel is closed; W54",
    ),
    ...leaks("forgottenDone", 1, "arithmetic: the server waits in its select unless done is closed; W54"),
    ...leaks("missingGroupDone", 1, "arithmetic: the closer waits for n members unless all say done; W54"),
    ...leaks("doubleSend", 1, "arithmetic: the second send has no receiver unless there is none; W54"),
    ...leaks("earlyReturn", 1, "arithmetic: the send has no receiver unless there is room; W54"),
    ...leaks("nCast", 3, "arithmetic: n - 1 of the senders have no receiver unless there is room; W54"),
  ],
});
