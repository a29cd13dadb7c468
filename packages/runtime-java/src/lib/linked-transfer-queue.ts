/** java.util.concurrent.LinkedTransferQueue (JDK 25): unbounded; givers may wait for a taker, and are paired with takers FIFO. */
import type { Steps } from "@orrery/runtime";
import type { Jvm } from "../vm/jvm.ts";
import { awaitMatch, DualNode } from "./dual-node.ts";

export class LinkedTransferQueue<E> {
  private readonly jvm: Jvm;
  /** All give (elements, with or without a waiting giver) or all take. */
  private readonly nodes: DualNode<E>[] = [];

  constructor(jvm: Jvm) {
    this.jvm = jvm;
  }

  /** Never waits. */
  put(item: E): void {
    if (!this.tryTransfer(item)) this.nodes.push(new DualNode<E>(true, item));
  }

  /** Gives the item to a waiting taker, if there is one. */
  tryTransfer(item: E): boolean {
    return this.match(true, item) !== null;
  }

  /** Waits for a taker, for so long at most: then the item is gone. */
  *tryTransferNanos(item: E, nanos: number): Steps<boolean> {
    if (this.tryTransfer(item)) return true;
    const deadline = this.jvm.machine.threadNow + nanos;
    return yield* awaitMatch(this.jvm, this.nodes, new DualNode<E>(true, item), deadline);
  }

  /** Waits until a taker has the item. */
  *transfer(item: E): Steps {
    if (!this.tryTransfer(item)) yield* awaitMatch(this.jvm, this.nodes, new DualNode<E>(true, item));
  }

  *take(): Steps<E> {
    const giver = this.match(false, null);
    if (giver !== null) return giver.item!;
    const node = new DualNode<E>(false, null);
    yield* awaitMatch(this.jvm, this.nodes, node);
    return node.item!;
  }

  /** Null if it is empty. */
  poll(): E | null {
    return this.match(false, null)?.item ?? null;
  }

  get size(): number {
    return this.hasWaitingConsumer ? 0 : this.nodes.length;
  }

  get hasWaitingConsumer(): boolean {
    return this.nodes.length > 0 && !this.nodes[0]!.isData;
  }

  private match(isData: boolean, item: E | null): DualNode<E> | null {
    this.jvm.machine.charge(this.jvm.costs.transfer);
    if (this.nodes.length === 0 || this.nodes[0]!.isData === isData) return null;
    const node = this.nodes.shift()!;
    node.match(item);
    return node;
  }
}
