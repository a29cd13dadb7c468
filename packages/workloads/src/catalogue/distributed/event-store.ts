import { add, eq, int, mul, not, oneOf, program, sub } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const eventStore = program(
  "event-store",
  {
    doc: "Writers read the version of one stream, decide on an event, and append it if the version is still the same; else they try again.",
    params: {
      append: oneOf("atomic", ["atomic", "check-append", "check-wait-append"], {
        doc: "the version is compared and raised in one step, in two, or in two with a wait between them",
      }),
      writers: int(10, { min: 1, max: 1000, doc: "writers", sweep: [1, 2, 5, 10, 20] }),
      events: int(10, { min: 1, max: 10_000, doc: "events of each" }),
    },
  },
  ({ params, proc, main }) => {
    const writer = proc("writer", { version: "atomic" }, (b, { version }) => {
      b.repeat(params.events, () => {
        const appended = b.let("appended", false);
        b.while(not(appended), { bound: 100_000 }, () => {
          const seen = b.atomicLoad("seen", version);
          b.sleep("1ms");
          b.if(
            eq(params.append, "atomic"),
            () => b.assign(appended, b.atomicCas("swapped", version, seen, add(seen, 1))),
            () => {
              const now = b.atomicLoad("now", version);
              b.if(eq(now, seen), () => {
                b.if(eq(params.append, "check-wait-append"), () => b.sleep("1ms"));
                b.atomicStore(version, add(seen, 1));
                b.assign(appended, true);
              });
            },
          );
          b.if(not(appended), () => b.count("conflicts"));
        });
        b.count("appended");
      });
    });
    main((b) => {
      const version = b.atomic("version");
      b.scope("waitAll", () => b.repeat(params.writers, () => b.spawn(writer, { version })));
      const last = b.atomicLoad("last", version);
      b.count("lost", sub(mul(params.writers, params.events), last));
    });
  },
);

/** Optimistic concurrency: a check is worth what nothing can come between it and the append. */
export default workload({
  id: "W74",
  program: eventStore,
  question:
    "How often do ten writers of one stream collide, and does checking the version before appending lose events?",
  headline:
    "Nine of ten attempts collide and nothing is lost where the version is swapped; check and append in two steps is safe on loops, and nowhere once there is a wait between them.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "lost",
      min: 0,
      max: 0,
      when: { profile: "any" },
      because: "arithmetic: whoever swaps knows that nobody has come between",
    },
    {
      runtime: "*",
      kind: "count",
      name: "conflicts",
      min: 100,
      max: 900,
      because:
        "arithmetic: of those who read the same version one appends, so at most nine collide for each of 100 events",
    },
    {
      runtime: ["asyncio", "node"],
      kind: "count",
      name: "lost",
      min: 0,
      max: 0,
      when: { parameters: { append: "check-append" }, profile: "any" },
      because: "arithmetic: nothing runs on a loop between two statements that do not wait; W74",
    },
    {
      runtime: "*",
      kind: "count",
      name: "lost",
      min: 20,
      max: 90,
      when: { parameters: { append: "check-wait-append" } },
      because: "arithmetic: whoever checks while another waits appends the same version; W74",
    },
  ],
});
