/**
 * Node 24 lib/fs.js, lib/internal/fs/read/context.js and src/node_file.cc: every asynchronous file operation is one trip to
 * the pool per system call, and each completion is a macrotask of its own. readFile takes open, fstat, its reads, close.
 * Files are seen through the page cache; `stallNs` is what a slow one (a FIFO, a network mount) adds when it is opened.
 */
import { diskOperation } from "@orrery/simulator";
import type { Callback, Run } from "../libuv/handle.ts";
import type { Work, WorkKind } from "../libuv/threadpool.ts";
import { JSPromise } from "../v8/promise.ts";
import { makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

/** lib/internal/fs/utils.js: kReadFileBufferLength, the most that readFile reads in one trip. */
export const READ_FILE_BUFFER_BYTES = 512 * 1024;

/** One system call on a file. */
export function fsRequest(
  env: Env,
  name: string,
  bytes: number,
  stallNs: number,
  done: () => Run<unknown>,
  resource = "FSReqCallback",
): void {
  env.loop.pool.submit({
    loop: env.loop,
    name: `fs.${name}`,
    resource,
    kind: "fast I/O",
    work: (machine, thread) => diskOperation(machine, thread, bytes, stallNs),
    done,
  });
}

/** CPU work of a crypto or zlib call, and the slow I/O of dns.lookup. */
export function poolWork(env: Env, name: string, kind: WorkKind, ns: number, done: () => Run<unknown>): void {
  const work: Work["work"] = function* () {
    yield ns;
  };
  const resource = kind === "slow I/O" ? "GetAddrInfoReqWrap" : null;
  env.loop.pool.submit({ loop: env.loop, name, resource, kind, work, done });
}

/** FSReqCallback: one trip, then the callback. */
export function fsCallback(env: Env, name: string, callback: Callback, stallNs = 0): void {
  fsRequest(env, name, 0, stallNs, () => makeCallback(env, callback));
}

/** FSReqPromise: one trip, then the promise is settled within a callback scope. */
export function fsPromise(env: Env, name: string, stallNs = 0): JSPromise {
  const promise = new JSPromise(env.isolate);
  fsRequest(env, name, 0, stallNs, () => makeCallback(env, () => promise.resolve()), "FSReqPromise");
  return promise;
}

/** Trips of a readFile, first to last. */
export function readFileTrips(bytes: number): { name: string; bytes: number }[] {
  const trips = [
    { name: "open", bytes: 0 },
    { name: "fstat", bytes: 0 },
  ];
  let left = bytes;
  do {
    const read = Math.min(left, READ_FILE_BUFFER_BYTES);
    trips.push({ name: "read", bytes: read });
    left -= read;
  } while (left > 0);
  trips.push({ name: "close", bytes: 0 });
  return trips;
}

/** ReadFileContext: each completion asks for the next trip, the last one calls back. */
export function readFile(env: Env, bytes: number, stallNs: number, callback: Callback): void {
  const trips = readFileTrips(bytes);
  const next = (index: number): void => {
    const { name, bytes } = trips[index]!;
    const then: Callback = index === trips.length - 1 ? callback : () => next(index + 1);
    fsRequest(env, name, bytes, index === 0 ? stallNs : 0, () => makeCallback(env, then));
  };
  next(0);
}
