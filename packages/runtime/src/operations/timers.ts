/** Timers that send or call, and blocks that must end in time. */
import type { Stmt } from "@orrery/program";
import { CancelRegion } from "../cancel-region.ts";
import type { Frame, Instruction } from "../code.ts";
import { bind, open } from "../completion.ts";
import { Callback } from "../later.ts";
import type { Task } from "../task.ts";
import type { ChanHandle, TimerHandle } from "../values.ts";
import type { World } from "../world.ts";
import { duration, evaluate, handle, type Operation, type Operations } from "./operation.ts";

/** A timer that sends to a new channel with room for one value. */
const sending: Operation["start"] = (world, task, frame, at) => {
  const stmt = at.extra as Extract<Stmt, { readonly op: "after" | "timer" | "ticker" }>;
  const ns = duration(at.a!(frame));
  const name = world.handleName(stmt.op === "after" ? stmt.bind : stmt.channel);
  const chan: ChanHandle = { kind: "chan", name, cap: 1, native: null };
  const timer: TimerHandle = {
    kind: "timer",
    name: stmt.op === "after" ? name : world.handleName(stmt.bind),
    chan,
    call: null,
    periodNs: stmt.op === "ticker" ? Math.max(1, ns) : 0,
    catchUp: stmt.op === "ticker" ? (stmt.catchUp ?? null) : null,
    fired: 0,
    native: null,
  };
  if (stmt.op === "after") frame.slots[at.slot] = chan;
  else {
    frame.slots[at.slot] = timer;
    frame.slots[at.slot2] = chan;
  }
  world.lowering.chan(task, chan);
  return world.lowering.timer(task, timer, ns);
};

function stop(world: World, task: Task, frame: Frame, at: Instruction): ReturnType<Operation["start"]> {
  const timer = handle<TimerHandle>(at.a!(frame));
  if (at.b === null) return world.lowering.stopTimer(task, timer);
  const ns = duration(at.b(frame));
  if (timer.periodNs > 0) timer.periodNs = Math.max(1, ns);
  return world.lowering.resetTimer(task, timer, ns);
}

export const timers: Operations<
  "after" | "timer" | "ticker" | "afterFunc" | "stopTimer" | "resetTimer" | "enterDeadline" | "exitDeadline"
> = {
  after: { start: sending },
  timer: { start: sending },
  ticker: { start: sending },
  afterFunc: {
    start(world, task, frame, at) {
      const { proc, bind: local = "timer" } = at.extra as Extract<Stmt, { readonly op: "afterFunc" }>;
      const call = new Callback(world, task, world.code.procs.get(proc)!, evaluate(at, frame));
      call.due();
      const timer: TimerHandle = {
        kind: "timer",
        name: world.handleName(local),
        chan: null,
        call,
        periodNs: 0,
        catchUp: null,
        fired: 0,
        native: null,
      };
      bind(frame, at.slot, timer);
      return world.lowering.timer(task, timer, duration(at.a!(frame)));
    },
  },
  stopTimer: {
    start: stop,
    accept(frame, at, result) {
      if (result === true) (at.a!(frame) as TimerHandle).call?.dropped();
      bind(frame, at.slot2, result as boolean);
    },
  },
  /** A call that had begun is followed by another. */
  resetTimer: {
    start: stop,
    accept(frame, at, result) {
      const { call } = at.a!(frame) as TimerHandle;
      if (call !== null && result !== true) {
        call.again();
        call.due();
      }
      bind(frame, at.slot2, result as boolean);
    },
  },
  enterDeadline: {
    start(world, task, frame, at) {
      const ns = duration(at.a!(frame));
      const region = new CancelRegion(task, "Timeout");
      open(frame, [], at.target);
      return world.lowering.deadlineEnter(task, region, ns);
    },
  },
  exitDeadline: {
    start({ lowering }, task, frame) {
      const region = task.regions!.at(-1)!;
      region.close();
      const op = lowering.deadlineExit(task, region);
      const pending = frame.pending!;
      pending[pending.length - 1] = region.completion(pending.at(-1)!);
      return op;
    },
  },
};
