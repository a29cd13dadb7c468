/** Runs a native program: what `python3 program.py` does with `asyncio.run(main())` in it. */
import {
  defaultMachineCosts,
  Machine,
  type MachineCosts,
  SeededDecisions,
  type StopReason,
  type Thread,
  type ThreadBody,
  Trace,
} from "@orrery/simulator";
import { Asyncio } from "./asyncio.ts";
import type { BaseEventLoop } from "./base_events.ts";
import { type AsyncioCosts, defaultCosts } from "./costs.ts";
import { pyStr, repr } from "./exceptions.ts";
import { Python, type PythonOptions } from "./python.ts";
import { run } from "./runners.ts";
import type { Coroutine } from "./task.ts";
import { new_event_loop } from "./uvloop.ts";

export interface Program {
  readonly asyncio: Asyncio;
  /** Appends a line to the output, its arguments joined by blanks as Python prints them. */
  readonly print: (...values: unknown[]) => void;
}

export interface RunAsyncioOptions extends Partial<PythonOptions> {
  readonly cores?: number;
  readonly seed?: number;
  readonly trace?: boolean;
  readonly costs?: AsyncioCosts;
  readonly machineCosts?: MachineCosts;
  readonly maxTimeNs?: number;
  readonly maxEvents?: number;
}

export interface AsyncioRun {
  readonly output: string[];
  /** How the machine stopped: `quiescent` when the process ended or nothing could happen any more. */
  readonly reason: StopReason;
  /** What main raised, as `repr`; null when it returned. */
  readonly raised: string | null;
  /** False: main never ended. */
  readonly ended: boolean;
  readonly diagnostics: string[];
  readonly trace: Trace;
  readonly machine: Machine;
  readonly python: Python;
  readonly loop: BaseEventLoop;
}

/** `main` is the coroutine function given to asyncio.run. */
export function runAsyncio(
  main: (program: Program) => Coroutine<unknown>,
  options: RunAsyncioOptions = {},
): AsyncioRun {
  return runPython(function* (program, loop, thread) {
    const body = program.asyncio.async_def(main);
    yield* run(loop, thread, loop.create_task(body(program)));
  }, options);
}

/** The same for a program that handles the loop itself; `body` runs on the main thread, outside any loop. */
export function runPython(
  body: (program: Program, loop: BaseEventLoop, thread: Thread) => ThreadBody,
  options: RunAsyncioOptions = {},
): AsyncioRun {
  const cores = options.cores ?? 2;
  const machine = new Machine(
    cores,
    options.machineCosts ?? defaultMachineCosts,
    new SeededDecisions(options.seed ?? 1),
    new Trace(options.trace ?? false),
    { maxEvents: options.maxEvents ?? 1e9, maxTimeNs: options.maxTimeNs ?? 1e15 },
  );
  const output: string[] = [];
  const diagnostics: string[] = [];
  const python = new Python(
    machine,
    options.costs ?? defaultCosts,
    {
      version: options.version ?? "3.11",
      executorWorkers: options.executorWorkers ?? defaultWorkers(cores),
      debug: options.debug ?? false,
      file: options.file ?? "program.py",
      setOrder: options.setOrder ?? "creation",
      loop: options.loop ?? "asyncio",
      batchOrder: options.batchOrder ?? "fifo",
    },
    { diagnose: (_kind, text) => diagnostics.push(text), exit: () => machine.halt() },
  );
  const loop = new_event_loop(python);
  const print = (...values: unknown[]): void => {
    output.push(values.map(pyStr).join(" "));
  };
  let raised: string | null = null;
  let ended = false;
  machine.spawn("MainThread", function* (thread): ThreadBody {
    python.gil.try_take(thread);
    try {
      yield* body({ asyncio: new Asyncio(python), print }, loop, thread);
    } catch (error) {
      raised = repr(error);
    }
    ended = true;
    yield* python.release_gil(thread);
  });
  const reason = machine.run();
  return { output, reason, raised, ended, diagnostics, trace: machine.trace, machine, python, loop };
}

/** ThreadPoolExecutor's default number of threads (3.11): min(32, os.cpu_count() + 4). */
export const defaultWorkers = (cores: number): number => Math.min(32, cores + 4);
