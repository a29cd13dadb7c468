import { kit } from "@orrery/runtime/kit";
import { describe, test } from "vitest";
import { java } from "../src/index.ts";

describe("the kit of checks", () => {
  for (const { name, run } of kit) test(name, () => run(java));
});
