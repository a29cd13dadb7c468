/** Runs a program written against the native library: what the conformance tests do. */
import { defaultPolicies } from "@orrery/program";
import type { Steps } from "@orrery/runtime";
import { defaultMachineCosts, Machine, SeededDecisions, type StopReason, Trace } from "@orrery/simulator";
import { nodeCosts } from "./costs.ts";
import { NodeInstance } from "./instance.ts";
import { TraceEvents } from "./node/trace-events.ts";
import { type Node, nodeLibrary } from "./library.ts";
import type { RejectionMode, Version } from "./versions.ts";

const PID = 1;

export interface NativeRun {
  readonly lines: string[];
  /** null: the process did not end. */
  readonly exitCode: number | null;
  readonly stopped: StopReason;
  readonly diagnostics: { readonly kind: string; readonly text: string }[];
  readonly trace: Trace;
  readonly machine: Machine;
  readonly debug: string[];
  /** Text of node_trace.1.log, "" if it was not asked for. */
  readonly traceEvents: string;
  readonly instance: NodeInstance;
}

export interface NativeRunOptions {
  /** The script is an ES module: `yield` awaits at its top level. */
  readonly module?: boolean;
  readonly seed?: number;
  readonly cores?: number;
  readonly poolSize?: number;
  readonly trace?: boolean;
  /** Called before the script runs: for those who look into it on the way. */
  readonly booted?: (instance: NodeInstance) => void;
  /** NODE_DEBUG=timer: its lines go to the run's `debug`. */
  readonly debugTimers?: boolean;
  /** --trace-event-categories node.environment,node.bootstrap: the file is the run's `traceEvents`. */
  readonly traceEvents?: boolean;
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
  const debug: string[] = [];
  asked.booted?.(instance);
  if (asked.debugTimers === true)
    instance.env.timers.debug = (line) => void debug.push(`TIMER ${PID}: ${line}`);
  if (asked.traceEvents === true) instance.env.traceEvents = new TraceEvents(instance.env);
  const node = nodeLibrary(instance.env, (line) => void lines.push(line));
  if (module) instance.startModule(script(node)!);
  else instance.startScript(() => script(node));
  const stopped = machine.run();
  const { process } = instance.env;
  const exitCode = process.exited ? (process.exitCode ?? 0) : null;
  return {
    lines,
    exitCode,
    stopped,
    diagnostics,
    trace,
    machine,
    debug,
    traceEvents: instance.env.traceEvents?.toString() ?? "",
    instance,
  };
}
