"""Sockets, streams and servers."""

import asyncio
import socket

from prelude import outcome, outcome_of_call, run


async def server_accept():
    """Setting up a connection takes several iterations; data is read after the handler's first step."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    begun = 0

    def since():
        return loop.iterations - begun

    class Protocol(asyncio.StreamReaderProtocol):
        def connection_made(self, transport):
            print("made", since())
            super().connection_made(transport)

        def data_received(self, data):
            print("data", since())
            super().data_received(data)

    async def handler(reader, writer):
        print("handler", since())
        print(await reader.readline(), since())
        writer.close()
        done.set_result(None)

    def factory():
        nonlocal begun
        begun = loop.iterations
        print("factory", since())
        return Protocol(asyncio.StreamReader(), handler)

    server = await loop.create_server(factory, "127.0.0.1", 0)
    client = socket.create_connection(server.sockets[0].getsockname())
    client.send(b"hi\n")
    await done
    server.close()
    client.close()


async def client_iterations():
    """Iterations that a client on the loopback interface sees: connecting, the echo of a byte, closing."""
    loop = asyncio.get_running_loop()

    async def handler(reader, writer):
        await reader.read(1)
        writer.write(b"y")

    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    begun = loop.iterations
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    print(loop.iterations - begun)
    begun = loop.iterations
    writer.write(b"x")
    await reader.read(1)
    print(loop.iterations - begun)
    begun = loop.iterations
    writer.close()
    await writer.wait_closed()
    print(loop.iterations - begun)
    server.close()
    await asyncio.sleep(0.01)


async def write_backpressure():
    """write sends at once what it can; above the high mark drain waits until it is down to the low one."""
    a, b = socket.socketpair()
    b.setblocking(False)
    _, writer = await asyncio.open_connection(sock=a)
    transport = writer.transport
    print(transport.get_write_buffer_limits())
    writer.write(b"x")
    print(transport.get_write_buffer_size())
    await writer.drain()
    writer.write(bytes(4_000_000))
    print(transport.get_write_buffer_size() > 65536)
    drained = asyncio.create_task(writer.drain())
    await asyncio.sleep(0.005)
    print(drained.done())
    while not drained.done():
        outcome_of_call(b.recv, 65536)
        await asyncio.sleep(0)
    print(transport.get_write_buffer_size() <= 16384)
    transport.abort()


async def read_backpressure():
    """The reader pauses its transport above twice its limit, and resumes at the limit."""
    a, b = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=a, limit=1000)
    transport = writer.transport
    b.sendall(bytes(2000))
    await asyncio.sleep(0.005)
    print(transport.is_reading())
    b.sendall(b"x")
    await asyncio.sleep(0.005)
    print(transport.is_reading())
    await reader.readexactly(1000)
    print(len(reader._buffer), transport.is_reading())
    await reader.readexactly(1)
    print(len(reader._buffer), transport.is_reading())
    writer.close()


async def sock_inline():
    """sock_sendall and sock_recv do not suspend when the kernel can serve them at once."""
    loop = asyncio.get_running_loop()
    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)
    begun = loop.iterations
    for _ in range(3):
        await loop.sock_sendall(a, b"x")
        await loop.sock_recv(b, 1)
    print(loop.iterations - begun)
    loop.call_soon(a.send, b"y")
    begun = loop.iterations
    await loop.sock_recv(b, 1)
    print(loop.iterations - begun)


async def v_server_wait_closed():
    """3.11: wait_closed of a server that was closed does not wait for its connections."""

    async def handler(reader, writer):
        await reader.read()
        writer.close()

    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    client = socket.create_connection(server.sockets[0].getsockname())
    await asyncio.sleep(0.01)
    server.close()
    task = asyncio.create_task(server.wait_closed())
    await asyncio.sleep(0.005)
    print(task.done())
    client.close()
    await asyncio.sleep(0.01)
    print(task.done())


async def sock_connect_accept():
    """sock_connect always waits for the kernel, sock_accept only if nobody has come yet."""
    loop = asyncio.get_running_loop()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    client = socket.socket()
    client.setblocking(False)
    begun = loop.iterations
    await loop.sock_connect(client, listener.getsockname())
    print("connect", loop.iterations - begun)
    begun = loop.iterations
    server, _ = await loop.sock_accept(listener)
    print("accept", loop.iterations - begun)
    accepting = asyncio.create_task(loop.sock_accept(listener))
    await asyncio.sleep(0.002)
    print(accepting.done())
    late = socket.create_connection(listener.getsockname())
    begun = loop.iterations
    await accepting
    print("late", loop.iterations - begun)
    await loop.sock_sendall(server, b"x")
    print(len(await loop.sock_recv(client, 9)))
    for each in (listener, client, server, late, accepting.result()[0]):
        each.close()


async def sock_refused():
    """A connection that is refused is an error one iteration later, as one that is made would be."""
    loop = asyncio.get_running_loop()
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    listener.close()
    begun = loop.iterations
    print(await outcome(asyncio.open_connection(*address)), loop.iterations - begun)


async def sock_second_reader():
    """A second sock_recv takes the place of the first, which never wakes."""
    loop = asyncio.get_running_loop()
    a, b = socket.socketpair()
    for each in (a, b):
        each.setblocking(False)
    first = asyncio.create_task(loop.sock_recv(b, 1))
    await asyncio.sleep(0)
    second = asyncio.create_task(loop.sock_recv(b, 1))
    await asyncio.sleep(0)
    a.send(b"xy")
    await asyncio.sleep(0.002)
    print(first.done(), second.done())
    first.cancel()
    print(await outcome(first), len(await loop.sock_recv(b, 1)))


async def reader_errors():
    """What a StreamReader raises: a second reader, a line beyond the limit, an end that comes too early."""
    a, b = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=a, limit=10)
    waiting = asyncio.create_task(reader.readline())
    await asyncio.sleep(0)
    print(await outcome(reader.read(1)))
    b.send(b"1234567890ab\n5\n")
    print(await outcome(waiting))
    print(len(await reader.readline()))
    b.send(b"end")
    b.close()
    print(await outcome(reader.readexactly(9)), reader.at_eof())
    print(len(await reader.read()), len(await reader.readline()))
    writer.close()


async def peer_closes():
    """A peer that is gone: the end is read, a write fails in silence, and drain tells, first as a lost connection."""
    a, b = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=a)
    b.close()
    print(len(await reader.read()), writer.is_closing())
    writer.write(b"x")
    print(writer.is_closing())
    print(await outcome(writer.drain()))
    print(await outcome(writer.drain()))
    print(await outcome(writer.wait_closed()))


async def drain_order():
    """All who drain are resolved at the low mark, in order; a flush that is asked for by close comes first."""
    a, b = socket.socketpair()
    b.setblocking(False)
    _, writer = await asyncio.open_connection(sock=a)
    writer.write(bytes(1_000_000))

    async def drain(i):
        await writer.drain()
        print("drained", i, writer.transport.get_write_buffer_size())

    tasks = [asyncio.create_task(drain(i)) for i in range(3)]
    await asyncio.sleep(0)
    while not all(task.done() for task in tasks):
        outcome_of_call(b.recv, 65536)
        await asyncio.sleep(0)
    writer.write(bytes(300_000))
    writer.close()
    closed = asyncio.create_task(writer.wait_closed())
    await asyncio.sleep(0.002)
    print(closed.done(), writer.transport.get_write_buffer_size() > 0)
    while not closed.done():
        outcome_of_call(b.recv, 65536)
        await asyncio.sleep(0)
    print(writer.transport.get_write_buffer_size())


async def half_close():
    """write_eof ends one direction: the other side reads the end, and answers."""

    async def handler(reader, writer):
        print("request", len(await reader.read()))
        writer.write(b"answer")
        writer.close()

    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"ask")
    writer.write_eof()
    print("answer", len(await reader.read()))
    print(outcome_of_call(writer.write, b"x"))
    writer.close()
    server.close()


if __name__ == "__main__":
    run(globals())
