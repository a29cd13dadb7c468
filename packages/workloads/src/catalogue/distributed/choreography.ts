import { add, and, at, bool, eq, gt, int, list, lt, mul, not, program, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const choreography = program(
  "choreography",
  {
    doc: "The same sagas without an orchestrator: each service takes events from its topic, does its step and publishes the next event, or the undoing of the step before. A topic may deliver twice.",
    params: {
      sagas: int(100, { min: 1, max: 10_000, doc: "sagas" }),
      steps: int(4, { min: 1, max: 100, doc: "services, one a step", sweep: [1, 2, 4, 8] }),
      failures: int(100_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a step fails",
        unit: "per million",
      }),
      twice: int(100_000, {
        min: 0,
        max: 500_000,
        doc: "probability that an event is delivered twice",
        unit: "per million",
      }),
      keys: bool(true, { doc: "whether a service ignores a saga it knows" }),
    },
  },
  ({ params, proc, main }) => {
    const publish = proc("publish", { topic: "chan", event: "list" }, (b, { topic, event }) => {
      b.send(topic, event);
      const luck = b.draw("luck", "delivery", uniform(0, 999_999));
      b.if(lt(luck, params.twice), () => b.send(topic, event));
    });
    /** Tells whether the saga had been seen. */
    const remember = proc(
      "remember",
      { seen: "list", saga: "int" },
      { returns: "bool" },
      (b, { seen, saga }) => {
        const known = b.let("known", at(seen, saga));
        b.setAt(seen, saga, true);
        b.return(known);
      },
    );
    const service = proc(
      "service",
      { step: "int", topics: "list", undos: "list", ended: "chan", stop: "chan" },
      (b, { step, topics, undos, ended, stop }) => {
        const done = b.list("done");
        const undone = b.list("undone");
        b.repeat(params.sagas, () => {
          b.push(done, false);
          b.push(undone, false);
        });
        const undoBefore = (event: ReturnType<typeof at>) =>
          b.if(
            gt(step, 0),
            () => b.call(publish, { topic: at(undos, sub(step, 1)), event }),
            () => b.send(ended, event),
          );
        b.while(true, { spin: true }, () =>
          b.select([
            b.onRecv(at(topics, step), "event", (event) => {
              const known = b.call("known", remember, { seen: done, saga: at(event, 0, 0) });
              b.if(and(known, params.keys), () => b.continue());
              b.sleep("1ms");
              b.if(eq(at(event, 1), step), () => {
                undoBefore(event);
                b.continue();
              });
              b.if(known, () => b.count("done again"));
              b.if(
                lt(step, sub(params.steps, 1)),
                () => b.call(publish, { topic: at(topics, add(step, 1)), event }),
                () => b.send(ended, event),
              );
            }),
            b.onRecv(at(undos, step), "undo", (undo) => {
              const knownUndo = b.call("knownUndo", remember, { seen: undone, saga: at(undo, 0, 0) });
              b.if(and(knownUndo, params.keys), () => b.continue());
              b.sleep("1ms");
              undoBefore(undo);
            }),
            b.onRecv(stop, () => b.return()),
          ]),
        );
      },
    );
    main((b) => {
      const room = b.let("room", mul(params.sagas, 16));
      const topics = b.list("topics");
      const undos = b.list("undos");
      b.repeat(params.steps, () => {
        const topic = b.chan("topic", room);
        b.push(topics, topic);
        const undo = b.chan("undo", room);
        b.push(undos, undo);
      });
      const ended = b.chan("ended", room);
      const stop = b.chan("stop", params.steps);
      b.scope("waitAll", () => {
        b.repeat(params.steps, "step", (step) => b.spawn(service, { step, topics, undos, ended, stop }));
        const over = b.list("over");
        b.repeat(params.sagas, "saga", (saga) => {
          b.push(over, false);
          const failsAt = b.let("failsAt", params.steps);
          b.repeat(params.steps, { bind: "step", label: "steps" }, (step) => {
            const luck = b.draw("luck", "steps", uniform(0, 999_999));
            b.if(lt(luck, params.failures), () => {
              b.assign(failsAt, step);
              b.break("steps");
            });
          });
          b.call(publish, { topic: at(topics, 0), event: list(saga, failsAt) });
        });
        const open = b.let("open", params.sagas);
        b.while(gt(open, 0), { bound: 1_000_000 }, () => {
          const event = b.recv("event", ended);
          const known = b.call("known", remember, { seen: over, saga: at(event, 0, 0) });
          b.if(not(known), () => {
            b.assign(open, sub(open, 1));
            b.if(
              eq(at(event, 1), params.steps),
              () => b.count("completed"),
              () => b.count("compensated"),
            );
          });
        });
        b.repeat(params.steps, () => b.send(stop, true));
      });
    });
  },
);

/** No service knows the whole: the outcomes are those of the orchestrated saga, the chains are longer, and events come twice. */
export default workload({
  id: "W72",
  program: choreography,
  question: "Do sagas end as well when services only pass events on, and some events are delivered twice?",
  headline:
    "The same two outcomes on every runtime, 66 of a hundred completed; without keys steps are done again for events that came twice.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "completed",
      min: 52,
      max: 79,
      when: { profile: "any" },
      because: "arithmetic: 100 * 0.9^4 = 66, three standard errors are 14",
    },
    {
      runtime: "*",
      kind: "count",
      name: "done again",
      min: 0,
      max: 0,
      when: { profile: "any" },
      because: "arithmetic: a service ignores a saga it knows",
    },
    {
      runtime: "*",
      kind: "count",
      name: "done again",
      min: 10,
      max: 300,
      when: { parameters: { keys: false } },
      because: "arithmetic: of some 400 events a tenth comes twice, and is passed on twice",
    },
  ],
});
