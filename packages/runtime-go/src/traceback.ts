/**
 * A goroutine in Go's words: its state, its stack and who started it, after `goroutineheader`, `traceback` and
 * `tracebackothers` of src/runtime/traceback.go of Go 1.26. A program of the model has no lines: they are `?`.
 */
import { type Frame, GOSCHED, SYSCALL_READ, waitFrames } from "./frames.ts";
import { funcName } from "./names.ts";
import { type G, Gstatus, Leave, type Runtime } from "./runtime2.ts";
import { Sema } from "./sema.ts";

const MINUTE_NS = 60_000_000_000;
const STATUS = new Map<number, string>(Object.entries(Gstatus).map(([name, number]) => [number, name]));
/** Goroutines that are shown of all: Go shows every one. */
const MOST = 1_000;
const PLACE = "main.go:?";

export function statusName(gp: G): string {
  return STATUS.get(gp.status)!;
}

/** Its calls, innermost first. */
export function stack(gp: G): readonly Frame[] {
  const own = { call: `${funcName(gp.name)}()`, place: PLACE };
  return [...innermost(gp), own, ...(gp.starter?.below ?? [])];
}

function innermost(gp: G): readonly Frame[] {
  switch (gp.status) {
    case Gstatus.syscall:
      return SYSCALL_READ;
    case Gstatus.running:
      return [];
    default:
      if (gp.left === Leave.gosched) return GOSCHED;
      return gp.left === Leave.park ? waitFrames(gp.waitreason, inRWMutex(gp)) : [];
  }
}

function inRWMutex({ waiting }: G): boolean {
  return waiting !== null && waiting.c instanceof Sema && waiting.c.inRWMutex;
}

function goroutineheader(rt: Runtime, gp: G): string {
  const waits = gp.status === Gstatus.waiting;
  const minutes = waits ? Math.floor((rt.machine.now - gp.waitsince) / MINUTE_NS) : 0;
  const reason = waits ? gp.waitreason : statusName(gp);
  const locked = gp.lockedm === null ? "" : ", locked to thread";
  return `goroutine ${gp.goid} [${reason}${minutes < 1 ? "" : `, ${minutes} minutes`}${locked}]:`;
}

/** One goroutine, with its own stack or another: that of a goroutine that dies, null for one that nobody can read. */
export function traceback(rt: Runtime, gp: G, frames: readonly Frame[] | null = stack(gp)): string {
  const lines = [goroutineheader(rt, gp)];
  if (frames === null) lines.push("\tgoroutine running on other thread; stack unavailable");
  else for (const { call, place } of frames) lines.push(call, `\t${place}`);
  if (gp.parentName !== "" || gp.starter !== null) {
    const parent = gp.parentGoid === 0 ? "" : ` in goroutine ${gp.parentGoid}`;
    lines.push(
      `created by ${gp.starter?.name ?? funcName(gp.parentName)}${parent}`,
      `\t${gp.starter?.place ?? PLACE}`,
    );
  }
  return lines.join("\n");
}

/** Goroutines that have not exited, in the order of `allgs`: a new one takes the place of one that has exited. */
export function allgs(rt: Runtime): readonly G[] {
  const all: G[] = [];
  for (let gp = rt.allgs; gp !== null; gp = gp.allnext) all.push(gp);
  return all.toSorted((a, b) => a.slot - b.slot);
}

/** `runtime.Stack` of all goroutines, the one that acts first. One that runs on another M shows no stack. */
export function tracebackAll(rt: Runtime): string {
  const me = rt.acting()?.curg ?? null;
  const others = allgs(rt).filter((gp) => gp !== me);
  const shown = others
    .slice(0, MOST)
    .map((gp) => (gp.status === Gstatus.running ? traceback(rt, gp, null) : traceback(rt, gp)));
  const rest = others.length - shown.length;
  return [
    ...(me === null ? [] : [traceback(rt, me)]),
    ...shown,
    ...(rest > 0 ? [`... ${rest} more goroutines`] : []),
  ].join("\n\n");
}
