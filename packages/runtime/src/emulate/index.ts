/**
 * The support classes of emulated operations: what a generated program would carry in a small file beside it, for a
 * runtime that has no idiom for an operation. Semantics are the language's; when a woken task runs is the runtime's.
 */
export { Barrier } from "./barrier.ts";
export { BargingSemaphore, type Place } from "./barging-semaphore.ts";
export { Channel } from "./channel.ts";
export { Fifo } from "./fifo.ts";
export { Group } from "./group.ts";
export { RwLock } from "./rw-lock.ts";
export { type Arm, armsOf, selectDone, selectForget, selectPark, selectReady } from "./select.ts";
export { SelectOrder } from "./select-order.ts";
export { Semaphore } from "./semaphore.ts";
export { Signals } from "./signals.ts";
export { nextTick } from "./next-tick.ts";
export { complete, Waiter, type Wake } from "./waiter.ts";
export { Waiters } from "./waiters.ts";
