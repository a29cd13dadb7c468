/**
 * Node 24 lib/internal/streams/readable.js. A stream that flows reads until nothing is left, and what `_read` pushes at once is
 * buffered first; what is pushed later, while the buffer is empty, goes to the listeners of `data` at once. Resuming, `readable`,
 * reading ahead and `end` are ticks. Left out: encodings, `unshift`, `construct`.
 */
import type { SideOptions } from "./state.ts";
import { highWaterMarkOf, lengthOf, type Stream, StreamError } from "./state.ts";

/** What a stream with a readable side reads from. */
export interface Source {
  /** Calls `push`, now or later. */
  _read(): void;
}

export class ReadableState {
  readonly highWaterMark: number;
  readonly objectMode: boolean;
  readonly buffer: unknown[] = [];
  /** Bytes or objects in the buffer. */
  length = 0;
  /** null: nobody has asked for data. */
  flowing: boolean | null = null;
  ended = false;
  endEmitted = false;
  reading = false;
  /** During `_read`, and until the first one unless the stream says otherwise: what is pushed is buffered. */
  sync = true;
  private needReadable = false;
  private emittedReadable = false;
  private readableListening = false;
  private resumeScheduled = false;
  private readingMore = false;
  private readonly stream: Stream & Source;
  /** What comes after `end`: the other side is ended, or the stream destroyed. */
  private readonly afterEnd: () => void;

  constructor(stream: Stream & Source, options: SideOptions, afterEnd: () => void) {
    this.stream = stream;
    this.objectMode = options.objectMode ?? false;
    this.highWaterMark = highWaterMarkOf(stream.env, options);
    this.afterEnd = afterEnd;
  }

  /** null ends the stream. False once the buffer has reached the mark. */
  push(chunk: unknown): boolean {
    const { stream } = this;
    this.reading = false;
    if (chunk === null) {
      this.onEofChunk();
      return false;
    }
    if (this.ended) {
      stream.errorOrDestroy(new StreamError("ERR_STREAM_PUSH_AFTER_EOF", "stream.push() after EOF"));
      return false;
    }
    if (stream.destroyed || stream.errored !== null) return false;
    this.addChunk(chunk);
    return this.length < this.highWaterMark || this.length === 0;
  }

  /** All that is buffered, one chunk if the stream flows or has objects. With 0 it only asks for more. */
  read(n?: 0): unknown {
    if (n !== 0) this.emittedReadable = false;
    if (
      n === 0 &&
      this.needReadable &&
      ((this.highWaterMark > 0 ? this.length >= this.highWaterMark : this.length > 0) || this.ended)
    ) {
      if (this.length === 0 && this.ended) this.endReadable();
      else this.emitReadable();
      return null;
    }
    let take = this.howMuchToRead(n);
    if (take === 0 && this.ended) {
      if (this.length === 0) this.endReadable();
      return null;
    }
    if (this.mayRead(take)) {
      this.reading = true;
      this.sync = true;
      if (this.length === 0) this.needReadable = true;
      this.stream._read();
      this.sync = false;
      if (!this.reading) take = this.howMuchToRead(n);
    }
    const chunk = take > 0 ? this.fromList(take) : null;
    if (chunk === null) {
      this.needReadable = this.length <= this.highWaterMark;
      take = 0;
    } else this.length -= take;
    if (this.length === 0) {
      if (!this.ended) this.needReadable = true;
      if ((n ?? NaN) !== take && this.ended) this.endReadable();
    }
    if (chunk !== null && this.stream.errored === null && !this.stream.closeEmitted)
      this.stream.emit("data", chunk);
    return chunk;
  }

  resume(): void {
    if (this.flowing === true) return;
    this.flowing = !this.readableListening;
    if (this.resumeScheduled) return;
    this.resumeScheduled = true;
    this.tick(() => this.resumeNow());
  }

  pause(): void {
    if (this.flowing === false) return;
    this.flowing = false;
    this.stream.emit("pause");
  }

  /** Somebody listens to `data` or `readable` from now on. */
  listening(event: string): void {
    if (event === "data" && this.flowing !== false) this.resume();
    if (event !== "readable" || this.endEmitted || this.readableListening) return;
    this.readableListening = this.needReadable = true;
    this.flowing = false;
    this.emittedReadable = false;
    if (this.length > 0) this.emitReadable();
    else if (!this.reading) this.tick(() => void this.read(0));
  }

  private tick(callback: () => void): void {
    this.stream.env.taskQueues.nextTick(callback);
  }

  private mayRead(take: number): boolean {
    const { destroyed, errored } = this.stream;
    if (this.ended || this.reading || destroyed || errored !== null) return false;
    return this.needReadable || this.length === 0 || this.length - take < this.highWaterMark;
  }

  private howMuchToRead(n: 0 | undefined): number {
    if (n === 0 || (this.length === 0 && this.ended)) return 0;
    if (this.objectMode) return 1;
    return this.flowing === true && this.length > 0 ? lengthOf(this.buffer[0], false) : this.length;
  }

  private fromList(take: number): unknown {
    if (this.length === 0) return null;
    if (this.objectMode || lengthOf(this.buffer[0], false) === take) return this.buffer.shift();
    return this.buffer.splice(0).join("");
  }

  private addChunk(chunk: unknown): void {
    const { stream } = this;
    if (this.flowing === true && this.length === 0 && !this.sync && stream.listenerCount("data") > 0)
      stream.emit("data", chunk);
    else {
      this.length += lengthOf(chunk, this.objectMode);
      this.buffer.push(chunk);
      if (this.needReadable) this.emitReadable();
    }
    this.maybeReadMore();
  }

  private onEofChunk(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.sync) {
      this.emitReadable();
      return;
    }
    this.needReadable = false;
    this.emittedReadable = true;
    this.emitReadableNow();
  }

  private emitReadable(): void {
    this.needReadable = false;
    if (this.emittedReadable) return;
    this.emittedReadable = true;
    this.tick(() => this.emitReadableNow());
  }

  private emitReadableNow(): void {
    const { stream } = this;
    if (!stream.destroyed && stream.errored === null && (this.length > 0 || this.ended)) {
      stream.emit("readable");
      this.emittedReadable = false;
    }
    this.needReadable = this.flowing !== true && !this.ended && this.length <= this.highWaterMark;
    this.flow();
  }

  private maybeReadMore(): void {
    if (this.readingMore) return;
    this.readingMore = true;
    this.tick(() => {
      while (
        !this.reading &&
        !this.ended &&
        (this.length < this.highWaterMark || (this.flowing === true && this.length === 0))
      ) {
        const { length } = this;
        this.read(0);
        if (length === this.length) break;
      }
      this.readingMore = false;
    });
  }

  private resumeNow(): void {
    if (!this.reading) this.read(0);
    this.resumeScheduled = false;
    this.stream.emit("resume");
    this.flow();
    if (this.flowing === true && !this.reading) this.read(0);
  }

  private flow(): void {
    while (this.flowing === true && this.read() !== null);
  }

  private endReadable(): void {
    if (this.endEmitted) return;
    this.ended = true;
    this.tick(() => {
      const { stream } = this;
      if (stream.errored !== null || stream.closeEmitted || this.endEmitted || this.length > 0) return;
      this.endEmitted = true;
      stream.emit("end");
      this.afterEnd();
    });
  }
}
