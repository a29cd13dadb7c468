/** Runs a program written against this library, on a machine of its own: what the conformance tests do. */
import { defaultPolicies } from "@orrery/program";
import type { Steps } from "@orrery/runtime";
import {
  defaultMachineCosts,
  Machine,
  type MachineCosts,
  SeededDecisions,
  type StopReason,
  Trace,
} from "@orrery/simulator";
import { Thread, join } from "./lib/thread.ts";
import { defaultCosts, type JavaCosts } from "./vm/costs.ts";
import { Jvm } from "./vm/jvm.ts";

export interface RunJavaOptions {
  readonly cores?: number;
  readonly parallelism?: number;
  readonly maxPoolSize?: number;
  readonly lockingMode?: "lightweight" | "legacy";
  readonly seed?: number;
  readonly trace?: boolean;
  readonly costs?: JavaCosts;
  readonly machineCosts?: MachineCosts;
  readonly maxEvents?: number;
  readonly maxTimeNs?: number;
  /** The program is `main` of the platform main thread; otherwise it is a virtual thread that main starts and joins. */
  readonly onMainThread?: boolean;
}

export interface JavaRun {
  /** What the program logged. */
  readonly out: readonly string[];
  /** What the runtime printed on stderr. */
  readonly err: readonly string[];
  /** `halted` when main has ended, which ends the process; `quiescent` when it never did. */
  readonly outcome: StopReason;
  readonly timeNs: number;
  readonly steps: number;
  readonly trace: Trace;
  readonly machine: Machine;
  readonly jvm: Jvm;
}

/** `stderr` grows as the runtime prints. */
export type JavaProgram = (
  jvm: Jvm,
  log: (text: unknown) => void,
  stderr: readonly string[],
) => Steps<unknown>;

/** `-Djdk.virtualThreadScheduler.parallelism=1 -Djdk.virtualThreadScheduler.maxPoolSize=1` */
export const P1 = { parallelism: 1, maxPoolSize: 1 } as const;

export function runJava(options: RunJavaOptions, program: JavaProgram): JavaRun {
  const cores = options.cores ?? 2;
  const trace = new Trace(options.trace ?? false);
  const machine = new Machine(
    cores,
    options.machineCosts ?? defaultMachineCosts,
    new SeededDecisions(options.seed ?? 1),
    trace,
    { maxEvents: options.maxEvents ?? 10_000_000, maxTimeNs: options.maxTimeNs ?? 100_000_000_000 },
  );
  const out: string[] = [];
  const err: string[] = [];
  const log = (text: unknown): void => {
    out.push(String(text));
  };
  const jvm = new Jvm({
    machine,
    costs: options.costs ?? defaultCosts,
    options: {
      parallelism: options.parallelism ?? cores,
      maxPoolSize: options.maxPoolSize ?? 256,
      lockingMode: options.lockingMode ?? "lightweight",
    },
    policies: defaultPolicies,
    world: {
      diagnose: (_kind, text) => err.push(text),
      exit: () => machine.halt(),
    },
  });
  jvm.start(function* () {
    if (options.onMainThread === true) yield* program(jvm, log, err);
    else yield* join(Thread.startVirtualThread(jvm, program(jvm, log, err), "root"));
    jvm.world.exit(0, "main returned");
  });
  const outcome = machine.run();
  return { out, err, outcome, timeNs: machine.now, steps: machine.steps, trace, machine, jvm };
}
