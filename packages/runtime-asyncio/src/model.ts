/** The model of one CPython process whose main thread is in `asyncio.run`. */
import type {
  Environment,
  Instance,
  OptionSpec,
  RuntimeModel,
  Snapshot,
  Steps,
  Task as ProgramSide,
  Value,
} from "@orrery/runtime";
import type { Thread, ThreadBody } from "@orrery/simulator";
import type { BaseEventLoop } from "./base_events.ts";
import { type AsyncioCosts, defaultCosts } from "./costs.ts";
import { counters, inspect } from "./inspect.ts";
import { AsyncioLowering } from "./lowering.ts";
import { Python, type Version, VERSIONS } from "./python.ts";
import { defaultWorkers } from "./run_asyncio.ts";
import { tiers, tiersUnder } from "./tiers.ts";
import { new_event_loop } from "./uvloop.ts";

const options: readonly OptionSpec[] = [
  {
    name: "version",
    doc: "CPython whose asyncio is followed. wait_for, gather of done futures and TaskGroup differ in later ones.",
    type: "enum",
    values: VERSIONS,
    default: "3.11",
  },
  {
    name: "executorWorkers",
    doc: "Threads of the default executor; 0 is Python's own default, min(32, cores + 4). Shows the pool's ceiling.",
    type: "int",
    min: 0,
    max: 1000,
    default: "0",
  },
  {
    name: "debug",
    doc: "PYTHONASYNCIODEBUG: tells every handle that kept the loop for 100 ms or more.",
    type: "bool",
    default: "false",
  },
  {
    name: "setOrder",
    doc: "Order in which sets of tasks are walked, which CPython leaves to addresses: as created, or drawn.",
    type: "enum",
    values: ["creation", "shuffle"],
    default: "creation",
  },
  {
    name: "loop",
    doc: "Whose order an iteration has: asyncio's own loop, or uvloop's, where timers come before what I/O made ready.",
    type: "enum",
    values: ["asyncio", "uvloop"],
    default: "asyncio",
  },
  {
    name: "batchOrder",
    doc: "Order of what is ready: as it came, or turned round half the time, as trio does to show what relies on it.",
    type: "enum",
    values: ["fifo", "reverse"],
    default: "fifo",
  },
];

export const asyncioModel: RuntimeModel = {
  name: "asyncio",
  title: "CPython 3.11 asyncio",
  version: "3.11.7",
  processor: "loop",
  options,
  costs: defaultCosts,
  // Peak RSS of N sleepers on 3.11.7: 151.0 MiB at 100 000, 1305.4 MiB at 1 000 000.
  memory: { baseBytes: 23_800_000, taskBytes: 1345 },
  tiers,
  tiersUnder,
  boot: (environment) => new AsyncioInstance(environment),
};

export class AsyncioInstance implements Instance {
  readonly python: Python;
  readonly loop: BaseEventLoop;
  readonly lowering: AsyncioLowering;
  private readonly environment: Environment;

  constructor(environment: Environment) {
    const { machine, options, world } = environment;
    this.environment = environment;
    this.python = new Python(
      machine,
      environment.costs as AsyncioCosts,
      {
        version: options.version as Version,
        executorWorkers: (options.executorWorkers as number) || defaultWorkers(machine.cores.length),
        debug: options.debug === true,
        file: "program.py",
        setOrder: options.setOrder === "shuffle" ? "shuffle" : "creation",
        loop: options.loop === "uvloop" ? "uvloop" : "asyncio",
        batchOrder: options.batchOrder === "reverse" ? "reverse" : "fifo",
      },
      world,
    );
    this.loop = new_event_loop(this.python);
    this.lowering = new AsyncioLowering(this.loop, environment.policies.selectPolicy);
  }

  /** The loop outlives main: what the end of main does to other tasks is the program's policy. */
  start(main: ProgramSide, body: Steps<Value>): void {
    this.python.machine.spawn("MainThread", (thread) => this.mainThread(thread, main, body));
  }

  private *mainThread(thread: Thread, main: ProgramSide, body: Steps<Value>): ThreadBody {
    yield* this.python.gil.take_gil(thread);
    this.python.machine.charge(this.python.costs.runForever);
    this.lowering.spawn(main, main, body);
    yield* this.loop.run_forever(thread);
  }

  inspect(): Snapshot {
    return inspect(this.loop);
  }

  counters(): Record<string, number> {
    return counters(this.loop);
  }

  /** asyncio detects no deadlock: the real process sits in epoll_wait for ever. */
  stuck(): void {
    this.environment.world.diagnose(
      "idle",
      "no ready handle, no timer and nothing to wait for: the loop sits in epoll_wait(-1) for ever",
    );
  }
}
