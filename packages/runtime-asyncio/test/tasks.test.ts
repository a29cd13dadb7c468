import { expect, test } from "vitest";
import { ValueError } from "../src/exceptions.ts";
import { runAsyncio } from "../src/run_asyncio.ts";
import type { Coroutine } from "../src/task.ts";
import { outcome } from "../src/conformance/prelude.ts";

test("an exception that nobody retrieved is reported, one that was retrieved is not", () => {
  const { diagnostics } = runAsyncio(function* ({ asyncio }) {
    const bad = asyncio.async_def(function* bad(): Coroutine<void> {
      throw new ValueError("boom");
    });
    asyncio.create_task(bad(), "T");
    yield* outcome(asyncio.create_task(bad()));
    yield* asyncio.sleep(0);
  });
  expect(diagnostics.join("\n").split("\n")).toEqual([
    "Task exception was never retrieved",
    "future: <Task finished name='T' coro=<bad() done, defined at program.py:0> exception=ValueError('boom')>",
    "Traceback (most recent call last):",
    '  File "program.py", line 0, in bad',
    "ValueError: boom",
  ]);
});
