/** streams.py: sockets, streams and servers. */
import { create_server, sock_accept, sock_connect, sock_recv, sock_sendall } from "../connections.ts";
import { type Bytes, ListeningSocket, tcp_socket } from "../sockets.ts";
import { StreamReader, StreamReaderProtocol, type StreamWriter } from "../streams.ts";
import type { SocketTransport } from "../transports.ts";
import { coroutine, inFile, outcome, outcome_of_call, range } from "./prelude.ts";

const bytes = (size: number): Bytes => "\0".repeat(size);

export const streams = inFile("streams.py", [
  {
    name: "server_accept",
    pins: "Setting up a connection takes several iterations; data is read after the handler's first step.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const done = loop.create_future();
      let begun = 0;
      const since = (): number => loop.iterations - begun;
      class Protocol extends StreamReaderProtocol {
        override connection_made(transport: SocketTransport) {
          print("made", since());
          super.connection_made(transport);
        }

        override data_received(data: Bytes) {
          print("data", since());
          super.data_received(data);
        }
      }
      function* handler(reader: StreamReader, writer: StreamWriter) {
        print("handler", since());
        print(`b'${(yield* reader.readline()).replace("\n", "\\n")}'`, since());
        writer.close();
        done.set_result(null);
      }
      function factory() {
        begun = loop.iterations;
        print("factory", since());
        return new Protocol(loop, new StreamReader(loop), handler);
      }
      const server = yield* create_server(loop, factory, 0);
      const client = asyncio.create_connection(server.sockets[0]!.getsockname());
      client.send("hi\n");
      yield* done;
      server.close();
      client.close();
    }),
  },
  {
    name: "client_iterations",
    pins: "Iterations that a client on the loopback interface sees: connecting, the echo of a byte, closing.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      function* handler(reader: StreamReader, writer: StreamWriter) {
        yield* reader.read(1);
        writer.write("y");
      }
      const server = yield* asyncio.start_server(handler);
      let begun = loop.iterations;
      const [reader, writer] = yield* asyncio.open_connection(server.sockets[0]!.getsockname());
      print(loop.iterations - begun);
      begun = loop.iterations;
      writer.write("x");
      yield* reader.read(1);
      print(loop.iterations - begun);
      begun = loop.iterations;
      writer.close();
      yield* writer.wait_closed();
      print(loop.iterations - begun);
      server.close();
      yield* asyncio.sleep(0.01);
    }),
  },
  {
    name: "write_backpressure",
    pins: "write sends at once what it can; above the high mark drain waits until it is down to the low one.",
    port: coroutine(function* ({ asyncio, print }) {
      const [a, b] = asyncio.socketpair();
      const [, writer] = yield* asyncio.open_connection(a);
      const { transport } = writer;
      print(`(${transport.get_write_buffer_limits().join(", ")})`);
      writer.write("x");
      print(transport.get_write_buffer_size());
      yield* writer.drain();
      writer.write(bytes(4_000_000));
      print(transport.get_write_buffer_size() > 65536);
      const drained = asyncio.create_task(writer.drain());
      yield* asyncio.sleep(0.005);
      print(drained.done());
      while (!drained.done()) {
        outcome_of_call(() => b.recv(65536));
        yield* asyncio.sleep(0);
      }
      print(transport.get_write_buffer_size() <= 16384);
      transport.abort();
    }),
  },
  {
    name: "read_backpressure",
    pins: "The reader pauses its transport above twice its limit, and resumes at the limit.",
    port: coroutine(function* ({ asyncio, print }) {
      const [a, b] = asyncio.socketpair();
      const [reader, writer] = yield* asyncio.open_connection(a, 1000);
      const { transport } = writer;
      b.send(bytes(2000));
      yield* asyncio.sleep(0.005);
      print(transport.is_reading());
      b.send("x");
      yield* asyncio.sleep(0.005);
      print(transport.is_reading());
      yield* reader.readexactly(1000);
      print(reader._buffer.length, transport.is_reading());
      yield* reader.readexactly(1);
      print(reader._buffer.length, transport.is_reading());
      writer.close();
    }),
  },
  {
    name: "sock_inline",
    pins: "sock_sendall and sock_recv do not suspend when the kernel can serve them at once.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const [a, b] = asyncio.socketpair();
      let begun = loop.iterations;
      for (const _ of range(3)) {
        yield* sock_sendall(loop, a, "x");
        yield* sock_recv(loop, b, 1);
      }
      print(loop.iterations - begun);
      loop.call_soon(() => a.send("y"));
      begun = loop.iterations;
      yield* sock_recv(loop, b, 1);
      print(loop.iterations - begun);
    }),
  },
  {
    name: "v_server_wait_closed",
    pins: "3.11: wait_closed of a server that was closed does not wait for its connections.",
    port: coroutine(function* ({ asyncio, print }) {
      function* handler(reader: StreamReader, writer: StreamWriter) {
        yield* reader.read();
        writer.close();
      }
      const server = yield* asyncio.start_server(handler);
      const client = asyncio.create_connection(server.sockets[0]!.getsockname());
      yield* asyncio.sleep(0.01);
      server.close();
      const task = asyncio.create_task(server.wait_closed());
      yield* asyncio.sleep(0.005);
      print(task.done());
      client.close();
      yield* asyncio.sleep(0.01);
      print(task.done());
    }),
  },
  {
    name: "sock_connect_accept",
    pins: "sock_connect always waits for the kernel, sock_accept only if nobody has come yet.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const listener = new ListeningSocket(asyncio.python, 0);
      const client = tcp_socket(asyncio.python);
      let begun = loop.iterations;
      yield* sock_connect(loop, client, listener.getsockname());
      print("connect", loop.iterations - begun);
      begun = loop.iterations;
      const server = yield* sock_accept(loop, listener);
      print("accept", loop.iterations - begun);
      const accepting = asyncio.create_task(sock_accept(loop, listener));
      yield* asyncio.sleep(0.002);
      print(accepting.done());
      asyncio.create_connection(listener.getsockname());
      begun = loop.iterations;
      yield* accepting;
      print("late", loop.iterations - begun);
      yield* sock_sendall(loop, server, "x");
      print((yield* sock_recv(loop, client, 9)).length);
    }),
  },
  {
    name: "sock_refused",
    pins: "A connection that is refused is an error one iteration later, as one that is made would be.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const listener = new ListeningSocket(asyncio.python, 0);
      listener.close();
      const begun = loop.iterations;
      print(yield* outcome(asyncio.open_connection(listener.getsockname())), loop.iterations - begun);
    }),
  },
  {
    name: "sock_second_reader",
    pins: "A second sock_recv takes the place of the first, which never wakes.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const [a, b] = asyncio.socketpair();
      const first = asyncio.create_task(sock_recv(loop, b, 1));
      yield* asyncio.sleep(0);
      const second = asyncio.create_task(sock_recv(loop, b, 1));
      yield* asyncio.sleep(0);
      a.send("xy");
      yield* asyncio.sleep(0.002);
      print(first.done(), second.done());
      first.cancel();
      print(yield* outcome(first), (yield* sock_recv(loop, b, 1)).length);
    }),
  },
  {
    name: "reader_errors",
    pins: "What a StreamReader raises: a second reader, a line beyond the limit, an end that comes too early.",
    port: coroutine(function* ({ asyncio, print }) {
      const [a, b] = asyncio.socketpair();
      const [reader, writer] = yield* asyncio.open_connection(a, 10);
      const waiting = asyncio.create_task(reader.readline());
      yield* asyncio.sleep(0);
      print(yield* outcome(reader.read(1)));
      b.send("1234567890ab\n5\n");
      print(yield* outcome(waiting));
      print((yield* reader.readline()).length);
      b.send("end");
      b.close();
      print(yield* outcome(reader.readexactly(9)), reader.at_eof());
      print((yield* reader.read()).length, (yield* reader.readline()).length);
      writer.close();
    }),
  },
  {
    name: "peer_closes",
    pins: "A peer that is gone: the end is read, a write fails in silence, and drain tells, first as a lost connection.",
    port: coroutine(function* ({ asyncio, print }) {
      const [a, b] = asyncio.socketpair();
      const [reader, writer] = yield* asyncio.open_connection(a);
      b.close();
      print((yield* reader.read()).length, writer.is_closing());
      writer.write("x");
      print(writer.is_closing());
      print(yield* outcome(writer.drain()));
      print(yield* outcome(writer.drain()));
      print(yield* outcome(writer.wait_closed()));
    }),
  },
  {
    name: "drain_order",
    pins: "All who drain are resolved at the low mark, in order; a flush that is asked for by close comes first.",
    port: coroutine(function* ({ asyncio, print }) {
      const [a, b] = asyncio.socketpair();
      const [, writer] = yield* asyncio.open_connection(a);
      writer.write(bytes(1_000_000));
      function* drain(i: number) {
        yield* writer.drain();
        print("drained", i, writer.transport.get_write_buffer_size());
      }
      const tasks = range(3).map((i) => asyncio.create_task(drain(i)));
      yield* asyncio.sleep(0);
      while (!tasks.every((task) => task.done())) {
        outcome_of_call(() => b.recv(65536));
        yield* asyncio.sleep(0);
      }
      writer.write(bytes(300_000));
      writer.close();
      const closed = asyncio.create_task(writer.wait_closed());
      yield* asyncio.sleep(0.002);
      print(closed.done(), writer.transport.get_write_buffer_size() > 0);
      while (!closed.done()) {
        outcome_of_call(() => b.recv(65536));
        yield* asyncio.sleep(0);
      }
      print(writer.transport.get_write_buffer_size());
    }),
  },
  {
    name: "half_close",
    pins: "write_eof ends one direction: the other side reads the end, and answers.",
    port: coroutine(function* ({ asyncio, print }) {
      function* handler(reader: StreamReader, writer: StreamWriter) {
        print("request", (yield* reader.read()).length);
        writer.write("answer");
        writer.close();
      }
      const server = yield* asyncio.start_server(handler);
      const [reader, writer] = yield* asyncio.open_connection(server.sockets[0]!.getsockname());
      writer.write("ask");
      writer.write_eof();
      print("answer", (yield* reader.read()).length);
      print(outcome_of_call(() => writer.write("x")));
      writer.close();
      server.close();
    }),
  },
]);
