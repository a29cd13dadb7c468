import type { OpName, Policies } from "@orrery/program";
import type { Tier } from "@orrery/runtime";

/** The portable language's semantics are mostly Go's: few operations need a support class. */
export const tiers: Readonly<Partial<Record<OpName, Tier>>> = {
  spawn: "native", // go, and a done channel
  detach: "native",
  join: "native", // <-done
  joinAny: "native", // buffered channel of results
  joinAll: "native", // errgroup
  settleAll: "native", // sync.WaitGroup
  scope: "native", // sync.WaitGroup and a context
  scopeRace: "native",
  yield: "native", // runtime.Gosched
  yieldMicro: "native",
  sleep: "native", // time.Sleep
  cpu: "native",
  block: "native", // a system call
  offload: "native", // a plain call, a channel as semaphore
  chan: "native",
  send: "native",
  recv: "native",
  recvOk: "native",
  range: "native",
  close: "native",
  trySend: "native",
  tryRecv: "native",
  chanLen: "native",
  chanCap: "native",
  select: "native",
  mutex: "native", // sync.Mutex
  lock: "native",
  unlock: "native",
  tryLock: "native",
  sem: "native", // golang.org/x/sync/semaphore
  acquire: "native",
  release: "native",
  group: "native", // sync.WaitGroup
  groupAdd: "native",
  groupDone: "native",
  groupWait: "native",
  load: "native",
  store: "native",
  atomic: "native", // sync/atomic
  atomicLoad: "native",
  atomicStore: "native",
  atomicAdd: "native",
  atomicCas: "native",
  promise: "native", // a value beside a channel that is closed
  resolve: "native",
  reject: "native",
  await: "native",
  rwlock: "native", // sync.RWMutex
  rlock: "native",
  runlock: "native",
  wlock: "native",
  wunlock: "native",
  cond: "native", // sync.Cond
  condWait: "native",
  condWaitFor: "emulated", // a channel for each waiter
  signal: "native",
  broadcast: "native",
  monitor: "emulated", // a mutex with an owner
  enter: "emulated",
  monitorWait: "emulated",
  monitorWaitFor: "emulated",
  notify: "emulated",
  lockFor: "emulated", // sync.Mutex's algorithm with a channel for each waiter
  acquireFor: "native", // semaphore.Weighted, whose wait ends in time
  once: "native", // sync.Once
  onceDo: "native",
  event: "native", // a channel that is closed
  eventSet: "native",
  eventWait: "native",
  barrier: "emulated", // a channel for each round
  barrierWait: "emulated",
  after: "emulated", // time.AfterFunc that sends a count
  timer: "emulated",
  ticker: "emulated",
  afterFunc: "native", // time.AfterFunc
  stopTimer: "native",
  resetTimer: "native",
  deadline: "native", // context.WithTimeout
  cancel: "native", // context.WithCancel
  isCancelled: "native",
  check: "native",
  shield: "native", // context.WithoutCancel
  token: "native", // context.WithCancel
  cancelToken: "native",
  withToken: "native",
  onResolve: "native", // a goroutine, as context.AfterFunc's
  callback: "native", // go
  callService: "native", // net.Conn
  fileRead: "native", // os.File
  fileStat: "native",
  listen: "native", // net
  accept: "native",
  connect: "native",
  read: "native",
  write: "native",
  closeConn: "native",
  closeListener: "native",
};

/** A mutex whose fairness is not its own is a semaphore's permit. */
export function tiersUnder({ lockFairness }: Policies): Readonly<Partial<Record<OpName, Tier>>> {
  if ((lockFairness ?? "native") === "native") return {};
  return { mutex: "emulated", lock: "emulated", unlock: "emulated", tryLock: "emulated" };
}
