import type { ErrKind } from "@orrery/program";
import type { Task } from "./task.ts";

/** What a program's variables hold. Handles are objects; lists are the task's own JavaScript arrays. */
export type Value = number | boolean | string | null | Value[] | Handle | Task | TaskResult;

/** Result of a settled task: what `settleAll` binds. */
export interface TaskResult {
  readonly ok: boolean;
  readonly value: Value;
  readonly error: ErrKind | null;
}

/** An error of the program: thrown into task bodies, caught by `try`, the reason of a failed task. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly kind: ErrKind;

  constructor(kind: ErrKind, message: string = kind) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Handles of the language's resources. The language's half (name, holder, settled value) lives here, is kept by the
 * interpreter and is the same for every runtime; the runtime's half is `native`, set and used by the lowering alone.
 */
export interface HandleBase {
  readonly name: HandleName;
  native: unknown;
}

/** Name of the local that a handle was created under, with a number when there are several: `fork[2]`. */
export class HandleName {
  private readonly family: HandleFamily;
  private readonly index: number;

  constructor(family: HandleFamily) {
    this.family = family;
    this.index = family.count++;
  }

  toString(): string {
    return this.family.count === 1 ? this.family.local : `${this.family.local}[${this.index}]`;
  }
}

/** Handles created under the same local's name. */
export interface HandleFamily {
  readonly local: string;
  count: number;
}

export interface ChanHandle extends HandleBase {
  readonly kind: "chan";
  readonly cap: number;
}
export interface MutexHandle extends HandleBase {
  readonly kind: "mutex";
  holder: Task | null;
}
export interface SemHandle extends HandleBase {
  readonly kind: "sem";
  readonly permits: number;
}
export interface GroupHandle extends HandleBase {
  readonly kind: "group";
  count: number;
}
export interface AtomicHandle extends HandleBase {
  readonly kind: "atomic";
  value: number;
}
export interface PromiseHandle extends HandleBase {
  readonly kind: "promise";
  state: "pending" | "resolved" | "rejected";
  value: Value;
  error: Fault | null;
}
export type Handle = ChanHandle | MutexHandle | SemHandle | GroupHandle | AtomicHandle | PromiseHandle;
