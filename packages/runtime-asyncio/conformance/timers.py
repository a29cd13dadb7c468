"""Timers: the heap, deadlines and the timeout of select."""

import asyncio
import time

from prelude import run


async def timer_ties():
    """Equal deadlines leave the binary heap in heapq's order, not FIFO."""
    loop = asyncio.get_running_loop()
    for count in (2, 3, 5, 8):
        order = []
        when = loop.time() + 0.003
        for i in range(count):
            loop.call_at(when, order.append, i)
        await asyncio.sleep(0.015)
        print(*order)


async def overdue_timers():
    """Overdue timers run by deadline, after the handles that were ready; a delay may be negative."""
    loop = asyncio.get_running_loop()
    now = loop.time()
    loop.call_at(now - 1, print, "a")
    loop.call_at(now - 2, print, "b")
    loop.call_later(0, print, "c")
    loop.call_soon(print, "d")
    loop.call_later(-5, print, "e")
    await asyncio.sleep(0)
    print("main 1")
    await asyncio.sleep(0)
    print("main 2")


async def blocked_loop_batch():
    """Timers that come due while a callback blocks are all released in one iteration."""
    loop = asyncio.get_running_loop()
    begun = loop.iterations
    for delay in (0.02, 0.01, 0.03, 0.005):
        loop.call_later(delay, lambda delay=delay: print(delay, loop.iterations - begun))
    time.sleep(0.05)
    print("unblocked")
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def epoll_ms_rounding():
    """A positive timeout of select is rounded up to whole milliseconds."""
    begun = time.monotonic()
    for _ in range(20):
        await asyncio.sleep(0.0001)
    slept = time.monotonic() - begun
    begun = time.monotonic()
    for _ in range(20):
        await asyncio.sleep(0)
    print(slept >= 0.02, time.monotonic() - begun < slept)


async def sleep_is_two_steps():
    """The timer only resolves a future; the sleeper goes on one iteration later."""
    loop = asyncio.get_running_loop()
    when = loop.time() + 0.01

    async def sleeper():
        await asyncio.sleep(when - loop.time())
        print("sleeper")

    def timer():
        print("timer")
        loop.call_soon(print, "soon")

    task = asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    loop.call_at(when + 1e-4, timer)
    time.sleep(0.02)
    await task
    await asyncio.sleep(0)


async def timer_purge():
    """Above 100 timers, more than half of them cancelled, the heap is rebuilt; else cancelled heads go."""
    loop = asyncio.get_running_loop()

    def tell():
        print(len(loop._scheduled), loop._timer_cancelled_count)

    handles = [loop.call_later(10 + i, print) for i in range(200)]
    for handle in handles[100:]:
        handle.cancel()
    await asyncio.sleep(0)
    tell()
    handles[99].cancel()
    await asyncio.sleep(0)
    tell()
    handles[0].cancel()
    handles[98].cancel()
    await asyncio.sleep(0)
    tell()
    for handle in handles:
        handle.cancel()
    await asyncio.sleep(0)
    tell()
    loop.call_later(0.001, int).cancel()
    loop.call_later(0.001, int)
    loop.call_later(0.002, int).cancel()
    time.sleep(0.005)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tell()


async def late_sleeper():
    """A sleeper of 1 ms among four tasks that keep the loop for 100 ms each is late by all of them."""

    async def hog():
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            pass

    begun = time.monotonic()

    async def sleeper():
        await asyncio.sleep(0.001)
        late = time.monotonic() - begun
        print(late >= 0.4 and late < 0.7)

    await asyncio.gather(sleeper(), hog(), hog(), hog(), hog())


if __name__ == "__main__":
    run(globals())
