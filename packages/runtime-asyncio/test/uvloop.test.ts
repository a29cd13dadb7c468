import { readFileSync } from "node:fs";
import type { RecordedOutputs } from "@orrery/runtime";
import { describe, expect, test } from "vitest";
import { type Program, runAsyncio, type RunAsyncioOptions } from "../src/index.ts";
import type { Coroutine } from "../src/task.ts";

const { version, outputs } = JSON.parse(
  readFileSync(new URL("uvloop/recorded.json", import.meta.url), "utf8"),
) as RecordedOutputs;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const programs: Readonly<Record<string, (program: Program) => Coroutine<void>>> = {
  *three_kinds({ asyncio, print }) {
    const loop = asyncio.get_running_loop();
    const [a, b] = asyncio.socketpair();
    loop._add_reader(a.reading, () => {
      print("io");
      a.recv(9);
    });
    yield* asyncio.sleep(0.01);
    function* arm() {
      b.send("x");
      loop.call_later(0.001, print, "timer");
      loop.call_soon(print, "soon");
      yield* asyncio.time_sleep(0.005);
    }
    loop.call_soon(arm);
    yield* asyncio.sleep(0.05);
    loop._remove_reader(a.reading);
  },
  *timer_ties({ asyncio, print }) {
    const loop = asyncio.get_running_loop();
    for (const count of [3, 8]) {
      const got: number[] = [];
      const when = loop.time() + 0.02;
      for (const i of range(count)) loop.call_at(when, (each: number) => got.push(each), i);
      yield* asyncio.sleep(0.05);
      print(...got);
    }
  },
  *rounding({ asyncio, print }) {
    const loop = asyncio.get_running_loop();
    for (const delay of [0.0004, 0.0005, 0.00051, 0.0015]) {
      const got: string[] = [];
      const add = (what: string): number => got.push(what);
      loop.call_later(delay, add, "timer");
      loop.call_soon(add, "soon");
      yield* asyncio.sleep(0);
      yield* asyncio.sleep(0);
      print(delay, ...got);
      yield* asyncio.sleep(0.01);
    }
  },
  *sleeper({ asyncio, print }) {
    const loop = asyncio.get_running_loop();
    function* sleep(): Coroutine<void> {
      yield* asyncio.sleep(0.005);
      print("sleeper");
    }
    const task = asyncio.create_task(sleep());
    yield* asyncio.sleep(0);
    loop.call_later(0.02, () => {
      print("late");
      loop.call_soon(print, "soon");
    });
    yield* task;
    yield* asyncio.sleep(0.04);
    loop.call_soon(print, "last");
  },
};

const printed = (name: string, options: RunAsyncioOptions): string =>
  runAsyncio(programs[name]!, options).output.join("\n");

describe(`uvloop's order, as ${version} has it`, () => {
  for (const name of Object.keys(programs))
    test(name, () => expect(outputs[name]).toContain(printed(name, { loop: "uvloop" })));

  test("asyncio's own order is another one", () => {
    expect(printed("three_kinds", {})).toBe("soon\nio\ntimer");
    expect(printed("timer_ties", {})).toBe("0 2 1\n0 2 6 5 7 1 3 4");
  });
});

test("a batch begins as trio's do: in order, or the other way round", () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const { output } = runAsyncio(
      function* ({ asyncio, print }) {
        function* child(i: number): Coroutine<void> {
          print(i);
        }
        yield* asyncio.gather(...range(4).map(child));
      },
      { seed, batchOrder: "reverse" },
    );
    seen.add(output.join(" "));
  }
  expect([...seen].toSorted()).toEqual(outputs.trio_batch);
});
