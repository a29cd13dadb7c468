/** One run of one program on one model: made, turned by hand or to its end, looked into, and told as a result. */
import type { OpName, ParamValue, Program } from "@orrery/program";
import { type DecisionSource, Machine, type MachineCosts, type StopReason, Trace } from "@orrery/simulator";
import { describeBlocked, describeDeadlock } from "./deadlock.ts";
import type { Costs, Instance, MemoryFigures, OptionValues, RuntimeModel, Snapshot } from "./model.ts";
import type { Outcome, RunResult } from "./result.ts";
import { summarize } from "./statistics.ts";
import { World } from "./world.ts";

export interface Budgets {
  /** Steps of the machine. */
  readonly maxEvents: number;
  /** Virtual time, ns. */
  readonly maxTimeNs: number;
  /** Tasks alive at a time. */
  readonly maxTasks: number;
}

export const defaultBudgets: Budgets = { maxEvents: 100_000_000, maxTimeNs: 3600e9, maxTasks: 2_000_000 };

/** Everything that a run is a pure function of. `program` and `params` are checked, `options` are complete. */
export interface RunSpec {
  readonly model: RuntimeModel;
  readonly program: Program;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly options: OptionValues;
  readonly cores: number;
  readonly seed: number;
  readonly profile: {
    readonly name: string;
    readonly costs: Costs;
    readonly machine: MachineCosts;
    readonly memory: MemoryFigures;
  };
  readonly decisions: DecisionSource;
  readonly budgets: Budgets;
  readonly trace: boolean;
}

export class Execution {
  readonly spec: RunSpec;
  readonly machine: Machine;
  readonly trace: Trace;
  readonly world: World;
  readonly instance: Instance;
  private stopped: StopReason = "paused";

  constructor(spec: RunSpec) {
    this.spec = spec;
    this.trace = new Trace(spec.trace);
    this.machine = new Machine(spec.cores, spec.profile.machine, spec.decisions, this.trace, spec.budgets);
    const { costs } = spec.profile;
    this.world = new World(this.machine, spec.program, spec.params, costs, spec.seed, spec.budgets.maxTasks);
    this.instance = spec.model.boot({
      machine: this.machine,
      costs,
      options: spec.options,
      policies: spec.program.policies,
      world: this.world,
    });
    this.world.lowering = this.instance.lowering;
    this.world.main = this.world.createTask(null, "main");
    this.instance.start(this.world.main, this.world.bodyOf(this.world.main, this.world.code.main, []));
  }

  /** True once nothing will happen any more. */
  get done(): boolean {
    return this.stopped !== "paused";
  }

  /** Takes `count` more steps; a step is the least that can be looked between. */
  step(count = 1): this {
    return this.advance(Infinity, this.machine.steps + count);
  }

  /** Runs until virtual time `timeNs` has passed. */
  runUntil(timeNs: number): this {
    return this.advance(timeNs, Infinity);
  }

  run(): this {
    return this.advance(Infinity, Infinity);
  }

  /** State between two events, as plain JSON. */
  inspect(): Snapshot {
    return {
      timeNs: this.machine.now,
      step: this.machine.steps,
      cores: this.machine.cores.map((core) => core.thread?.name ?? null),
      threads: this.machine.threads
        .filter((thread) => thread.state !== "done")
        .map(({ name, state, core, waitingFor }) => ({ name, state, core, waitingFor })),
      ...this.instance.inspect(),
    };
  }

  private advance(untilNs: number, maxSteps: number): this {
    if (this.done) return this;
    this.stopped = this.machine.run(untilNs, maxSteps);
    if (this.stopped === "quiescent" && this.world.live > 0) this.instance.stuck?.();
    return this;
  }

  private get outcome(): { readonly outcome: Outcome; readonly detail: RunResult["detail"] } {
    const { ended, mainEndedNs } = this.world;
    const { budgets } = this.spec;
    if (this.stopped === "max-events")
      return { outcome: "budget-exceeded", detail: `more than ${budgets.maxEvents} events (--max-events)` };
    if (this.stopped === "max-time")
      return { outcome: "budget-exceeded", detail: `more than ${budgets.maxTimeNs} ns (--max-time)` };
    if (mainEndedNs < 0 && this.stopped === "quiescent")
      return { outcome: "deadlocked", detail: describeDeadlock(this.world.unfinished()) };
    return ended ?? { outcome: "completed", detail: null };
  }

  /** The run so far as data; after `run()`, all of it. */
  result(): RunResult {
    const { spec, machine, world, instance } = this;
    const { model } = spec;
    const { memory } = spec.profile;
    const { observations } = world;
    const { outcome, detail } = this.outcome;
    const leaked =
      world.mainEndedNs >= 0 && spec.program.policies.end === "quiescent" ? world.unfinished() : [];
    return {
      workload: spec.program.name,
      parameters: spec.params,
      runtime: model.name,
      version: model.version,
      source: "model",
      seed: spec.seed,
      cores: spec.cores,
      options: spec.options,
      profile: spec.profile.name,
      outcome,
      detail,
      makespanNs: this.makespanNs,
      events: machine.steps,
      decisions: spec.decisions.count,
      traceHash: this.trace.hash(),
      log: observations.log.map(({ timeNs, task, text }, seq) => ({ seq, timeNs, task: task.path, text })),
      marks: Object.fromEntries(
        [...observations.samples].map(([name, samples]) => [name, summarize(samples)]),
      ),
      counts: Object.fromEntries(observations.counts),
      tasks: {
        spawned: world.spawned,
        completed: world.completed,
        failed: world.failed,
        cancelled: world.cancelled,
        leaked: leaked.map(describeBlocked),
      },
      scheduler: instance.counters(),
      machine: { coreBusyNs: machine.coreBusyNs, threadsPeak: machine.threadsPeak },
      memory: {
        peakBytes: memory.baseBytes + memory.taskBytes * world.livePeak,
        bytesPerTask: memory.taskBytes,
      },
      tiers: this.tiers(),
      diagnostics: [
        ...world.diagnostics,
        ...world.failures
          .filter((task) => !task.observed)
          .map((task) => ({ kind: "failure never observed", text: `${task.path}: ${task.error!.message}` })),
        ...observations.unmet.map(({ task, statement, message }) => ({
          kind: "expect",
          text: `${task.path} at ${statement}: ${message}`,
        })),
      ],
    };
  }

  private get makespanNs(): number {
    const { mainEndedNs, lastEndedNs } = this.world;
    if (mainEndedNs < 0) return this.machine.now;
    return this.spec.program.policies.end === "main" ? mainEndedNs : Math.max(mainEndedNs, lastEndedNs);
  }

  /** Tiers of the operations that the program uses. */
  private tiers(): RunResult["tiers"] {
    const { main, procs } = this.world.code;
    const used = new Set<string>();
    for (const { code } of [main, ...procs.values()]) for (const { at } of code) used.add(at.op);
    const { model, program } = this.spec;
    const tiers = { ...model.tiers, ...model.tiersUnder?.(program.policies) };
    return Object.fromEntries(
      Object.entries(tiers).filter(([op]) => used.has(op as OpName)),
    ) as RunResult["tiers"];
  }
}
