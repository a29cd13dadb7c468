/** Runs a native program, one process on one machine: for conformance tests and for users of the library. */
import {
  defaultMachineCosts,
  Machine,
  type MachineCosts,
  SeededDecisions,
  type StopReason,
  Trace,
} from "@orrery/simulator";
import { schedinit, start } from "./boot.ts";
import { goCosts, type GoCosts } from "./costs.ts";
import { type Go, GoLibrary } from "./library.ts";
import { deadlockText } from "./fatal.ts";
import { EXIT_PANIC } from "./panic.ts";
import type { Runtime } from "./runtime2.ts";

export interface RunGoOptions {
  readonly gomaxprocs?: number;
  readonly cores?: number;
  readonly seed?: number;
  readonly trace?: boolean;
  readonly asyncpreemptoff?: boolean;
  /** ms between two lines about the scheduler on stderr, 0 for none. */
  readonly schedtrace?: number;
  readonly scheddetail?: boolean;
  readonly costs?: GoCosts;
  readonly machineCosts?: MachineCosts;
  readonly maxTimeNs?: number;
  readonly maxEvents?: number;
}

export interface GoRun {
  /** What the program said, in order. */
  readonly output: readonly string[];
  /** Exit status; null when the process hangs or ran out of budget. */
  readonly status: number | null;
  /** What the runtime prints there: schedtrace, and the panic or fatal error that ended the process. */
  readonly stderr: string;
  readonly stop: StopReason;
  readonly nowNs: number;
  readonly trace: Trace;
  readonly runtime: Runtime;
}

/** Runs `main` until it returns, the process dies or nothing can happen any more. */
export function runGo(
  main: (go: GoLibrary, say: (text: string) => void) => Go,
  options: RunGoOptions = {},
): GoRun {
  const cores = options.cores ?? 2;
  const trace = new Trace(options.trace ?? false);
  const limits = {
    maxEvents: options.maxEvents ?? 50_000_000,
    maxTimeNs: options.maxTimeNs ?? 60_000_000_000,
  };
  const machine = new Machine(
    cores,
    options.machineCosts ?? defaultMachineCosts,
    new SeededDecisions(options.seed ?? 1),
    trace,
    limits,
  );
  const output: string[] = [];
  let status: number | null = null;
  let stderr = "";
  const exit = (code: number): void => {
    status ??= code;
    machine.halt();
  };
  const world = {
    diagnose(_kind: string, text: string): void {
      stderr += `${text}\n`;
    },
    exit,
  };
  const rt = schedinit(machine, options.costs ?? goCosts, world, options.gomaxprocs ?? cores, {
    asyncpreemptoff: options.asyncpreemptoff ?? false,
    schedtrace: options.schedtrace ?? 0,
    scheddetail: options.scheddetail ?? false,
  });
  const library = new GoLibrary(rt);
  function* runtimeMain(): Go {
    yield* main(library, (text) => output.push(text));
    exit(0);
  }
  start(rt, null, runtimeMain(), null);
  const stop = machine.run();
  if (stop === "quiescent" && rt.fatalError !== null) {
    world.diagnose("deadlock", deadlockText(rt, rt.fatalError));
    status = EXIT_PANIC;
  }
  return { output, status, stderr, stop, nowNs: machine.now, trace, runtime: rt };
}
