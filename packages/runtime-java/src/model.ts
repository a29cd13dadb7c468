/** The runtime model `java`: options, costs, and what a living process shows of itself. */
import type { Environment, Instance, RuntimeModel, Snapshot, Steps, Task, Value } from "@orrery/runtime";
import { inspect } from "./diagnostics/inspect.ts";
import { JavaLowering } from "./lowering.ts";
import { join } from "./lib/thread.ts";
import { tiers } from "./tiers.ts";
import { defaultCosts, memory } from "./vm/costs.ts";
import { Jvm } from "./vm/jvm.ts";

export const java: RuntimeModel = {
  name: "java",
  title: "Java 25 virtual threads",
  version: "JDK 25.0.3",
  processor: "carrier",
  options: [
    {
      name: "parallelism",
      doc: "Carriers that run virtual threads at a time (jdk.virtualThreadScheduler.parallelism)",
      type: "int",
      min: 1,
      max: 256,
      default: "cores",
    },
    {
      name: "maxPoolSize",
      doc: "Carriers at most, with those that replace blocked ones (jdk.virtualThreadScheduler.maxPoolSize)",
      type: "int",
      min: 1,
      max: 32767,
      default: "256",
    },
    {
      name: "threads",
      doc: "What a task is: a virtual thread, or for comparison a platform thread of its own",
      type: "enum",
      values: ["virtual", "platform"],
      default: "virtual",
    },
    {
      name: "lockingMode",
      doc: "How monitors are locked (-XX:LockingMode): legacy, the stack locking of JDK 21, pins who holds or waits for one",
      type: "enum",
      values: ["lightweight", "legacy"],
      default: "lightweight",
    },
  ],
  costs: defaultCosts,
  memory,
  tiers,
  boot: (environment) => new JavaInstance(environment),
};

class JavaInstance implements Instance {
  readonly lowering: JavaLowering;
  private readonly jvm: Jvm;

  constructor(environment: Environment) {
    this.jvm = new Jvm(environment);
    this.lowering = new JavaLowering(this.jvm, environment.policies);
  }

  /** The platform main thread starts the program's main as a thread and joins it. */
  start(main: Task, body: Steps<Value>): void {
    const { jvm } = this;
    jvm.start(function* () {
      const thread = jvm.startThread(main.proc, body, main.id, main);
      main.native = thread;
      yield* join(thread);
    });
  }

  inspect(): Snapshot {
    return inspect(this.jvm, this.lowering.pools);
  }

  counters(): Record<string, number> {
    const { pool, mounts, pinnedParks, unblocks, delayScheduler } = this.jvm;
    return {
      parallelism: pool.parallelism,
      size: pool.tc,
      carriersCreated: pool.carriers.length,
      steals: pool.stealCount,
      mounts,
      pinned: pinnedParks,
      unblocks,
      delayed: delayScheduler.size,
    };
  }
}
