import { describe, expect, it } from "vitest";
import { operandsOf } from "../src/shape.ts";
import { check, fuzzClasses, generate, walk } from "../src/index.ts";
import type { Block, FuzzClass, OpName, Program, Stmt } from "../src/index.ts";

const seeds = Array.from({ length: 300 }, (_, seed) => seed);
/** The class of all operations needs more programs until each has come up. */
const seedsOf = (className: FuzzClass): readonly number[] =>
  className === "mixed" ? Array.from({ length: 600 }, (_, seed) => seed) : seeds;

const invisible: readonly OpName[] = [
  ...([
    "put",
    "delete",
    "let",
    "assign",
    "push",
    "setAt",
    "if",
    "while",
    "repeat",
    "forEach",
    "match",
  ] as const),
  ...(["break", "continue", "return", "call", "defer", "try", "throw", "assert"] as const),
  ...(["chan", "mutex", "sem", "group", "atomic", "promise"] as const),
  ...(["rwlock", "cond", "monitor", "once", "event", "barrier", "token"] as const),
  ...(["log", "mark", "measure", "count", "gauge", "expect", "now", "draw", "choose"] as const),
];
const always: readonly OpName[] = [
  ...(["let", "assign", "push", "setAt", "if", "while", "repeat", "forEach", "match"] as const),
  ...(["break", "continue", "return", "call", "defer", "try", "throw", "assert"] as const),
  ...(["log", "mark", "measure", "count", "gauge", "expect", "now", "draw", "choose"] as const),
  ...(["spawn", "detach", "join", "joinAll", "settleAll", "scope", "yield", "yieldMicro"] as const),
];
const channels: readonly OpName[] = [
  ...(["chan", "send", "recv", "recvOk", "range", "close"] as const),
  ...(["trySend", "tryRecv", "chanLen", "chanCap", "select"] as const),
];
const locks: readonly OpName[] = [
  ...(["mutex", "lock", "unlock", "tryLock", "sem", "acquire", "release"] as const),
  ...(["group", "groupAdd", "groupDone", "groupWait", "load", "store"] as const),
  ...(["atomic", "atomicLoad", "atomicStore", "atomicAdd", "atomicCas"] as const),
];
const futures: readonly OpName[] = ["promise", "resolve", "reject", "await", "joinAny", "scopeRace"];
const conditions: readonly OpName[] = [
  ...(["rwlock", "rlock", "runlock", "wlock", "wunlock", "lockFor", "acquireFor"] as const),
  ...(["cond", "condWait", "condWaitFor", "signal", "broadcast"] as const),
  ...(["monitor", "enter", "monitorWait", "monitorWaitFor", "notify"] as const),
  ...(["once", "onceDo", "event", "eventSet", "eventWait", "barrier", "barrierWait"] as const),
];
const handlers: readonly OpName[] = ["promise", "resolve", "reject", "await", "onResolve", "callback"];
const timers: readonly OpName[] = [
  ...(["sleep", "select", "after", "timer", "stopTimer", "resetTimer"] as const),
  ...(["afterFunc", "ticker", "deadline"] as const),
];
const cancel: readonly OpName[] = [
  ...(["cancel", "isCancelled", "check", "shield", "token", "cancelToken", "withToken", "deadline"] as const),
  ...(["sleep", "send", "recv", "recvOk", "range", "select", "lock", "lockFor", "acquire"] as const),
  ...(["acquireFor", "rlock", "wlock", "condWait", "condWaitFor", "monitorWait"] as const),
  ...(["monitorWaitFor", "groupWait", "eventWait", "barrierWait", "await", "callService"] as const),
  ...(["join", "joinAny", "joinAll", "settleAll"] as const),
];
const cpu: readonly OpName[] = ["cpu", "offload", "block"];
const io: readonly OpName[] = [
  ...(["callService", "fileRead", "fileStat", "listen", "accept", "connect", "read", "write"] as const),
  ...(["closeConn", "closeListener"] as const),
];
const operations: Readonly<Record<FuzzClass, readonly OpName[]>> = {
  order: always,
  channels: [...always, ...channels],
  locks: [...always, ...locks],
  futures: [...always, ...futures],
  conditions: [...always, ...conditions],
  handlers: [...always, ...handlers],
  timers: [...always, ...timers],
  cancel: [...always, ...cancel],
  cpu: [...always, ...cpu],
  io: [...always, ...io],
  mixed: [
    ...[...always, ...channels, ...locks, ...conditions, ...futures],
    ...[...handlers, ...timers, ...cancel, ...cpu, ...io],
    ...(["put", "delete", "callRef", "spawnRef"] as const),
  ],
};

