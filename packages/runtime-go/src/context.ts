/**
 * Package context, after src/context/context.go of Go 1.26. Children live in a map: a cancelled parent reaches them in
 * map order (decision `go.mapiter`). Left out: values, foreign implementations of Context, AfterFunc's own interface.
 */
import type { Chan, Go, GoFunc, GoLibrary } from "./library.ts";
import type { AfterFunc } from "./library-time.ts";

export const CANCELED = "context canceled";
export const DEADLINE_EXCEEDED = "context deadline exceeded";

/** Up to this many entries a map is one group of slots, walked round from a random one (internal/runtime/maps). */
const MAP_GROUP_SLOTS = 8;

export type CancelFunc = () => Go;
export type CancelCauseFunc = (cause: string) => Go;

export class Context {
  /** "" until it is cancelled. */
  err = "";
  cause = "";
  /** Virtual time, ns; Infinity for none. */
  deadlineNs = Infinity;
  private readonly lib: GoLibrary;
  private readonly parent: Context | null;
  private channel: Chan<never> | null = null;
  private readonly children: Context[] = [];
  private timer: AfterFunc | null = null;
  /** Of AfterFunc: runs once in a goroutine of its own. */
  private after: GoFunc | null = null;

  constructor(lib: GoLibrary, parent: Context | null) {
    this.lib = lib;
    this.parent = parent;
  }

  /** Closed by the cancellation; nil of a context that nothing cancels. */
  get done(): Chan<never> {
    if (this.parent === null) return this.lib.nilChan<never>();
    this.channel ??= this.lib.make<never>();
    if (this.err !== "") this.channel.hchan!.closed = true; // closedchan
    return this.channel;
  }

  *withCancel(): Go<readonly [Context, CancelFunc]> {
    const ctx = new Context(this.lib, this);
    yield* this.adopt(ctx);
    return [ctx, (): Go => ctx.cancel(CANCELED, CANCELED, true)];
  }

  *withCancelCause(): Go<readonly [Context, CancelCauseFunc]> {
    const ctx = new Context(this.lib, this);
    yield* this.adopt(ctx);
    return [ctx, (cause: string): Go => ctx.cancel(CANCELED, cause, true)];
  }

  /** With a parent that expires sooner, no timer of its own. */
  *withTimeout(ns: number, cause = DEADLINE_EXCEEDED): Go<readonly [Context, CancelFunc]> {
    const ctx = new Context(this.lib, this);
    const deadline = this.lib.now() + ns;
    ctx.deadlineNs = Math.min(deadline, this.deadlineNs);
    yield* this.adopt(ctx);
    if (this.deadlineNs >= deadline && ctx.err === "") {
      if (ns <= 0) yield* ctx.cancel(DEADLINE_EXCEEDED, cause, true);
      else ctx.timer = this.lib.afterFunc(ns, () => ctx.cancel(DEADLINE_EXCEEDED, cause, true));
    }
    return [ctx, (): Go => ctx.cancel(CANCELED, CANCELED, true)];
  }

  /** Calls `f` in a goroutine of its own once this is cancelled. The returned stop tells whether it prevented that. */
  *afterFunc(f: GoFunc): Go<() => Go<boolean>> {
    const ctx = new Context(this.lib, this);
    ctx.after = f;
    yield* this.adopt(ctx);
    return function* stop(): Go<boolean> {
      if (ctx.after === null) return false;
      ctx.after = null;
      yield* ctx.cancel(CANCELED, CANCELED, true);
      return true;
    };
  }

  private *adopt(child: Context): Go {
    yield* this.lib.pay();
    child.deadlineNs = Math.min(child.deadlineNs, this.deadlineNs);
    if (this.err !== "") yield* child.cancel(this.err, this.cause, false);
    else if (this.parent !== null) this.children.push(child);
  }

  /** Its own channel first, then the children, deepest last. */
  private *cancel(err: string, cause: string, detach: boolean): Go {
    if (this.err === "") {
      this.err = err;
      this.cause = cause;
      if (this.channel !== null) yield* this.channel.close();
      for (const child of this.mapOrder()) yield* child.cancel(err, cause, false);
      this.children.length = 0;
    }
    if (detach && this.parent !== null) {
      const { children } = this.parent;
      const index = children.indexOf(this);
      if (index >= 0) children.splice(index, 1);
    }
    const { timer, after } = this;
    this.timer = null;
    this.after = null;
    if (timer !== null) yield* timer.stop();
    if (after !== null) yield* this.lib.go(after);
  }

  private mapOrder(): readonly Context[] {
    const { children } = this;
    if (children.length <= 1) return [...children];
    const { decisions } = this.lib.rt.machine;
    if (children.length <= MAP_GROUP_SLOTS) {
      const from = decisions.choose("go.mapiter", MAP_GROUP_SLOTS);
      return [...children.slice(from), ...children.slice(0, from)];
    }
    const rest = [...children];
    return children.map(() => rest.splice(decisions.choose("go.mapiter", rest.length), 1)[0]!);
  }
}

/** context.Background: never cancelled. */
export function background(lib: GoLibrary): Context {
  return new Context(lib, null);
}
