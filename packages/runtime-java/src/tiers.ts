import type { OpName } from "@orrery/program";
import type { Tier } from "@orrery/runtime";

/** Which operations are a practitioner's idiom in Java and which need the support class. */
export const tiers: Readonly<Partial<Record<OpName, Tier>>> = {
  spawn: "native", // Thread.ofVirtual().start
  detach: "native",
  join: "native", // Thread.join
  joinAny: "native", // CompletableFuture.anyOf
  joinAll: "native", // CompletableFuture.allOf
  settleAll: "native",
  scope: "native", // newVirtualThreadPerTaskExecutor in try-with-resources
  scopeRace: "native",
  yield: "native", // Thread.yield
  yieldMicro: "native",
  sleep: "native", // Thread.sleep
  cpu: "native",
  block: "native", // a foreign call
  offload: "native", // newFixedThreadPool
  chan: "emulated", // no blocking queue has Go's hand-off, close and select
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
  mutex: "native", // Semaphore(1)
  lock: "native",
  unlock: "native",
  tryLock: "native",
  sem: "native", // Semaphore(n, true)
  acquire: "native",
  release: "native",
  group: "emulated", // CountDownLatch can't grow
  groupAdd: "emulated",
  groupDone: "emulated",
  groupWait: "emulated",
  promise: "native", // CompletableFuture
  resolve: "native",
  reject: "native",
  await: "native",
  onResolve: "native", // CompletableFuture.thenApply, thenCompose
  callback: "native", // Executor.execute
  lockFor: "native", // Semaphore.tryAcquire(timeout)
  acquireFor: "native",
  rwlock: "emulated", // ReentrantReadWriteLock is reentrant and owned
  rlock: "emulated",
  runlock: "emulated",
  wlock: "emulated",
  wunlock: "emulated",
  cond: "emulated", // a Condition is signalled by its lock's owner only
  condWait: "emulated",
  condWaitFor: "emulated",
  signal: "emulated",
  broadcast: "emulated",
  monitor: "native", // synchronized, ReentrantLock
  enter: "native",
  monitorWait: "native",
  monitorWaitFor: "native",
  notify: "native",
  once: "emulated",
  onceDo: "emulated",
  event: "native", // CountDownLatch(1)
  eventSet: "native",
  eventWait: "native",
  barrier: "emulated", // an interrupt breaks a CyclicBarrier
  barrierWait: "emulated",
  after: "emulated", // a virtual thread that sleeps
  timer: "emulated",
  ticker: "emulated",
  afterFunc: "emulated",
  stopTimer: "emulated",
  resetTimer: "emulated",
  deadline: "emulated", // a watchdog that interrupts
  cancel: "native", // Thread.interrupt
  isCancelled: "native", // Thread.isInterrupted
  check: "native", // Thread.interrupted
  shield: "emulated",
  token: "emulated",
  cancelToken: "emulated",
  withToken: "emulated",
  callService: "native", // a blocking socket
  fileRead: "native", // Files.readAllBytes
  listen: "native", // ServerSocket, Socket
  accept: "native",
  connect: "native",
  read: "native",
  write: "native",
  closeConn: "native",
  closeListener: "native",
  fileStat: "native",
};
