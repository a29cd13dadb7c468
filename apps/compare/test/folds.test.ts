/** Folds over small traces written by hand. */
import { Kind, Trace } from "@orrery/simulator";
import { expect, test } from "vitest";
import { concurrencyOf } from "../src/folds/concurrency.ts";
import { episodeOf } from "../src/folds/episode.ts";
import { type Lane, lanesOf } from "../src/folds/lanes.ts";
import { latenciesOf } from "../src/folds/latency.ts";
import { leaksOf } from "../src/folds/leaks.ts";
import { occupants } from "../src/folds/occupants.ts";
import { ratesOf } from "../src/folds/rates.ts";
import { longestTurn } from "../src/folds/stretch.ts";
import { switchesOf } from "../src/folds/switches.ts";
import { syscallsOf } from "../src/folds/syscalls.ts";
import { utilisationOf } from "../src/folds/utilisation.ts";
import { waitsOf } from "../src/folds/waits.ts";

type Row = readonly [
  timeNs: number,
  kind: keyof typeof Kind,
  processor: number,
  task: number,
  reason: string,
  thread?: number,
];

function traceOf(...rows: readonly Row[]): Trace {
  const trace = new Trace(true);
  for (const [timeNs, kind, processor, task, reason, thread = 0] of rows)
    trace.emit(timeNs, Kind[kind], thread, 0, processor, task, reason, 0);
  return trace;
}

const slices = (lane: Lane): readonly (readonly [number, number, number])[] =>
  Array.from({ length: lane.length }, (_, i) => {
    const { startNs, endNs, task } = lane.at(i);
    return [startNs, endNs, task];
  });

test("a processor's slices end where its task leaves it, and an open one at the end", () => {
  const trace = traceOf(
    [0, "run", 0, 1, "first"],
    [10, "preempt", 0, 1, "slice over"],
    [10, "run", 0, 2, "next"],
    [15, "park", 0, 2, "sleep"],
    [20, "run", 1, 1, "stolen"],
  );
  const lanes = lanesOf(trace, 30);
  expect(lanes.map(slices)).toEqual([
    [
      [0, 10, 1],
      [10, 15, 2],
    ],
    [[20, 30, 1]],
  ]);
  expect(lanes[0]!.at(0)).toMatchObject({ why: "first", ended: Kind.preempt, endWhy: "slice over" });
  expect(occupants(lanes, 5, 25)).toEqual([
    { task: 1, ns: 10 },
    { task: 2, ns: 5 },
  ]);
});

test("a blocking call goes on in its thread when its processor is taken away", () => {
  const trace = traceOf(
    [0, "run", 0, 1, "first", 7],
    [5, "syscallEnter", 0, 1, "read", 7],
    [8, "handoff", 0, -1, "retake", 9],
    [9, "run", 0, 2, "next", 8],
    [20, "ready", -1, 1, "exitsyscall", 7],
  );
  const [processor, thread] = lanesOf(trace, 25);
  expect(slices(processor!)).toEqual([
    [0, 5, 1],
    [5, 8, 1],
    [9, 25, 2],
  ]);
  expect(thread).toMatchObject({ kind: "thread", index: 7 });
  expect(slices(thread!)).toEqual([[8, 20, 1]]);
  expect(syscallsOf(trace)).toEqual({ count: 1, most: 1 });
});

test("scheduling latency is from ready, preemption or yield to running", () => {
  const trace = traceOf(
    [0, "ready", 0, 1, "new"],
    [3, "run", 0, 1, "first"],
    [9, "preempt", 0, 1, "slice over"],
    [9, "ready", 0, 1, "global queue"],
    [20, "run", 0, 1, "its turn"],
  );
  const { samples, worst } = latenciesOf(trace);
  expect([...samples]).toEqual([3, 11]);
  expect(worst).toEqual({ task: 1, readyNs: 9, runNs: 20, ready: "slice over", run: "its turn" });
});

