/** What both sides of a stream have (Node 24 lib/internal/streams/destroy.js and state.js): how it is destroyed, and its limits. */
import type { Env } from "../env.ts";
import { EventEmitter } from "../events.ts";

/** lib/internal/streams/state.js: getDefaultHighWaterMark, objects. */
const DEFAULT_OBJECT_HIGH_WATER_MARK = 16;

export interface SideOptions {
  readonly objectMode?: boolean;
  /** Bytes, or objects in object mode. */
  readonly highWaterMark?: number;
}

/** A chunk is a string in the model, or anything in object mode. */
export const lengthOf = (chunk: unknown, objectMode: boolean): number =>
  objectMode ? 1 : (chunk as string).length;

export const highWaterMarkOf = (env: Env, { objectMode = false, highWaterMark }: SideOptions): number =>
  highWaterMark ?? (objectMode ? DEFAULT_OBJECT_HIGH_WATER_MARK : env.features.streamHighWaterMark);

export class StreamError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const destroyedError = (what: string): StreamError =>
  new StreamError("ERR_STREAM_DESTROYED", `Cannot call ${what} after a stream was destroyed`);

/** A stream, whichever sides it has. Its listeners run to their end at once. */
export abstract class Stream extends EventEmitter {
  readonly env: Env;
  destroyed = false;
  closed = false;
  errored: Error | null = null;
  errorEmitted = false;
  closeEmitted = false;

  constructor(env: Env) {
    super();
    this.env = env;
  }

  /** False for one that emits `close` by itself. */
  protected readonly emitClose: boolean = true;

  protected tick(callback: () => void): void {
    this.env.taskQueues.nextTick(callback);
  }

  /** What a stream does with its resources: calls back when they are gone. */
  protected _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    callback(error);
  }

  /** `error`, if any, and `close` come in a tick. */
  destroy(error: Error | null = null): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.errored ??= error;
    let called = false;
    this._destroy(error, (failed) => {
      if (called) return;
      called = true;
      this.closed = true;
      if (failed) this.errored ??= failed;
      this.tick(() => {
        if (failed) this.emitError(failed);
        if (!this.emitClose) return;
        this.closeEmitted = true;
        this.emit("close");
      });
    });
    return this;
  }

  /** Reports an error of an operation: every stream here destroys itself. */
  errorOrDestroy(error: Error): void {
    this.destroy(error);
  }

  private emitError(error: Error): void {
    if (this.errorEmitted) return;
    this.errorEmitted = true;
    this.emit("error", error);
  }
}
