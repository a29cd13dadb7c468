/**
 * java.util.concurrent.SynchronousQueue (JDK 25): a list of nodes that all give or all take. An arriving thread of the other
 * mode takes the newest waiter (default) or the oldest (`fair`), completes without blocking and unparks its partner.
 */
import type { Steps } from "@orrery/runtime";
import type { JavaThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

/** `DualNode.SPINS`: looks before parking when the list is (nearly) empty and the carrier knows of no queued work. */
const SPINS = 1 << 7;
/** One look with its `onSpinWait`, ns. */
const SPIN_NS = 20;
/** Looks that the model takes at a time. */
const SPINS_A_TURN = 16;

class DualNode<E> {
  readonly isData: boolean;
  item: E | null;
  matched = false;
  waiter: JavaThread | null = null;

  constructor(isData: boolean, item: E | null) {
    this.isData = isData;
    this.item = item;
  }
}

export class SynchronousQueue<E> {
  private readonly jvm: Jvm;
  private readonly fair: boolean;
  private nodes: DualNode<E>[] = [];

  constructor(jvm: Jvm, fair = false) {
    this.jvm = jvm;
    this.fair = fair;
  }

  *put(item: E): Steps {
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (this.match(true, item) === null) yield* this.await(new DualNode<E>(true, item));
  }

  *take(): Steps<E> {
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    const partner = this.match(false, null);
    if (partner !== null) return partner.item!;
    const node = new DualNode<E>(false, null);
    yield* this.await(node);
    return node.item!;
  }

  /** Gives the item to a waiting taker, if there is one. */
  offer(item: E): boolean {
    return this.match(true, item) !== null;
  }

  private match(isData: boolean, item: E | null): DualNode<E> | null {
    const { machine, costs } = this.jvm;
    machine.charge(costs.transfer);
    const { nodes } = this;
    if (nodes.length === 0 || nodes[0]!.isData === isData) return null;
    const node = this.fair ? nodes.shift()! : nodes.pop()!;
    node.matched = true;
    if (isData) node.item = item;
    node.waiter?.unpark();
    return node;
  }

  private *await(node: DualNode<E>): Steps {
    const { machine } = this.jvm;
    const current = this.jvm.currentThread();
    const last = this.nodes[this.nodes.length - 1];
    this.nodes.push(node);
    // Spins if at or near the head, unless the carrier knows of queued work (hasKnownQueuedWork).
    const nearHead = last === undefined || last.waiter === null;
    if (nearHead && machine.cores.length > 1 && !this.jvm.pool.hasKnownQueuedWork())
      for (let i = 0; i < SPINS / SPINS_A_TURN && !node.matched; i++) yield SPINS_A_TURN * SPIN_NS;
    node.waiter = current;
    while (!node.matched) {
      if (current.interrupted) {
        this.nodes = this.nodes.filter((other) => other !== node);
        current.getAndClearInterrupt();
        throw this.jvm.interruptedException();
      }
      yield* current.park();
    }
  }
}
