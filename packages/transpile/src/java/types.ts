/** How Java writes the types of a program. */
import {
  isRecordType,
  isRefType,
  procTypeOf,
  recordOf,
  type RecordType,
  type RefType,
} from "@orrery/program";
import type { Kind, Slot, Type } from "../types.ts";
import { Names } from "./names.ts";

const classes: Readonly<Record<Exclude<Kind, RecordType | RefType>, string>> = {
  int: "Long",
  bool: "Boolean",
  str: "String",
  list: "List",
  intMap: "Map",
  strMap: "Map",
  chan: "Channel",
  mutex: "Semaphore",
  sem: "Semaphore",
  group: "Group",
  atomic: "AtomicLong",
  promise: "CompletableFuture",
  task: "Task",
  result: "Result",
  rwlock: "RwLock",
  cond: "Cond",
  monitor: "Monitor",
  once: "Once",
  event: "Event",
  barrier: "Barrier",
  timer: "Timer",
  token: "Token",
  listener: "Listener",
  conn: "Connection",
  any: "Object",
  void: "Void",
};

/** The class of a record's values. */
export const recordClass = (record: string): string => new Names().fresh(record, "type");
/** A field of a record as a component of its class. */
export const componentName = (field: string): string => new Names().fresh(field, "component");

/** As Java writes a type where only objects can be. */
export function boxed({ kind, item }: Type, depth = 0): string {
  if (depth > 8 || kind === null) return "Object"; // a type that contains itself
  if (isRecordType(kind)) return recordClass(recordOf(kind));
  if (isRefType(kind)) return recordClass(procTypeOf(kind));
  if (item === null) return classes[kind];
  const key = kind === "intMap" ? "Long, " : kind === "strMap" ? "String, " : "";
  return `${classes[kind]}<${key}${boxed(item.type, depth + 1)}>`;
}

export function isPrimitive({ nullable, type: { kind } }: Slot): boolean {
  return !nullable && (kind === "int" || kind === "bool");
}

/** As Java declares a place. */
export function javaType(slot: Slot): string {
  if (!isPrimitive(slot)) return boxed(slot.type);
  return slot.type.kind === "int" ? "long" : "boolean";
}
