/** Runs a program written against the native library: what the conformance tests do. */
import { defaultPolicies } from "@orrery/program";
import type { Steps } from "@orrery/runtime";
import { defaultMachineCosts, Machine, SeededDecisions, type StopReason, Trace } from "@orrery/simulator";
import { nodeCosts } from "./costs.ts";
import { NodeInstance } from "./instance.ts";
import { type Node, nodeLibrary } from "./library.ts";
import type { RejectionMode, Version } from "./versions.ts";

export interface NativeRun {
  readonly lines: string[];
  /** null: the process did not end. */
  readonly exitCode: number | null;
  readonly stopped: StopReason;
  readonly diagnostics: { readonly kind: string; readonly text: string }[];
  readonly trace: Trace;
  readonly machine: Machine;
  readonly instance: NodeInstance;
}

export interface NativeRunOptions {
  /** The script is an ES module: `yield` awaits at its top level. */
  readonly module?: boolean;
  readonly seed?: number;
  readonly cores?: number;
  readonly poolSize?: number;
  readonly trace?: boolean;
  readonly version?: Version;
  readonly unhandledRejections?: RejectionMode;
}

/** `script` is a CommonJS main script: a generator function if it burns CPU. With `module`, it is the body of a module. */
export function runNode(
  script: (node: Node) => Steps<unknown> | void,
  asked: NativeRunOptions = {},
): NativeRun {
  const { module = false, seed = 1, cores = 4, poolSize = 4, trace: traced = true } = asked;
  const { version = "24", unhandledRejections = "default" } = asked;
  const trace = new Trace(traced);
  const limits = { maxEvents: 100_000_000, maxTimeNs: 3600e9 };
  const machine = new Machine(cores, defaultMachineCosts, new SeededDecisions(seed), trace, limits);
  const lines: string[] = [];
  const diagnostics: { kind: string; text: string }[] = [];
  const instance = new NodeInstance({
    machine,
    costs: nodeCosts,
    options: { UV_THREADPOOL_SIZE: poolSize, version, "unhandled-rejections": unhandledRejections },
    policies: defaultPolicies,
    world: {
      diagnose: (kind, text) => void diagnostics.push({ kind, text }),
      exit: () => machine.halt(),
    },
  });
  const node = nodeLibrary(instance.env, (line) => void lines.push(line));
  if (module) instance.startModule(script(node)!);
  else instance.startScript(() => script(node));
  const stopped = machine.run();
  const { process } = instance.env;
  const exitCode = process.exited ? (process.exitCode ?? 0) : null;
  return { lines, exitCode, stopped, diagnostics, trace, machine, instance };
}
