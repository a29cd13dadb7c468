/** readers.py: callbacks on descriptors, in the order that epoll gives. */
import { Descriptor, type Machine } from "@orrery/simulator";
import { coroutine, inFile, range } from "./prelude.ts";

/** An end of socket.socketpair, and what the other one sends into it: readable until all of it has been received. */
class Socket extends Descriptor {
  private bytes = 0;

  constructor(machine: Machine) {
    super(machine, "socket");
  }

  arrive(bytes: number): void {
    this.bytes += bytes;
    this.signal();
  }

  recv(bytes: number): void {
    this.bytes -= Math.min(bytes, this.bytes);
    if (this.bytes === 0) this.drain();
  }
}

export const readers = inFile("readers.py", [
  {
    name: "soon_io_timer",
    pins: "One iteration runs what was ready, then I/O in the kernel's order, then due timers.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const sockets = range(3).map(() => new Socket(asyncio.python.machine));
      for (const [i, socket] of sockets.entries())
        loop._add_reader(socket, () => {
          print("io", i);
          socket.recv(9);
        });
      function send() {
        for (const i of [2, 0, 1]) sockets[i]!.arrive(1);
        loop.call_later(0, print, "timer");
        loop.call_soon(print, "soon");
      }
      loop.call_soon(send);
      yield* asyncio.sleep(0.02);
      for (const socket of sockets) loop._remove_reader(socket);
    }),
  },
  {
    name: "level_trigger_rotation",
    pins: "A reader that leaves data behind goes to the back of the kernel's list.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const sockets = range(3).map(() => new Socket(asyncio.python.machine));
      for (const [i, socket] of sockets.entries())
        loop._add_reader(socket, () => {
          print(i);
          socket.recv(1);
        });
      function send() {
        sockets[1]!.arrive(3);
        sockets[2]!.arrive(2);
        sockets[0]!.arrive(1);
      }
      loop.call_soon(send);
      yield* asyncio.sleep(0.02);
      for (const socket of sockets) loop._remove_reader(socket);
    }),
  },
]);
