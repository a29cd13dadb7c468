/**
 * Random programs of timeouts and intervals (set, cleared, refreshed, referenced or not, with callbacks that take time), run by the
 * model and by the timers.js inside the Node that runs this test, which gets a virtual clock and one uv timer from here.
 */
import { defaultPolicies } from "@orrery/program";
import { Machine, SeededDecisions, Trace, zeroMachineCosts } from "@orrery/simulator";
import { compileFunction } from "node:vm";
import { expect, test } from "vitest";
import { nodeCosts } from "../src/costs.ts";
import { ms } from "../src/index.ts";
import { NodeInstance } from "../src/instance.ts";
import { nodeLibrary } from "../src/library.ts";

const PROGRAMS = 1000;
const VARIABLES = 14;
const CALLBACKS = 40;
const MAX_FIRINGS = 120;
const MAX_FIRINGS_EACH = 3;

type Action =
  | { readonly op: "busy"; readonly ms: number }
  | { readonly op: "setTimeout" | "setInterval"; readonly variable: number; readonly ms: number }
  | { readonly op: "clear" | "refresh" | "unref" | "ref"; readonly variable: number };
interface RandomProgram {
  readonly main: Action[];
  /** What the callback of the n-th timer does. */
  readonly callbacks: Action[][];
}

function generate(seed: number): RandomProgram {
  const decisions = new SeededDecisions(seed);
  const below = (n: number): number => decisions.choose("test.program", n);
  const action = (kinds: number): Action => {
    const kind = below(kinds);
    if (kind < 3) return { op: "busy", ms: 1 + below(5) };
    const variable = below(VARIABLES);
    if (kind < 5) return { op: "setTimeout", variable, ms: 1 + below(7) };
    if (kind === 5) return { op: "setInterval", variable, ms: 1 + below(5) };
    if (kind === 6) return { op: below(2) === 0 ? "clear" : "refresh", variable };
    if (kind === 7) return { op: below(3) === 0 ? "unref" : "refresh", variable };
    return { op: below(4) === 0 ? "ref" : "clear", variable };
  };
  const actions = (count: number, kinds: number): Action[] =>
    Array.from({ length: count }, () => action(kinds));
  return { main: actions(22, 8), callbacks: Array.from({ length: CALLBACKS }, () => actions(below(4), 9)) };
}

interface Timer {
  refresh(): unknown;
  ref(): unknown;
  unref(): unknown;
}
interface TimersApi {
  setTimeout(callback: () => unknown, afterMs: number): Timer;
  setInterval(callback: () => unknown, afterMs: number): Timer;
  clearTimeout(timer: Timer): void;
}

/** Steps of a program: yields the milliseconds it is busy, logs each firing. */
function interpreter(program: RandomProgram, api: TimersApi, fired: (timer: number) => void) {
  const variables = new Map<number, Timer>();
  let timers = 0;
  let firings = 0;
  return function* run(
    actions: readonly Action[],
    call: (steps: Generator<number>) => unknown,
  ): Generator<number> {
    for (const action of actions) {
      if (action.op === "busy") yield action.ms;
      else if (action.op === "setTimeout" || action.op === "setInterval") {
        const id = timers++;
        let own = 0;
        const timer: Timer = api[action.op](() => {
          fired(id);
          if (++own > MAX_FIRINGS_EACH || ++firings >= MAX_FIRINGS) return api.clearTimeout(timer);
          return call(run(program.callbacks[id % CALLBACKS]!, call));
        }, action.ms);
        variables.set(action.variable, timer);
      } else {
        const timer = variables.get(action.variable);
        if (timer === undefined) continue;
        if (action.op === "clear") api.clearTimeout(timer);
        else timer[action.op]();
      }
    }
  };
}

function runOnModel(program: RandomProgram): string[] {
  const decisions = { count: 0, choose: () => 0, take: (_point: string, proposed: number) => proposed };
  const limits = { maxEvents: 1e7, maxTimeNs: 1e14 };
  const machine = new Machine(1, zeroMachineCosts, decisions, new Trace(false), limits);
  const costs = { ...nodeCosts, ...Object.fromEntries(Object.keys(nodeCosts).map((name) => [name, 0])) };
  const instance = new NodeInstance({
    machine,
    costs,
    options: { UV_THREADPOOL_SIZE: 4 },
    policies: defaultPolicies,
    world: { diagnose: () => {}, exit: () => machine.halt() },
  });
  const lines: string[] = [];
  const { setTimeout, setInterval, clearTimeout, performance } = nodeLibrary(instance.env, () => {});
  const api = { setTimeout, setInterval, clearTimeout } as TimersApi;
  const run = interpreter(program, api, (timer) => lines.push(`${performance.now()} timer ${timer}`));
  const burn = function* (steps: Generator<number>): Generator<number> {
    for (const busy of steps) yield ms(busy);
  };
  instance.startScript(() => burn(run(program.main, burn)));
  machine.run();
  return lines;
}

