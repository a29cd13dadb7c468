import {
  add,
  and,
  at,
  cells,
  eq,
  fromParam,
  gt,
  int,
  list,
  lt,
  ne,
  oneOf,
  program,
  uniform,
} from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const exactlyOnce = program(
  "exactly-once",
  {
    doc: "Workers take messages that may be delivered twice. A worker that crashes after the effect of a message and before its commit gets it again.",
    params: {
      known: oneOf("with-effect", ["with-effect", "with-commit", "never"], {
        doc: "when the id of a message is noted down: in one step with its effect, when it is committed, or never",
      }),
      messages: int(200, { min: 1, max: 100_000, doc: "messages" }),
      workers: int(4, { min: 1, max: 1000, doc: "workers" }),
      twice: int(100_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a message is delivered twice",
        unit: "per million",
      }),
      crashes: int(50_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability of a crash between effect and commit",
        unit: "per million",
      }),
    },
    shared: { effects: cells(fromParam("messages"), 0), known: cells(fromParam("messages"), false) },
  },
  ({ params, shared, proc, main }) => {
    /** Tells whether the message was new. */
    const apply = proc("apply", { id: "int", guard: "mutex" }, { returns: "bool" }, (b, { id, guard }) => {
      b.lock(guard);
      b.defer(() => b.unlock(guard));
      const known = b.load("known", shared.known.at(id));
      b.if(and(known, ne(params.known, "never")), () => b.return(false));
      const effects = b.load("effects", shared.effects.at(id));
      b.store(shared.effects.at(id), add(effects, 1));
      b.if(gt(effects, 0), () => b.count("duplicates"));
      b.if(eq(params.known, "with-effect"), () => b.store(shared.known.at(id), true));
      b.return(true);
    });
    const commit = proc("commit", { id: "int", guard: "mutex" }, (b, { id, guard }) => {
      b.sleep("1ms");
      b.lock(guard);
      b.if(eq(params.known, "with-commit"), () => b.store(shared.known.at(id), true));
      b.unlock(guard);
    });
    const worker = proc(
      "worker",
      { topic: "chan", open: "group", guard: "mutex" },
      (b, { topic, open, guard }) => {
        b.range(topic, "message", (message) => {
          b.sleep("1ms");
          const fresh = b.call("fresh", apply, { id: at(message, 0), guard });
          b.if(
            and(fresh, at(message, 1)),
            () => {
              b.count("crashes");
              b.send(topic, list(at(message, 0), false));
            },
            () => {
              b.call(commit, { id: at(message, 0), guard });
              b.groupDone(open);
            },
          );
        });
      },
    );
    main((b) => {
      const topic = b.chan("topic", add(params.messages, add(params.messages, params.messages)));
      const open = b.group("open");
      const guard = b.mutex("guard");
      b.repeat(params.messages, "id", (id) => {
        const fate = b.draw("fate", "crashes", uniform(0, 999_999));
        const luck = b.draw("luck", "delivery", uniform(0, 999_999));
        b.groupAdd(open);
        b.send(topic, list(id, lt(fate, params.crashes)));
        b.if(lt(luck, params.twice), () => {
          b.groupAdd(open);
          b.send(topic, list(id, false));
        });
      });
      b.scope("waitAll", () => {
        b.repeat(params.workers, () => b.spawn(worker, { topic, open, guard }));
        b.groupWait(open);
        b.close(topic);
      });
    });
  },
);

/** Delivery is at least once; that it looks like once is the work of whoever stores the effect. */
export default workload({
  id: "W77",
  program: exactlyOnce,
  question:
    "How often does a message have its effect twice, when delivery repeats and workers crash before they commit?",
  headline:
    "Never, on every runtime, where effect and id are stored in one step; noted at the commit or not at all, for about as many messages as came twice or met a crash.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "duplicates",
      min: 0,
      max: 0,
      when: { profile: "any" },
      because: "arithmetic: a known id has had its effect; W77",
    },
    {
      runtime: "*",
      kind: "count",
      name: "duplicates",
      min: 1,
      max: 46,
      when: { parameters: { known: "with-commit" } },
      because:
        "arithmetic: each crash repeats an effect, and so does a second delivery while the first is worked on; W77",
    },
    {
      runtime: "*",
      kind: "count",
      name: "duplicates",
      min: 15,
      max: 46,
      when: { parameters: { known: "never" }, profile: "any" },
      because: "arithmetic: 200 * (0.1 + 0.05) = 30, three standard errors are 16; W77",
    },
  ],
});
