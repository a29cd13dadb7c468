"""Orders of uvloop, and trio's: `python3 programs.py NAME`, with uvloop and trio installed."""

import asyncio
import socket
import sys
import time


async def three_kinds():
    loop = asyncio.get_running_loop()
    a, b = socket.socketpair()
    a.setblocking(False)
    loop.add_reader(a, lambda: (print("io"), a.recv(9)))
    await asyncio.sleep(0.01)

    def arm():
        b.send(b"x")
        loop.call_later(0.001, print, "timer")
        loop.call_soon(print, "soon")
        time.sleep(0.005)

    loop.call_soon(arm)
    await asyncio.sleep(0.05)
    loop.remove_reader(a)


async def timer_ties():
    loop = asyncio.get_running_loop()
    for count in (3, 8):
        got = []
        when = loop.time() + 0.02
        for i in range(count):
            loop.call_at(when, got.append, i)
        await asyncio.sleep(0.05)
        print(*got)


async def rounding():
    loop = asyncio.get_running_loop()
    for delay in (0.0004, 0.0005, 0.00051, 0.0015):
        got = []
        loop.call_later(delay, got.append, "timer")
        loop.call_soon(got.append, "soon")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print(delay, *got)
        await asyncio.sleep(0.01)


async def sleeper():
    async def sleep():
        await asyncio.sleep(0.005)
        print("sleeper")

    loop = asyncio.get_running_loop()
    task = asyncio.create_task(sleep())
    await asyncio.sleep(0)
    loop.call_later(0.02, lambda: (print("late"), loop.call_soon(print, "soon")))
    await task
    await asyncio.sleep(0.04)
    loop.call_soon(print, "last")


def trio_batch():
    import trio

    async def child(i):
        print(i, end=" ")

    async def main():
        async with trio.open_nursery() as nursery:
            for i in range(4):
                nursery.start_soon(child, i)

    trio.run(main)


if __name__ == "__main__":
    program = globals()[sys.argv[1]]
    if asyncio.iscoroutinefunction(program):
        import uvloop

        uvloop.run(program())
    else:
        program()
