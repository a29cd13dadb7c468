/**
 * First floor: Node's own API, for programs written against it. Callbacks and async functions that burn CPU are generator
 * functions: `yield ms(5)` burns, `yield promise` is `await promise` (in an async function), and an async function is called
 * by `yield* f()`.
 */
import type { Steps } from "@orrery/runtime";
import { Service } from "@orrery/simulator";
import { eventLoopUtilization, getActiveResourcesInfo, uvMetricsInfo } from "./diagnostics.ts";
import type { Callback } from "./libuv/handle.ts";
import { AbortController, AbortSignal } from "./node/abort-controller.ts";
import type { Env } from "./node/env.ts";
import { EventTarget } from "./node/event-target.ts";
import { EventEmitter, EventIterator, once } from "./node/events.ts";
import { fsCallback, fsPromise, poolWork, readFile } from "./node/fs.ts";
import type { Immediate } from "./node/immediates.ts";
import { MessagePort } from "./node/message-port.ts";
import { type ConnectError, connectMissingPipe, Socket } from "./node/net.ts";
import type { LockCallback, LockOptions } from "./node/locks.ts";
import type { Process, Signal } from "./node/process.ts";
import { pipeline, streamIterator } from "./node/streams/pipeline.ts";
import {
  Readable,
  type ReadableOptions,
  type ReadableStream,
  Transform,
  type TransformOptions,
  Writable,
  type WritableOptions,
} from "./node/streams/streams.ts";
import { Server, Socket as TcpSocket } from "./node/tcp.ts";
import type { Timeout } from "./node/timers.ts";
import {
  setImmediatePromise,
  setIntervalIterator,
  setTimeoutPromise,
  type TimerOptions,
} from "./node/timers-promises.ts";
import { AsyncLocalStorage, AsyncWrap, type HookCallbacks } from "./node/async-wrap.ts";
import { makeCallback } from "./node/callback.ts";
import { Worker } from "./node/worker-threads.ts";
import { AsyncFunction } from "./v8/async-function.ts";
import { AsyncFromSyncIterator, AsyncGenerator } from "./v8/async-generator.ts";
import type { WaitAsyncResult } from "./v8/futex.ts";
import {
  JSPromise,
  promiseAll,
  promiseAllSettled,
  promiseAny,
  promiseRace,
  promiseResolve,
  rejected,
} from "./v8/promise.ts";

const NS_PER_MS = 1_000_000;

/** CPU time of so many milliseconds, for `yield`. */
export const ms = (milliseconds: number): number => Math.round(milliseconds * NS_PER_MS);

