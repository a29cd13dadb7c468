/**
 * java.lang.ThreadLocal, InheritableThreadLocal and ScopedValue (JDK 25). A thread local is its thread's own, virtual or not; an
 * inheritable one is copied when a thread is created. A scoped value's binding reaches the forks of a structured scope that was
 * opened under it, and no other thread.
 */
import { isSteps, type Op, type Steps } from "@orrery/runtime";
import { type JavaThread, Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

export class ThreadLocal<T> {
  protected readonly jvm: Jvm;
  private readonly initialValue: () => T;

  /** `ThreadLocal.withInitial(initialValue)` */
  constructor(jvm: Jvm, initialValue: () => T) {
    this.jvm = jvm;
    this.initialValue = initialValue;
  }

  get(): T {
    const map = this.mapOf(this.jvm.currentThread());
    if (!map.has(this)) map.set(this, this.initialValue());
    return map.get(this) as T;
  }

  set(value: T): void {
    this.mapOf(this.jvm.currentThread()).set(this, value);
  }

  remove(): void {
    this.mapOf(this.jvm.currentThread()).delete(this);
  }

  protected mapOf(thread: JavaThread): Map<unknown, unknown> {
    return mapIn(this.jvm.threadLocals, thread);
  }
}

export class InheritableThreadLocal<T> extends ThreadLocal<T | null> {
  constructor(jvm: Jvm) {
    super(jvm, () => null);
  }

  protected override mapOf(thread: JavaThread): Map<unknown, unknown> {
    return mapIn(this.jvm.inheritableThreadLocals, thread);
  }
}

/** What the constructor of Thread does: the new thread has the inheritable thread locals of the current one. */
export function inheritThreadLocals(jvm: Jvm, thread: JavaThread): void {
  const map = jvm.inheritableThreadLocals.get(jvm.currentThread());
  if (map !== undefined) jvm.inheritableThreadLocals.set(thread, new Map(map));
}

function mapIn(maps: WeakMap<JavaThread, Map<unknown, unknown>>, thread: JavaThread): Map<unknown, unknown> {
  let map = maps.get(thread);
  if (map === undefined) {
    map = new Map();
    maps.set(thread, map);
  }
  return map;
}

export class ScopedValue<T> {
  private readonly jvm: Jvm;

  /** `ScopedValue.newInstance()` */
  constructor(jvm: Jvm) {
    this.jvm = jvm;
  }

  /** `ScopedValue.where(this, value).call(body)` */
  *where<R>(value: T, body: () => Op<R>): Steps<R> {
    const thread = this.jvm.currentThread();
    const { scopedValueBindings } = this.jvm;
    const outer = scopedValueBindings.get(thread);
    scopedValueBindings.set(thread, new Map(outer ?? []).set(this, value));
    try {
      const result = body();
      return isSteps(result) ? yield* result : result;
    } finally {
      if (outer === undefined) scopedValueBindings.delete(thread);
      else scopedValueBindings.set(thread, outer);
    }
  }

  get isBound(): boolean {
    return this.jvm.scopedValueBindings.get(this.jvm.currentThread())?.has(this) ?? false;
  }

  /** NoSuchElementException if it is not bound. */
  get(): T {
    if (!this.isBound) throw new Throwable("java.util.NoSuchElementException", "ScopedValue not bound");
    return this.jvm.scopedValueBindings.get(this.jvm.currentThread())!.get(this) as T;
  }
}
