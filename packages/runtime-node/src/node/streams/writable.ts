/**
 * Node 24 lib/internal/streams/writable.js. A write goes to `_write` at once, or into the buffer while one is under way; the answer of
 * `write` is taken afterwards. A `_write` that ends at once has its callback called in a tick, any other at once, after the
 * buffer was gone on with; `drain` precedes that callback. Left out: cork, encodings, `construct`.
 */
import type { SideOptions } from "./state.ts";
import { destroyedError, highWaterMarkOf, lengthOf, type Stream, StreamError } from "./state.ts";

type Callback = (error?: Error | null) => void;

/** What a stream with a writable side does with what is written. */
export interface Sink {
  _write(chunk: unknown, callback: Callback): void;
  /** Takes the whole buffer at once, if it can. */
  _writev?(chunks: readonly unknown[], callback: Callback): void;
  _final?(callback: Callback): void;
}

interface Buffered {
  readonly chunk: unknown;
  readonly callback: Callback;
}

const nop: Callback = () => {};

export class WritableState {
  readonly highWaterMark: number;
  readonly objectMode: boolean;
  /** Bytes or objects that are buffered or being written. */
  length = 0;
  ending = false;
  ended = false;
  finished = false;
  needDrain = false;
  private writing = false;
  private sync = true;
  private bufferProcessing = false;
  private pendingcb = 0;
  private prefinished = false;
  private finalCalled = false;
  private writelen = 0;
  private writecb: Callback = nop;
  private buffered: Buffered[] = [];
  private afterWriteTickInfo: { count: number; readonly callback: Callback } | null = null;
  private readonly onFinished: Callback[] = [];
  private readonly stream: Stream & Sink;
  /** Whether the readable side, if there is one, has ended too. */
  private readonly otherSideEnded: () => boolean;

  constructor(stream: Stream & Sink, options: SideOptions, otherSideEnded: () => boolean) {
    this.stream = stream;
    this.objectMode = options.objectMode ?? false;
    this.highWaterMark = highWaterMarkOf(stream.env, options);
    this.otherSideEnded = otherSideEnded;
  }

  write(chunk: unknown, callback: Callback = nop): boolean {
    const { stream } = this;
    const error = this.ending
      ? new StreamError("ERR_STREAM_WRITE_AFTER_END", "write after end")
      : stream.destroyed
        ? destroyedError("write")
        : null;
    if (error !== null) {
      this.tick(() => callback(error));
      stream.errorOrDestroy(error);
      return false;
    }
    this.pendingcb++;
    return this.writeOrBuffer(chunk, callback);
  }

  end(callback?: Callback): void {
    const { stream } = this;
    let error: Error | null = null;
    if (stream.errored === null && !this.ending) {
      this.ending = true;
      this.finishMaybe(true);
      this.ended = true;
    } else if (this.finished)
      error = new StreamError("ERR_STREAM_ALREADY_FINISHED", "Cannot call end after a stream was finished");
    else if (stream.destroyed) error = destroyedError("end");
    if (callback === undefined) return;
    if (error !== null || this.finished) this.tick(() => callback(error));
    else this.onFinished.push(callback);
  }

  /** A destroyed stream tells those whose chunks it drops. */
  destroying(): void {
    if (this.buffered.length > 0 || this.onFinished.length > 0) this.tick(() => this.errorBuffer());
  }

  private tick(callback: () => void): void {
    this.stream.env.taskQueues.nextTick(callback);
  }

  private writeOrBuffer(chunk: unknown, callback: Callback): boolean {
    const { stream } = this;
    const length = lengthOf(chunk, this.objectMode);
    this.length += length;
    if (this.writing || stream.errored !== null) this.buffered.push({ chunk, callback });
    else this.doWrite(length, callback, (done) => stream._write(chunk, done));
    const more = this.length < this.highWaterMark;
    if (!more) this.needDrain = true;
    return more && stream.errored === null && !stream.destroyed;
  }

  private doWrite(length: number, callback: Callback, write: (done: Callback) => void): void {
    this.writelen = length;
    this.writecb = callback;
    this.writing = true;
    this.sync = true;
    const done: Callback = (error) => this.onwrite(error);
    if (this.stream.destroyed) this.onwrite(destroyedError("write"));
    else write(done);
    this.sync = false;
  }

