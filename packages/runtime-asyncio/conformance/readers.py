"""Readers: callbacks on descriptors, in the order that epoll gives."""

import asyncio
import socket

from prelude import run


async def soon_io_timer():
    """One iteration runs what was ready, then I/O in the kernel's order, then due timers."""
    loop = asyncio.get_running_loop()
    pairs = [socket.socketpair() for _ in range(3)]

    def reader(i):
        print("io", i)
        pairs[i][0].recv(9)

    for i in range(3):
        loop.add_reader(pairs[i][0], reader, i)

    def send():
        for i in (2, 0, 1):
            pairs[i][1].send(b"x")
        loop.call_later(0, print, "timer")
        loop.call_soon(print, "soon")

    loop.call_soon(send)
    await asyncio.sleep(0.02)
    for a, _ in pairs:
        loop.remove_reader(a)


async def level_trigger_rotation():
    """A reader that leaves data behind goes to the back of the kernel's list."""
    loop = asyncio.get_running_loop()
    pairs = [socket.socketpair() for _ in range(3)]

    def reader(i):
        print(i)
        pairs[i][0].recv(1)

    for i in range(3):
        loop.add_reader(pairs[i][0], reader, i)

    def send():
        pairs[1][1].send(b"xxx")
        pairs[2][1].send(b"xx")
        pairs[0][1].send(b"x")

    loop.call_soon(send)
    await asyncio.sleep(0.02)
    for a, _ in pairs:
        loop.remove_reader(a)


if __name__ == "__main__":
    run(globals())
