/**
 * Node 24 src/node_messaging.cc: a pair of ports, of one thread or of two. A message is queued at the other port and announced by its
 * async handle, so ports are served in the order of their creation; each message is a macrotask of its own. After
 * max(1000, backlog) messages a port lets the loop go on. It keeps the loop alive while somebody listens to it.
 */
import { Fifo, isSteps, type Steps } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import { Async, uv_async_send } from "../libuv/async.ts";
import { uv_close } from "../libuv/closing.ts";
import type { Callback, Run } from "../libuv/handle.ts";
import { closeCallbackScope, makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";
import { emitUncaughtException } from "./event-target.ts";

/** MessagePort::OnMessage: the least number of messages served before the loop goes on. */
const MESSAGES_PER_TURN = 1000;

export class MessagePort {
  private readonly env: Env;
  private readonly handle: Async;
  private readonly incoming = new Fifo<{ readonly value: unknown } | "close">();
  private peer: MessagePort | null = null;
  private onMessage: Callback<[unknown]> | null = null;
  private onClose: Callback | null = null;

  constructor(env: Env) {
    this.env = env;
    this.handle = new Async(env.loop, () => this.OnMessage());
    this.handle.unref();
  }

  /** MessagePort::Entangle */
  static entangle(a: MessagePort, b: MessagePort): void {
    a.peer = b;
    b.peer = a;
  }

  on(event: "message", listener: Callback<[unknown]>): this;
  on(event: "close", listener: Callback): this;
  on(event: "message" | "close", listener: Callback<[unknown]> | Callback): this {
    if (event === "close") this.onClose = listener as Callback;
    else {
      this.onMessage = listener as Callback<[unknown]>;
      this.handle.ref();
      if (this.incoming.length > 0) uv_async_send(this.handle);
    }
    return this;
  }

  postMessage(value: unknown): void {
    this.env.machine.charge(this.env.costs.postMessage);
    this.peer?.receive({ value });
  }

  private receive(message: { readonly value: unknown } | "close"): void {
    this.incoming.push(message);
    if (this.onMessage !== null || message === "close") uv_async_send(this.handle);
  }

  /** receiveMessageOnPort */
  take(): { readonly message: unknown } | undefined {
    const message = this.incoming.peek();
    if (message === undefined || message === "close") return undefined;
    this.incoming.shift();
    return { message: message.value };
  }

  /** MessagePort::Drain: delivers what is queued, inside of the caller's callback scope. */
  *drain(): Run {
    for (let message = this.take(); message !== undefined && this.onMessage !== null; message = this.take()) {
      const steps = this.dispatch(message.message);
      if (isSteps(steps)) yield* steps;
    }
  }

  private *OnMessage(): Run {
    const { env } = this;
    let limit = Math.max(MESSAGES_PER_TURN, this.incoming.length);
    for (let message = this.incoming.peek(); message !== undefined; message = this.incoming.peek()) {
      if (message === "close") {
        this.close();
        return;
      }
      if (this.onMessage === null) return;
      if (limit-- === 0) {
        uv_async_send(this.handle);
        return;
      }
      this.incoming.shift();
      env.machine.charge(env.costs.onMessage);
      if (!env.machine.settle()) yield 0;
      env.machine.emit(Kind.callback, 0, -1, "MessagePort::OnMessage");
      const { value } = message;
      if (!(yield* makeCallback(env, () => this.dispatch(value)))) {
        uv_async_send(this.handle);
        return;
      }
    }
  }

  /** The port is an EventTarget: what its listener throws is thrown again by a tick. */
  private dispatch(value: unknown): unknown {
    const { env } = this;
    try {
      const steps = this.onMessage?.(value);
      if (!isSteps(steps)) return undefined;
      return (function* (): Steps<unknown> {
        try {
          return yield* steps;
        } catch (error) {
          return emitUncaughtException(env, error);
        }
      })();
    } catch (error) {
      return emitUncaughtException(env, error);
    }
  }

  close(): void {
    if (!this.handle.closing) uv_close(this.handle, () => this.OnClose());
  }

  /** MessagePort::OnClose: tells the peer, whose queue is served first. */
  private OnClose(): Run<unknown> {
    const { env, peer } = this;
    this.peer = null;
    if (peer !== null) {
      peer.peer = null;
      peer.receive("close");
    }
    return this.onClose === null ? closeCallbackScope(env) : makeCallback(env, this.onClose);
  }
}
