/**
 * Node 24 lib/internal/event_target.js: what a listener throws is thrown again by a tick, and the next listener is called. Left out:
 * phases, options, and listeners that burn CPU.
 */
import type { Env } from "./env.ts";

type Listener = () => unknown;

export class EventTarget {
  private readonly env: Env;
  private readonly events = new Map<string, readonly Listener[]>();

  constructor(env: Env) {
    this.env = env;
  }

  addEventListener(type: string, listener: Listener): void {
    const listeners = this.listeners(type);
    if (!listeners.includes(listener)) this.events.set(type, [...listeners, listener]);
  }

  /** Of an Event of such a type. */
  dispatchEvent(type: string): void {
    for (const listener of this.listeners(type))
      try {
        listener();
      } catch (error) {
        emitUncaughtException(this.env, error);
      }
  }

  private listeners(type: string): readonly Listener[] {
    return this.events.get(type) ?? [];
  }
}

export function emitUncaughtException({ process, taskQueues }: Env, error: unknown): void {
  process.rethrowExit(error);
  taskQueues.nextTick(() => {
    throw error;
  });
}
