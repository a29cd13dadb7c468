/**
 * Node 24 lib/internal/abort_controller.js. `abort()` runs the listeners at once, in the order of their registration, and
 * `onabort` in its own place among them; a second call does nothing. Left out: AbortSignal.any and AbortSignal.timeout.
 */

export class AbortError extends Error {
  override readonly name = "AbortError";
  readonly code = "ABORT_ERR";

  constructor(cause: unknown) {
    super("The operation was aborted", { cause });
  }
}

type AbortListener = () => void;

export class AbortSignal {
  aborted = false;
  reason: unknown = undefined;
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

  /** @internal */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const { listener } of this.listeners.slice()) listener?.();
  }
}

export class AbortController {
  readonly signal = new AbortSignal();

  abort(reason: unknown = new AbortError(undefined)): void {
    this.signal.abort(reason);
  }
}
