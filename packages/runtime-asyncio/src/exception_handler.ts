/**
 * What the default exception handler logs: BaseEventLoop.default_exception_handler (3.11.7) through logging's handler of
 * last resort, which shows the bare message and the traceback.
 */
import type { AsyncGenerator } from "./asyncgens.ts";
import type { BaseEventLoop } from "./base_events.ts";
import { Handle } from "./events.ts";
import type { Future } from "./futures.ts";
import type { Task } from "./task.ts";
import { format_exception, stack_lines } from "./tracebacks.ts";
import type { SocketTransport } from "./transports.ts";

/** What call_exception_handler is given. */
export interface ExceptionContext {
  readonly message: string;
  readonly exception?: unknown;
  readonly asyncgen?: AsyncGenerator;
  readonly future?: Future;
  readonly handle?: Handle;
  readonly task?: Task;
  readonly transport?: SocketTransport;
}

/** The message, the other keys in sorted order, the traceback. */
export function log_record(loop: BaseEventLoop, context: ExceptionContext): string {
  const { python, _current_handle } = loop;
  const { message, exception, asyncgen, future, handle, task, transport } = context;
  const { file } = python.options;
  const lines = [message];
  if (asyncgen !== undefined) lines.push(`asyncgen: ${asyncgen.repr()}`);
  if (future !== undefined) lines.push(`future: ${future.repr()}`);
  if (handle !== undefined) lines.push(`handle: ${handle.repr()}`);
  // debug mode: where it was made, or else what runs was queued
  const created = future?._source_traceback ?? handle?._source_traceback ?? null;
  if (created !== null)
    lines.push("source_traceback: Object created at (most recent call last):", ...stack_lines(created, file));
  else if (_current_handle !== null) {
    const queued = _current_handle instanceof Handle ? _current_handle._source_traceback : null;
    lines.push(
      "handle_traceback: Handle created at (most recent call last):",
      ...stack_lines(queued ?? [], file),
    );
  }
  if (task !== undefined) lines.push(`task: ${task.repr()}`);
  if (transport !== undefined) lines.push(`transport: ${transport.repr()}`);
  if (exception instanceof Error)
    lines.push(...format_exception(exception, python.raised.has(exception), file));
  return lines.join("\n");
}
