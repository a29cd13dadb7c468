import { at, div, dur, eq, exponential, int, mul, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const twoPhaseCommit = program(
  "two-phase-commit",
  {
    doc: "A coordinator asks all participants to prepare, waits for every vote, tells the decision and waits for every acknowledgement.",
    params: {
      transactions: int(50, { min: 1, max: 10_000, doc: "transactions" }),
      gap: dur("5ms", { min: 0, max: "1h", doc: "time between two transactions" }),
      participants: int(10, { min: 1, max: 1000, doc: "participants of each", sweep: [1, 4, 10, 100] }),
      work: dur("10ms", {
        min: 0,
        max: "1h",
        doc: "time a participant takes to prepare, and to commit, in the mean",
      }),
      crash: oneOf("never", ["never", "voted", "half-told"], {
        doc: "whether the coordinator ends when it has all votes, or has told half of the participants",
      }),
    },
  },
  ({ params, proc, main }) => {
    const participant = proc("participant", { inbox: "chan", answers: "chan" }, (b, { inbox, answers }) => {
      b.repeat(2, () => {
        b.recv(inbox);
        b.count("messages");
        const thousandths = b.draw("thousandths", "work", exponential(1000));
        b.sleep(div(mul(params.work, thousandths), 1000));
        b.send(answers, true);
        b.count("messages");
      });
    });
    const coordinator = proc("coordinator", {}, (b) => {
      const begun = b.now("begun");
      const answers = b.chan("answers", params.participants);
      const inboxes = b.list("inboxes");
      b.repeat(params.participants, () => {
        const inbox = b.chan("inbox", 1);
        b.push(inboxes, inbox);
        b.spawn(participant, { inbox, answers });
      });
      b.forEach(inboxes, "each", (inbox) => b.send(inbox, "prepare"));
      b.repeat(params.participants, () => b.recv(answers));
      b.if(eq(params.crash, "voted"), () => b.return());
      b.repeat(params.participants, "n", (n) => {
        b.if(eq(n, div(params.participants, 2)), () => b.if(eq(params.crash, "half-told"), () => b.return()));
        b.send(at(inboxes, n), "commit");
      });
      b.repeat(params.participants, () => b.recv(answers));
      b.mark("transaction", begun);
    });
    main((b) => {
      b.scope("waitAll", () =>
        b.repeat(params.transactions, () => {
          b.spawn(coordinator);
          b.sleep(params.gap);
        }),
      );
    });
  },
);

/** Messages grow with the participants and time only with the logarithm; what hurts is a coordinator that is gone. */
export default workload({
  id: "W73",
  program: twoPhaseCommit,
  question:
    "What does a transaction over ten participants take, and what becomes of them when the coordinator crashes?",
  headline:
    "Four messages a participant and twice the slowest of ten, 59 ms, on every runtime; a coordinator that crashes leaves all it has not told waiting for ever.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "messages",
      min: 2000,
      max: 2000,
      when: { profile: "any" },
      because: "arithmetic: 50 * 10 * 4: linear, not exponential; W73",
    },
    {
      runtime: "*",
      kind: "mark",
      name: "transaction",
      stat: "mean",
      minNs: 50e6,
      maxNs: 100e6,
      because:
        "arithmetic: 2 * 10 ms * (1 + 1/2 + ... + 1/10) = 58.6 ms, three standard errors are 7.5 ms, and what timers add",
    },
    {
      runtime: "*",
      kind: "leaked",
      tasks: 500,
      when: { parameters: { crash: "voted" }, profile: "any" },
      because: "arithmetic: 50 * 10 participants wait for a decision; W73",
    },
    {
      runtime: "*",
      kind: "leaked",
      tasks: 250,
      when: { parameters: { crash: "half-told" }, profile: "any" },
      because: "arithmetic: 50 * 5 participants wait for a decision; W73",
    },
  ],
});
