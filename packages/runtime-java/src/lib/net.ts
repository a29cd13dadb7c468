/**
 * Blocking reads of sockets and pipes on a virtual thread (sun.nio.ch.NioSocketImpl and SourceChannelImpl, JDK 25): try
 * without blocking, park on a Poller, try again.
 */
import type { Steps } from "@orrery/runtime";
import type { Descriptor } from "@orrery/simulator";
import { Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

/** Reads the descriptor, whose number is `fd`, empty. Interrupted, it closes the socket and keeps the flag. */
export function* blockingRead(jvm: Jvm, descriptor: Descriptor, fd: number): Steps {
  const { machine, costs } = jvm;
  const poller = jvm.networkPollers.readPoller(fd);
  for (;;) {
    machine.charge(costs.syscall);
    if (!machine.settle()) yield 0;
    if (descriptor.readable) break;
    if (jvm.currentThread().interrupted)
      throw new Throwable("java.net.SocketException", "Closed by interrupt");
    yield* poller.poll(descriptor);
  }
  descriptor.drain();
}
