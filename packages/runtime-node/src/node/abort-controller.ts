/**
 * Node 24 lib/internal/abort_controller.js. `abort()` runs the listeners at once, in the order of their registration, and
 * `onabort` in its own place among them; a second call does nothing.
 */
import type { Env } from "./env.ts";

export class AbortError extends Error {
  override readonly name = "AbortError";
  readonly code = "ABORT_ERR";

  constructor(cause: unknown) {
    super("The operation was aborted", { cause });
  }
}

class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

type AbortListener = () => void;

export class AbortSignal {
  aborted = false;
  reason: unknown = undefined;
  /** Of one that any() made: the signals of controllers and timeouts that it depends on. */
  private sources: readonly AbortSignal[] = [];
  /** Of one that any() made. */
  private markedFirst = true;
  private readonly dependants: AbortSignal[] = [];
  private readonly listeners: { listener: AbortListener | null; readonly onabort: boolean }[] = [];

  addEventListener(_type: "abort", listener: AbortListener): void {
    if (!this.listeners.some((entry) => entry.listener === listener))
      this.listeners.push({ listener, onabort: false });
  }

  removeEventListener(_type: "abort", listener: AbortListener): void {
    const index = this.listeners.findIndex((entry) => entry.listener === listener && !entry.onabort);
    if (index >= 0) this.listeners.splice(index, 1);
  }

  set onabort(listener: AbortListener | null) {
    const entry = this.listeners.find((each) => each.onabort);
    if (entry !== undefined) entry.listener = listener;
    else this.listeners.push({ listener, onabort: true });
  }

  get onabort(): AbortListener | null {
    return this.listeners.find((each) => each.onabort)?.listener ?? null;
  }

  /** AbortSignal.timeout: its timer does not hold the loop. */
  static timeout(env: Env, afterMs: number): AbortSignal {
    const signal = new AbortSignal();
    const abort = (): void => signal.abort(new TimeoutError("The operation was aborted due to timeout"));
    env.timers.setTimeout(abort, afterMs, false);
    return signal;
  }

  /** Aborted with the first of them. */
  static any({ features }: Env, signals: readonly AbortSignal[]): AbortSignal {
    const result = new AbortSignal();
    result.markedFirst = features.abortMarksFirst;
    const first = signals.find(({ aborted }) => aborted);
    if (first !== undefined) {
      result.mark(first.reason);
      return result;
    }
    result.sources = signals.flatMap((signal) => (signal.sources.length > 0 ? signal.sources : signal));
    for (const source of new Set(result.sources)) source.dependants.push(result);
    return result;
  }

  /** @internal All dependants are aborted before the first listener runs, in Node 20 each before its own. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    const aborted = [this, ...this.dependants.filter((dependant) => !dependant.aborted)];
    for (const signal of aborted) if (signal === this || signal.markedFirst) signal.mark(reason);
    for (const signal of aborted) {
      signal.mark(reason);
      signal.runAbort();
    }
  }

  private mark(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
  }

  private runAbort(): void {
    for (const { listener } of this.listeners.slice()) listener?.();
  }
}

export class AbortController {
  readonly signal = new AbortSignal();

  abort(reason: unknown = new AbortError(undefined)): void {
    this.signal.abort(reason);
  }
}
