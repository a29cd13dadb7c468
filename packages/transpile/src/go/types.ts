/** How Go writes the types of a program. */
import { isRecordType, isRefType, type Policies, procTypeOf, recordOf } from "@orrery/program";
import type { Kind, Slot, Type } from "../types.ts";
import { Names } from "./names.ts";

/** What the whole program decides about types. */
export interface Style {
  /** Go's types of the records. */
  readonly records: ReadonlyMap<string, string>;
  /** Go's types of the references, by their declared type. */
  readonly procTypes: ReadonlyMap<string, string>;
  /** Tasks can be cancelled, so locks and groups are of the kind whose waits can be. */
  readonly cancels: boolean;
  /** Some wait for a mutex, or for a condition, ends after a time: then all of them are of a kind that can. */
  readonly timedMutexes: boolean;
  readonly timedConds: boolean;
  readonly lockFairness: NonNullable<Policies["lockFairness"]>;
  /** Some list grows while several hold it. */
  readonly sharedLists: boolean;
}

/** A field of a record as one of its struct. */
export const fieldName = (field: string): string => new Names(["String"]).fresh(field);

/** Kinds whose Go types have no nil, or whose nil is a value: lists and maps. */
const values: ReadonlySet<Kind> = new Set(["int", "bool", "str", "list", "intMap", "strMap", "result"]);

/** Where none is a value like any other but Go's type has no nil, the type is `any`. */
export function isAny({ type: { kind }, nullable }: Slot): boolean {
  return kind === null || kind === "any" || kind === "void" || (nullable && values.has(kind));
}

/** As Go declares a place. */
export function goSlot(slot: Slot, style: Style, depth = 0): string {
  return isAny(slot) ? "any" : goType(slot.type, style, depth);
}

/** As Go writes a type. */
export function goType({ kind, item }: Type, style: Style, depth = 0): string {
  if (kind === null || depth > 8) return "any"; // a type that contains itself is one, too
  if (isRecordType(kind)) return `*${style.records.get(recordOf(kind))}`;
  if (isRefType(kind)) return style.procTypes.get(procTypeOf(kind))!;
  const held = (): string => goSlot(item!, style, depth + 1);
  switch (kind) {
    case "void":
    case "any":
      return "any";
    case "int":
    case "bool":
      return kind;
    case "str":
      return "string";
    case "list":
      return style.sharedLists ? `*orrery.List[${held()}]` : `[]${held()}`;
    case "intMap":
      return `map[int]${held()}`;
    case "strMap":
      return `map[string]${held()}`;
    case "chan":
      return `chan ${held()}`;
    case "promise":
      return `*orrery.Promise[${held()}]`;
    case "mutex":
      return `*orrery.${mutexType(style)}`;
    case "group":
      return `*orrery.${style.cancels ? "Cancel" : ""}Group`;
    case "rwlock":
      return `*orrery.${style.cancels ? "Cancel" : ""}RWMutex`;
    case "cond":
      return `*orrery.${condType(style)}`;
    case "monitor":
      return "*orrery.Monitor";
    case "once":
      return "*orrery.Once";
    case "event":
      return "*orrery.Event";
    case "barrier":
      return "*orrery.Barrier";
    case "timer":
      return "*orrery.Timer";
    case "token":
      return "*orrery.Token";
    case "listener":
      return "*orrery.Listener";
    case "conn":
      return "*orrery.Conn";
    case "sem":
      return "*orrery.Semaphore";
    case "atomic":
      return "*orrery.Atomic";
    case "task":
      return "*orrery.Task";
    case "result":
      return "orrery.Result";
  }
}

export function mutexType({ cancels, timedMutexes, lockFairness }: Style): string {
  if (lockFairness !== "native") return `${cancels ? "Cancel" : ""}PermitMutex`;
  return cancels ? "CancelMutex" : timedMutexes ? "TimedMutex" : "Mutex";
}

export function condType({ cancels, timedConds }: Style): string {
  return cancels || timedConds ? "TimedCond" : "Cond";
}

/** What Go has for nothing. */
export function zeroOf(slot: Slot): string {
  if (isAny(slot)) return "nil";
  switch (slot.type.kind) {
    case "int":
      return "0";
    case "bool":
      return "false";
    case "str":
      return '""';
    case "result":
      return "orrery.Result{}";
    default:
      return "nil";
  }
}
