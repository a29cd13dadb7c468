import { add, and, bool, eq, gt, int, lt, not, oneOf, program, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const callbackRaces = program(
  "callback-races",
  {
    doc: "Mistakes that need no threads: a file is deleted between asking for it and reading it; a count of open calls forgets the one that fails; a loop that waits goes over what there was when it began.",
    params: {
      mistake: oneOf("ask-then-read", ["ask-then-read", "open-calls", "snapshot"], { doc: "which" }),
      fixed: bool(false, {
        doc: "whether the file is read at once, the failing call counted too, the length looked up in each turn",
      }),
      rounds: int(100, { min: 1, max: 100_000, doc: "rounds, all at once" }),
    },
  },
  ({ params, proc, main }) => {
    const deleter = proc("deleter", { file: "atomic" }, (b, { file }) => {
      const pause = b.draw("pause", "pause", uniform("1ms", "60ms"));
      b.sleep(pause);
      b.atomicStore(file, 0);
    });
    const reader = proc("reader", { file: "atomic" }, (b, { file }) => {
      const pause = b.draw("pause", "pause", uniform("1ms", "60ms"));
      b.sleep(pause);
      const exists = b.atomicLoad("exists", file);
      b.if(eq(exists, 0), () => b.return());
      b.if(not(params.fixed), () => b.sleep("10ms"));
      const read = b.atomicLoad("read", file);
      b.if(eq(read, 0), () => b.count("wrong"));
    });
    const askThenRead = proc("askThenRead", {}, (b) => {
      const file = b.atomic("file", 1);
      b.spawn(deleter, { file });
      b.spawn(reader, { file });
    });

    const call = proc("call", { fails: "bool", open: "atomic" }, (b, { fails, open }) => {
      const time = b.draw("time", "time", uniform("1ms", "10ms"));
      b.sleep(time);
      b.if(and(fails, not(params.fixed)), () => b.return());
      const left = b.atomicAdd("left", open, -1);
      b.if(eq(left, 0), () => b.count("finished"));
    });
    const openCalls = proc("openCalls", {}, (b) => {
      const open = b.atomic("open", 3);
      b.scope("waitAll", () => b.repeat(3, "n", (n) => b.spawn(call, { fails: eq(n, 2), open })));
      const left = b.atomicLoad("left", open);
      b.if(gt(left, 0), () => b.count("wrong"));
    });

    const writer = proc("writer", { length: "atomic" }, (b, { length }) => {
      b.repeat(5, () => {
        b.sleep("2ms");
        b.atomicAdd(length, 1);
      });
    });
    const snapshot = proc("snapshot", {}, (b) => {
      const length = b.atomic("length", 5);
      const writing = b.spawn("writing", writer, { length });
      const size = b.let("size", 5);
      const seen = b.let("seen", 0);
      b.while(lt(seen, size), { bound: 1000 }, () => {
        b.sleep("10ms");
        b.assign(seen, add(seen, 1));
        b.if(params.fixed, () => b.assign(size, b.atomicLoad("sizeNow", length)));
      });
      b.join(writing);
      const last = b.atomicLoad("last", length);
      b.if(lt(seen, last), () => b.count("wrong"));
    });

    main((b) => {
      b.scope("waitAll", () =>
        b.repeat(params.rounds, () =>
          b.match(params.mistake, [
            ["ask-then-read", () => b.spawn(askThenRead)],
            ["open-calls", () => b.spawn(openCalls)],
            ["snapshot", () => b.spawn(snapshot)],
          ]),
        ),
      );
    });
  },
);

const wrong = (mistake: string, fixed: boolean, min: number, max: number, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "wrong",
  min,
  max,
  when: { parameters: { mistake, fixed } },
  because,
});

/** Two of three bugs of a study of Node programs are such violations of atomicity, and each needs a wait in the wrong place. */
export default workload({
  id: "W82",
  program: callbackRaces,
  question: "How often do three well-known mistakes of programs without threads show in a hundred rounds?",
  headline:
    "The forgotten failure and the snapshot every time, on every runtime, the file deleted meanwhile about once in six rounds, and none once mended.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    wrong(
      "ask-then-read",
      false,
      4,
      30,
      "arithmetic: the deletion falls into the 10 ms after the question with 10 / 59 less the edge, 15 of 100, and three standard errors are 11",
    ),
    wrong("open-calls", false, 100, 100, "arithmetic: two of three are counted"),
    wrong("open-calls", true, 0, 0, "arithmetic: three of three are counted"),
    wrong("snapshot", false, 100, 100, "arithmetic: five of ten are seen"),
    wrong("snapshot", true, 0, 0, "arithmetic: the writer is done long before the loop"),
  ],
});
