// How a process ends, or does not.
import { expect, it } from "vitest";
import { type Go, runGo } from "../src/index.ts";

it("hangs without a word when a reader waits on the poller", () => {
  const { output, status, stderr, stop } = runGo(function* (go): Go {
    yield* go.pipe().read();
  });
  expect({ output, status, stderr, stop }).toEqual({
    output: [],
    status: null,
    stderr: "",
    stop: "quiescent",
  });
});
