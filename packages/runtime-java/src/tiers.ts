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
  callService: "native", // a blocking socket
  fileRead: "native", // Files.readAllBytes
  fileStat: "native",
};
