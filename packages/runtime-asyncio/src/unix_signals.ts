/**
 * Signals of one process as asyncio/unix_events.py handles them (3.11.7). The kernel's side writes the signal's number into
 * the loop's wake-up descriptor, which is its self-pipe; the loop reads it like any byte, and queues the handler.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { type Callback, Handle } from "./events.ts";

export class Signals {
  private readonly handlers = new Map<string, Handle>();
  private readonly loop: BaseEventLoop;
  /** Signals whose bytes are in the self-pipe. */
  private written: string[] = [];

  constructor(loop: BaseEventLoop) {
    this.loop = loop;
  }

  add(signal: string, callback: Callback, a: unknown): void {
    this.handlers.set(signal, new Handle(callback, a, undefined, this.loop));
  }

  /** False: it had no handler. */
  remove(signal: string): boolean {
    return this.handlers.delete(signal);
  }

  has(signal: string): boolean {
    return this.handlers.has(signal);
  }

  /** The C handler, at once and on whatever thread: a byte, nothing more. */
  arrived(signal: string): void {
    this.written.push(signal);
  }

  /** `_process_self_data`: what to queue for the bytes just read. A handler that was cancelled is removed instead. */
  *read(): Generator<Handle, void> {
    const { written } = this;
    this.written = [];
    for (const signal of written) {
      const handle = this.handlers.get(signal);
      if (handle === undefined) continue;
      if (handle._cancelled) this.remove(signal);
      else yield handle;
    }
  }
}
