/** What Node tells of itself, in its words, over the environment of a run: the figures of perf_hooks, handles, resources. */
import type { Loop } from "./libuv/loop.ts";
import { TcpServer, TcpStream } from "./libuv/stream.ts";
import type { Env } from "./node/env.ts";

const NS_PER_MS = 1_000_000;
const NS_PER_S = 1e9;

/** performance.eventLoopUtilization(), ms since the loop began: idle is the time in polls that sleep. */
export function eventLoopUtilization({ loop, machine }: Env): {
  readonly idle: number;
  readonly active: number;
  readonly utilization: number;
} {
  if (loop.startNs < 0) return { idle: 0, active: 0, utilization: 0 };
  const idle = loop.idleNs / NS_PER_MS;
  const active = (machine.threadNow - loop.startNs) / NS_PER_MS - idle;
  return { idle, active, utilization: active / (idle + active) };
}

/** performance.nodeTiming.uvMetricsInfo */
export function uvMetricsInfo({ loopCount, events, eventsWaiting }: Loop): {
  readonly loopCount: number;
  readonly events: number;
  readonly eventsWaiting: number;
} {
  return { loopCount, events, eventsWaiting };
}

/** process.getActiveResourcesInfo(): requests, then handles that hold the loop, then timers and immediates. */
export function getActiveResourcesInfo({ loop, timers, immediates }: Env): string[] {
  const repeated = (count: number, name: string): readonly string[] => new Array<string>(count).fill(name);
  const handles = [...loop.asyncHandles, ...loop.tcpHandles].filter(
    ({ refed, closing }) => refed && !closing,
  );
  return [
    ...loop.pool.pending(loop),
    ...handles.map((handle) =>
      handle instanceof TcpServer
        ? "TCPServerWrap"
        : handle instanceof TcpStream
          ? "TCPSocketWrap"
          : "MessagePort",
    ),
    ...repeated(timers.refCount, "Timeout"),
    ...repeated(immediates.refCount, "Immediate"),
  ];
}

/** One entry of process.report.getReport().libuv */
export type ReportedHandle = Readonly<Record<string, string | number | boolean>>;

/** The timer, the idle and check handles and the asyncs of process.report.getReport().libuv, and the loop. Addresses are made up. */
export function reportLibuv({ loop }: Env): readonly ReportedHandle[] {
  const common = (
    { type, active, refed }: { type: string; active: boolean; refed: boolean },
    index: number,
  ) => ({
    type,
    is_active: active,
    is_referenced: refed,
    address: address(index),
  });
  const timers = loop.timerHeap.items.map((timer, i) => ({
    ...common(timer, i + 1),
    repeat: 0,
    firesInMsFromNow: timer.timeout - loop.time,
    expired: timer.timeout <= loop.time,
  }));
  const others = [...loop.asyncHandles, ...loop.checkHandles, ...loop.idleHandles];
  return [
    ...timers,
    ...others.map((handle, i) => common(handle, timers.length + i + 1)),
    {
      type: "loop",
      is_active: loop.uv__loop_alive(),
      address: address(0),
      loopIdleTimeSeconds: loop.idleNs / NS_PER_S,
    },
  ];
}

const ADDRESS_DIGITS = 16;
const address = (index: number): string => `0x${index.toString(16).padStart(ADDRESS_DIGITS, "0")}`;
