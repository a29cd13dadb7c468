import { describe, test } from "vitest";
import { kit } from "@orrery/runtime/kit";
import { fifo } from "./fifo-model.ts";

describe("the smallest model passes the kit", () => {
  for (const { name, run } of kit) test(name, () => run(fifo));
});
