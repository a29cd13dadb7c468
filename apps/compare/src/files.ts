/** Files in and out, with errors that name the file. */
import { nearest } from "@orrery/program";
import * as Effect from "effect/Effect";
import * as FileSystem from "effect/FileSystem";
import * as Path from "effect/Path";
import type { PlatformError } from "effect/PlatformError";
import { badInput, type BadInput, messageOf } from "./errors.ts";

const explain = (path: string, error: PlatformError): string => {
  switch (error.reason._tag) {
    case "NotFound":
      return `${path}: there is no such file`;
    case "PermissionDenied":
      return `${path}: permission denied`;
    default:
      return `${path}: ${error.reason.description ?? error.message}`;
  }
};

/** A name next to `path` that was probably meant. */
const neighbour = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem;
  const paths = yield* Path.Path;
  const folder = paths.dirname(path);
  const names = yield* files.readDirectory(folder).pipe(Effect.orElseSucceed((): string[] => []));
  const meant = nearest(paths.basename(path), names.sort());
  return meant === undefined ? "" : `; did you mean ${folder === "." ? meant : paths.join(folder, meant)}?`;
});

export const readText = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem;
  return yield* files
    .readFileString(path)
    .pipe(
      Effect.catch((error) =>
        Effect.flatMap(error.reason._tag === "NotFound" ? neighbour(path) : Effect.succeed(""), (hint) =>
          Effect.fail(badInput(explain(path, error) + hint)),
        ),
      ),
    );
});

/** Writes parts one after the other, so that a file may be longer than a text can be. */
export const writeParts = Effect.fnUntraced(
  function* (path: string, flag: "w" | "a", parts: Iterable<string>) {
    const files = yield* FileSystem.FileSystem;
    const encoder = new TextEncoder();
    const file = yield* files.open(path, { flag });
    for (const part of parts) yield* file.writeAll(encoder.encode(part));
  },
  (effect, path) => Effect.mapError(Effect.scoped(effect), (error) => badInput(explain(path, error))),
);

export const writeText = (path: string, text: string) => writeParts(path, "w", [text]);

/** Fails when no file can be written at `path`, before the work that would fill it. */
export const checkWritable = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem;
  const paths = yield* Path.Path;
  const folder = paths.dirname(path);
  const info = yield* files.stat(folder).pipe(Effect.option);
  if (info._tag === "None" || info.value.type !== "Directory")
    yield* Effect.fail(badInput(`${path}: there is no folder ${folder}`));
});

export const isFile = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem;
  const info = yield* files.stat(path).pipe(Effect.option);
  return info._tag === "Some" && info.value.type === "File";
});

export const parseJson = (place: string, text: string): Effect.Effect<unknown, BadInput> =>
  Effect.try({
    try: () => JSON.parse(text) as unknown,
    catch: (error) => badInput(`${place}: this is not JSON: ${messageOf(error)}`),
  });
