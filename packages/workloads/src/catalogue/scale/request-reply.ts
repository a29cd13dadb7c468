import { add, at, div, eq, int, isNone, list, mod, mul, oneOf, program, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, RuntimeName } from "../../workload.ts";

const requestReply = program(
  "request-reply",
  {
    doc: "Tasks with a state of their own that ask each other and wait for the answer: accounts that transfer money, or series whose next term another task computes.",
    params: {
      kind: oneOf("banking", ["banking", "logistic-map"], { doc: "accounts, or series" }),
      accounts: int(100, { min: 2, max: 10_000, doc: "accounts", sweep: [10, 100, 1_000] }),
      transfers: int(5_000, {
        min: 1,
        max: 1_000_000,
        doc: "transfers between two of them",
        sweep: [1_000, 5_000, 50_000],
      }),
      order: oneOf("ascending", ["ascending", "any"], {
        doc: "an account only pays accounts after it, or any other",
      }),
      series: int(10, { min: 1, max: 1_000, doc: "series" }),
      terms: int(1_000, { min: 1, max: 1_000_000, doc: "terms of each", sweep: [1_000, 25_000] }),
    },
  },
  ({ params, proc, main }) => {
    // A message is the amount, where to answer, and for a transfer whom to pay.
    const account = proc(
      "account",
      { balance: "int", inbox: "chan" },
      { returns: "int" },
      (b, { balance, inbox }) => {
        const own = b.let("own", balance);
        const receipts = b.chan("receipts", 1);
        b.range(inbox, "message", (message) => {
          const amount = b.let("amount", at(message, 0));
          b.if(
            isNone(at(message, 2)),
            () => b.assign(own, add(own, amount)),
            () => {
              b.assign(own, sub(own, amount));
              b.send(at(message, 2), list(amount, receipts));
              b.recv(receipts);
            },
          );
          b.send(at(message, 1), amount);
        });
        b.return(own);
      },
    );
    const teller = proc("teller", { inboxes: "list", done: "chan" }, (b, { inboxes, done }) => {
      const last = sub(params.accounts, 1);
      b.repeat(params.transfers, () => {
        const amount = b.draw("amount", "amount", uniform(1, 100));
        const drawn = b.draw("drawn", "payer", uniform(0, 999_999));
        const step = b.draw("step", "step", uniform(0, 999_999));
        const payer = b.let("payer", mod(drawn, last));
        const payee = b.let("payee", add(add(payer, 1), mod(step, sub(last, payer))));
        b.if(eq(params.order, "any"), () =>
          b.assign(payee, mod(add(add(payer, 1), mod(step, last)), params.accounts)),
        );
        b.send(at(inboxes, payer), list(amount, done, at(inboxes, payee)));
      });
    });
    // Terms are millionths, rates ten-thousandths.
    const computer = proc(
      "computer",
      { rate: "int", terms: "chan", next: "chan" },
      (b, { rate, terms, next }) => {
        b.range(terms, "x", (x) =>
          b.send(next, div(mul(div(mul(rate, x), 10_000), sub(1_000_000, x)), 1_000_000)),
        );
      },
    );
    const series = proc("series", { rate: "int" }, { returns: "int" }, (b, { rate }) => {
      const terms = b.chan("terms");
      const next = b.chan("next");
      b.spawn(computer, { rate, terms, next });
      const term = b.let("term", 400_000);
      b.repeat(params.terms, () => {
        b.send(terms, term);
        const x = b.recv("x", next);
        b.assign(term, x);
      });
      b.close(terms);
      b.return(term);
    });
    main((b) => {
      const tasks = b.list("tasks");
      const sum = b.let("sum", 0);
      b.match(params.kind, [
        [
          "banking",
          () => {
            const inboxes = b.list("inboxes");
            const done = b.chan("done");
            b.repeat(params.accounts, () => {
              const inbox = b.chan("inbox");
              b.push(inboxes, inbox);
              const holder = b.spawn("holder", account, { balance: 1_000, inbox });
              b.push(tasks, holder);
            });
            b.spawn(teller, { inboxes, done });
            b.repeat(params.transfers, () => {
              b.recv(done);
              b.count("transfers");
            });
            b.forEach(inboxes, "inbox", (inbox) => b.close(inbox));
          },
        ],
        [
          "logistic-map",
          () =>
            b.repeat(params.series, "i", (i) => {
              const one = b.spawn("one", series, { rate: add(34_600, mul(25, i)) });
              b.push(tasks, one);
            }),
        ],
      ]);
      const results = b.joinAll("results", tasks);
      b.forEach(results, "result", (result) => b.assign(sum, add(sum, result)));
      b.count("sum", sum);
    });
  },
);

const takes = (runtime: RuntimeName, minNs: number, maxNs: number, because: string): Expectation => ({
  runtime,
  kind: "makespan",
  minNs,
  maxNs,
  because,
});

/** Savina's banking and logistic map: who waits for an answer hears nothing else meanwhile. */
export default workload({
  id: "W23",
  program: requestReply,
  question: "What does a request cost when the one who answers has to ask somebody else first?",
  headline:
    "A transfer is four messages: a microsecond on Go, fifteen and more on Node and asyncio; accounts that may pay any other wait for each other in a circle, at once on Go, asyncio and Java and later on Node.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "transfers",
      min: 5_000,
      max: 5_000,
      when: { profile: "any" },
      because:
        "arithmetic: an account only waits for accounts after it, so that no cycle of waiting can close",
    },
    {
      runtime: "*",
      kind: "count",
      name: "sum",
      min: 100_000,
      max: 100_000,
      when: { profile: "any" },
      because: "arithmetic: 100 accounts * 1000; a transfer moves money and makes none",
    },
    takes("go", 0.8e6, 15e6, "ran: 4.9 ms on Go 1.26, two cores"),
    takes("asyncio", 25e6, 720e6, "ran: 238 ms on CPython 3.11"),
    takes("java", 1e6, 370e6, "ran: 122 ms on a cold JDK 25, two cores"),
    takes("node", 2.3e6, 250e6, "ran: 82 ms on Node 24"),
    {
      runtime: "*",
      kind: "count",
      name: "sum",
      min: 4_024_094,
      max: 4_024_094,
      when: { parameters: { kind: "logistic-map" }, profile: "any" },
      because: "ran on Go 1.26, CPython 3.11, JDK 25 and Node 24: the last terms do not depend on who waits",
    },
    {
      runtime: ["go", "asyncio", "java"],
      kind: "outcome",
      is: "deadlocked",
      when: { parameters: { order: "any" } },
      because:
        "ran on Go 1.26, CPython 3.11 and JDK 25: two accounts wait for each other's answer, after 620 transfers",
    },
    {
      runtime: "node",
      kind: "outcome",
      is: "completed",
      when: { parameters: { order: "any" } },
      because: "ran on Node 24: with 100 accounts an answer comes before the teller's next transfer meets it",
    },
    {
      runtime: "*",
      kind: "outcome",
      is: "deadlocked",
      when: { parameters: { order: "any", accounts: 10 } },
      because: "ran: after 7 transfers on Go 1.26, CPython 3.11 and JDK 25, after 741 on Node 24",
    },
  ],
});
