/** The library's coroutine functions by name, for the reprs of tasks that run them. */
import { library_coroutine } from "./coroutines.ts";
import { Barrier, Condition, Event, Lock, Semaphore } from "./locks.ts";
import { Queue } from "./queues.ts";
import { StreamReader, StreamWriter } from "./streams.ts";
import { sleep, wait, wait_for } from "./tasks.ts";

const FILES = [
  ["locks.py", [Lock, Event, Condition, Semaphore, Barrier]],
  ["queues.py", [Queue]],
  ["streams.py", [StreamReader, StreamWriter]],
] as const;

export function name_library_coroutines(): void {
  for (const [file, classes] of FILES)
    for (const { name, prototype } of classes)
      for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
        if (typeof value === "function" && isGeneratorFunction(value))
          library_coroutine(`${name}.${key}`, file, value);
  for (const body of [sleep, wait, wait_for]) library_coroutine(body.name, "tasks.py", body);
}

function isGeneratorFunction(value: object): value is GeneratorFunction {
  return Object.prototype.toString.call(value) === "[object GeneratorFunction]";
}
