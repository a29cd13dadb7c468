import { nearest } from "./nearest.ts";

/** The message for a name that does not exist: with the nearest one, or with all of them when none is near. */
export function unknownName(
  what: string,
  name: string,
  candidates: readonly string[],
): { readonly message: string; readonly suggestion?: string } {
  const message = `there is no ${what} "${name}"`;
  const suggestion = nearest(name, candidates);
  if (suggestion !== undefined) return { message, suggestion };
  return { message: candidates.length === 0 ? message : `${message}; there is ${candidates.join(", ")}` };
}
