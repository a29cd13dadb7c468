/**
 * The streams of Node 24 lib/stream.js. The options' functions are called with their stream, which in Node they find as `this`.
 * A chunk is a string, or anything in object mode.
 */
import type { Env } from "../env.ts";
import { ReadableState, type Source } from "./readable.ts";
import { type SideOptions, Stream } from "./state.ts";
import { type Sink, WritableState } from "./writable.ts";

type Done = (error?: Error | null) => void;

export interface ReadableOptions extends SideOptions {
  read?(stream: Readable): void;
}

export interface WritableOptions extends SideOptions {
  write?(chunk: unknown, callback: Done): void;
  writev?(chunks: readonly unknown[], callback: Done): void;
  final?(callback: Done): void;
}

export interface TransformOptions extends SideOptions {
  transform(chunk: unknown, callback: (error?: Error | null, chunk?: unknown) => void): void;
}

/** A stream with a readable side. */
export abstract class ReadableStream extends Stream implements Source {
  abstract readonly _readableState: ReadableState;

  abstract _read(): void;

  override on(type: string, listener: (...args: never[]) => unknown): this {
    super.on(type, listener);
    this._readableState.listening(type);
    return this;
  }

  push(chunk: unknown): boolean {
    return this._readableState.push(chunk);
  }

  read(): unknown {
    return this._readableState.read();
  }

  resume(): this {
    this._readableState.resume();
    return this;
  }

  pause(): this {
    this._readableState.pause();
    return this;
  }

  /** Pauses while `to` has more than it wants. */
  pipe<T extends WritableStream>(to: T, end = true): T {
    let awaitsDrain = false;
    let listens = false;
    const ondrain = (): void => {
      if (awaitsDrain) this.resume();
      awaitsDrain = false;
    };
    this.on("data", (chunk) => {
      if (to.write(chunk)) return;
      awaitsDrain = true;
      this.pause();
      if (!listens) to.on("drain", ondrain);
      listens = true;
    });
    if (end) this.once("end", () => void to.end());
    if (to.writableNeedDrain) this.pause();
    else this.resume();
    return to;
  }
}

/** A stream with a writable side. */
export interface WritableStream extends Stream {
  readonly writableNeedDrain: boolean;
  readonly writableFinished: boolean;
  write(chunk: unknown, callback?: Done): boolean;
  /** With a last chunk, or with what is called when all is written. */
  end(chunk?: unknown): this;
}

export class Readable extends ReadableStream {
  readonly _readableState: ReadableState;
  private readonly options: ReadableOptions;

  constructor(env: Env, options: ReadableOptions) {
    super(env);
    this.options = options;
    this._readableState = new ReadableState(this, options, () => void this.destroy());
  }

  _read(): void {
    this.options.read?.(this);
  }
}

export class Writable extends Stream implements Sink, WritableStream {
  readonly _writableState: WritableState;
  readonly _writev?: NonNullable<Sink["_writev"]>;
  readonly _final?: NonNullable<Sink["_final"]>;
  private readonly options: WritableOptions;

  constructor(env: Env, options: WritableOptions) {
    super(env);
    this.options = options;
    if (options.writev !== undefined) this._writev = (chunks, callback) => options.writev!(chunks, callback);
    if (options.final !== undefined) this._final = (callback) => options.final!(callback);
    this._writableState = new WritableState(this, options, () => true);
  }

  _write(chunk: unknown, callback: Done): void {
    this.options.write?.(chunk, callback);
  }

  get writableNeedDrain(): boolean {
    return this._writableState.needDrain;
  }

  get writableFinished(): boolean {
    return this._writableState.finished;
  }

  write(chunk: unknown, callback?: Done): boolean {
    return this._writableState.write(chunk, callback);
  }

  end(chunk?: unknown): this {
    const callback = typeof chunk === "function" ? (chunk as Done) : undefined;
    if (chunk !== undefined && callback === undefined) this._writableState.write(chunk);
    this._writableState.end(callback);
    return this;
  }

  override destroy(error?: Error | null): this {
    if (!this.destroyed) this._writableState.destroying();
    return super.destroy(error);
  }
}

/** Both sides. It is destroyed when both have ended; without `allowHalfOpen` the end of the readable side ends the other. */
export abstract class Duplex extends ReadableStream implements Sink, WritableStream {
  readonly _readableState: ReadableState;
  readonly _writableState: WritableState;
  _final?(callback: Done): void;

  constructor(env: Env, options: SideOptions, allowHalfOpen = true) {
    super(env);
    this._readableState = new ReadableState(this, options, () => {
      if (!allowHalfOpen && !this._writableState.ending) this.tick(() => void this.end());
      else if (this._writableState.finished) this.destroy();
    });
    this._writableState = new WritableState(this, options, () => this._readableState.endEmitted);
  }

  abstract _write(chunk: unknown, callback: Done): void;

  get writableNeedDrain(): boolean {
    return this._writableState.needDrain;
  }

  get writableFinished(): boolean {
    return this._writableState.finished;
  }

  write(chunk: unknown, callback?: Done): boolean {
    return this._writableState.write(chunk, callback);
  }

  end(chunk?: unknown): this {
    const callback = typeof chunk === "function" ? (chunk as Done) : undefined;
    if (chunk !== undefined && callback === undefined) this._writableState.write(chunk);
    this._writableState.end(callback);
    return this;
  }

  override destroy(error?: Error | null): this {
    if (!this.destroyed) this._writableState.destroying();
    return super.destroy(error);
  }
}

/** lib/internal/streams/transform.js: a write is done when its result was pushed and the readable side wants more. */
export class Transform extends Duplex {
  private readonly options: TransformOptions;
  private callback: Done | null = null;

  constructor(env: Env, options: TransformOptions) {
    super(env, options);
    this.options = options;
    this._readableState.sync = false;
  }

  override _final(callback: Done): void {
    this.push(null);
    callback();
  }

  _write(chunk: unknown, callback: Done): void {
    const readable = this._readableState;
    const { length } = readable;
    this.options.transform(chunk, (error, result) => {
      if (error) {
        callback(error);
        return;
      }
      if (result !== undefined && result !== null) this.push(result);
      if (this._writableState.ended || readable.length === length || readable.length < readable.highWaterMark)
        callback();
      else this.callback = callback;
    });
  }

  _read(): void {
    const { callback } = this;
    this.callback = null;
    callback?.();
  }
}
