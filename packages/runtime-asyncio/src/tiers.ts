/** Which operations asyncio has itself, `native`, and for which a support class stands beside the program, `emulated`. */
import type { OpName, Policies } from "@orrery/program";
import type { Tier } from "@orrery/runtime";

export const tiers = {
  spawn: "native", // create_task
  detach: "native", // create_task
  join: "native", // await task
  joinAny: "native", // wait(FIRST_COMPLETED)
  joinAll: "native", // gather
  settleAll: "native", // gather(return_exceptions=True)
  scope: "native", // TaskGroup
  scopeRace: "native", // TaskGroup, losers cancelled
  yield: "native", // sleep(0)
  yieldMicro: "native", // sleep(0): there is no smaller step
  sleep: "native", // sleep
  cpu: "native",
  block: "native", // time.sleep
  offload: "native", // run_in_executor
  chan: "emulated",
  send: "emulated",
  recv: "emulated",
  recvOk: "emulated",
  range: "emulated",
  close: "emulated",
  trySend: "emulated",
  tryRecv: "emulated",
  chanLen: "emulated",
  chanCap: "emulated",
  select: "emulated",
  mutex: "native", // Lock
  lock: "native",
  unlock: "native",
  tryLock: "native",
  sem: "native", // Semaphore; several permits at once by a subclass
  acquire: "native",
  release: "native",
  group: "emulated", // a counter and an Event
  groupAdd: "emulated",
  groupDone: "emulated",
  groupWait: "emulated",
  lockFor: "native", // timeout around acquire
  acquireFor: "native",
  rwlock: "emulated",
  rlock: "emulated",
  runlock: "emulated",
  wlock: "emulated",
  wunlock: "emulated",
  cond: "emulated", // Condition must be locked to notify, and loses a signal whose waiter is cancelled
  condWait: "emulated",
  condWaitFor: "emulated",
  signal: "emulated",
  broadcast: "emulated",
  monitor: "emulated", // a Lock with an owner
  enter: "emulated",
  monitorWait: "emulated",
  monitorWaitFor: "emulated",
  notify: "emulated",
  once: "emulated", // a flag and an Event
  onceDo: "emulated",
  event: "native", // Event
  eventSet: "native",
  eventWait: "native",
  barrier: "native", // Barrier
  barrierWait: "native",
  after: "emulated", // call_later, and a channel
  timer: "emulated",
  ticker: "emulated",
  afterFunc: "native", // call_later(create_task)
  stopTimer: "native", // TimerHandle.cancel
  resetTimer: "native",
  deadline: "native", // timeout
  cancel: "native", // Task.cancel
  isCancelled: "native", // cancelling
  check: "native",
  shield: "emulated", // a block; asyncio.shield is for one awaitable
  token: "emulated",
  cancelToken: "emulated",
  withToken: "emulated",
  promise: "native", // Future
  resolve: "native",
  reject: "native",
  await: "native",
  onResolve: "native", // add_done_callback
  callback: "native", // call_soon, call_later
  callService: "native", // a stream kept open
  fileRead: "native", // to_thread
  listen: "native", // loop.sock_*
  accept: "native",
  connect: "native",
  read: "native",
  write: "native",
  closeConn: "native",
  closeListener: "native",
  fileStat: "native", // to_thread
} as const satisfies Readonly<Record<string, Tier>>;

/** A mutex whose fairness is not its own is a support class. */
export function tiersUnder({ lockFairness }: Policies): Readonly<Partial<Record<OpName, Tier>>> {
  if (lockFairness !== "barging") return {};
  return {
    mutex: "emulated",
    lock: "emulated",
    unlock: "emulated",
    tryLock: "emulated",
    lockFor: "emulated",
  };
}
