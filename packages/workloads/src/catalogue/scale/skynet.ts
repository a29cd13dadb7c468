import { add, div, eq, int, mul, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const skynet = program(
  "skynet",
  {
    doc: "A task starts `fan` tasks, each of which does the same, `depth` levels down; the leaves number themselves and the sums come back up.",
    params: {
      depth: int(6, { min: 0, max: 7, doc: "levels below the root", sweep: [2, 3, 4, 5, 6] }),
      fan: int(10, { min: 1, max: 10, doc: "children of a task" }),
    },
  },
  ({ params, proc, main }) => {
    const node = proc(
      "node",
      { first: "int", leaves: "int" },
      { returns: "int" },
      (b, { first, leaves }, self) => {
        b.if(eq(leaves, 1), () => b.return(first));
        const share = b.let("share", div(leaves, params.fan));
        const children = b.list("children");
        b.repeat(params.fan, "i", (i) => {
          const child = b.spawn("child", self, { first: add(first, mul(i, share)), leaves: share });
          b.push(children, child);
        });
        const sum = b.let("sum", 0);
        b.forEach(children, "task", (task) => {
          const part = b.join("part", task);
          b.assign(sum, add(sum, part));
        });
        b.return(sum);
      },
    );
    main((b) => {
      const leaves = b.let("leaves", 1);
      b.repeat(params.depth, () => b.assign(leaves, mul(leaves, params.fan)));
      const root = b.spawn("root", node, { first: 0, leaves });
      const sum = b.join("sum", root);
      b.log("{0}", sum);
    });
  },
);

/** A million tasks that do nothing but start and join others. */
export default workload({
  id: "W14",
  program: skynet,
  question: "What does it cost to start and join a million tasks?",
  headline:
    "Go and Java spread the tree over the cores, Node runs it as plain calls on one, asyncio pays several microseconds a task.",
  group: "scale",
  levels: everywhere("O1"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "log",
      equals: ["499999500000"],
      when: { profile: "any" },
      because: "0 + 1 + ... + 999999",
    },
    {
      runtime: "*",
      kind: "log",
      equals: ["499500"],
      when: { profile: "any", parameters: { depth: 3 } },
      because: "0 + 1 + ... + 999",
    },
    {
      runtime: "go",
      kind: "makespan",
      minNs: 0.1e9,
      maxNs: 1.8e9,
      because: "ran: 1.14 s on Go 1.26, two cores",
    },
    {
      runtime: "java",
      kind: "makespan",
      minNs: 0.1e9,
      maxNs: 3.5e9,
      because: "ran: 3.2 s cold and 1.3 s warm on JDK 25, two cores",
    },
    {
      runtime: "node",
      kind: "makespan",
      minNs: 0.04e6,
      maxNs: 0.5e6,
      when: { parameters: { depth: 3 } },
      because: "ran: 0.14 to 0.23 ms on Node 24; at depth 6, 0.7 to 1.4 s, most of it garbage collection",
    },
    {
      runtime: "asyncio",
      kind: "makespan",
      minNs: 3e9,
      maxNs: 20e9,
      because: "ran: 0.97 s for a tenth of the tasks on CPython 3.11",
    },
  ],
});
