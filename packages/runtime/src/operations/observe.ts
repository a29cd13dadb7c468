/** What a program says about itself, and what it draws. None of it is a scheduling point. */
import type { Stmt } from "@orrery/program";
import { Kind } from "@orrery/simulator";
import type { Frame, Instruction } from "../code.ts";
import { int, sortedEntries } from "../expressions.ts";
import type { Task } from "../task.ts";
import { Fault, type Key, RecordValue, RefValue, type Value } from "../values.ts";
import type { World } from "../world.ts";
import { evaluate, type Operations } from "./operation.ts";

export const observe: Operations<
  "log" | "mark" | "measure" | "count" | "gauge" | "expect" | "now" | "draw" | "choose"
> = {
  log: {
    start({ machine, costs, observations }, task, frame, at) {
      machine.charge(costs.log);
      machine.emit(Kind.log, -1, task.id, at.at.statement, observations.log.length);
      const text = interpolate(at.extra as string, at, frame);
      observations.log.push({ timeNs: machine.now, task, statement: at.at.statement, text });
      return null;
    },
  },
  mark: {
    start: (world, task, frame, at) =>
      sample(world, task, at, world.machine.now - (at.a === null ? 0 : int(at.a(frame)))),
  },
  measure: { start: (world, task, frame, at) => sample(world, task, at, int(at.a!(frame))) },
  count: {
    start({ machine, costs, observations }, _task, frame, at) {
      machine.charge(costs.count);
      observations.count(at.extra as string, int(at.a!(frame)));
      return null;
    },
  },
  gauge: {
    start({ machine, costs, observations }, _task, frame, at) {
      machine.charge(costs.count);
      observations.gauge(at.extra as string, int(at.a!(frame)));
      return null;
    },
  },
  expect: {
    start({ observations }, task, frame, at) {
      if (at.a!(frame) !== true)
        observations.unmet.push({ task, statement: at.at.statement, message: at.extra as string });
      return null;
    },
  },
  now: {
    start({ machine, costs }, _task, frame, at) {
      machine.charge(costs.mark);
      frame.slots[at.slot] = machine.now;
      return null;
    },
  },
  draw: {
    start(world, task, frame, at) {
      const { stream, from } = at.extra as Extract<Stmt, { readonly op: "draw" }>;
      const value = world.draw(task, stream, from);
      frame.slots[at.slot] = world.machine.decisions.take(`draw.${stream}`, value);
      return null;
    },
  },
  choose: {
    start(world, task, frame, at) {
      const n = int(at.a!(frame));
      if (n < 1) throw new Fault("AssertFailed", `choose among ${n}`);
      frame.slots[at.slot] = world.machine.decisions.take("choose", world.below(task, "choose", n));
      return null;
    },
  },
};

function sample({ machine, costs, observations }: World, task: Task, at: Instruction, value: number): null {
  machine.charge(costs.mark);
  observations.sample(at.extra as string, value);
  machine.emit(Kind.mark, -1, task.id, at.extra as string, value);
  return null;
}

/** `{0}` is the first argument. */
function interpolate(text: string, at: Instruction, frame: Frame): string {
  if (at.args.length === 0) return text;
  const values = evaluate(at, frame);
  return text.replace(/\{(\d+)\}/g, (whole, digits: string) => {
    const value = values[Number(digits)];
    return value === undefined ? whole : show(value);
  });
}

function braces(entries: readonly (readonly [Key, Value])[]): string {
  return `{${entries.map(([key, each]) => `${key}: ${show(each)}`).join(" ")}}`;
}

/** How a value looks in a log. */
function show(value: Value): string {
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(" ")}]`;
  if (value instanceof Map) return braces(sortedEntries(value));
  if (value instanceof RecordValue) return braces([...value.fields]);
  if (value instanceof RefValue) return value.proc;
  if ("ok" in value) return value.ok ? `ok(${show(value.value)})` : `failed(${value.error})`;
  return "path" in value ? value.path : String(value.name);
}
