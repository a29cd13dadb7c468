import type { OpName } from "@orrery/program";
import type { Tier } from "@orrery/runtime";

/** The portable language's semantics are mostly Go's: nothing here needs a support class. */
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
  callService: "native", // net.Conn
  fileRead: "native", // os.File
  fileStat: "native",
};
