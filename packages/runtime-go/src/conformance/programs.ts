/** All of them, in the order of programs.go. */
import { channels } from "./channels.ts";
import { context } from "./context.ts";
import { exit } from "./exit.ts";
import type { Program } from "./prelude.ts";
import { queues } from "./queues.ts";
import { sync } from "./sync.ts";
import { threads } from "./threads.ts";
import { timers } from "./timers.ts";

export const programs: readonly Program[] = [
  ...queues,
  ...channels,
  ...timers,
  ...threads,
  ...sync,
  ...context,
  ...exit,
];
