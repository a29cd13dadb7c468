/** Where tasks wait, what a timer's resolution shows in, and what can cancel a task (language.md A5, A6). */
import { calledBy, references } from "./references.ts";
import { walk } from "./shape.ts";
import type { OpName, Program, Stmt } from "./tree.ts";

/** A task that waits at one of them can be cancelled there. */
const cancellationPoints: ReadonlySet<OpName> = new Set<OpName>([
  "sleep",
  "send",
  "recv",
  "recvOk",
  "range",
  "select",
  "lock",
  "lockFor",
  "acquire",
  "acquireFor",
  "rlock",
  "wlock",
  "condWait",
  "condWaitFor",
  "monitorWait",
  "monitorWaitFor",
  "groupWait",
  "eventWait",
  "barrierWait",
  "join",
  "joinAny",
  "joinAll",
  "settleAll",
  "await",
  "callService",
  "accept",
  "connect",
  "read",
  "write",
  "check",
]);

/** Other operations that can suspend their task. */
const suspending: ReadonlySet<OpName> = new Set<OpName>([
  "yield",
  "yieldMicro",
  "offload",
  "fileRead",
  "fileStat",
  "listen",
  "closeConn",
  "closeListener",
  "scope",
  "scopeRace",
  "enter",
  "onceDo",
  "deadline",
  "withToken",
]);

/** Operations with a duration that Node's timers round. */
const timed: ReadonlySet<OpName> = new Set<OpName>([
  "sleep",
  "select",
  "after",
  "timer",
  "ticker",
  "afterFunc",
  "resetTimer",
  "deadline",
  "lockFor",
  "acquireFor",
  "condWaitFor",
  "monitorWaitFor",
]);

const cancelling: ReadonlySet<OpName> = new Set<OpName>(["scopeRace", "cancel", "deadline", "withToken"]);

export const isCancellationPoint = (op: OpName): boolean => cancellationPoints.has(op);
export const suspends = (op: OpName): boolean =>
  op !== "check" && (cancellationPoints.has(op) || suspending.has(op));
export const isTimed = (op: OpName): boolean => timed.has(op);

/** Whether the program means to cancel tasks. */
export const canCancel = (program: Program): boolean =>
  some(program, (s) => cancelling.has(s.op) || (s.op === "scope" && s.onError === "cancelSiblings"));

/** Whether tasks can come to be cancelled: by any scope as well, whose block may fail. */
export const mayCancel = (program: Program): boolean =>
  canCancel(program) || some(program, (s) => s.op === "scope");

/** The first statement of a procedure, or of what it calls, at which it could wait. */
export function firstWait(name: string, program: Program, seen = new Set<string>()): Stmt | undefined {
  if (seen.has(name) || !Object.hasOwn(program.procs, name)) return undefined;
  seen.add(name);
  const refs = references(program);
  let found: Stmt | undefined;
  walk(program.procs[name]!.body, (s) => {
    if (found !== undefined) return;
    if (suspends(s.op)) found = s;
    else for (const called of calledBy(s, refs)) found ??= firstWait(called, program, seen);
  });
  return found;
}

function some(program: Program, holds: (s: Stmt) => boolean): boolean {
  let found = false;
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (s) => {
      if (holds(s)) found = true;
    });
  return found;
}
