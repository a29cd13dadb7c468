/** The page: one file, complete in itself, usable whatever the number of slices. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "orrery-"));

async function page(line: string): Promise<string> {
  const path = join(folder, "page.html");
  expect((await cli(`${line} --html ${path}`)).status).toBe(0);
  return readFileSync(path, "utf8");
}

interface Lanes {
  readonly endNs: number;
  readonly slices: number;
  readonly kept: number;
  readonly lanes: readonly {
    readonly gap: number[];
    readonly ns: number[];
    readonly task: number[];
    readonly state: number[];
  }[];
}
const lanesIn = (html: string): readonly Lanes[] =>
  [...html.matchAll(/<script type="application\/json"[^>]*>(.*?)<\/script>/g)].flatMap(
    ([, json]) => JSON.parse(json!) as Lanes[],
  );

test("it needs nothing from elsewhere, and is the same every time", async () => {
  const html = await page("compare cpu-hog spawn-order");
  expect(html).not.toMatch(/(?:src|href)="(?!#|data:,)/);
  expect(html).not.toMatch(/https?:|@import|url\(/);
  expect(await page("compare cpu-hog spawn-order")).toBe(html);
  expect(html).toContain('aria-label="Lanes of Go 1.26');
  expect(html.match(/<section /g)).toHaveLength(2);
});

test("texts of programs cannot become markup", async () => {
  const { out } = await cli("show spawn-order --as json");
  const program = { ...JSON.parse(out), name: "</script><b>x", doc: "<img src=x>" };
  const path = join(folder, "page.html");
  await cli(`compare - --runtimes node --html ${path}`, { input: JSON.stringify(program) });
  const html = readFileSync(path, "utf8");
  expect(html).not.toContain("<b>x");
  expect(html).not.toContain("<img");
});

test("slices fill their lanes in order", async () => {
  for (const { endNs, slices, kept, lanes } of lanesIn(await page("compare cpu-hog"))) {
    expect(kept).toBe(slices);
    for (const { gap, ns } of lanes) {
      expect(Math.min(0, ...gap, ...ns)).toBe(0);
      const end = [...gap, ...ns].reduce((sum, each) => sum + each, 0);
      expect(end).toBeLessThanOrEqual(endNs);
    }
  }
});

test("too many slices are merged, none is lost, and the page says so", async () => {
  const html = await page("compare ping-pong --set rounds=40000 --runtimes go,node,java");
  const all = lanesIn(html);
  const kept = all.reduce((sum, each) => sum + each.kept, 0);
  expect(all.reduce((sum, each) => sum + each.slices, 0)).toBeGreaterThan(250_000);
  expect(kept).toBeLessThan(250_000);
  for (const { slices, lanes } of all) {
    const stoodFor = lanes.flatMap(({ task, state }) => state.map((each, i) => (each === 3 ? task[i]! : 1)));
    expect(stoodFor.reduce((sum, count) => sum + count, 0)).toBe(slices);
  }
  expect(html).toContain("Short neighbouring slices are merged");
});