test("an episode adds up to its span", () => {
  const trace = traceOf(
    [0, "run", 0, 1, "first"],
    [10, "park", 0, 1, "sleep"],
    [30, "ready", 0, 1, "timer"],
    [34, "run", 0, 1, "next"],
  );
  expect(episodeOf(trace, 1, 5, 40)).toEqual({
    runningNs: 11,
    readyNs: 4,
    waits: [{ reason: "sleep", ns: 20 }],
  });
  expect(waitsOf(trace, 40)).toEqual([{ reason: "sleep", count: 1, totalNs: 20 }]);
});

test("a loop's longest turn is the most work between two looks, waiting not counted", () => {
  const trace = traceOf(
    [0, "run", 0, 0, "main"],
    [4, "park", 0, 0, "await"],
    [4, "threadBlock", 0, -1, "epoll"],
    [90, "poll", 0, -1, "epoll"],
    [90, "phase", 0, -1, "turn"],
    [90, "run", 0, 1, "first"],
    [97, "exit", 0, 1, "done"],
    [97, "poll", 0, -1, "epoll"],
  );
  expect(longestTurn(trace, lanesOf(trace, 97))).toMatchObject({
    processor: 0,
    startNs: 90,
    endNs: 97,
    busyNs: 7,
  });
});

/** Two tasks take turns on one processor: 10 ns each are run, one of them is taken off and one sleeps. */
const turns = traceOf(
  [0, "create", 0, 1, ""],
  [0, "create", 0, 2, ""],
  [0, "ready", 0, 1, ""],
  [0, "ready", 0, 2, ""],
  [0, "run", 0, 1, ""],
  [10, "preempt", 0, 1, ""],
  [10, "run", 0, 2, ""],
  [20, "park", 0, 2, "sleep"],
  [30, "run", 0, 1, ""],
  [35, "exit", 0, 1, ""],
  [40, "ready", 0, 2, ""],
  [40, "run", 0, 2, ""],
  [50, "exit", 0, 2, ""],
);

test("time-averages are the time in a state over all time", () => {
  // ready: task 2 for 10, task 1 for 20; running: 10 + 10 + 5 + 10; waiting: task 2 from 20 to 40; alive: 35 + 50.
  expect(concurrencyOf(turns, 50)).toEqual({
    ready: { average: 30 / 50, most: 2 },
    running: { average: 35 / 50, most: 1 },
    waiting: { average: 20 / 50, most: 2 },
    alive: { average: 85 / 50, most: 2 },
  });
  expect(concurrencyOf(turns, 0).ready.average).toBe(0);
});

test("a processor is busy while a task runs on it", () => {
  expect(utilisationOf(lanesOf(turns, 50), 50)).toBe(35 / 50);
  expect(utilisationOf(lanesOf(turns, 50), 15)).toBe(1);
});

test("a switch is another task than before; a wake-up ends a wait", () => {
  expect(switchesOf(turns)).toEqual({ switches: 3, preemptions: 1, stolen: 0, wakeUps: 1 });
  const stolen = new Trace(true);
  stolen.emit(0, Kind.steal, 0, 0, 1, -1, "half of a queue", 3);
  expect(switchesOf(stolen).stolen).toBe(3);
});

test("a rate is a number over the makespan", () => {
  const result = {
    tasks: { completed: 4 },
    marks: { reply: { count: 10 } },
    counts: { taken: 6 },
    makespanNs: 2e9,
  };
  expect(ratesOf(result as unknown as Parameters<typeof ratesOf>[0])).toEqual([
    { name: "tasks", perSecond: 2 },
    { name: "reply", perSecond: 5 },
    { name: "taken", perSecond: 3 },
  ]);
});

test("tasks left behind are counted by what they wait for", () => {
  const leaked = ["recv items", "send answer", "recv items"].map((waitingFor, i) => ({
    task: `t[${i}]`,
    waitingFor,
  }));
  expect(leaksOf({ tasks: { leaked } } as unknown as Parameters<typeof leaksOf>[0])).toEqual([
    { waitingFor: "recv items", count: 2 },
    { waitingFor: "send answer", count: 1 },
  ]);
});
