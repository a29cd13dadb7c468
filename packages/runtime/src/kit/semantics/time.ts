/** Time passes as asked, and services answer, refuse and overlap. */
import { add, constant, program, service } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { ensure, runToEnd, same, texts, write } from "../harness.ts";

export const timeChecks: readonly Check[] = [
  {
    name: "time passes: sleep is never early, cpu and block last as long as they say, deadlines keep their order",
    run(model) {
      const source = write("time", ({ proc, main }) => {
        const sleeper = proc("sleeper", { d: "dur" }, (b, { d }) => {
          b.sleep(d);
          b.log("{0}", d);
        });
        main((b) => {
          const tasks = b.list("tasks");
          b.forEach(b.list("ds", "30ms", "10ms", "20ms"), "d", (d) => {
            const t = b.spawn("t", sleeper, { d });
            b.push(tasks, t);
          });
          b.joinAll(tasks);
          const t0 = b.now("t0");
          b.cpu("5ms");
          b.mark("cpu", t0);
          const t1 = b.now("t1");
          b.block("5ms");
          b.mark("block", t1);
          const t2 = b.now("t2");
          b.offload("5ms");
          b.mark("offload", t2);
          const t3 = b.now("t3");
          b.sleep("5ms");
          b.mark("sleep", t3);
          const t4 = b.now("t4");
          b.fileRead(4096, { stall: "5ms" });
          b.mark("file", t4);
          b.fileStat();
        });
      });
      const result = runToEnd(model, source);
      same("outcome", result.outcome, "completed");
      same("wake-ups", texts(result), ["10000000", "20000000", "30000000"]);
      for (const [name, mark] of Object.entries(result.marks))
        ensure(
          mark.minNs >= 5_000_000 && mark.maxNs < 12_000_000,
          () => `${name}: 5 ms took ${mark.maxNs} ns`,
        );
    },
  },
  {
    name: "a service answers after its latency, refuses beyond its queue, and requests overlap",
    run(model) {
      const source = program(
        "calls",
        {
          doc: "calls",
          services: {
            wide: service({ servers: null, latency: constant("20ms") }),
            narrow: service({ servers: 1, queueLimit: 1, latency: constant("20ms") }),
            broken: service({ latency: constant("1ms"), failPerMillion: 1_000_000 }),
          },
        },
        ({ services, proc, main }) => {
          const caller = proc("caller", { which: "int" }, { returns: "int" }, (b, { which }) => {
            b.try({
              body: () =>
                b.match(which, [
                  [0, () => b.callService(services.wide)],
                  [1, () => b.callService(services.narrow)],
                ]),
              catch: [{ kinds: "Rejected", body: () => b.return(0) }],
            });
            b.return(1);
          });
          main((b) => {
            b.repeat(2, "which", (which) => {
              const tasks = b.list("tasks");
              const t0 = b.now("t0");
              b.repeat(5, () => {
                const t = b.spawn("t", caller, { which });
                b.push(tasks, t);
              });
              const oks = b.joinAll("oks", tasks);
              b.mark("round", t0);
              const sum = b.let("sum", 0);
              b.forEach(oks, "ok", (ok) => b.assign(sum, add(sum, ok)));
              b.log("{0}", sum);
            });
            b.try({
              body: () => b.callService(services.broken),
              catch: [{ kinds: "Rejected", body: () => b.log("failed") }],
            });
          });
        },
      );
      const result = runToEnd(model, source);
      same("outcome", result.outcome, "completed");
      same("answers", texts(result), ["5", "2", "failed"]);
      const { minNs, maxNs } = result.marks["round"]!;
      ensure(minNs >= 20_000_000 && minNs < 25_000_000, () => `five calls at a time took ${minNs} ns`);
      ensure(
        maxNs >= 40_000_000 && maxNs < 47_000_000,
        () => `two calls one after the other took ${maxNs} ns`,
      );
    },
  },
];
