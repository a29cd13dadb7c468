/** golang.org/x/sync/errgroup v0.19: goroutines that work on one thing. An error is a text, "" for nil. */
import { background, CANCELED, type CancelCauseFunc, type Context } from "./context.ts";
import type { Chan, Go, GoLibrary } from "./library.ts";
import type { WaitGroup } from "./library-sync.ts";
import { GoPanic } from "./panic.ts";

export type GoErrFunc = () => Go<string>;

/** errgroup.Group: its first error cancels its context and is what Wait returns. Panics are not caught. */
export class ErrGroup {
  private readonly lib: GoLibrary;
  private readonly wg: WaitGroup;
  private readonly cancel: CancelCauseFunc | null;
  private sem: Chan<null> | null = null;
  private err = "";

  constructor(lib: GoLibrary, cancel: CancelCauseFunc | null = null) {
    this.lib = lib;
    this.wg = lib.waitGroup();
    this.cancel = cancel;
  }

  /** errgroup.WithContext */
  static *withContext(lib: GoLibrary, parent: Context = background(lib)): Go<readonly [ErrGroup, Context]> {
    const [ctx, cancel] = yield* parent.withCancelCause();
    return [new ErrGroup(lib, cancel), ctx];
  }

  /** At most `n` goroutines at a time; below 0 any number. Panics while some run. */
  setLimit(n: number): void {
    if (this.sem !== null && this.sem.len > 0)
      throw new GoPanic(
        `errgroup: modify limit while ${this.sem.len} goroutines in the group are still active`,
      );
    this.sem = n < 0 ? null : this.lib.make<null>(n);
  }

  /** Starts `f`; waits for a place where there is a limit. */
  *go(f: GoErrFunc): Go {
    if (this.sem !== null) yield* this.sem.send(null);
    yield* this.start(f);
  }

  /** False when the limit is reached: `f` does not start. */
  *tryGo(f: GoErrFunc): Go<boolean> {
    if (this.sem !== null) {
      const { index } = yield* this.lib.select([this.sem.onSend(null)], true);
      if (index < 0) return false;
    }
    yield* this.start(f);
    return true;
  }

  /** The first error, once all have ended. */
  *wait(): Go<string> {
    yield* this.wg.wait();
    if (this.cancel !== null) yield* this.cancel(this.err === "" ? CANCELED : this.err);
    return this.err;
  }

  private *start(f: GoErrFunc): Go {
    yield* this.wg.add(1);
    const run = (): Go => this.run(f);
    yield* this.lib.go(run);
  }

  private *run(f: GoErrFunc): Go {
    try {
      const err = yield* f();
      if (err !== "" && this.err === "") {
        this.err = err;
        if (this.cancel !== null) yield* this.cancel(err);
      }
    } finally {
      if (this.sem !== null) yield* this.sem.recv();
      yield* this.wg.done();
    }
  }
}
