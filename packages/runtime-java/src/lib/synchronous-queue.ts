/**
 * java.util.concurrent.SynchronousQueue (JDK 25): a list of nodes that all give or all take. An arriving thread of the other
 * mode takes the newest waiter (default) or the oldest (`fair`), completes without blocking and unparks its partner.
 */
import type { Steps } from "@orrery/runtime";
import type { Jvm } from "../vm/jvm.ts";
import { awaitMatch, DualNode } from "./dual-node.ts";

export class SynchronousQueue<E> {
  private readonly jvm: Jvm;
  private readonly fair: boolean;
  private readonly nodes: DualNode<E>[] = [];

  constructor(jvm: Jvm, fair = false) {
    this.jvm = jvm;
    this.fair = fair;
  }

  *put(item: E): Steps {
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (this.match(true, item) === null) yield* awaitMatch(this.jvm, this.nodes, new DualNode<E>(true, item));
  }

  *take(): Steps<E> {
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    const partner = this.match(false, null);
    if (partner !== null) return partner.item!;
    const node = new DualNode<E>(false, null);
    yield* awaitMatch(this.jvm, this.nodes, node);
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
    node.match(item);
    return node;
  }
}
