export { defaultMachineCosts, zeroMachineCosts } from "./costs.ts";
export {
  type Decision,
  type DecisionSource,
  RecordingDecisions,
  ReplayDivergence,
  ReplayingDecisions,
  SeededDecisions,
} from "./decisions.ts";
export { diskOperation } from "./disk.ts";
export { EventQueue, type Target } from "./event-queue.ts";
export { SLICE_NS } from "./fair-share.ts";
export { Descriptor, Epoll, nanosleep } from "./kernel.ts";
export {
  type Core,
  type Limits,
  Machine,
  type MachineCosts,
  type StopReason,
} from "./machine.ts";
export { type Request, Service } from "./network.ts";
export { hashString, mix32, Sfc32 } from "./random.ts";
export { FAILED, Listener, Socket, WOULD_BLOCK } from "./socket.ts";
export { BLOCK, Thread, type ThreadBody, type ThreadState, TIMED_OUT } from "./thread.ts";
export { firstDifference, Kind, kindNames, Trace, type TraceEvent } from "./trace.ts";
