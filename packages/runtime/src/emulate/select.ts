/** A select over emulated channels and signals: one waiter in the queues of all arms, committed once, then taken out of all. */
import type { SelectArm, Selected } from "../model.ts";
import { type ChanHandle, Fault, isSignalled, type Signal, type Value } from "../values.ts";
import type { Channel } from "./channel.ts";
import type { Signals } from "./signals.ts";
import type { Waiter } from "./waiter.ts";

export type Arm<T> =
  | {
      readonly dir: "recv" | "send";
      /** null: a none channel, never ready. */
      readonly channel: Channel<T> | null;
      readonly value: Value;
    }
  | { readonly dir: "signal"; readonly signal: Signal; readonly signals: Signals<T> };

/** The arms with what the lowering keeps of them: `native` of a channel is a `Channel<T>`. */
export function armsOf<T>(arms: readonly SelectArm[], signals: Signals<T>): Arm<T>[] {
  return arms.map((arm) =>
    arm.dir === "signal"
      ? { dir: arm.dir, signal: arm.source, signals }
      : { dir: arm.dir, channel: channelOf<T>(arm.chan), value: arm.value },
  );
}

const channelOf = <T>(chan: ChanHandle | null): Channel<T> | null =>
  chan === null ? null : (chan.native as Channel<T>);

/** First pass: commits to the first ready arm in `order`, or returns null. Throws ChannelClosed on a send. */
export function selectReady<T>(arms: readonly Arm<T>[], order: readonly number[]): Selected | null {
  for (const index of order) {
    const arm = arms[index]!;
    if (arm.dir === "signal") {
      if (isSignalled(arm.signal)) return { arm: index, value: null, ok: true };
    } else if (arm.channel === null) continue;
    else if (arm.dir === "send") {
      if (arm.channel.trySend(arm.value)) return { arm: index, value: null, ok: true };
    } else {
      const received = arm.channel.tryRecv();
      if (received !== null) return { arm: index, value: received.value, ok: received.ok };
    }
  }
  return null;
}

/** Second pass: leaves the waiter in every arm's queue. Whoever completes it commits the select, once. */
export function selectPark<T>(arms: readonly Arm<T>[], waiter: Waiter<T>): void {
  arms.forEach((arm, index) => {
    if (arm.dir === "signal") arm.signals.park(arm.signal, waiter, index);
    else if (arm.dir === "send") arm.channel?.parkSender(waiter, arm.value, index);
    else arm.channel?.parkReceiver(waiter, index);
  });
}

/** Third pass: takes the waiter out of the other arms' queues and tells what was selected. Throws ChannelClosed. */
export function selectDone<T>(arms: readonly Arm<T>[], waiter: Waiter<T>): Selected {
  selectForget(arms, waiter);
  const { arm, value, ok } = waiter;
  if (!ok && arms[arm]!.dir === "send") throw new Fault("ChannelClosed", "send on closed channel");
  return { arm, value, ok };
}

export function selectForget<T>(arms: readonly Arm<T>[], waiter: Waiter<T>): void {
  for (const arm of arms)
    if (arm.dir === "signal") arm.signals.forget(arm.signal, waiter);
    else arm.channel?.forget(waiter);
}
