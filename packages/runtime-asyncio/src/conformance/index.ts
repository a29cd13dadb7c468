/** The conformance programs of asyncio and their ports to the model's library. */
import type { Conformance } from "@orrery/runtime";
import { combinators } from "./combinators.ts";
import { locks } from "./locks.ts";
import { loop } from "./loop.ts";
import { queues } from "./queues.ts";
import { readers } from "./readers.ts";
import { scopes } from "./scopes.ts";
import { streams } from "./streams.ts";
import { tasks } from "./tasks.ts";
import { threads } from "./threads.ts";
import { timers } from "./timers.ts";

export const conformance: Conformance = {
  folder: new URL("../../conformance/", import.meta.url),
  build: [],
  programs: [
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
  ],
  exitText: (status) => `[exit ${status}]`,
};
