import { dur, eq, int, not, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const backPressure = program(
  "back-pressure",
  {
    doc: "A producer makes more than its workers can do, with a bounded buffer between them: it waits, loses items, or makes one only when it has been given credit.",
    params: {
      policy: oneOf("block", ["block", "credit", "drop-newest", "drop-oldest", "ignore", "permit-to-spawn"], {
        doc: "what happens when the buffer is full; or it is as large as it gets; or each item has a task, and a permit only while that is started",
      }),
      items: int(40, { min: 1, max: 100_000, doc: "items" }),
      make: dur("5ms", { min: 0, max: "1h", doc: "time to make one", sweep: ["5ms", "10ms"] }),
      work: dur("50ms", { min: 0, max: "1h", doc: "time of a worker on one", sweep: ["50ms", "100ms"] }),
      workers: int(2, { min: 1, max: 1000, doc: "workers", sweep: [1, 2, 10, 20] }),
      buffer: int(10, { min: 1, max: 100_000, doc: "items that may wait", sweep: [1, 10, 100] }),
    },
  },
  ({ params, proc, main }) => {
    const serve = proc("serve", { active: "atomic" }, (b, { active }) => {
      const busy = b.atomicAdd("busy", active, 1);
      b.measure("active", busy);
      b.sleep(params.work);
      b.atomicAdd(active, -1);
      b.count("served");
    });
    const producer = proc(
      "producer",
      { items: "chan", credits: "chan", permits: "sem", active: "atomic" },
      (b, { items, credits, permits, active }) => {
        const begun = b.now("begun");
        b.repeat(params.items, "item", (item) => {
          b.sleep(params.make);
          b.match(params.policy, [
            ["block", () => b.send(items, item)],
            ["ignore", () => b.send(items, item)],
            [
              "permit-to-spawn",
              () => {
                b.acquire(permits);
                b.spawn(serve, { active });
                b.release(permits);
              },
            ],
            [
              "drop-newest",
              () => {
                const sent = b.trySend("sent", items, item);
                b.if(not(sent), () => b.count("lost"));
              },
            ],
            [
              "drop-oldest",
              () => {
                const sent = b.trySend("sent", items, item);
                b.if(not(sent), () => {
                  const [, dropped] = b.tryRecv("oldest", "dropped", items);
                  b.if(dropped, () => b.count("lost"));
                  b.send(items, item);
                });
              },
            ],
            [
              "credit",
              () => {
                b.recv(credits);
                b.send(items, item);
              },
            ],
          ]);
          const waiting = b.chanLen("waiting", items);
          b.measure("waiting", waiting);
        });
        b.mark("made", begun);
        b.close(items);
      },
    );
    const worker = proc(
      "worker",
      { items: "chan", credits: "chan", active: "atomic" },
      (b, { items, credits, active }) => {
        b.range(items, "item", () => {
          b.call(serve, { active });
          b.if(eq(params.policy, "credit"), () => b.send(credits, true));
        });
      },
    );
    main((b) => {
      const room = b.let("room", params.buffer);
      b.if(eq(params.policy, "ignore"), () => b.assign(room, params.items));
      const items = b.chan("items", room);
      const credits = b.chan("credits", params.buffer);
      b.repeat(params.buffer, () => b.send(credits, true));
      const permits = b.sem("permits", params.workers);
      const active = b.atomic("active");
      b.scope("waitAll", () => {
        b.repeat(params.workers, () => b.spawn(worker, { items, credits, active }));
        b.spawn(producer, { items, credits, permits, active });
      });
    });
  },
);

/** 10 ms to make an item, and 100 ms to work on it, stand here at a half. */
export default workload({
  id: "W76",
  program: backPressure,
  question: "What happens to 200 items a second when two workers can do 40?",
  headline:
    "On every runtime 40 a second are served and ten wait; who blocks or needs credit takes as long as the workers, who drops keeps its pace and loses half, and who does not ask fills the memory.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "makespan",
      minNs: 0.99e9,
      maxNs: 1.3e9,
      because: "arithmetic: 40 items / 2 workers * 50 ms; W76: the rate of the slowest stage",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 0.99e9,
      maxNs: 1.3e9,
      when: { parameters: { policy: "credit" } },
      because: "arithmetic: 40 items / 2 workers * 50 ms",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "waiting",
      stat: "max",
      minNs: 8,
      maxNs: 10,
      because: "arithmetic: the buffer has ten places",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "active",
      stat: "max",
      minNs: 2,
      maxNs: 2,
      because: "arithmetic: two workers",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "active",
      stat: "max",
      minNs: 5,
      maxNs: 15,
      when: { parameters: { policy: "permit-to-spawn" } },
      because:
        "arithmetic: one starts every 5 ms and takes 50 ms, so ten are active of a limit of two; a permit around the start of a task limits nothing",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "waiting",
      stat: "max",
      minNs: 20,
      maxNs: 38,
      when: { parameters: { policy: "ignore" } },
      because: "arithmetic: of 40 items made in 200 to 300 ms the workers take 8 to 12",
    },
    ...(["drop-newest", "drop-oldest"] as const).map(
      (policy): Expectation => ({
        runtime: "*",
        kind: "count",
        name: "served",
        min: 16,
        max: 28,
        when: { parameters: { policy } },
        because:
          "arithmetic: two in each 50 ms of the 200 to 300 ms that making takes, and the ten of the buffer; W76",
      }),
    ),
  ],
});
