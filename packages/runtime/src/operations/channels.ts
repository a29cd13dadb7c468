/** Channels and select, whose cases may be promises, tokens and events too. A none channel blocks its sender and receiver for ever and is never ready in a select. */
import type { ArmCode, Frame, SelectCode } from "../code.ts";
import { bind } from "../completion.ts";
import { int } from "../expressions.ts";
import { type Received, SELECT_DEFAULT, SELECT_TIMEOUT, type SelectArm, type Selected } from "../model.ts";
import {
  type ChanHandle,
  Fault,
  type PromiseHandle,
  settlement,
  type Signal,
  type Value,
} from "../values.ts";
import { duration, handle, type Operation, type Operations, waitFor } from "./operation.ts";

const channelOrNone = (value: Value): ChanHandle | null =>
  value === null ? null : handle<ChanHandle>(value);

const receive: Operation["start"] = ({ lowering }, task, frame, at) =>
  lowering.recv(task, waitFor(task, channelOrNone(at.a!(frame))));

function selectArm({ dir, source, value }: ArmCode, frame: Frame): SelectArm {
  const from = source(frame);
  if (dir !== "recv" && dir !== "send") return { dir: "signal", source: handle<Signal>(from) };
  return { dir, chan: channelOrNone(from), value: value === null ? null : value(frame) };
}

export const channels: Operations<
  | "chan"
  | "send"
  | "recv"
  | "recvOk"
  | "rangeNext"
  | "trySend"
  | "tryRecv"
  | "close"
  | "chanLen"
  | "chanCap"
  | "select"
> = {
  chan: {
    start(world, task, frame, at) {
      const cap = int(at.a!(frame));
      if (cap < 0) throw new Fault("AssertFailed", `a channel of capacity ${cap}`);
      const chan: ChanHandle = {
        kind: "chan",
        name: world.handleName(at.extra as string),
        cap,
        native: null,
      };
      frame.slots[at.slot] = chan;
      world.lowering.chan(task, chan);
      return null;
    },
  },
  send: {
    start: ({ lowering }, task, frame, at) =>
      lowering.send(task, waitFor(task, channelOrNone(at.a!(frame))), at.b!(frame)),
  },
  recv: {
    start: receive,
    accept: (frame, at, result) => bind(frame, at.slot, (result as Received).value),
  },
  recvOk: {
    start: receive,
    accept(frame, at, result) {
      const { value, ok } = result as Received;
      bind(frame, at.slot, value);
      frame.slots[at.slot2] = ok;
    },
  },
  rangeNext: {
    start: receive,
    accept(frame, at, result) {
      const { value, ok } = result as Received;
      if (ok) frame.slots[at.slot] = value;
      else frame.pc = at.target;
    },
  },
  trySend: {
    start({ lowering }, task, frame, at) {
      const chan = channelOrNone(at.a!(frame));
      return chan === null ? false : lowering.trySend(task, chan, at.b!(frame));
    },
    accept(frame, at, result) {
      frame.slots[at.slot2] = result as boolean;
    },
  },
  tryRecv: {
    start({ lowering }, task, frame, at) {
      const chan = channelOrNone(at.a!(frame));
      return chan === null ? { value: null, ok: false, ready: false } : lowering.tryRecv(task, chan);
    },
    accept(frame, at, result) {
      const { value, ok, ready } = result as Received & { readonly ready: boolean };
      bind(frame, at.slot, value);
      frame.slots[at.slot2] = ready && ok;
    },
  },
  close: {
    start({ lowering }, task, frame, at) {
      const chan = channelOrNone(at.a!(frame));
      if (chan === null) throw new Fault("CloseOfNone", "close of none channel");
      return lowering.close(task, chan);
    },
  },
  chanLen: {
    start({ lowering }, task, frame, at) {
      frame.slots[at.slot] = lowering.chanLen(task, handle<ChanHandle>(at.a!(frame)));
      return null;
    },
  },
  chanCap: {
    start(_world, _task, frame, at) {
      frame.slots[at.slot] = handle<ChanHandle>(at.a!(frame)).cap;
      return null;
    },
  },
  select: {
    start({ lowering }, task, frame, at) {
      const { arms, timeout, otherwiseTarget } = at.extra as SelectCode;
      const cases = arms.map((arm) => selectArm(arm, frame));
      task.waitingOn = cases.flatMap((each) => (each.dir === "signal" ? each.source : (each.chan ?? [])));
      const timeoutNs = timeout === null ? null : duration(timeout(frame));
      return lowering.select(task, cases, otherwiseTarget >= 0, timeoutNs);
    },
    accept(frame, at, result) {
      const { arm, value, ok } = result as Selected;
      const code = at.extra as SelectCode;
      if (arm === SELECT_DEFAULT) frame.pc = code.otherwiseTarget;
      else if (arm === SELECT_TIMEOUT) frame.pc = code.timeoutTarget;
      else {
        const { dir, source, slot, okSlot, target } = code.arms[arm]!;
        bind(frame, slot, dir === "promise" ? settlement(source(frame) as PromiseHandle) : value);
        bind(frame, okSlot, ok);
        frame.pc = target;
      }
    },
  },
};
