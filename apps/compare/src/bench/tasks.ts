/** What `orrery bench` measures. Each measurement runs in a process of its own, so that time and memory are its own. */
import { check, int, type Program, program } from "@orrery/program";
import { Execution, type RuntimeModel, runSpec } from "@orrery/runtime";
import {
  EventQueue,
  Kind,
  Machine,
  SeededDecisions,
  type ThreadBody,
  Trace,
  zeroMachineCosts,
} from "@orrery/simulator";
import { find, oneWorker, type RuntimeName, type RuntimeOptions, type Workload } from "@orrery/workloads";

export interface Figure {
  readonly value: number;
  readonly unit: "per second" | "seconds";
  /** What `value` counts. */
  readonly of: string;
  readonly detail: string;
  readonly peakBytes: number;
}

type Measured = Omit<Figure, "peakBytes">;

const NS_PER_SECOND = 1e9;

/** Repeats until a measurement is long enough to be trusted; the best of three. */
function rate(
  of: string,
  detail: string,
  turn: () => { readonly count: number; readonly ns: number },
): Measured {
  turn();
  let best = 0;
  for (let i = 0; i < 3; i++) {
    const { count, ns } = turn();
    best = Math.max(best, (count * NS_PER_SECOND) / ns);
  }
  return { value: Math.round(best), unit: "per second", of, detail };
}

const timed = (action: () => void): number => {
  const from = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - from);
};

// ---- the simulator alone --------------------------------------------------------------------------------------------

const PENDING = 1000;
const HOLDS = 2_000_000;

/** The hold model: with 1000 events pending, take the next and push one. */
function eventQueue(): Measured {
  return rate("holds", `take the next event and push one, ${PENDING} pending`, () => {
    const queue = new EventQueue();
    const increments = randomIncrements();
    let left = HOLDS;
    const target = {
      fire(): void {
        if (left === 0) return;
        left--;
        queue.push(queue.now + increments[left % increments.length]!, target);
      },
    };
    for (let i = 0; i < PENDING; i++) queue.push(increments[i]!, target);
    const ns = timed(() => {
      while (left > 0) queue.fireNext();
    });
    return { count: HOLDS, ns };
  });
}

/** 2^16 increments of 1 to 2^20 ns by a linear congruential generator (Numerical Recipes), made beforehand. */
function randomIncrements(): Int32Array {
  const increments = new Int32Array(1 << 16);
  let state = 1;
  for (let i = 0; i < increments.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    increments[i] = 1 + (state >>> 12);
  }
  return increments;
}

const THREADS = 2;
const RESUMES = 1_000_000;

/** Two threads on two cores, each burning 1 ns at a time: every burn is an event, and a resume of the thread's body. */
function threads(): Measured {
  return rate("resumes", `${THREADS} machine threads that burn in turns`, () => {
    const limits = { maxEvents: Infinity, maxTimeNs: Infinity };
    const machine = new Machine(THREADS, zeroMachineCosts, new SeededDecisions(1), new Trace(false), limits);
    function* body(): ThreadBody {
      for (let i = 0; i < RESUMES; i++) yield 1;
    }
    for (let i = 0; i < THREADS; i++) machine.spawn(`thread ${i}`, body);
    const ns = timed(() => void machine.run());
    return { count: THREADS * RESUMES, ns };
  });
}

// ---- the models -----------------------------------------------------------------------------------------------------

const ROUNDS = 40_000;
const YIELDERS = 10;

const yields = program(
  "bench-yield",
  {
    doc: "A few tasks that give way again and again.",
    params: { rounds: int(ROUNDS / YIELDERS, { min: 1, max: ROUNDS, doc: "turns of each task" }) },
  },
  ({ params, proc, main }) => {
    const yielder = proc("yielder", {}, (b) => b.repeat(params.rounds, () => b.yield()));
    main((b) => b.scope("waitAll", () => b.repeat(YIELDERS, () => b.spawn(yielder))));
  },
);

/** Switches from task to task per second of the simulating computer: `run` events of a traced run, time of an untraced one. */
function transitions(
  model: RuntimeModel,
  tree: Program,
  given: Record<string, number>,
  options: RuntimeOptions = {},
): Measured {
  const { program, params } = check(tree, given);
  const execute = (trace: boolean): Execution =>
    new Execution(runSpec(model, program, params, { trace, cores: 4, options }));
  const traced = execute(true).run().trace;
  let count = 0;
  for (let row = 0; row < traced.length; row++) if (traced.kinds[row] === Kind.run) count++;
  const on = Object.keys(options).length > 0 ? "one processor" : "four cores";
  return rate("transitions", `${program.name} on ${model.name}, ${on}`, () => {
    const execution = execute(false);
    return { count, ns: timed(() => void execution.run()) };
  });
}

/** One processor, so that every hop is one; the loops have no more. */
const pingPong = (model: RuntimeModel): Measured => {
  const options: Workload["options"] = oneWorker;
  return transitions(
    model,
    find("ping-pong")!.program,
    { rounds: ROUNDS },
    options[model.name as RuntimeName] ?? {},
  );
};

const yielding = (model: RuntimeModel): Measured => transitions(model, yields, {});

const SLEEPERS = 1_000_000;

/** W11 with a million tasks, the trace off: how long the simulation takes, and how much memory. */
function sleepers(model: RuntimeModel): Measured {
  const { program, params } = check(find("sleepers")!.program, { n: SLEEPERS });
  const ns = timed(() => {
    const { outcome } = new Execution(runSpec(model, program, params, { trace: false })).run().result();
    if (outcome !== "completed") throw new Error(`sleepers on ${model.name}: ${outcome}`);
  });
  return {
    value: ns / NS_PER_SECOND,
    unit: "seconds",
    of: "W11",
    detail: `${SLEEPERS} sleepers on ${model.name}`,
  };
}

// ---- by name --------------------------------------------------------------------------------------------------------

/** Measurements of the simulator alone, and those of each model. */
export const alone: Readonly<Record<string, () => Measured>> = { "event-queue": eventQueue, threads };
export const perModel: Readonly<Record<string, (model: RuntimeModel) => Measured>> = {
  "ping-pong": pingPong,
  yield: yielding,
  sleepers,
};
