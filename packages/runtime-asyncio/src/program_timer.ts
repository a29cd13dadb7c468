/** A timer of the language on `call_at`: what fires goes on by itself if it is a ticker. */
import { nextTick, type TimerHandle as ProgramTimerHandle } from "@orrery/runtime";
import type { BaseEventLoop } from "./base_events.ts";
import type { TimerHandle } from "./events.ts";

const NS_PER_SECOND = 1e9;

export class ProgramTimer {
  private readonly loop: BaseEventLoop;
  private readonly timer: ProgramTimerHandle;
  private readonly fire: () => void;
  /** Null: it has fired, or was stopped. */
  private handle: TimerHandle | null = null;

  constructor(loop: BaseEventLoop, timer: ProgramTimerHandle, fire: () => void) {
    this.loop = loop;
    this.timer = timer;
    this.fire = fire;
  }

  start(ns: number): void {
    this.handle = this.loop.call_later(ns / NS_PER_SECOND, this._fires);
  }

  /** True if it had not fired. */
  stop(): boolean {
    const pending = this.handle !== null;
    this.handle?.cancel();
    this.handle = null;
    return pending;
  }

  /** A ticker keeps to its deadlines and makes up for those it missed, as a loop with a deadline does. */
  private readonly _fires = (): void => {
    const { loop, timer } = this;
    const whenNs = Math.round(this.handle!._when * NS_PER_SECOND);
    this.handle = null;
    if (timer.periodNs > 0) {
      const nextNs = nextTick(timer, whenNs, Math.round(loop.time() * NS_PER_SECOND), "burst");
      this.handle = loop.call_at(nextNs / NS_PER_SECOND, this._fires);
    }
    timer.fired++;
    this.fire();
  };
}
