/** The conformance programs of Go and their ports to the model's library. */
import type { Conformance } from "@orrery/runtime";
import { channels } from "./channels.ts";
import { context } from "./context.ts";
import { exit } from "./exit.ts";
import { exitText, run } from "./prelude.ts";
import { queues } from "./queues.ts";
import { sync } from "./sync.ts";
import { threads } from "./threads.ts";
import { timers } from "./timers.ts";

const programs = [...queues, ...channels, ...timers, ...threads, ...sync, ...context, ...exit];

export const conformance = {
  folder: new URL("../../conformance/", import.meta.url),
  build: [["go", "build", "-o", "conformance", "."]],
  programs: programs.map(({ name, pins, gomaxprocs = 1, port }) => ({
    name,
    pins,
    run: ["./conformance", name],
    environment: { GOMAXPROCS: `${gomaxprocs}` },
    port: typeof port === "function" ? (seed = 1): string => run(port, gomaxprocs, seed) : port,
  })),
  exitText,
} satisfies Conformance;
