import { kit } from "@orrery/runtime/kit";
import { describe, test } from "vitest";
import { asyncioModel } from "../src/index.ts";

describe("the kit that every model must pass", () => {
  for (const { name, run } of kit) test(name, () => run(asyncioModel));
});
