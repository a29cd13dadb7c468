import { expect, test } from "vitest";
import { check, generate, type Program, shrink, walk } from "@orrery/program";

/** Operations of a whole program, in the order of the text. */
function opsOf(program: Program): string[] {
  const ops: string[] = [];
  for (const block of [...Object.values(program.procs).map(({ body }) => body), program.main])
    walk(block, ({ op }) => ops.push(op));
  return ops;
}

const seedWith = (className: "channels" | "locks", ...ops: string[]): Program => {
  for (let seed = 0; seed < 500; seed++) {
    const program = generate(seed, className);
    if (ops.every((op) => opsOf(program).includes(op))) return program;
  }
  throw new Error(`no program has ${ops.join(" and ")}`);
};

test("a failure that takes one operation shrinks to that and what it needs", async () => {
  const program = seedWith("channels", "close");
  const smallest = await shrink(program, (candidate) => opsOf(candidate).includes("close"));
  expect(opsOf(program).length).toBeGreaterThan(10);
  expect(opsOf(smallest).toSorted()).toEqual(["chan", "close"]);
});

test("a failure that takes two operations keeps both and next to nothing else", async () => {
  const fails = (candidate: Program): boolean => {
    const ops = opsOf(candidate);
    return ops.includes("lock") && ops.includes("yield");
  };
  const smallest = await shrink(seedWith("locks", "lock", "yield"), fails);
  // One of the two may stand in a procedure of its own, which has to be started.
  expect(opsOf(smallest)).toEqual(expect.arrayContaining(["mutex", "lock", "yield"]));
  expect(opsOf(smallest).length).toBeLessThanOrEqual(5);
});

test("every candidate can run, none is asked about twice, and the budget holds", async () => {
  const asked = new Set<string>();
  await shrink(
    generate(3, "mixed"),
    (candidate) => {
      expect(check(candidate).problems.filter(({ severity }) => severity === "error")).toEqual([]);
      const text = JSON.stringify(candidate);
      expect(asked.has(text)).toBe(false);
      asked.add(text);
      return opsOf(candidate).includes("log");
    },
    40,
  );
  expect(asked.size).toBeLessThanOrEqual(40);
});

test("the same program and answers shrink to the same program", async () => {
  const fails = (candidate: Program): boolean => opsOf(candidate).filter((op) => op === "log").length >= 2;
  const [a, b] = await Promise.all([0, 1].map(() => shrink(generate(9, "mixed"), fails)));
  expect(a).toEqual(b);
  expect(opsOf(a!).filter((op) => op === "log")).toHaveLength(2);
});
