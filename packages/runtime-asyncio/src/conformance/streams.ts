/** streams.py: sockets, streams and servers. The model reads descriptors, and has nothing above them. */
import { inFile } from "./prelude.ts";

export const streams = inFile("streams.py", [
  {
    name: "server_accept",
    pins: "Setting up a connection takes several iterations; data is read after the handler's first step.",
    port: { lacks: "servers and protocols" },
  },
  {
    name: "client_iterations",
    pins: "Iterations that a client on the loopback interface sees: connecting, the echo of a byte, closing.",
    port: { lacks: "servers and streams" },
  },
  {
    name: "write_backpressure",
    pins: "write sends at once what it can; above the high mark drain waits until it is down to the low one.",
    port: { lacks: "transports and streams" },
  },
  {
    name: "read_backpressure",
    pins: "The reader pauses its transport above twice its limit, and resumes at the limit.",
    port: { lacks: "transports and streams" },
  },
  {
    name: "sock_inline",
    pins: "sock_sendall and sock_recv do not suspend when the kernel can serve them at once.",
    port: { lacks: "the loop's operations on sockets" },
  },
  {
    name: "v_server_wait_closed",
    pins: "3.11: wait_closed of a server that was closed does not wait for its connections.",
    port: { lacks: "servers and streams" },
  },
]);
