import { cancellation } from "./cancellation.ts";
import { channels } from "./channels.ts";
import { conditions } from "./conditions.ts";
import { connections } from "./connections.ts";
import { flow } from "./flow.ts";
import { io } from "./io.ts";
import { locks } from "./locks.ts";
import { memory } from "./memory.ts";
import { once } from "./once.ts";
import { observe } from "./observe.ts";
import type { Operation } from "./operation.ts";
import { promises } from "./promises.ts";
import { scopes } from "./scopes.ts";
import { tasks } from "./tasks.ts";
import { timers } from "./timers.ts";

/** Every statement that the interpreter's loop does not do itself. */
const all: Readonly<Record<string, Operation>> = {
  ...flow,
  ...tasks,
  ...scopes,
  ...channels,
  ...locks,
  ...conditions,
  ...once,
  ...timers,
  ...cancellation,
  ...memory,
  ...promises,
  ...io,
  ...connections,
  ...observe,
};

/** The operation of an instruction, null for those of the loop. */
export function operationOf(op: string): Operation | null {
  return all[op] ?? null;
}
