/** Go 1.26 as a runtime model: options, costs, memory, and a process that runs a program. */
import type {
  Environment,
  Instance,
  OptionSpec,
  RuntimeModel,
  Snapshot,
  Steps,
  Task,
  Value,
} from "@orrery/runtime";
import { schedinit, start } from "./boot.ts";
import { goCosts, type GoCosts, goMemory } from "./costs.ts";
import { counters, inspect } from "./inspect.ts";
import { GoLowering } from "./lowering.ts";
import { deadlockText } from "./fatal.ts";
import type { Runtime } from "./runtime2.ts";
import { tiers, tiersUnder } from "./tiers.ts";

const options: readonly OptionSpec[] = [
  {
    name: "GOMAXPROCS",
    doc: "Ps: goroutines that execute Go code at the same time. Threads in system calls don't count.",
    type: "int",
    min: 1,
    max: 1024,
    default: "cores",
  },
  {
    name: "asyncpreemptoff",
    doc: "GODEBUG=asyncpreemptoff=1: only calls are preemption points, as before Go 1.14; a tight loop keeps its P.",
    type: "bool",
    default: "false",
  },
  {
    name: "schedtrace",
    doc: "GODEBUG=schedtrace: every so many ms the monitor tells a line about the scheduler; 0 for never.",
    type: "int",
    min: 0,
    max: 1_000_000,
    default: "0",
  },
  {
    name: "scheddetail",
    doc: "GODEBUG=scheddetail=1: with schedtrace, lines about each P, M and goroutine too.",
    type: "bool",
    default: "false",
  },
];

class GoInstance implements Instance {
  readonly lowering: GoLowering;
  private readonly rt: Runtime;

  constructor({ machine, costs, options: values, policies, world }: Environment) {
    this.rt = schedinit(machine, costs as GoCosts, world, values["GOMAXPROCS"] as number, {
      asyncpreemptoff: values["asyncpreemptoff"] as boolean,
      schedtrace: values["schedtrace"] as number,
      scheddetail: values["scheddetail"] as boolean,
    });
    this.lowering = new GoLowering(this.rt, policies);
  }

  start(main: Task, body: Steps<Value>): void {
    start(this.rt, main.id, body, main);
    main.native = this.rt.main;
  }

  inspect(): Snapshot {
    return inspect(this.rt);
  }

  counters(): Record<string, number> {
    return counters(this.rt);
  }

  /** checkdead has its verdict already, unless something (a reader of the network) looks alive: then Go hangs silently. */
  stuck(): void {
    const { fatalError, world } = this.rt;
    if (fatalError !== null) world.diagnose("deadlock", deadlockText(this.rt, fatalError));
  }
}

export const go: RuntimeModel = {
  name: "go",
  title: "Go 1.26",
  version: "1.26.8",
  processor: "P",
  options,
  costs: goCosts,
  memory: goMemory,
  tiers,
  tiersUnder,
  boot: (environment) => new GoInstance(environment),
};
