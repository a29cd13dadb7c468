/** What the language's timers and deadlines are in Go: time.AfterFunc, whose goroutine sends, calls, or cancels a context. */
import { nextTick, type TimerHandle } from "@orrery/runtime";
import { chanrecv, chansend, type Hchan } from "./chan.ts";
import type { G, Runtime } from "./runtime2.ts";
import { modify, stop, timerFired } from "./time.ts";
import { Timer, type TimerF } from "./timers.ts";
import { newproc } from "./wake.ts";

/** What runs when the time has come, on the P that notices. */
type Due = (rt: Runtime) => void;

const goFunc: TimerF = (rt, arg) => {
  timerFired(rt, -1, "goFunc");
  (arg as Due)(rt);
};

/** Calls `due` after so many ns. The timer can be stopped. */
export function afterFunc(rt: Runtime, ns: number, due: Due): Timer {
  rt.machine.charge(2 * rt.costs.newobject);
  const timer = new Timer(goFunc, due, false);
  modify(rt, timer, Math.max(1, rt.machine.now + ns), 0);
  return timer;
}

/** A goroutine that is no task of the program. */
export function goRoutine(rt: Runtime, name: string, run: () => void): void {
  newproc(rt, null, -1, name, once(run), null);
}

function* once(run: () => void): Generator<number, void, unknown> {
  run();
}

/** A timer or a ticker of the language: each arming is a time.AfterFunc, whose goroutine has no say after a Stop or a Reset. */
export class LanguageTimer {
  private readonly handle: TimerHandle;
  private timer!: Timer;
  /** When it is or was due, ns. */
  private whenNs = 0;
  private arming = 0;
  private ticks = false;

  constructor(handle: TimerHandle) {
    this.handle = handle;
  }

  start(rt: Runtime, ns: number): void {
    this.ticks = this.handle.periodNs > 0;
    this.arm(rt, rt.machine.now + ns);
  }

  /** True if it had not fired; a ticker that runs has not. */
  stop(rt: Runtime): boolean {
    const isPending = stop(rt, this.timer);
    if (this.handle.periodNs === 0) return isPending;
    const { ticks } = this;
    this.ticks = false;
    this.arming++;
    return ticks;
  }

  reset(rt: Runtime, gp: G, ns: number): boolean {
    const isPending = this.stop(rt);
    const { chan } = this.handle;
    if (chan !== null) chanrecv(rt, gp, chan.native as Hchan, false);
    this.start(rt, ns);
    return isPending;
  }

  private arm(rt: Runtime, whenNs: number): void {
    const arming = ++this.arming;
    this.whenNs = whenNs;
    this.timer = afterFunc(rt, whenNs - rt.machine.now, () => this.due(rt, arming));
  }

  private due(rt: Runtime, arming: number): void {
    const { call } = this.handle;
    if (call === null) return goRoutine(rt, "time.goFunc", () => this.send(rt, arming));
    const { child, body } = call.launch();
    rt.machine.charge(rt.costs.makechan);
    child.native = newproc(rt, null, child.id, child.proc, body, child);
  }

  private send(rt: Runtime, arming: number): void {
    if (arming !== this.arming) return;
    const { handle } = this;
    handle.fired++;
    if (this.ticks) this.arm(rt, nextTick(handle, this.whenNs, rt.machine.now, "drop"));
    chansend(rt, rt.getm().curg!, handle.chan!.native as Hchan, handle.fired, false);
  }
}
