/**
 * Tracebacks as Python prints them, of the program's own functions: the library's frames are left out, and line numbers are
 * not known (0). Lib/traceback.py, 3.11.7. The names come from the stack of the JavaScript error, by the text that V8 makes.
 */
import { typeName } from "./exceptions.ts";

/** Below it are frames of the model. */
const ENTRY = /^(ProgramTask|Task|Handle|TimerHandle)\./;
/** Functions of the library that run on top of the program's. */
const LIBRARY = new Set(["sleep", "wait", "wait_for", "wrap", "_cancel_and_wait", "created_stack"]);

/** constants.DEBUG_STACK_DEPTH */
const DEBUG_STACK_DEPTH = 10;
/** From asyncio.run to Handle._run. */
const LOOP_FRAMES = 6;

/** The program's functions, outermost first. */
export type Frames = readonly string[];

export function frames_of(stack: string): Frames {
  const frames: string[] = [];
  for (const line of stack.split("\n")) {
    const name = /^\s+at ([^\s(]+) \(/.exec(line)?.[1];
    if (name === undefined) continue;
    if (ENTRY.test(name)) break;
    if (!name.includes(".") && !LIBRARY.has(name)) frames.unshift(name);
  }
  return frames;
}

/**
 * Where the caller stands, for debug mode: `format_helpers.extract_stack`, which takes ten frames from the inside. `above`: how
 * many of the library's are inside the program's. The outermost is the line that called asyncio.run.
 */
export function created_stack(above: number): Frames {
  const frames = frames_of(new Error("").stack ?? "").slice(-(DEBUG_STACK_DEPTH - above));
  return above + frames.length + LOOP_FRAMES < DEBUG_STACK_DEPTH ? ["<module>", ...frames] : frames;
}

export function stack_lines(frames: Frames, file: string): string[] {
  return frames.map((name) => `  File "${file}", line 0, in ${name}`);
}

/** An exception as logging prints it; one that was never raised has no traceback. */
export function format_exception(error: Error, raised: boolean, file: string): string[] {
  const last = error.message === "" ? typeName(error) : `${typeName(error)}: ${error.message}`;
  if (!raised) return [last];
  return ["Traceback (most recent call last):", ...stack_lines(frames_of(error.stack ?? ""), file), last];
}
