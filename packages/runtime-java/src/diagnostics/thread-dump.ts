/**
 * What `jcmd PID Thread.dump_to_file` writes, as text or with `-format=json` (jdk.internal.vm.ThreadDumper, JDK 25): every thread by
 * container, its state and what it waits for. Left out: stacks, since a thread of the model has no Java frames, and the VM's own threads.
 * Virtual threads are told where the run keeps them (`trackAllThreads`; with a trace).
 */
import { StructuredTaskScope } from "../lib/structured-task-scope.ts";
import { Termination } from "../lib/thread.ts";
import { type Blocking, type JavaThread, PlatformThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { VirtualThread } from "../vm/virtual-thread.ts";
import { clock } from "./clock.ts";

/** `Runtime.version()` of the runtime that the model follows. */
const RUNTIME_VERSION = "25.0.3+9-LTS";
const PROCESS_ID = 1;

interface Container {
  readonly name: string;
  readonly owner: JavaThread | null;
  readonly threads: readonly JavaThread[];
}

/** The text form. */
export function threadDump(jvm: Jvm): string {
  const lines = [String(PROCESS_ID), instant(jvm), RUNTIME_VERSION, ""];
  for (const { threads } of containers(jvm))
    for (const thread of threads) {
      const kind = thread.isVirtual ? " virtual" : "";
      lines.push(`#${thread.tid} "${thread.name}"${kind} ${stateOf(thread)} ${instant(jvm)}`);
      const { parkBlocker, blockedOn, waitingOn } = waitOf(thread);
      if (parkBlocker !== null) lines.push(`    - parking to wait for <${identity(jvm, parkBlocker)}>`);
      if (blockedOn !== null) lines.push(`    - waiting to lock <${identity(jvm, blockedOn)}>`);
      if (waitingOn !== null) lines.push(`    - waiting on <${identity(jvm, waitingOn)}>`);
      lines.push("");
    }
  return lines.join("\n");
}

/** The JSON form. */
export function threadDumpJson(jvm: Jvm): string {
  const threadContainers = containers(jvm).map(({ name, owner, threads }) => ({
    container: name,
    parent: name === ROOT ? null : ROOT,
    owner: owner === null ? null : String(owner.tid),
    threads: threads.map((thread) => threadOf(jvm, thread)),
    threadCount: String(threads.length),
  }));
  const dump = {
    threadDump: {
      processId: String(PROCESS_ID),
      time: instant(jvm),
      runtimeVersion: RUNTIME_VERSION,
      threadContainers,
    },
  };
  return json(dump, "");
}

function threadOf(jvm: Jvm, thread: JavaThread): Json {
  const { parkBlocker, blockedOn, waitingOn } = waitOf(thread);
  const carrier = thread instanceof VirtualThread ? thread.carrierThread : null;
  return {
    tid: String(thread.tid),
    time: instant(jvm),
    ...(thread.isVirtual ? { virtual: true } : {}),
    name: thread.name,
    state: stateOf(thread),
    ...(parkBlocker === null ? {} : { parkBlocker: { object: identity(jvm, parkBlocker) } }),
    ...(blockedOn === null ? {} : { blockedOn: identity(jvm, blockedOn) }),
    ...(waitingOn === null ? {} : { waitingOn: identity(jvm, waitingOn) }),
    stack: [],
    ...(carrier === null ? {} : { carrier: String(carrier.tid) }),
  };
}

/** The unblocker waits in a native method, which Java does not see. */
const stateOf = (thread: JavaThread): string =>
  thread.name === "VirtualThread-unblocker" ? "RUNNABLE" : thread.getState();

interface Wait {
  readonly parkBlocker: Blocking | null;
  readonly blockedOn: Blocking | null;
  readonly waitingOn: Blocking | null;
}

function waitOf(thread: JavaThread): Wait {
  const idle = thread instanceof PlatformThread && thread.queue !== null && thread.queue.parking;
  const blocked = thread.getState() === "BLOCKED";
  return {
    parkBlocker: idle ? { javaClass: "java.util.concurrent.ForkJoinPool", owner: null } : thread.parkBlocker,
    blockedOn: blocked ? thread.blockedOn : null,
    waitingOn: blocked ? null : thread.blockedOn,
  };
}

// ---- containers ---------------------------------------------------------------------------------------------------

const ROOT = "<root>";

function containers(jvm: Jvm): readonly Container[] {
  const root: JavaThread[] = [];
  const pool: JavaThread[] = [];
  const common: JavaThread[] = [];
  for (const thread of jvm.platformThreads) {
    if (thread.isTerminated) continue;
    if (thread.name.startsWith("ForkJoinPool.commonPool")) common.push(thread);
    else if (thread.name.startsWith(jvm.pool.name)) pool.push(thread);
    else root.push(thread);
  }
  const byContainer = new Map<object, JavaThread[]>();
  for (const thread of jvm.liveThreads ?? []) {
    const container = thread.termination instanceof Termination ? thread.termination.container : null;
    if (container === null) root.push(thread);
    else byContainer.set(container, [...(byContainer.get(container) ?? []), thread]);
  }
  const shared = "jdk.internal.vm.SharedThreadContainer";
  return [
    { name: ROOT, owner: null, threads: root },
    ...[...byContainer].map(([container, threads]) => containerOf(jvm, container, threads)),
    { name: `${jvm.pool.name}/${address(jvm, shared, jvm.pool)}`, owner: null, threads: pool },
    { name: `ForkJoinPool.commonPool/${address(jvm, shared, jvm)}`, owner: null, threads: common },
  ];
}

function containerOf(jvm: Jvm, container: object, threads: readonly JavaThread[]): Container {
  if (container instanceof StructuredTaskScope) {
    const name = address(jvm, "jdk.internal.misc.ThreadFlock$ThreadContainerImpl", container);
    return { name, owner: container.owner, threads };
  }
  return {
    name: address(jvm, "java.util.concurrent.ThreadPerTaskExecutor", container),
    owner: null,
    threads,
  };
}

// ---- format -------------------------------------------------------------------------------------------------------

/** `Objects.toIdentityString` */
const identity = (jvm: Jvm, blocking: Blocking): string => address(jvm, blocking.javaClass, blocking);

const address = (jvm: Jvm, javaClass: string, object: object): string =>
  `${javaClass}@${jvm.identityHashCode(object).toString(16)}`;

/** Virtual time as an Instant. */
function instant(jvm: Jvm): string {
  const ns = Math.round(jvm.machine.now);
  const { date, time } = clock(ns);
  return `${date}T${time}.${String(ns % 1e9).padStart(9, "0")}Z`;
}

type Json = string | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** `ThreadDumper.JsonWriter`: two spaces a level, a line for each bracket, a slash escaped. */
function json(value: Json, indent: string): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value).replaceAll("/", "\\/");
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const items = Array.isArray(value)
    ? value.map((item) => inner + json(item, inner))
    : Object.entries(value).map(([name, item]) => `${inner}"${name}": ${json(item, inner)}`);
  const lines = items.length === 0 ? "" : `${items.join(",\n")}\n`;
  return `${open}\n${lines}${indent}${close}`;
}