export interface Node {
  /** console.log, of plain values and lists of them. */
  log(...values: unknown[]): void;
  /** Burns so many milliseconds in code that is no generator: what it does afterwards has begun before they are over. */
  busy(milliseconds: number): void;
  /** Virtual time, ms. */
  readonly performance: {
    now(): number;
    eventLoopUtilization(): ReturnType<typeof eventLoopUtilization>;
    readonly nodeTiming: { readonly uvMetricsInfo: ReturnType<typeof uvMetricsInfo> };
  };
  readonly process: {
    nextTick(callback: Callback): void;
    readonly on: Process["on"];
    readonly removeAllListeners: Process["removeAllListeners"];
    getActiveResourcesInfo(): string[];
    /** process.kill of the process itself. */
    kill(signal: Signal): void;
    exit(code?: number): never;
    exitCode: number | undefined;
  };
  /** What is no number is made one. */
  setTimeout(callback: Callback, afterMs?: number | string | null): Timeout;
  clearTimeout(timeout: Timeout): void;
  setInterval(callback: Callback, afterMs: number): Timeout;
  clearInterval(timeout: Timeout): void;
  setImmediate(callback: Callback): Immediate;
  clearImmediate(immediate: Immediate): void;
  queueMicrotask(callback: Callback): void;
  /** Makes an async function of a generator function. */
  async<A extends unknown[]>(f: (...args: A) => Steps<unknown>): (...args: A) => Steps<JSPromise>;
  /** Makes an async generator function of a generator function: `yield give(v)` is its own `yield v`. */
  asyncGenerator<A extends unknown[]>(f: (...args: A) => Steps<unknown>): (...args: A) => AsyncGenerator;
  /** What `for await` makes of a list. */
  asyncFromSyncIterator(items: Iterable<unknown>): AsyncFromSyncIterator;
  readonly Promise: {
    make(
      executor: (resolve: (value?: unknown) => void, reject: (reason?: unknown) => void) => void,
    ): JSPromise;
    withResolvers(): JSPromise;
    resolve(value?: unknown): JSPromise;
    reject(reason?: unknown): JSPromise;
    all(items: readonly unknown[]): JSPromise;
    allSettled(items: readonly unknown[]): JSPromise;
    race(items: readonly unknown[]): JSPromise;
    any(items: readonly unknown[]): JSPromise;
    try(f: () => unknown): JSPromise;
  };
  /** Array.fromAsync */
  arrayFromAsync(items: Iterable<unknown>): Steps<JSPromise>;
  readonly tp: {
    setTimeout(afterMs?: number, value?: unknown, options?: TimerOptions): JSPromise;
    setImmediate(value?: unknown, options?: TimerOptions): JSPromise;
    /** To be asked by `next` and `return`, as `for await` does. */
    setInterval(afterMs: number, value?: unknown): AsyncGenerator;
    readonly scheduler: { yield(): JSPromise; wait(afterMs: number, options?: TimerOptions): JSPromise };
  };
  readonly fs: {
    stat(callback: Callback): void;
    access(callback: Callback): void;
    readFile(bytes: number, callback: Callback): void;
    /** Opens a file that takes `stallMs` to open. */
    open(stallMs: number, callback: Callback): void;
    readonly promises: { stat(): JSPromise };
  };
  readonly Atomics: {
    waitAsync(array: Int32Array, index: number, value: number, timeoutMs?: number): WaitAsyncResult;
    notify(array: Int32Array, index: number, count?: number): number;
  };
  readonly locks: {
    /** navigator.locks.request. It calls an async function, so it is called by `yield*` as such. */
    request(name: string, options: LockOptions, callback: LockCallback): Steps<JSPromise>;
  };
  /** A crypto call on the pool that takes so many milliseconds. */
  pbkdf2(milliseconds: number, callback: Callback): void;
  readonly dns: { lookup(milliseconds: number, callback: Callback): void };
  readonly net: {
    /** Asks a peer outside of the process, over a connected socket; it answers after so many milliseconds. */
    request(milliseconds: number): JSPromise;
    /** Connects to a pipe that does not exist. */
    connectMissingPipe(onError: Callback<[ConnectError]>): void;
    createServer(onConnection: (socket: TcpSocket) => void, options?: { allowHalfOpen?: boolean }): Server;
    connect(server: Server, onConnect?: () => void, options?: { allowHalfOpen?: boolean }): TcpSocket;
  };
  readonly AbortController: typeof AbortController;
  readonly AbortSignal: {
    timeout(afterMs: number): AbortSignal;
    any(signals: readonly AbortSignal[]): AbortSignal;
  };
  readonly EventEmitter: typeof EventEmitter;
  readonly events: {
    once(emitter: EventEmitter, type: string): JSPromise;
    on(emitter: EventEmitter, type: string): EventIterator;
  };
  eventTarget(): EventTarget;
  asyncLocalStorage(): AsyncLocalStorage;
  /** async_hooks.createHook, enabled; one at a time. */
  enableHook(callbacks: HookCallbacks): { disable(): void };
  readonly stream: {
    readable(options: ReadableOptions): Readable;
    writable(options: WritableOptions): Writable;
    transform(options: TransformOptions): Transform;
    readonly pipeline: typeof pipeline;
    /** What `for await` makes of a stream. */
    iterator(stream: ReadableStream): AsyncGenerator;
  };
  messageChannel(): { readonly port1: MessagePort; readonly port2: MessagePort };
  /** A Worker whose CommonJS script is `script`, over the library of its own thread. */
  worker(script: (node: Node, parentPort: MessagePort) => Steps<unknown> | void): Worker;
  receiveMessageOnPort(port: MessagePort): { readonly message: unknown } | undefined;
}

/** As util.inspect has it, on one line. */
const inspect = (value: unknown): string => (typeof value === "string" ? `'${value}'` : show(value));
const show = (value: unknown): string =>
  Array.isArray(value) ? `[ ${value.map(inspect).join(", ")} ]` : String(value);

