/** The conformance programs of asyncio and their ports to the model's library. */
import type { Conformance } from "@orrery/runtime";
import { programs } from "./programs.ts";

export const conformance: Conformance = {
  folder: new URL("../../conformance/", import.meta.url),
  build: [],
  programs,
  exitText: (status) => `[exit ${status}]`,
};
