/**
 * asyncio/exceptions.py and the built-in exceptions that the library raises, under Python's names (3.11).
 * A JavaScript error thrown by a native program stands for any other Python exception: `type(e).__name__` is its `name`.
 */
import { Fault } from "@orrery/runtime";

/** Thrown into a task to cancel it. It is the language's Cancelled, so that programs and native code catch the same thing. */
export class CancelledError extends Fault {
  constructor(message = "") {
    super("Cancelled", message);
  }
}

/** Name of an exception's class, as `type(e).__name__`. */
export function typeName(error: unknown): string {
  if (error instanceof CancelledError) return "CancelledError";
  return error instanceof Error ? error.name : typeof error;
}

/** `repr(e)`: `ValueError('boom')`. */
export function repr(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${typeName(error)}(${message === "" ? "" : pyRepr(message)})`;
}

/** `repr` of the plain values that programs print. */
export function pyRepr(value: unknown): string {
  if (typeof value === "string") return value.includes("'") ? `"${value}"` : `'${value}'`;
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value instanceof Error) return repr(value);
  if (Array.isArray(value)) return `[${value.map(pyRepr).join(", ")}]`;
  return String(value);
}

/** `str`: what print shows. */
export function pyStr(value: unknown): string {
  return typeof value === "string" ? value : value instanceof Error ? value.message : pyRepr(value);
}

export class InvalidStateError extends Error {
  override readonly name = "InvalidStateError";
}
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}
export class BrokenBarrierError extends Error {
  override readonly name = "BrokenBarrierError";
}
export class QueueEmpty extends Error {
  override readonly name = "QueueEmpty";
}
export class QueueFull extends Error {
  override readonly name = "QueueFull";
}
export class QueueShutDown extends Error {
  override readonly name = "QueueShutDown";
}
export class AttributeError extends Error {
  override readonly name = "AttributeError";
}
export class RuntimeError extends Error {
  override readonly name = "RuntimeError";
}
export class ValueError extends Error {
  override readonly name = "ValueError";
}
export class TypeError extends Error {
  override readonly name = "TypeError";
}

/** `BaseExceptionGroup` (`ExceptionGroup` when every error is an `Exception`, which only changes the name). */
export class BaseExceptionGroup extends Error {
  override readonly name: string;
  readonly exceptions: readonly unknown[];

  constructor(message: string, exceptions: readonly unknown[]) {
    super(message);
    this.exceptions = exceptions;
    this.name = exceptions.every((e) => !(e instanceof CancelledError || leavesTheLoop(e)))
      ? "ExceptionGroup"
      : "BaseExceptionGroup";
  }
}

/** A failed system call: the class that Python chooses by errno, and its message. */
export class OSError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
/** The call would have to wait. */
export class BlockingIOError extends OSError {
  constructor(message = "[Errno 11] Resource temporarily unavailable") {
    super("BlockingIOError", message);
  }
}
export class ConnectionResetError extends OSError {
  constructor(message: string) {
    super("ConnectionResetError", message);
  }
}
/** The stream ended before `expected` bytes had come; null: before a separator. */
export class IncompleteReadError extends Error {
  override readonly name = "IncompleteReadError";
  readonly partial: string;

  constructor(partial: string, expected: number | null) {
    super(`${partial.length} bytes read on a total of ${expected ?? "undefined"} expected bytes`);
    this.partial = partial;
  }
}
export class LimitOverrunError extends Error {
  override readonly name = "LimitOverrunError";
  readonly consumed: number;

  constructor(message: string, consumed: number) {
    super(message);
    this.consumed = consumed;
  }
}

export class SystemExit extends Error {
  override readonly name = "SystemExit";
  readonly code: number;

  constructor(code = 0) {
    super(String(code));
    this.code = code;
  }
}
export class GeneratorExit extends Error {
  override readonly name = "GeneratorExit";
}
export class StopAsyncIteration extends Error {
  override readonly name = "StopAsyncIteration";
}
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";
}

/** The two exceptions that no handle and no task holds back: they leave `run_forever`. */
export function leavesTheLoop(error: unknown): boolean {
  return error instanceof SystemExit || error instanceof KeyboardInterrupt;
}
