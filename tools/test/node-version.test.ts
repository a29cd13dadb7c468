import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("scripts run on the pinned Node, not on the system's", () => {
  const workspace = readFileSync(new URL("../../pnpm-workspace.yaml", import.meta.url), "utf8");
  const pinned = /^ {2}node: ([\d.]+)/m.exec(workspace)?.[1];
  expect(pinned).toMatch(/^24\./);
  expect(process.version).toBe(`v${pinned}`);
});
