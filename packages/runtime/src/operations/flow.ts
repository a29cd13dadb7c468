/** Control flow that is rare enough to stay out of the interpreter's loop. */
import type { Stmt } from "@orrery/program";
import type { EntrySlots, TryTargets } from "../code.ts";
import { open } from "../completion.ts";
import { int, key, list, mapping, sortedEntries } from "../expressions.ts";
import { Fault, type Value } from "../values.ts";
import type { Operations } from "./operation.ts";

export const flow: Operations<
  | "push"
  | "setAt"
  | "put"
  | "delete"
  | "jumpUnlessEqual"
  | "loopStart"
  | "eachStart"
  | "eachNext"
  | "entriesStart"
  | "entriesNext"
  | "bound"
  | "defer"
  | "enterTry"
  | "throw"
  | "assert"
> = {
  push: {
    start(_world, _task, frame, at) {
      list(at.a!(frame)).push(at.b!(frame));
      return null;
    },
  },
  setAt: {
    start(_world, _task, frame, at) {
      const items = list(at.a!(frame));
      const index = int(at.b!(frame));
      if (index < 0 || index >= items.length)
        throw new Fault("NoneDeref", `index ${index} outside a list of ${items.length}`);
      items[index] = at.args[0]!(frame);
      return null;
    },
  },
  put: {
    start(_world, _task, frame, at) {
      const map = mapping(at.a!(frame));
      const name = key(at.b!(frame));
      const value = at.args[0]!(frame);
      const max = at.args[1];
      if (max !== undefined && map.size >= int(max(frame)) && !map.has(name))
        throw new Fault("AssertFailed", `map at ${at.at.statement} went beyond its max`);
      map.set(name, value);
      return null;
    },
  },
  delete: {
    start(_world, _task, frame, at) {
      mapping(at.a!(frame)).delete(key(at.b!(frame)));
      return null;
    },
  },
  jumpUnlessEqual: {
    start(_world, _task, frame, at) {
      if (frame.slots[at.slot] !== at.a!(frame)) frame.pc = at.target;
      return null;
    },
  },
  loopStart: {
    start(_world, _task, frame, at) {
      frame.slots[at.slot] = -1;
      frame.slots[at.slot2] = int(at.a!(frame));
      return null;
    },
  },
  eachStart: {
    start(_world, _task, frame, at) {
      frame.slots[at.slot] = -1;
      frame.slots[at.slot2] = list(at.a!(frame));
      return null;
    },
  },
  eachNext: {
    start(_world, _task, frame, at) {
      const index = (frame.slots[at.slot] as number) + 1;
      const items = frame.slots[at.slot2] as Value[];
      frame.slots[at.slot] = index;
      if (index >= items.length) frame.pc = at.target;
      else frame.slots[at.extra as number] = items[index]!;
      return null;
    },
  },
  entriesStart: {
    start(_world, _task, frame, at) {
      frame.slots[at.slot] = -1;
      frame.slots[at.slot2] = sortedEntries(mapping(at.a!(frame))).flat();
      return null;
    },
  },
  entriesNext: {
    start(_world, _task, frame, at) {
      const index = (frame.slots[at.slot] as number) + 1;
      const entries = frame.slots[at.slot2] as Value[];
      frame.slots[at.slot] = index;
      if (2 * index >= entries.length) frame.pc = at.target;
      else {
        const { key: keySlot, value } = at.extra as EntrySlots;
        frame.slots[keySlot] = entries[2 * index]!;
        frame.slots[value] = entries[2 * index + 1]!;
      }
      return null;
    },
  },
  bound: {
    start(_world, _task, frame, at) {
      const turns = (frame.slots[at.slot] as number) + 1;
      frame.slots[at.slot] = turns;
      const most = int(at.a!(frame));
      if (turns > most)
        throw new Fault("AssertFailed", `loop at ${at.at.statement} went beyond its bound of ${most}`);
      return null;
    },
  },
  defer: {
    start(_world, _task, frame, at) {
      (frame.defers ??= []).push(at.target);
      return null;
    },
  },
  enterTry: {
    start(_world, _task, frame, at) {
      const { catches, finallyTarget } = at.extra as TryTargets;
      open(frame, catches, finallyTarget);
      return null;
    },
  },
  throw: {
    start({ machine, costs }, _task, _frame, at) {
      machine.charge(costs.raise);
      const { kind, message } = at.extra as Extract<Stmt, { readonly op: "throw" }>;
      throw new Fault(kind, message ?? kind);
    },
  },
  assert: {
    start(_world, _task, frame, at) {
      if (at.a!(frame) !== true) throw new Fault("AssertFailed", at.extra as string);
      return null;
    },
  },
};
