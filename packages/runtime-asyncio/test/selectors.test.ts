import { expect, test } from "vitest";
import { timeout_ms } from "../src/selectors.ts";

test("a positive select timeout is rounded up to whole milliseconds, some to one more", () => {
  const more: number[] = [];
  for (let ms = 1; ms <= 104; ms++) if (timeout_ms(ms / 1e3) !== ms) more.push(ms);
  expect(more).toEqual([9, 13, 18, 26, 36, 52, 59, 67, 71, 72, 87, 103, 104]);
  expect(timeout_ms(0.00005)).toBe(1);
});
