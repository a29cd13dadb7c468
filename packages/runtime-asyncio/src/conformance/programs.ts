/** All of them, in the order of their files. */
import { combinators } from "./combinators.ts";
import { locks } from "./locks.ts";
import { loop } from "./loop.ts";
import type { Program } from "./prelude.ts";
import { queues } from "./queues.ts";
import { readers } from "./readers.ts";
import { scopes } from "./scopes.ts";
import { streams } from "./streams.ts";
import { tasks } from "./tasks.ts";
import { threads } from "./threads.ts";
import { timers } from "./timers.ts";

export const programs: readonly Program[] = [
  ...loop,
  ...timers,
  ...readers,
  ...tasks,
  ...combinators,
  ...scopes,
  ...locks,
  ...queues,
  ...threads,
  ...streams,
];
