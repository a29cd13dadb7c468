/**
 * The nodes of java.util.concurrent.LinkedTransferQueue (JDK 25), on which SynchronousQueue is built too: those in a list all give or
 * all take; an arriving thread of the other mode completes one of them and unparks its thread.
 */
import type { Steps } from "@orrery/runtime";
import { type JavaThread, UNTIMED } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

/** `DualNode.SPINS`: looks before parking when the list is (nearly) empty and the carrier knows of no queued work. */
const SPINS = 1 << 7;
/** One look with its `onSpinWait`, ns. */
const SPIN_NS = 20;
/** Looks that the model takes at a time. */
const SPINS_A_TURN = 16;

export class DualNode<E> {
  readonly isData: boolean;
  item: E | null;
  matched = false;
  waiter: JavaThread | null = null;

  constructor(isData: boolean, item: E | null) {
    this.isData = isData;
    this.item = item;
  }

  /** Completed by the other mode: what a taker gets, or null for a giver. */
  match(item: E | null): void {
    this.matched = true;
    if (!this.isData) this.item = item;
    this.waiter?.unpark();
  }
}

/** Appends the node and waits for its match: false if the time was over before. */
export function* awaitMatch<E>(
  jvm: Jvm,
  nodes: DualNode<E>[],
  node: DualNode<E>,
  deadlineNs = Infinity,
): Steps<boolean> {
  const { machine } = jvm;
  const current = jvm.currentThread();
  const last = nodes[nodes.length - 1];
  nodes.push(node);
  // Spins if at or near the head, unless the carrier knows of queued work (hasKnownQueuedWork).
  const nearHead = last === undefined || last.waiter === null;
  if (nearHead && machine.cores.length > 1 && !jvm.pool.hasKnownQueuedWork())
    for (let i = 0; i < SPINS / SPINS_A_TURN && !node.matched; i++) yield SPINS_A_TURN * SPIN_NS;
  node.waiter = current;
  while (!node.matched) {
    if (current.interrupted || deadlineNs <= machine.now) {
      nodes.splice(nodes.indexOf(node), 1);
      if (!current.getAndClearInterrupt()) return false;
      throw jvm.interruptedException();
    }
    yield* current.park(deadlineNs === Infinity ? UNTIMED : deadlineNs - machine.now);
  }
  return true;
}
