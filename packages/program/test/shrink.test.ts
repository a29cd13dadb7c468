import { describe, expect, it } from "vitest";
import { add, check, fuzzClasses, generate, gt, print, program, shrink, walk } from "../src/index.ts";
import type { OpName, Program, Stmt } from "../src/index.ts";
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

describe("shrink", () => {
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
