/** Orders of handlers, monitors, timers and deadlines, as generated programs print them on Temurin 25.0.3 with one carrier. */
import { add, checkOrThrow, program, type Program } from "@orrery/program";
import { Execution, type RunResult, runSpec } from "@orrery/runtime";
import { describe, expect, it } from "vitest";
import { java } from "../src/index.ts";

function execute(source: Program): RunResult {
  const { program: checked, params } = checkOrThrow(source);
  const asked = { options: { parallelism: "1", maxPoolSize: "1" }, cores: 2 };
  return new Execution(runSpec(java, checked, params, asked)).run().result();
}
const linesOf = (source: Program): readonly string[] => execute(source).log.map(({ text }) => text);

describe("handlers", () => {
  const stages = program("stages", { doc: "stages" }, ({ proc, main }) => {
    const say = proc("say", { n: "int", v: "int" }, { returns: "int" }, (b, { n, v }) => {
      b.log("h{0} {1}", n, v);
      b.return(add(v, n));
    });
    const settle = proc("settle", { q: "promise", v: "int" }, (b, { q, v }) => {
      b.resolve(q, v);
      b.log("settled");
    });
    main((b) => {
      const p = b.promise("p");
      const q = b.promise("q");
      const first = b.onResolve("first", p, say, { n: 1 });
      b.onResolve(first, say, { n: 2 });
      b.onResolve(first, say, { n: 3 });
      b.onResolve(q, say, { n: 4 });
      b.onResolve(p, settle, { q });
      b.resolve(p, 10);
      b.log("resolved");
    });
  });

  it("run in the completing thread, newest first, and what they complete in turn oldest first", () => {
    expect(linesOf(stages)).toEqual(["h4 10", "settled", "h1 10", "h2 11", "h3 11", "resolved"]);
  });

  it("have a task of their own in the trace, inside the turn of the thread's", () => {
    const { trace } = new Execution(runSpec(java, checkOrThrow(stages).program, {}, {})).run();
    const reasons = Array.from({ length: trace.length }, (_, row) => trace.at(row).reason);
    expect(reasons.filter((reason) => reason === "handler")).toHaveLength(10);
  });
});

describe("monitors", () => {
  const held = (via: "synchronized" | "nativeFrame"): readonly string[] =>
    linesOf(
      program("held", { doc: "held" }, ({ proc, main }) => {
        const holder = proc("holder", { m: "monitor" }, (b, { m }) =>
          b.enter(m, () => {
            b.log("in");
            b.sleep("5ms");
            b.log("out");
          }),
        );
        main((b) => {
          const m = b.monitor("m", via);
          const t = b.spawn("t", holder, { m });
          b.yield();
          b.log("main");
          b.join(t);
        });
      }),
    );

  it("unmount who sleeps inside", () => expect(held("synchronized")).toEqual(["in", "main", "out"]));
  it("under a native frame hold the carrier", () =>
    expect(held("nativeFrame")).toEqual(["in", "out", "main"]));
});

describe("timers", () => {
  it("wait for a free carrier: a deadline is not met by work that never parks", () => {
    const lines = linesOf(
      program("busy", { doc: "busy" }, ({ main }) => {
        main((b) => {
          b.deadline("5ms", () => {
            b.cpu("20ms");
            b.check();
            b.log("not cancelled");
          });
          b.try({
            body: () =>
              b.deadline("5ms", () => {
                b.cpu("20ms");
                b.sleep("1ms");
                b.log("never");
              }),
            catch: [{ kinds: "Timeout", body: () => b.log("cancelled at its first wait") }],
          });
        });
      }),
    );
    expect(lines).toEqual(["not cancelled", "cancelled at its first wait"]);
  });

  it("burst when they are late: the first tick goes to who waits, the second is kept, the others are dropped", () => {
    const lines = linesOf(
      program("late", { doc: "late" }, ({ main }) => {
        main((b) => {
          const [t, c] = b.ticker("t", "c", "10ms");
          b.sleep("5ms");
          b.block("40ms");
          b.repeat(3, () => {
            const v = b.recv("v", c);
            b.log("{0}", v);
          });
          b.stopTimer(t);
        });
      }),
    );
    expect(lines).toEqual(["1", "2", "5"]);
  });
});