const tasks: readonly OpName[] = ["spawn", "spawnRef", "detach"];

const bodies = ({ main, procs }: Program): readonly Block[] => [
  main,
  ...Object.values(procs).map(({ body }) => body),
];

function statements(program: Program): readonly Stmt[] {
  const found: Stmt[] = [];
  for (const body of bodies(program)) walk(body, (statement) => found.push(statement));
  return found;
}

describe.each(fuzzClasses)("random programs of the class %s", (className) => {
  const programs = seedsOf(className).map((seed) => generate(seed, className));

  it("pass the checker", () => {
    for (const program of programs)
      expect(check(program).problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("use every operation of the class and of the language's core", () => {
    const used = new Set(programs.flatMap((program) => statements(program).map(({ op }) => op)));
    expect(operations[className].filter((op) => !used.has(op))).toEqual([]);
  });

  it("keep to 25 visible operations", () => {
    const sizes = programs.map(
      (program) => statements(program).filter(({ op }) => !invisible.includes(op)).length,
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(25);
    expect(sizes.filter((size) => size >= 5).length).toBeGreaterThan(200);
  });

  it("log distinct texts", () => {
    for (const program of programs) {
      const texts = statements(program).flatMap((s) => (s.op === "log" ? [s.text] : []));
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts.length).toBeGreaterThanOrEqual(4);
    }
  });

  it("are functions of seed and class", () => {
    for (const seed of [0, 1, 299]) expect(generate(seed, className)).toEqual(programs[seed]);
    expect(new Set(programs.map((program) => JSON.stringify({ ...program, name: "" }))).size).toBeGreaterThan(
      290,
    );
  });

  it("keep to smaller knobs", () => {
    for (const seed of seeds.slice(0, 50)) {
      const small = statements(generate(seed, className, { tasks: 3, ops: 8 }));
      expect(small.filter(({ op }) => !invisible.includes(op)).length).toBeLessThanOrEqual(8);
      expect(small.filter(({ op }) => tasks.includes(op)).length).toBeLessThanOrEqual(2);
    }
  });
});

describe.each([
  ["conditions", conditions],
  ["handlers", handlers],
  ["timers", timers],
  ["cancel", cancel],
] as const)("of 200 random programs of the class %s", (className, wanted) => {
  const used = seeds
    .slice(0, 200)
    .map((seed) => new Set(statements(generate(seed, className)).map(({ op }) => op)));

  it("at least eight have each operation of the class", () => {
    const often = (op: OpName) => used.filter((ops) => ops.has(op)).length;
    expect(wanted.map((op) => ({ op, programs: often(op) })).filter(({ programs }) => programs < 8)).toEqual(
      [],
    );
  });
});

it("random programs have every queue, kind of monitor and kind of ticker", () => {
  const found = (["handlers", "conditions", "timers"] as const).flatMap((className) =>
    seeds.flatMap((seed) => statements(generate(seed, className))),
  );
  const values = (of: (s: Stmt) => readonly string[]) => [...new Set(found.flatMap(of))].toSorted();
  expect(values((s) => (s.op === "callback" ? [s.queue] : []))).toEqual([
    "immediate",
    "micro",
    "next",
    "timer",
  ]);
  expect(values((s) => (s.op === "monitor" ? [s.via ?? "none"] : []))).toEqual([
    "juc",
    "nativeFrame",
    "none",
    "synchronized",
  ]);
  expect(values((s) => (s.op === "ticker" ? [s.catchUp ?? "none"] : []))).toEqual([
    "burst",
    "drift",
    "drop",
    "none",
  ]);
});

describe.each(["conditions", "handlers", "timers", "cancel"] as const)(
  "waiting times of the class %s",
  (className) => {
    it("are each longer, by 10 ms, than all others of the program that are shorter, together", () => {
      for (const seed of seeds) {
        const times = statements(generate(seed, className))
          .flatMap((s) => operandsOf(s))
          .flatMap(({ expr }) => ("lit" in expr && expr.unit === "ns" ? [Number(expr.lit)] : []));
        times
          .toSorted((a, b) => a - b)
          .reduce((sum, time) => {
            expect(time).toBeGreaterThanOrEqual(sum + 10_000_000);
            expect(time % 10_000_000).toBe(0);
            return sum + time;
          }, 0);
      }
    });
  },
);