export function nodeLibrary(env: Env, print: (line: string) => void): Node {
  const { isolate, machine, timers, immediates, taskQueues } = env;
  const processOf = (process: Process): Node["process"] => ({
    nextTick: (callback) => taskQueues.nextTick(callback),
    on: (event, listener) => process.on(event, listener),
    removeAllListeners: (event) => process.removeAllListeners(event),
    getActiveResourcesInfo: () => getActiveResourcesInfo(env),
    kill: (signal) => process.kill(signal),
    exit: (code) => process.exit(code),
    get exitCode() {
      return process.exitCode;
    },
    set exitCode(code) {
      process.exitCode = code;
    },
  });
  const peer = new Service(machine, "peer", Infinity, Infinity);
  let functions = 0;
  let workers = 0;
  const async: Node["async"] = (f) =>
    function* (...args) {
      const call = new AsyncFunction(isolate, f(...args), ++functions, null);
      call.created(isolate.stack.at(-1)?.taskId ?? -1);
      const steps = call.call();
      if (steps !== undefined) yield* steps;
      return call.promise;
    };
  return {
    log: (...values) => {
      if (!env.process.exited) print(values.map(show).join(" "));
    },
    busy: (milliseconds) => machine.charge(ms(milliseconds)),
    performance: {
      now: () => machine.threadNow / NS_PER_MS,
      eventLoopUtilization: () => eventLoopUtilization(env),
      nodeTiming: {
        get uvMetricsInfo() {
          return uvMetricsInfo(env.loop);
        },
      },
    },
    process: processOf(env.process),
    setTimeout: (callback, afterMs = 1) => timers.setTimeout(callback, Number(afterMs)),
    clearTimeout: (timeout) => timers.clearTimeout(timeout),
    setInterval: (callback, afterMs) => timers.setInterval(callback, afterMs),
    clearInterval: (timeout) => timers.clearTimeout(timeout),
    setImmediate: (callback) => immediates.setImmediate(callback),
    clearImmediate: (immediate) => immediates.clearImmediate(immediate),
    queueMicrotask: (callback) => isolate.queueMicrotask(callback),
    async,
    asyncGenerator:
      (f) =>
      (...args) =>
        new AsyncGenerator(isolate, f(...args)),
    asyncFromSyncIterator: (items) => new AsyncFromSyncIterator(isolate, items),
    Promise: {
      make: (executor) => {
        const promise = new JSPromise(isolate);
        executor(
          (value) => promise.resolve(value),
          (reason) => promise.reject(reason),
        );
        return promise;
      },
      withResolvers: () => new JSPromise(isolate),
      resolve: (value) => promiseResolve(isolate, value),
      reject: (reason) => rejected(isolate, reason),
      all: (items) => promiseAll(isolate, items),
      allSettled: (items) => promiseAllSettled(isolate, items),
      race: (items) => promiseRace(isolate, items),
      any: (items) => promiseAny(isolate, items),
      try: (f) => {
        const promise = new JSPromise(isolate);
        try {
          promise.resolve(f());
        } catch (error) {
          promise.reject(error);
        }
        return promise;
      },
    },
    arrayFromAsync: async(function* (items) {
      const iterator = new AsyncFromSyncIterator(isolate, items);
      const array: unknown[] = [];
      for (;;) {
        const { value, done }: IteratorResult<unknown> = yield iterator.next();
        if (done === true) return array;
        array.push(value);
      }
    }),
    tp: {
      setTimeout: (afterMs, value, options) => setTimeoutPromise(env, afterMs, value, options),
      setImmediate: (value, options) => setImmediatePromise(env, value, options),
      setInterval: (afterMs, value) => setIntervalIterator(env, afterMs, value),
      scheduler: {
        yield: () => setImmediatePromise(env),
        wait: (afterMs, options) => setTimeoutPromise(env, afterMs, undefined, options),
      },
    },
    fs: {
      stat: (callback) => fsCallback(env, "stat", callback),
      access: (callback) => fsCallback(env, "access", callback),
      readFile: (bytes, callback) => readFile(env, bytes, 0, callback),
      open: (stallMs, callback) => fsCallback(env, "open", callback, ms(stallMs)),
      promises: { stat: () => fsPromise(env, "stat") },
    },
    Atomics: {
      waitAsync: (array, index, value, timeoutMs) => env.futexes.waitAsync(array, index, value, timeoutMs),
      notify: (array, index, count) => env.futexes.notify(array, index, count),
    },
    locks: { request: (name, options, callback) => env.locks.request(name, options, callback) },
    pbkdf2: (milliseconds, callback) =>
      poolWork(env, "pbkdf2", "cpu", ms(milliseconds), () => makeCallback(env, callback)),
    dns: {
      lookup: (milliseconds, callback) =>
        poolWork(env, "getaddrinfo", "slow I/O", ms(milliseconds), () => makeCallback(env, callback)),
    },
    net: {
      request: (milliseconds) => {
        machine.charge(env.costs.socketWrite);
        return new Socket(env, () => peer.request(ms(milliseconds), false)).promise;
      },
      connectMissingPipe: (onError) => connectMissingPipe(env, onError),
      createServer: (onConnection, options = {}) => new Server(env, options, onConnection),
      connect: (server, onConnect, options = {}) => TcpSocket.connect(env, server, options, onConnect),
    },
    AbortController,
    AbortSignal: {
      timeout: (afterMs) => AbortSignal.timeout(env, afterMs),
      any: (signals) => AbortSignal.any(env, signals),
    },
    EventEmitter,
    events: {
      once: (emitter, type) => once(isolate, emitter, type),
      on: (emitter, type) => new EventIterator(isolate, emitter, type),
    },
    asyncLocalStorage: () => new AsyncLocalStorage(env),
    enableHook: (callbacks) => {
      const wrap = AsyncWrap.of(env);
      wrap.setHooks(callbacks);
      return { disable: () => wrap.setHooks(null) };
    },
    eventTarget: () => new EventTarget(env),
    stream: {
      readable: (options) => new Readable(env, options),
      writable: (options) => new Writable(env, options),
      transform: (options) => new Transform(env, options),
      pipeline,
      iterator: streamIterator,
    },
    messageChannel: () => {
      const port1 = new MessagePort(env);
      const port2 = new MessagePort(env);
      MessagePort.entangle(port1, port2);
      return { port1, port2 };
    },
    worker: (script) =>
      new Worker(env, ++workers, (child, parentPort) => {
        const library = nodeLibrary(child, print);
        return () => script(library, parentPort);
      }),
    receiveMessageOnPort: (port) => port.take(),
  };
}
