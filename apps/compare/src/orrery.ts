/** All commands under one name. */
import { bench } from "./commands/bench.ts";
import { calibrate } from "./commands/calibrate.ts";
import { compare } from "./commands/compare.ts";
import { doctor } from "./commands/doctor.ts";
import { list } from "./commands/list.ts";
import { run } from "./commands/run.ts";
import { show } from "./commands/show.ts";
import { verify } from "./commands/verify.ts";
import { command, runCommand, withDescription, withExamples, withSubcommands } from "./command-line.ts";

const VERSION = "0.1.0";

const root = command("orrery").pipe(
  withSubcommands([compare, run, verify, calibrate, list, show, doctor, bench]),
  withDescription(
    "Go, asyncio, Java virtual threads and Node on one simulated machine: the same program on each, turned by one crank.",
  ),
  withExamples([
    { command: "orrery compare", description: "six workloads on four models" },
    { command: "orrery run cpu-hog --runtime go" },
    { command: "orrery list" },
  ]),
);

/** Runs what `args` ask for; the value is the exit status. */
export const orrery = (args: readonly string[]) => runCommand(root, VERSION, args);
