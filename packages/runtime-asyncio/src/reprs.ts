/**
 * How asyncio names callbacks and values in its messages: format_helpers.py _format_callback_source and Lib/reprlib.py,
 * 3.11.7. Line numbers are not known: 0; the library's files are told as `asyncio/tasks.py`.
 */
import { pyRepr } from "./exceptions.ts";
import type { Python } from "./python.ts";

/** reprlib.Repr: characters of a string or of any other object, and items of a list. */
const MOST_CHARACTERS = 30;
const MOST_ITEMS = 6;

/** Callbacks of the library, by the name that they have in the model: qualified name and file. */
const LIBRARY_CALLBACKS: Readonly<Record<string, readonly [string, string]>> = {
  _run_until_complete_cb: ["_run_until_complete_cb", "base_events.py"],
  _set_result_unless_cancelled: ["_set_result_unless_cancelled", "futures.py"],
  _release_waiter: ["_release_waiter", "tasks.py"],
  _done_callback: ["gather.<locals>._done_callback", "tasks.py"],
  _inner_done_callback: ["shield.<locals>._inner_done_callback", "tasks.py"],
  _on_completion: ["_wait.<locals>._on_completion", "tasks.py"],
  _on_task_done: ["TaskGroup._on_task_done", "taskgroups.py"],
  _on_timeout: ["Timeout._on_timeout", "timeouts.py"],
  _read_from_self: ["BaseSelectorEventLoop._read_from_self", "selector_events.py"],
  _call_check_cancel: ["_chain_future.<locals>._call_check_cancel", "futures.py"],
  _call_connection_lost: ["_SelectorTransport._call_connection_lost", "selector_events.py"],
  "StreamReaderProtocol.connection_made.<locals>.callback": [
    "StreamReaderProtocol.connection_made.<locals>.callback",
    "streams.py",
  ],
};

/** Functions that stand for built-in ones, which have no source. */
const BUILT_IN = new Set(["print", "int", "set_result"]);

/** `callback(7)` */
export function format_callback(callback: { readonly name: string }, args: readonly unknown[]): string {
  const name = callback.name.replace(/^bound /, "");
  const qualified = LIBRARY_CALLBACKS[name]?.[0] ?? (name === "" ? "<lambda>" : name);
  return `${qualified}(${args.map(reprlib).join(", ")})`;
}

/** `callback(7) at program.py:0` */
export function format_callback_source(
  callback: { readonly name: string },
  args: readonly unknown[],
  python: Python,
): string {
  const text = format_callback(callback, args);
  if (BUILT_IN.has(callback.name)) return text;
  const library = LIBRARY_CALLBACKS[callback.name];
  return `${text} at ${library === undefined ? python.options.file : `asyncio/${library[1]}`}:0`;
}

/** Where a callback was queued: the library's own are queued from its file, the program's from the program. */
export function created_at(callback: { readonly name: string }, python: Python): string {
  const library = LIBRARY_CALLBACKS[callback.name];
  return `created at ${library === undefined ? python.options.file : `asyncio/${library[1]}`}:0`;
}

/** reprlib.repr: long strings and long lists are cut in their middle. */
export function reprlib(value: unknown): string {
  if (typeof value === "string")
    return value.length <= MOST_CHARACTERS
      ? pyRepr(value)
      : cut(pyRepr(value.slice(0, 13) + value.slice(-14)));
  if (Array.isArray(value))
    return `[${[...value.slice(0, MOST_ITEMS).map(reprlib), ...(value.length > MOST_ITEMS ? ["..."] : [])].join(", ")}]`;
  if (has_repr(value)) {
    const text = value.repr();
    return text.length > MOST_CHARACTERS ? cut(text) : text;
  }
  return pyRepr(value);
}

const cut = (text: string): string => `${text.slice(0, 13)}...${text.slice(-14)}`;

function has_repr(value: unknown): value is { repr(): string } {
  return typeof value === "object" && value !== null && "repr" in value && typeof value.repr === "function";
}

/** `object.__repr__`, whose address is not known, with what the class adds in brackets. */
export function object_repr(name: string, extra: string): string {
  return `<${name} object at 0x0 [${extra}]>`;
}

/** `, waiters:2`, nothing if there are none. */
export const waiters_repr = (waiters: { readonly length: number }): string =>
  waiters.length > 0 ? `, waiters:${waiters.length}` : "";