/** Sources of Node's own JavaScript, from the binary that runs this. */
const natives = (
  process as unknown as { binding(name: "natives"): Readonly<Record<string, string>> }
).binding("natives");

const noop = (): void => {};
const primordials = {
  Array,
  FunctionPrototypeBind: (f: (...args: unknown[]) => unknown, self: unknown, ...args: unknown[]) =>
    f.bind(self, ...args),
  MathMax: Math.max,
  MathTrunc: Math.trunc,
  NumberIsFinite: Number.isFinite,
  NumberIsNaN: Number.isNaN,
  NumberMIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
  ObjectDefineProperties: Object.defineProperties,
  ObjectDefineProperty: Object.defineProperty,
  ReflectApply: Reflect.apply,
  Symbol,
  SymbolDispose: Symbol.dispose,
  SymbolToPrimitive: Symbol.toPrimitive,
};
const modules: Readonly<Record<string, unknown>> = {
  assert: noop,
  async_hooks: {},
  "internal/async_context_frame": { current: noop, exchange: noop, set: noop, enabled: false },
  "internal/async_hooks": {
    getDefaultTriggerAsyncId: () => 0,
    newAsyncId: () => 1,
    initHooksExist: () => false,
    destroyHooksExist: () => false,
    emitInit: noop,
    emitBefore: noop,
    emitAfter: noop,
    emitDestroy: noop,
    symbols: { async_id_symbol: Symbol("async id"), trigger_async_id_symbol: Symbol("trigger") },
  },
  "internal/errors": { codes: {} },
  "internal/util": { promisify: { custom: Symbol("promisify") } },
  "internal/util/debuglog": { debuglog: () => noop },
  "internal/util/inspect": { inspect: { custom: Symbol("inspect") } },
  "internal/validators": { validateFunction: noop, validateNumber: noop },
};

/** Node's timers.js over a uv timer of ours, driven as RunTimers and uv_run drive it. */
function runOnNode(program: RandomProgram): string[] {
  let now = 0;
  let loopTime = 0;
  /** Of the uv timer; -1 while it is stopped. */
  let deadline = -1;
  let referenced = false;
  const binding = {
    immediateInfo: [0, 0, 0],
    timerInfo: [0],
    toggleImmediateRef: noop,
    toggleTimerRef: (refed: boolean) => (referenced = refed),
    getLibuvNow: () => (loopTime = now),
    scheduleTimer: (after: number) => (deadline = loopTime + after),
  };
  const bindings: Readonly<Record<string, unknown>> = {
    timers: { ...binding, timeoutInfo: binding.timerInfo },
    task_queue: { enqueueMicrotask: noop },
  };
  const loaded = new Map<string, { exports: unknown }>();
  const load = (name: string): unknown => {
    if (name in modules) return modules[name];
    let module = loaded.get(name);
    if (module === undefined) {
      module = { exports: {} };
      loaded.set(name, module);
      const names = ["exports", "require", "module", "process", "internalBinding", "primordials"];
      const run = compileFunction(natives[name]!, names);
      const internalBinding = (of: string): unknown => bindings[of] ?? {};
      run(module.exports, load, module, { emitWarning: noop }, internalBinding, primordials);
    }
    return module.exports;
  };
  const { processTimers } = (
    load("internal/timers") as {
      getTimerCallbacks(runNextTicks: () => void): { processTimers(now: number): number };
    }
  ).getTimerCallbacks(noop);

  const lines: string[] = [];
  const run = interpreter(program, load("timers") as TimersApi, (timer) =>
    lines.push(`${now} timer ${timer}`),
  );
  const burn = (steps: Generator<number>): void => {
    for (const busy of steps) now += busy;
  };
  const runTimers = (): void => {
    loopTime = now;
    if (deadline < 0 || deadline > loopTime) return;
    deadline = -1;
    const expiry = processTimers(loopTime);
    referenced = expiry > 0;
    if (expiry !== 0) deadline = loopTime + Math.max(1, Math.abs(expiry) - loopTime);
  };
  burn(run(program.main, burn));
  if (deadline < 0 || !referenced) return lines;
  runTimers();
  do {
    if (deadline >= 0 && referenced) now = Math.max(now, deadline);
    runTimers();
  } while (deadline >= 0 && referenced);
  return lines;
}

test.runIf(process.version.startsWith("v24."))(
  `${PROGRAMS} random programs of timers fire as Node's own timers.js fires them`,
  () => {
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const program = generate(seed);
      const seen = runOnModel(program);
      const expected = runOnNode(program);
      if (seen.join() !== expected.join()) expect({ seed, lines: seen }).toEqual({ seed, lines: expected });
    }
  },
);
