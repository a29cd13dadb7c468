import { describe, expect, expectTypeOf, test } from "vitest";
import {
  add,
  and,
  at,
  bool,
  cell,
  cells,
  div,
  dur,
  duration,
  eq,
  exponential,
  fromParam,
  int,
  len,
  lt,
  mul,
  none,
  oneOf,
  program,
  selfIndex,
  service,
  sub,
  withIds,
} from "@orrery/program";
import type { E, Local } from "@orrery/program";

const spawnOrder = program(
  "spawn-order",
  {
    doc: "In which order do spawned tasks run?",
    params: {
      n: int(4, { min: 1, max: 64, doc: "tasks spawned" }),
      order: oneOf("naive", ["naive", "asymmetric"], { doc: "who goes first" }),
      d: dur("100ms", { min: 0, max: "1s", doc: "how long each sleeps" }),
      flag: bool(false, { doc: "log the end" }),
    },
    services: { db: service({ servers: 4, latency: exponential("10ms") }) },
    shared: { counter: cell(0), slots: cells(fromParam("n"), 0) },
    policies: { end: "main" },
  },
  ({ params, services, shared, proc, main }) => {
    const worker = proc("worker", { i: "int", out: "chan" }, (b, { i, out }) => {
      b.sleep(params.d);
      b.callService(services.db);
      b.store(shared.slots.at(i), i);
      b.send(out, i);
      b.log("t{0}", i);
    });
    main((b) => {
      const out = b.chan("out", params.n);
      const tasks = b.list("tasks");
      b.repeat(params.n, "i", (i) => {
        const t = b.spawn("t", worker, { i, out });
        b.push(tasks, t);
      });
      b.joinAll(tasks);
      b.if(and(params.flag, eq(params.order, "naive")), () => b.log("end"));
    });
  },
);

describe("a program written with the builder", () => {
  test("is the plain tree", () => {
    expect(spawnOrder).toEqual({
      name: "spawn-order",
      doc: "In which order do spawned tasks run?",
      params: [
        { name: "n", type: "int", default: 4, min: 1, max: 64, doc: "tasks spawned" },
        {
          name: "order",
          type: "enum",
          default: "naive",
          values: ["naive", "asymmetric"],
          doc: "who goes first",
        },
        {
          name: "d",
          type: "dur",
          default: 100_000_000,
          min: 0,
          max: 1_000_000_000,
          doc: "how long each sleeps",
        },
        { name: "flag", type: "bool", default: false, doc: "log the end" },
      ],
      services: [
        {
          name: "db",
          servers: 4,
          queueLimit: null,
          latency: { dist: "exponential", mean: 10_000_000 },
          failPerMillion: 0,
        },
      ],
      shared: [
        { name: "counter", type: "int", init: 0 },
        { name: "slots", type: "int", init: 0, length: { param: "n" } },
      ],
      procs: {
        worker: {
          args: [
            { name: "i", type: "int" },
            { name: "out", type: "chan" },
          ],
          body: [
            { op: "sleep", dur: { param: "d" } },
            { op: "callService", service: "db" },
            { op: "store", cell: "slots", index: { var: "i" }, value: { var: "i" } },
            { op: "send", chan: { var: "out" }, value: { var: "i" } },
            { op: "log", text: "t{0}", args: [{ var: "i" }] },
          ],
        },
      },
      main: [
        { op: "chan", bind: "out", cap: { param: "n" } },
        { op: "let", bind: "tasks", value: { list: [] } },
        {
          op: "repeat",
          count: { param: "n" },
          bind: "i",
          body: [
            { op: "spawn", proc: "worker", args: [{ var: "i" }, { var: "out" }], bind: "t" },
            { op: "push", list: { var: "tasks" }, value: { var: "t" } },
          ],
        },
        { op: "joinAll", tasks: { var: "tasks" } },
        {
          op: "if",
          cond: {
            binary: "and",
            left: { param: "flag" },
            right: { binary: "==", left: { param: "order" }, right: { lit: "naive" } },
          },
          // oxlint-disable-next-line unicorn/no-thenable -- a field of the tree, never awaited
          then: [{ op: "log", text: "end" }],
        },
      ],
      policies: { end: "main", selectPolicy: "random", onDetachedFailure: "abort" },
    });
  });

  test("survives JSON", () => {
    expect(JSON.parse(JSON.stringify(spawnOrder))).toEqual(spawnOrder);
  });
});

