"""Executor threads and the GIL."""

import asyncio
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from prelude import outcome, run


async def executor_basics():
    """The loop stays live beside a job; cancelling the awaiter does not stop a job that has started."""
    loop = asyncio.get_running_loop()
    log = []
    opened = False

    def job():
        log.append(threading.current_thread().name)
        while not opened:
            time.sleep(0.001)
        log.append("end")

    task = asyncio.create_task(asyncio.to_thread(job))
    await asyncio.sleep(0.08)
    print("live", task.done())
    task.cancel()
    print(await outcome(task), log)
    opened = True
    print(await loop.run_in_executor(None, lambda: 3))
    await asyncio.sleep(0.08)
    print(log, loop._default_executor._max_workers == min(32, os.cpu_count() + 4))


async def executor_fifo():
    """Jobs beyond the pool wait in order; there are never more threads than the pool may have."""
    loop = asyncio.get_running_loop()
    executor = ThreadPoolExecutor(2)
    begun = loop.time()

    async def job(i):
        await loop.run_in_executor(executor, time.sleep, 0.05)
        print(i // 2, int((loop.time() - begun) / 0.05))

    await asyncio.gather(*[job(i) for i in range(4)])
    print("threads", len(executor._threads))


async def executor_cancel_queued():
    """A job that is cancelled while it is queued never runs."""
    loop = asyncio.get_running_loop()
    executor = ThreadPoolExecutor(1)
    first = loop.run_in_executor(executor, time.sleep, 0.05)
    second = loop.run_in_executor(executor, print, "second")
    await asyncio.sleep(0.001)
    second.cancel()
    await first
    print("first")
    print(await outcome(second))
    await asyncio.sleep(0.02)
    print("main")


async def executor_exception():
    """A job's exception crosses to its awaiter."""

    def job():
        raise ValueError

    print(await outcome(asyncio.to_thread(job)))


async def gil_wakeup():
    """Beside a thread that burns CPU each wake-up from select waits for a switch interval of 5 ms."""
    stopped = False
    times = []

    def burn():
        while not stopped:
            pass

    thread = threading.Thread(target=burn)
    thread.start()
    await asyncio.sleep(0.02)
    for _ in range(21):
        begun = time.monotonic()
        await asyncio.sleep(0.002)
        times.append(time.monotonic() - begun)
    stopped = True
    thread.join()
    print(sorted(times)[10] > 0.006)


async def blocking_sleep():
    """time.sleep in a coroutine blocks the loop, but not the other threads."""
    ticks = 0

    def ticker():
        nonlocal ticks
        while ticks < 20:
            time.sleep(0.001)
            ticks += 1

    thread = threading.Thread(target=ticker)
    thread.start()
    asyncio.get_running_loop().call_soon(print, "callback")
    time.sleep(0.2)
    print(ticks)
    thread.join()
    await asyncio.sleep(0)


if __name__ == "__main__":
    run(globals())
