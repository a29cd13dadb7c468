import type { Costs, MemoryFigures } from "@orrery/runtime";

/**
 * What the runtime's primitive actions cost, ns. Measured with go1.23.5 and go1.26 on linux/amd64 (a two-core virtual
 * machine); a composite such as a ping-pong over an unbuffered channel (160 ns one way here) follows from its parts.
 */
export interface GoCosts extends Costs {
  /** newproc: a G from gFree, its stack and its place in the queue. */
  readonly spawn: number;
  /** malg: a G that gFree has not, and the first touch of its stack. */
  readonly malg: number;
  /** A G whose own lines, stack and timer have left the core's cache since it last ran: among thousands of others. */
  readonly coldG: number;
  /** goexit0: the G goes back to gFree. */
  readonly goexit: number;
  /** gopark or goschedImpl, schedule and execute: from one G to the next on the same M. */
  readonly switch: number;
  /** coroswitch_m: from one end of a coroutine to the other. */
  readonly coroswitch: number;
  /** What is done while the world is stopped, and the bookkeeping around it. */
  readonly stopTheWorld: number;
  /** goready: status, runqput and the look at wakep's conditions. */
  readonly ready: number;
  readonly gosched: number;
  /** The body of chansend, chanrecv and closechan, without parking or waking. */
  readonly chanOp: number;
  /** A non-blocking operation that finds nothing (the fast path without the lock). */
  readonly chanTry: number;
  readonly makechan: number;
  /** mallocgc of a small object. */
  readonly newobject: number;
  readonly selectBase: number;
  readonly selectCase: number;
  /** One case of a select that waits: its sudog, queued before the park and taken out after it, under the channel's lock. */
  readonly selectWait: number;
  /** One Lock or one Unlock of a free mutex; also one WaitGroup Add. */
  readonly mutexOp: number;
  /** A semacquire1 that queues or a semrelease1 that finds a waiter: the semaRoot's lock and treap, the sudog. */
  readonly semaRoot: number;
  /** One task more for a join of several: the look whether it has ended, the entry among those whom it will tell. */
  readonly watch: number;
  /** runtime_doSpin: active_spin_cnt = 30 PAUSE instructions. */
  readonly doSpin: number;
  /** Arming, moving or stopping a timer. */
  readonly timerArm: number;
  /** Running one expired timer. */
  readonly timerFire: number;
  /** netpoll(0) when nothing is ready; returning from a blocking one. */
  readonly netpoll: number;
  readonly netpollWake: number;
  /** os.Stat beyond a read: the path, its way through the kernel's directories, the FileInfo. */
  readonly stat: number;
  /** entersyscall and exitsyscall together, P kept. */
  readonly syscall: number;
  /** net.Listen, net.Dial and Accept on the loopback without their waits. */
  readonly listen: number;
  readonly dial: number;
  readonly accept: number;
  /** Read, Write and Close of a connection. */
  readonly socketRead: number;
  readonly socketWrite: number;
  readonly closeSocket: number;
  /** One visit of another P while stealing. */
  readonly stealAttempt: number;
  /** Going on with a goroutine that another P made or ran last: its stack is in another core's cache, or not yet in any. */
  readonly steal: number;
}

export const goCosts: GoCosts = {
  statement: 2,
  memory: 1,
  log: 0,
  mark: 0,
  count: 0,
  raise: 0,
  scope: 0,
  call: 0,
  cold: 0,
  cancellable: 0,
  spawn: 90,
  malg: 650,
  coldG: 1_000,
  goexit: 10,
  switch: 80,
  coroswitch: 40, // iter.Pull: 43 ns each way
  stopTheWorld: 4_000, // runtime.ReadMemStats: 4,300 ns
  ready: 40,
  gosched: 8,
  chanOp: 20,
  chanTry: 3,
  makechan: 40,
  newobject: 25,
  selectBase: 30,
  selectCase: 15,
  selectWait: 15,
  mutexOp: 7,
  semaRoot: 50,
  watch: 100,
  doSpin: 300,
  timerArm: 100,
  timerFire: 60,
  netpoll: 400,
  netpollWake: 3_000,
  stat: 400,
  syscall: 50,
  // go1.26 on one P, medians of 1500 connections and 5000 reads of 100 bytes, on this class of machine
  listen: 11_500,
  dial: 24_400,
  accept: 7_400,
  socketRead: 3_560,
  socketWrite: 3_845,
  closeSocket: 6_790,
  stealAttempt: 60,
  steal: 200, // as a carrier's that takes another's virtual thread: the same stacks and caches
};

export const zeroGoCosts: GoCosts = Object.fromEntries(
  Object.keys(goCosts).map((action) => [action, 0]),
) as unknown as GoCosts;

/** go1.23.5: peak RSS of 100,000 and 1,000,000 goroutines in time.Sleep (256.9 and 2540.9 MiB). */
export const goMemory: MemoryFigures = { baseBytes: 3_400_000, taskBytes: 2_661 };
