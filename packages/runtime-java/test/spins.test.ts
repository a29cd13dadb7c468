/** A queued waiter that is woken in vain: how long `AbstractQueuedSynchronizer.acquire` spins before it parks again. */
import { expect, it } from "vitest";
import { defaultCosts, join, P1, runJava, Semaphore, Thread } from "../src/index.ts";

/** Times of the yields in which the woken waiter finds the permit taken again, ns. */
function yieldsOfABarger(onSpinWait: number, turns: number): number[] {
  const times: number[] = [];
  runJava({ ...P1, costs: { ...defaultCosts, onSpinWait } }, function* (jvm) {
    const semaphore = new Semaphore(jvm, 0);
    const waiter = Thread.startVirtualThread(jvm, semaphore.acquire());
    yield* Thread.yield(jvm);
    for (let i = 0; i < turns; i++) {
      semaphore.release();
      semaphore.tryAcquire();
      yield 0;
      const start = jvm.machine.now;
      yield* Thread.yield(jvm);
      yield 0;
      times.push(jvm.machine.now - start);
    }
    semaphore.release();
    yield* join(waiter);
  });
  return times;
}

it("each wake-up in vain spins longer, up to 255 times: the count is a signed byte that wraps", () => {
  const spinning = yieldsOfABarger(26, 10);
  const still = yieldsOfABarger(0, 10);
  // Temurin 25.0.3 has the same steps: yields of 1182, 1602, 2434, 4116, 7471, 7471 ns from the fourth on, 26 ns a spin.
  expect(spinning.map((ns, i) => (ns - still[i]!) / 26)).toEqual([1, 3, 7, 15, 31, 63, 127, 255, 255, 255]);
});
