/** The thread pool, beside what the conformance programs show. */
import { expect, test } from "vitest";
import type { Node } from "../src/index.ts";
import { prints } from "./run.ts";

test("slow I/O occupies at most half of the threads", () => {
  expect(
    prints(({ dns, fs, log }) => {
      for (const n of [1, 2, 3, 4]) dns.lookup(100, () => log("lookup", n));
      fs.stat(() => log("stat"));
    }),
  ).toBe("stat ¶ lookup 1 ¶ lookup 2 ¶ lookup 3 ¶ lookup 4");
});

test("four blocked opens hold up a stat; a larger pool does not", () => {
  const script = ({ fs, performance, log }: Node) => {
    for (let i = 0; i < 4; i++) fs.open(200, () => {});
    fs.stat(() => log(Math.round(performance.now())));
  };
  expect(prints(script)).toBe("200");
  expect(prints(script, { poolSize: 5 })).toBe("0");
});
