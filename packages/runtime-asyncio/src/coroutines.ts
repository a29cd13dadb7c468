/**
 * asyncio/coroutines.py _format_coroutine (3.11.7), and coroutine functions that are told by name. A generator of JavaScript
 * doesn't know its function; `async_def` says which functions are coroutines, so that messages can name them. It also finds
 * coroutines that nobody awaits, as Objects/genobject.c does when one is freed. Line numbers are not known: 0.
 */
import type { Python } from "./python.ts";
import type { Coroutine } from "./task.ts";
import { created_stack, stack_lines } from "./tracebacks.ts";

type CoroutineFunction = (...args: never[]) => Coroutine<unknown>;

/** Qualified name and library file (null: the program's) of a generator function, by the prototype of its generators. */
const known = new WeakMap<object, { readonly name: string; readonly file: string | null }>();

/** Says that a generator function is a coroutine function of the library. */
export function library_coroutine(name: string, file: string, method: { readonly prototype: object }): void {
  known.set(method.prototype, { name, file: `asyncio/${file}` });
}

/** `async def`: its coroutines have a name in messages, and one that is never awaited is told when it is dropped. */
export function async_def<F extends CoroutineFunction>(python: Python, body: F): F {
  known.set(body.prototype as object, { name: body.name, file: null });
  const call = (...args: never[]): Coroutine<unknown> => {
    const coro = body(...args);
    const created = python.options.debug ? created_stack(0) : null;
    const begun = (): void => {
      delete (coro as Partial<Coroutine>).next;
      delete (coro as Partial<Coroutine>).throw;
      python.unawaited.delete(coro);
    };
    const { next, throw: raise } = coro;
    coro.next = (...sent) => {
      begun();
      return next.apply(coro, sent);
    };
    coro.throw = (error) => {
      begun();
      return raise.call(coro, error);
    };
    python.unawaited.set(coro, { name: body.name, created });
    return coro;
  };
  return call as F;
}

/** The program's last reference to a coroutine goes: a warning if it never began. */
export function drop_coroutine(python: Python, coro: Coroutine<unknown>): void {
  const unawaited = python.unawaited.get(coro);
  if (unawaited === undefined) return;
  python.unawaited.delete(coro);
  const { name, created } = unawaited;
  python.world.diagnose(
    "warning",
    [
      `${python.options.file}:0: RuntimeWarning: coroutine '${name}' was never awaited`,
      ...(created === null
        ? []
        : ["Coroutine created at (most recent call last)", ...stack_lines(created, python.options.file)]),
      "RuntimeWarning: Enable tracemalloc to get the object allocation traceback",
    ].join("\n"),
  );
}

/** `bad() done, defined at program.py:0`; `running at` while it has not ended. */
export function format_coroutine(python: Python, coro: object, done: boolean): string {
  const { name, file } = coroutine_function(coro);
  return `${name}() ${where(file ?? python.options.file, done)}`;
}

/** Qualified name of a coroutine's function, `coroutine` if it was not told. */
export const coroutine_name = (coro: object): string => coroutine_function(coro).name;

const UNKNOWN = { name: "coroutine", file: null };

function coroutine_function(coro: object): { readonly name: string; readonly file: string | null } {
  return known.get(Object.getPrototypeOf(coro) as object) ?? UNKNOWN;
}

export const where = (file: string, done: boolean): string =>
  `${done ? "done, defined" : "running"} at ${file}:0`;