describe("handles", () => {
  test("carry the types of expressions", () => {
    program(
      "types",
      {
        doc: "",
        params: { n: int(1, { min: 0, max: 9, doc: "" }), d: dur("1ms", { min: 0, max: "1s", doc: "" }) },
      },
      ({ params, main }) => {
        main((b) => {
          expectTypeOf(params.n).toEqualTypeOf<E<"int">>();
          expectTypeOf(add(params.n, 1)).toEqualTypeOf<E<"int">>();
          expectTypeOf(add(params.d, "5ms")).toEqualTypeOf<E<"dur">>();
          expectTypeOf(mul(params.n, "5ms")).toEqualTypeOf<E<"dur">>();
          expectTypeOf(div(params.d, params.d)).toEqualTypeOf<E<"int">>();
          expectTypeOf(div(params.d, 2)).toEqualTypeOf<E<"dur">>();
          expectTypeOf(b.let("x", 1)).toEqualTypeOf<Local<"int">>();
          expectTypeOf(b.let("y", "5ms")).toEqualTypeOf<Local<"dur">>();
          expectTypeOf(b.recv("v", b.chan("c"))).toEqualTypeOf<Local<"any">>();
          expectTypeOf(lt(params.n, len([1, 2]))).toEqualTypeOf<E<"bool">>();
          // @ts-expect-error an int and a duration do not add up
          add(params.n, params.d);
          // @ts-expect-error a text that is no duration
          expect(() => b.sleep("10 minutes")).toThrow("is not a duration");
          // @ts-expect-error a condition is a bool
          b.if(params.n, () => {});
          // @ts-expect-error no such parameter
          expect(params.m).toBeUndefined();
        });
      },
    );
  });

  test("check the arguments of procedures", () => {
    program("args", { doc: "" }, ({ proc, main }) => {
      const worker = proc("worker", { i: "int", out: "chan" }, () => {});
      const idle = proc("idle", {}, () => {});
      const five = proc("five", {}, { returns: "int" }, (b) => b.return(5));
      main((b) => {
        b.spawn(idle);
        b.spawn("t", idle, {}, { deferred: true });
        b.spawn(worker, { i: 1, out: none });
        expectTypeOf(b.call("x", five)).toEqualTypeOf<Local<"int">>();
        // @ts-expect-error a procedure without a result binds nothing
        b.call("y", idle);
        // @ts-expect-error no such argument
        b.spawn(worker, { i: 1, out: none, extra: 1 });
        // @ts-expect-error wrong type
        b.spawn(worker, { i: "one", out: none });
        // @ts-expect-error missing argument
        expect(() => b.spawn(worker, { i: 1 })).toThrow("worker needs the argument out");
      });
    });
  });

  test("lift literals by their neighbour", () => {
    expect(mul(3, "1ms").expr).toEqual({
      binary: "*",
      left: { lit: 3 },
      right: { lit: 1_000_000, unit: "ns" },
    });
    expect(sub(duration("1ms"), 5).expr).toEqual({
      binary: "-",
      left: { lit: 1_000_000, unit: "ns" },
      right: { lit: 5, unit: "ns" },
    });
    expect(eq(selfIndex(), 0).expr).toEqual({ binary: "==", left: { self: "index" }, right: { lit: 0 } });
    expect(at([1, 2], 0, 7).expr).toEqual({
      at: { list: [{ lit: 1 }, { lit: 2 }] },
      index: { lit: 0 },
      otherwise: { lit: 7 },
    });
  });
});

describe("the builder refuses", () => {
  test("a missing main", () => {
    expect(() => program("p", { doc: "" }, () => {})).toThrow("p: there is no main");
  });
  test("a declared procedure without a body", () => {
    expect(() =>
      program("p", { doc: "" }, ({ declare, main }) => {
        declare("later", {});
        main(() => {});
      }),
    ).toThrow("p: the procedure later has no body");
  });
  test("a writer used after its body", () => {
    expect(() =>
      program("p", { doc: "" }, ({ proc, main }) => {
        let leaked: { yield(): void } | undefined;
        proc("worker", {}, (b) => {
          leaked = b;
        });
        main(() => leaked?.yield());
      }),
    ).toThrow("the body of worker is already written");
  });
});

describe("mutual recursion and self", () => {
  test("declare first, define later; a body gets its own handle", () => {
    const tree = program("recursion", { doc: "" }, ({ declare, define, proc, main }) => {
      const odd = declare("odd", { n: "int" }, { returns: "bool" });
      const even = proc("even", { n: "int" }, { returns: "bool" }, (b, { n }) => {
        b.if(eq(n, 0), () => b.return(true));
        b.return(b.call("r", odd, { n: sub(n, 1) }));
      });
      define(odd, (b, { n }) => {
        b.if(eq(n, 0), () => b.return(false));
        b.return(b.call("r", even, { n: sub(n, 1) }));
      });
      const down = proc("down", { n: "int" }, (b, { n }, self) => {
        b.if(lt(0, n), () => b.call(self, { n: sub(n, 1) }));
      });
      main((b) => b.call(down, { n: 3 }));
    });
    expect(Object.keys(tree.procs)).toEqual(["odd", "even", "down"]);
  });
});

describe("ids", () => {
  test("are paths, and setting them twice changes nothing", () => {
    const tree = program("ids", { doc: "" }, ({ main }) => {
      main((b) => {
        const c = b.chan("c");
        b.if(
          true,
          () => b.yield(),
          () => b.yield(),
        );
        b.select([b.onRecv(c, () => b.yield()), b.onSend(c, 1, () => b.yield())], {
          otherwise: () => b.yield(),
          timeout: { dur: "1ms", body: () => b.yield() },
        });
        b.try({
          body: () => b.yield(),
          catch: [{ kinds: "*", body: () => b.yield() }],
          finally: () => b.yield(),
        });
        b.match(1, [[1, () => b.yield()]], () => b.yield());
        b.repeat(2, () => b.repeat(2, () => b.yield()));
      });
    });
    const numbered = withIds(tree);
    const ids = [...JSON.stringify(numbered).matchAll(/"id":"([^"]+)"/g)].map((match) => match[1]);
    expect(ids).toEqual([
      "main/0",
      "main/1",
      "main/1.then.0",
      "main/1.else.0",
      "main/2",
      "main/2.case0.0",
      "main/2.case1.0",
      "main/2.otherwise.0",
      "main/2.timeout.0",
      "main/3",
      "main/3.body.0",
      "main/3.catch0.0",
      "main/3.finally.0",
      "main/4",
      "main/4.case0.0",
      "main/4.otherwise.0",
      "main/5",
      "main/5.body.0",
      "main/5.body.0.body.0",
    ]);
    expect(withIds(numbered)).toEqual(numbered);
  });
});
