import { expect, test } from "vitest";
import { ValueError } from "../src/exceptions.ts";
import { runAsyncio } from "../src/run_asyncio.ts";
import { outcome } from "../src/conformance/prelude.ts";

test("an exception that nobody retrieved is reported, one that was retrieved is not", () => {
  const { diagnostics } = runAsyncio(function* ({ asyncio }) {
    function* bad() {
      throw new ValueError("boom");
    }
    asyncio.create_task(bad(), "T");
    yield* outcome(asyncio.create_task(bad()));
    yield* asyncio.sleep(0);
  });
  expect(diagnostics).toEqual([
    "Task exception was never retrieved\nfuture: <Task finished name='T' exception=ValueError('boom')>\nValueError: boom",
  ]);
});
