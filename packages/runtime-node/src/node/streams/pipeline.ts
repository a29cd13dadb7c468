/**
 * Node 24 lib/internal/streams/pipeline.js, end-of-stream.js and the asynchronous iterator of a readable stream. An error of one stream
 * destroys the others in their order, and the callback is a tick after the last of them has ended.
 */
import type { Steps } from "@orrery/runtime";
import { AsyncGenerator, give } from "../../v8/async-generator.ts";
import { JSPromise } from "../../v8/promise.ts";
import { type Stream, StreamError } from "./state.ts";
import { ReadableStream, type WritableStream } from "./streams.ts";

type Done = (error: Error | null) => void;

const prematureClose = (): Error => new StreamError("ERR_STREAM_PREMATURE_CLOSE", "Premature close");

/**
 * stream.finished: calls back once, when the side has ended, or the stream fails or closes before. One that has no other side
 * has ended when it is closed.
 */
function finished(stream: Stream, side: "readable" | "writable", callback: Done): void {
  let called = false;
  const done = (error: Error | null): void => {
    if (called) return;
    called = true;
    callback(error);
  };
  const ended = (): boolean =>
    side === "readable"
      ? (stream as ReadableStream)._readableState.endEmitted
      : (stream as WritableStream).writableFinished;
  const twoSided = stream instanceof ReadableStream && "writableFinished" in stream;
  if (twoSided) stream.on(side === "readable" ? "end" : "finish", () => done(null));
  stream.on("error", (error: Error) => done(error));
  stream.on("close", () => done(stream.errored ?? (ended() ? null : prematureClose())));
}

/** `middle` have both sides. */
export function pipeline(
  source: ReadableStream,
  ...rest: [...middle: (ReadableStream & WritableStream)[], last: WritableStream, callback: Done]
): void {
  const callback = rest.pop() as Done;
  const streams = [source, ...(rest as WritableStream[])];
  let pending = 2 * (streams.length - 1);
  let failure: Error | null = null;
  const finish = (error: Error | null): void => {
    if (error !== null) failure ??= error;
    pending--;
    if (failure !== null) for (const stream of streams) if (!whole(stream)) stream.destroy(failure);
    if (pending === 0) source.env.taskQueues.nextTick(() => callback(failure));
  };
  streams.slice(1).forEach((to, index) => {
    const from = streams[index] as ReadableStream;
    from.pipe(to as WritableStream);
    finished(from, "readable", finish);
    finished(to, "writable", finish);
  });
}

/** Has done all that it was there for. */
const whole = (stream: Stream): boolean =>
  "writableFinished" in stream
    ? (stream as WritableStream).writableFinished
    : (stream as ReadableStream)._readableState.endEmitted;

/** What `for await` reads a stream by. */
export function streamIterator(stream: ReadableStream): AsyncGenerator {
  const { isolate } = stream.env;
  let wake: (() => void) | null = null;
  let error: Error | null | undefined;
  const next = (): void => {
    wake?.();
    wake = null;
  };
  stream.on("readable", next);
  finished(stream, "readable", (failure) => {
    error = failure;
    next();
  });
  return new AsyncGenerator(
    isolate,
    (function* (): Steps<unknown> {
      try {
        for (;;) {
          const chunk = stream.destroyed ? null : stream.read();
          if (chunk !== null) yield give(chunk);
          else if (error) throw error;
          else if (error === null) return undefined;
          else {
            const promise = new JSPromise(isolate);
            wake = () => promise.resolve();
            yield promise;
          }
        }
      } finally {
        stream.destroy();
      }
    })(),
  );
}