  private onwrite(error?: Error | null): void {
    const { sync, writecb, stream } = this;
    this.writing = false;
    this.writecb = nop;
    this.length -= this.writelen;
    this.writelen = 0;
    if (error) {
      stream.errored ??= error;
      if (sync) this.tick(() => this.onwriteError(error, writecb));
      else this.onwriteError(error, writecb);
      return;
    }
    if (this.buffered.length > 0) this.clearBuffer();
    if (sync) this.afterWriteInTick(writecb);
    else this.afterWrite(1, writecb);
  }

  /** One tick for writes in a row that have the same callback; none for one that nobody waits for. */
  private afterWriteInTick(callback: Callback): void {
    const info = this.afterWriteTickInfo;
    if (info?.callback === callback) {
      info.count++;
      return;
    }
    if (callback === nop && !(this.needDrain && this.length === 0) && !this.stream.destroyed) {
      this.pendingcb--;
      if (this.ending) this.finishMaybe(true);
      return;
    }
    const next = { count: 1, callback };
    this.afterWriteTickInfo = next;
    this.tick(() => {
      this.afterWriteTickInfo = null;
      this.afterWrite(next.count, callback);
    });
  }

  private afterWrite(count: number, callback: Callback): void {
    const { stream } = this;
    if (!this.ending && !stream.destroyed && this.length === 0 && this.needDrain) {
      this.needDrain = false;
      stream.emit("drain");
    }
    for (let left = count; left > 0; left--) {
      this.pendingcb--;
      callback(null);
    }
    if (stream.destroyed) this.errorBuffer();
    if (this.ending) this.finishMaybe(true);
  }

  private onwriteError(error: Error, callback: Callback): void {
    this.pendingcb--;
    callback(error);
    this.errorBuffer();
    this.stream.errorOrDestroy(error);
  }

  private errorBuffer(): void {
    if (this.writing) return;
    const error = this.stream.errored ?? destroyedError("write");
    for (const { chunk, callback } of this.buffered.splice(0)) {
      this.length -= lengthOf(chunk, this.objectMode);
      callback(error);
    }
    this.callFinished(error);
  }

  private callFinished(error: Error | null): void {
    for (const callback of this.onFinished.splice(0)) callback(error);
  }

  private clearBuffer(): void {
    const { stream } = this;
    if (this.bufferProcessing || stream.destroyed) return;
    this.bufferProcessing = true;
    if (this.buffered.length > 1 && stream._writev !== undefined) {
      const batch = this.buffered;
      this.buffered = [];
      this.pendingcb -= batch.length - 1;
      const callback: Callback = (error) => {
        for (const each of batch) each.callback(error);
      };
      const chunks = batch.map(({ chunk }) => chunk);
      this.doWrite(this.length, callback, (done) => stream._writev!(chunks, done));
    } else
      do {
        const { chunk, callback } = this.buffered.shift()!;
        this.doWrite(lengthOf(chunk, this.objectMode), callback, (done) => stream._write(chunk, done));
      } while (this.buffered.length > 0 && !this.writing);
    this.bufferProcessing = false;
  }

  private get needFinish(): boolean {
    const { destroyed, errored, closeEmitted } = this.stream;
    return (
      this.ending &&
      !destroyed &&
      this.length === 0 &&
      errored === null &&
      this.buffered.length === 0 &&
      !this.finished &&
      !this.writing &&
      !closeEmitted
    );
  }

  private finishMaybe(sync: boolean): void {
    if (!this.needFinish) return;
    this.prefinish();
    if (this.pendingcb > 0) return;
    if (sync) {
      this.pendingcb++;
      this.tick(() => {
        if (this.needFinish) this.finish();
        else this.pendingcb--;
      });
    } else if (this.needFinish) {
      this.pendingcb++;
      this.finish();
    }
  }

  private prefinish(): void {
    if (this.prefinished || this.finalCalled) return;
    if (this.stream._final !== undefined && !this.stream.destroyed) {
      this.finalCalled = true;
      this.callFinal();
    } else {
      this.prefinished = true;
      this.stream.emit("prefinish");
    }
  }

  private callFinal(): void {
    const { stream } = this;
    this.pendingcb++;
    stream._final!((error) => {
      this.pendingcb--;
      if (error) {
        this.callFinished(error);
        stream.errorOrDestroy(error);
      } else if (this.needFinish) {
        this.prefinished = true;
        stream.emit("prefinish");
        this.pendingcb++;
        this.tick(() => this.finish());
      }
    });
  }

  private finish(): void {
    this.pendingcb--;
    this.finished = true;
    this.callFinished(null);
    this.stream.emit("finish");
    if (this.otherSideEnded()) this.stream.destroy();
  }
}
