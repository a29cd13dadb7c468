/** What a run shows of itself at chosen instants, in Node's and libuv's words. */
import { expect, test } from "vitest";
import { type NativeRun, type Node, runNode } from "../src/index.ts";

/** Snapshots that a program takes of itself. */
function snapshots(program: (node: Node, look: () => void) => void): Record<string, unknown>[] {
  const taken: Record<string, unknown>[] = [];
  let instance: NativeRun["instance"] | null = null;
  runNode((node) => program(node, () => void taken.push({ ...instance!.inspect() })), {
    booted: (booted) => (instance = booted),
  });
  return taken;
}

test("the main script: its ticks, microtasks, immediates and timers wait", () => {
  const [main] = snapshots(({ process, queueMicrotask, setImmediate, setTimeout, fs }, look) => {
    process.nextTick(() => {});
    queueMicrotask(() => {});
    setImmediate(() => {});
    setTimeout(() => {}, 7);
    fs.stat(() => {});
    look();
  });
  expect(main).toMatchObject({
    phase: "main",
    ticks: 1,
    microtasks: [-1],
    immediates: [-1],
    timersRef: 1,
    activeRequests: 1,
    threadpool: { queue: ["fs.stat"], working: [null, null, null, null], finished: 0 },
  });
});

test("each callback sees its phase, and what is closing from the top of the stack", () => {
  const seen = snapshots(({ setTimeout, setImmediate, fs, net, messageChannel }, look) => {
    setTimeout(look, 30);
    setImmediate(() => {
      const { port1 } = messageChannel();
      port1.on("close", look);
      port1.close();
      look();
    });
    fs.stat(look);
    net.connectMissingPipe(look);
  });
  expect(seen.map(({ phase, closing }) => [phase, closing])).toEqual([
    ["pending", []],
    ["poll", []],
    ["check", ["async"]],
    ["closing", []],
    ["timers", []],
  ]);
});
