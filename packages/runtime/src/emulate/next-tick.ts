import type { CatchUp } from "@orrery/program";
import type { TimerHandle } from "../values.ts";

/** When a ticker that was due at `whenNs` and fires at `nowNs` is due next; `own` is the runtime's own way of catching up. */
export function nextTick(
  { periodNs, catchUp }: TimerHandle,
  whenNs: number,
  nowNs: number,
  own: CatchUp,
): number {
  switch (catchUp ?? own) {
    case "drop": // time.(*Timer).unlockAndRun keeps to the grid and leaves out what it missed
      return whenNs + periodNs * (1 + Math.floor(Math.max(0, nowNs - whenNs) / periodNs));
    case "burst":
      return whenNs + periodNs;
    case "drift":
      return nowNs + periodNs;
  }
}
