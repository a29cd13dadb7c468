/** Timers of package time for programs written straight against the model. */
import { type Hchan, sendTime, timerchandrain } from "./chan.ts";
import { TIME_GOFUNC } from "./frames.ts";
import type { Chan, Go, GoFunc, GoLibrary } from "./library.ts";
import { modify, stop, timerFired } from "./time.ts";
import { Timer as TimerState, type TimerF } from "./timers.ts";
import { newproc } from "./wake.ts";

/** time.Timer, or with a period time.Ticker. */
export class Timer {
  readonly c: Chan<number>;
  private readonly lib: GoLibrary;
  private readonly state: TimerState;

  constructor(lib: GoLibrary, ns: number, period: number) {
    this.lib = lib;
    this.c = lib.make<number>(1);
    const hchan = this.c.hchan!;
    this.state = new TimerState(fireChannel, hchan, true);
    hchan.timer = this.state;
    modify(lib.rt, this.state, lib.now() + ns, period);
  }

  *stop(): Go<boolean> {
    yield* this.lib.pay();
    const pending = stop(this.lib.rt, this.state);
    return timerchandrain(this.c.hchan!) || pending;
  }

  *reset(ns: number): Go<boolean> {
    yield* this.lib.pay();
    const pending = modify(this.lib.rt, this.state, this.lib.now() + ns, this.state.period);
    return timerchandrain(this.c.hchan!) || pending;
  }
}

const fireChannel: TimerF = (rt, arg, delta) => {
  timerFired(rt, -1, "sendTime");
  sendTime(rt, arg as Hchan, rt.machine.now - delta);
};

export class AfterFunc {
  private readonly lib: GoLibrary;
  private readonly state: TimerState;

  constructor(lib: GoLibrary, ns: number, f: GoFunc) {
    this.lib = lib;
    this.state = new TimerState(goFunc, [f, lib.nameOf(f)], false);
    modify(lib.rt, this.state, lib.now() + Math.max(1, ns), 0);
  }

  /** True if it prevented the call. */
  *stop(): Go<boolean> {
    yield* this.lib.pay();
    return stop(this.lib.rt, this.state);
  }
}

const goFunc: TimerF = (rt, arg) => {
  timerFired(rt, -1, "goFunc");
  const [f, name] = arg as readonly [GoFunc, string];
  newproc(rt, null, null, name, f(), null).starter = TIME_GOFUNC;
};
