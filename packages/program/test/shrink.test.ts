import { describe, expect, it } from "vitest";
import {
  add,
  check,
  fuzzClasses,
  generate,
  get,
  gt,
  intMap,
  print,
  program,
  shrink,
  walk,
} from "../src/index.ts";
import type { OpName, ProcRef, Program, Stmt } from "../src/index.ts";
import { inlined } from "../src/shrink/inline.ts";
import { repair } from "../src/shrink/repair.ts";
import { stepsOf } from "../src/shrink/steps.ts";

function statements(source: Program): readonly Stmt[] {
  const found: Stmt[] = [];
  for (const body of [source.main, ...Object.values(source.procs).map((proc) => proc.body)])
    walk(body, (statement) => found.push(statement));
  return found;
}
const ops = (source: Program): readonly OpName[] => statements(source).map(({ op }) => op);
const has = (source: Program, ...wanted: readonly OpName[]): boolean =>
  wanted.every((op) => ops(source).includes(op));

/** A select in one task and, after it in the text, a close in another. */
const closeAfterSelect = (source: Program): boolean => {
  const all = ops(source);
  return all.includes("select") && all.lastIndexOf("close") > all.indexOf("select");
};

/** About twenty statements, of which a select and a close matter. */
const twenty = program("twenty", { doc: "Too much." }, ({ proc, main }) => {
  const receiver = proc("receiver", { a: "chan", b: "chan", m: "mutex" }, (w, { a, b, m }) => {
    w.log("r1");
    w.repeat(3, "i", (i) => {
      w.lock(m);
      w.log("r2 {0}", add(i, 1));
      w.unlock(m);
    });
    w.select([w.onRecv(a, "v", (v) => w.log("r3 {0}", v)), w.onRecv(b, "u", () => w.yield())], {
      timeout: { dur: "40ms", body: () => w.log("late") },
    });
    w.log("r4");
  });
  main((w) => {
    const a = w.chan("a", 1);
    const b = w.chan("b");
    const m = w.mutex("m");
    const t = w.spawn("t", receiver, { a, b, m });
    w.try({
      body: () => {
        w.send(a, 7);
        w.if(gt(2, 1), () => w.log("m1"));
      },
      finally: () => w.log("m2"),
    });
    w.close(b);
    w.join(t);
    w.log("m3");
  });
});

/** A map and a record among what does not matter. */
const values = program(
  "values",
  { doc: "Too much.", records: { Job: { id: "int", note: "str" }, Other: { id: "int" } } },
  ({ records: { Job }, proc, main }) => {
    const fill = proc("fill", { map: "intMap", job: "record:Job" }, (w, { map, job }) => {
      w.log("f1");
      w.put(map, Job.get(job, "id"), get(map, 1, 0), { max: 9 });
      w.forEachEntry(map, "k", "v", (k, v) => w.log("{0} {1}", k, v));
    });
    main((w) => {
      const map = w.let("map", intMap([1, 2], [3, 4]));
      const job = w.let("job", Job.of({ id: 1, note: "n" }));
      w.call(fill, { map, job: Job.with(job, { id: 7 }) });
      w.log("m1 {0}", map);
    });
  },
);

