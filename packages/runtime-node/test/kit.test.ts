import { kit } from "@orrery/runtime/kit";
import { describe, test } from "vitest";
import { node } from "../src/index.ts";

describe("the model of Node passes the kit", () => {
  for (const { name, run } of kit) test(name, () => run(node));
});
