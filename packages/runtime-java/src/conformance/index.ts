/** The conformance programs of virtual threads and their ports to the model's library. */
import type { Conformance } from "@orrery/runtime";
import { P1 } from "../run-java.ts";
import { blockingQueues } from "./blocking-queues.ts";
import { carriers } from "./carriers.ts";
import { ending } from "./ending.ts";
import { executorsAndScopes } from "./executors-and-scopes.ts";
import { futures } from "./futures.ts";
import { locks } from "./locks.ts";
import { monitors } from "./monitors.ts";
import { network } from "./network.ts";
import { parking } from "./parking.ts";
import { poolQueues } from "./pool-queues.ts";
import { type Program, run } from "./prelude.ts";
import { synchronizers } from "./synchronizers.ts";
import { timers } from "./timers.ts";

/** By file of the real programs. */
const files: Readonly<Record<string, readonly Program[]>> = {
  PoolQueues: poolQueues,
  Parking: parking,
  Timers: timers,
  Locks: locks,
  Synchronizers: synchronizers,
  Monitors: monitors,
  Carriers: carriers,
  Network: network,
  BlockingQueues: blockingQueues,
  Futures: futures,
  ExecutorsAndScopes: executorsAndScopes,
  Ending: ending,
};

export const conformance = {
  folder: new URL("../../conformance/", import.meta.url),
  build: [
    [
      "javac",
      "--enable-preview",
      "--release",
      "25",
      ...["Prelude", ...Object.keys(files)].map((name) => `${name}.java`),
    ],
  ],
  programs: Object.values(files)
    .flat()
    .map(
      ({
        name,
        pins,
        main = [name],
        scheduler = P1,
        flags = [],
        onMainThread = false,
        lockingMode,
        port,
      }) => ({
        name,
        pins,
        run: ["java", "--enable-preview", ...schedulerFlags(scheduler), ...flags, "-cp", ".", ...main],
        port:
          typeof port === "function"
            ? (seed = 1): string =>
                run(port, { ...scheduler, onMainThread, lockingMode: lockingMode ?? "lightweight", seed })
            : port,
      }),
    ),
  exitText: (status) => `[exit ${status}]`,
} satisfies Conformance;

function schedulerFlags(scheduler: NonNullable<Program["scheduler"]>): readonly string[] {
  return Object.entries(scheduler).map(([name, n]) => `-Djdk.virtualThreadScheduler.${name}=${n}`);
}