describe("shrink", () => {
  it("reduces maps and records to what matters", async () => {
    const small = await shrink(values, (candidate) => has(candidate, "put"));
    expect(check(small).problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(print(small).split("\nmain ")[1]).toMatchInlineSnapshot(`
      "{
        put int map {}{0} <- 0 max 0
      }
      "
    `);
    expect(small.records).toBeUndefined();
  });

  it("reduces twenty statements to those that matter and what they need", async () => {
    const small = await shrink(twenty, (candidate) => has(candidate, "select", "close"));
    expect(print(small).split("\nmain ")[1]).toMatchInlineSnapshot(`
      "{
        b = chan 0
        select {
          case u = recv b {
          }
        }
        close b
      }
      "
    `);
    expect(Object.keys(small.procs)).toEqual([]);
  });

  it("keeps a task that matters, without the arguments that do not", async () => {
    const small = await shrink(twenty, (candidate) => has(candidate, "spawn", "lock"));
    expect(ops(small).toSorted()).toEqual(["lock", "mutex", "spawn"]);
    expect(small.procs["receiver"]?.args.map(({ name }) => name)).toEqual(["m"]);
  });

  it("lowers counts and durations, and takes literals for expressions", async () => {
    const source = program("numbers", { doc: "" }, ({ main }) => {
      main((w) => {
        const x = w.let("x", 100);
        w.repeat(8, () => w.sleep("64ms"));
        w.log("{0}", add(x, 5));
      });
    });
    const small = await shrink(source, (candidate) =>
      statements(candidate).some(
        (s) =>
          s.op === "repeat" && "lit" in s.count && Number(s.count.lit) >= 3 && has(candidate, "sleep", "log"),
      ),
    );
    expect(small.main.map(({ op }) => op)).toEqual(["repeat", "log"]);
    expect(small.main[0]).toMatchObject({ count: { lit: 3 }, body: [{ op: "sleep", dur: { lit: 0 } }] });
  });

  it("takes away what goes only in pairs", async () => {
    const source = program("pairs", { doc: "" }, ({ main }) => {
      main((w) => {
        const m = w.mutex("m");
        for (let i = 0; i < 3; i++) {
          w.lock(m);
          w.unlock(m);
        }
      });
    });
    const count = (candidate: Program, op: OpName) => ops(candidate).filter((each) => each === op).length;
    const small = await shrink(
      source,
      (candidate) => count(candidate, "lock") === count(candidate, "unlock") && has(candidate, "lock"),
    );
    expect(ops(small).toSorted()).toEqual(["lock", "mutex", "unlock"]);
  });

  it("takes the blocks out of deadlines, tokens, shields and monitors", async () => {
    const source = program("blocks", { doc: "" }, ({ main }) => {
      main((w) => {
        const k = w.token("k");
        const m = w.monitor("m", "juc");
        w.withToken(k, () => {
          w.deadline("5ms", () => w.shield(() => w.enter(m, () => w.yield())));
          w.log("later");
        });
      });
    });
    const small = await shrink(source, (candidate) => has(candidate, "yield"));
    expect(ops(small)).toEqual(["yield"]);
    const marked = await shrink(source, (candidate) => has(candidate, "shield", "yield"));
    expect(ops(marked)).toEqual(["shield", "yield"]);
  });

  it("takes out what lies inside such a block, and gives it an id", async () => {
    const source = program("inside", { doc: "" }, ({ main }) => {
      main((w) =>
        w.deadline("8ms", () => {
          w.log("one");
          w.check();
          w.sleep("4ms");
        }),
      );
    });
    const small = await shrink(source, (candidate) => has(candidate, "deadline", "check"));
    expect(ops(small)).toEqual(["deadline", "check"]);
    expect(statements(small).map(({ id }) => id)).toEqual(["main/0", "main/0.body.0"]);
  });

  it("keeps the value of a handler, and no other argument that it does not use", async () => {
    const source = program("handler", { doc: "" }, ({ proc, main }) => {
      const handler = proc("handler", { m: "mutex", by: "int", v: "int" }, { returns: "int" }, (w, given) => {
        w.log("{0}", given.v);
        w.return(add(given.v, given.by));
      });
      main((w) => {
        const m = w.mutex("m");
        const p = w.promise("p");
        const q = w.onResolve("q", p, handler, { m, by: 1 });
        w.resolve(p, 1);
        w.await(q);
      });
    });
    const small = await shrink(source, (candidate) => has(candidate, "onResolve", "resolve"));
    expect(ops(small).toSorted()).toEqual(["onResolve", "promise", "resolve", "return"]);
    expect(small.procs["handler"]?.args.map(({ name }) => name)).toEqual(["v"]);
    expect(statements(small).find(({ op }) => op === "onResolve")).not.toHaveProperty("bind");
  });

  it("puts what is called later, once, from a queue or by a promise in its place if nothing else starts it", () => {
    const source = program("starts", { doc: "" }, ({ proc, main }) => {
      const [later, deed, queued, shared] = ["later", "deed", "queued", "shared"].map((name) =>
        proc(name, { n: "int" }, (w, { n }) => w.log(`${name} {0}`, n)),
      ) as [ProcRef<{ n: "int" }>, ProcRef<{ n: "int" }>, ProcRef<{ n: "int" }>, ProcRef<{ n: "int" }>];
      const handler = proc("handler", { by: "int", v: "int" }, (w, { by, v }) => w.log("{0}", add(by, v)));
      main((w) => {
        const o = w.once("o");
        const p = w.promise("p");
        w.afterFunc("5ms", later, { n: 1 });
        w.onceDo(o, deed, { n: 2 });
        w.callback("next", queued, { n: 3 });
        w.onResolve(p, handler, { by: 4 });
        w.callback("micro", shared, { n: 5 });
        w.afterFunc("9ms", shared, { n: 6 });
      });
    });
    const { program: whole } = check(source);
    const placed = whole.main.flatMap((start) => {
      const made = inlined(whole, start);
      if (made === undefined) return [];
      return [
        print(check(repair(made)).program)
          .split("\nmain ")[1]
          ?.match(/(?<=log ).*/)?.[0],
      ];
    });
    expect(placed).toEqual(['"later {0}", 1', '"deed {0}", 2', '"queued {0}", 3', '"{0}", 4 + 0']);
  });

  it("leaves out what a timer, a monitor or a wake-up means nearly the same without", async () => {
    const source = program("optional", { doc: "" }, ({ main }) => {
      main((w) => {
        const m = w.monitor("m", "nativeFrame");
        w.enter(m, () => w.notifyAll(m));
        const [t] = w.ticker("t", "ch", "1ms", "burst");
        w.stopTimer("ok", t);
      });
    });
    const small = await shrink(source, (candidate) => has(candidate, "notify", "stopTimer"));
    const fields = statements(small).flatMap((statement) => Object.keys(statement));
    for (const field of ["via", "all", "catchUp", "ok"]) expect(fields).not.toContain(field);
  });

  it("asks only about programs that pass the checker, about none twice, at most as often as it may", async () => {
    const asked = new Set<string>();
    let times = 0;
    await shrink(
      generate(3, "mixed"),
      (candidate) => {
        asked.add(JSON.stringify(candidate));
        times++;
        expect(check(candidate).problems.filter(({ severity }) => severity === "error")).toEqual([]);
        return false;
      },
      50,
    );
    expect([asked.size, times]).toEqual([50, 50]);
  });

  it("takes promises for answers and is a function of the program and the answers", async () => {
    const source = generate(0, "channels");
    const once = await shrink(source, (candidate) => closeAfterSelect(candidate));
    const again = await shrink(source, (candidate) => Promise.resolve(closeAfterSelect(candidate)));
    expect(again).toEqual(once);
  });

  it.each(fuzzClasses)("leaves no single step to take (%s)", async (className) => {
    for (const seed of [1, 2, 3]) {
      const source = generate(seed, className);
      const wanted = ops(source).filter((op) => op !== "log");
      const [first, last] = [wanted.at(0), wanted.at(-1)] as [OpName, OpName];
      const fails = (candidate: Program) => has(candidate, first, last);
      const small = await shrink(source, fails, 5000);
      expect(fails(small)).toBe(true);
      expect(statements(small).length).toBeLessThanOrEqual(8);
      for (const step of stepsOf(small)) {
        const { program: less, problems } = check(repair(step()));
        const runs = problems.every(({ severity }) => severity !== "error");
        if (JSON.stringify(less) !== JSON.stringify(small)) expect(runs && fails(less)).toBe(false);
      }
    }
  });
});
