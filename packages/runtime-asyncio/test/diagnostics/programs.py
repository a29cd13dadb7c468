"""Programs that make asyncio complain. `python3 - NAME... < programs.py` runs some; what they say is on stderr."""

import asyncio
import sys
import time


async def bad():
    raise ValueError("boom")


async def deep():
    await bad()


async def pending():
    await asyncio.sleep(9)


def callback(number):
    raise KeyError(number)


def slow(number):
    time.sleep(0.12)


async def slow_task():
    time.sleep(0.12)


async def stubborn():
    try:
        await asyncio.sleep(9)
    finally:
        raise ValueError("at the end")


async def never():
    await asyncio.sleep(0)


async def generator():
    try:
        yield 1
    finally:
        raise ValueError("closing")


async def task_exception():
    asyncio.create_task(bad(), name="T")
    asyncio.create_task(deep())
    await asyncio.sleep(0)


async def future_exception():
    future = asyncio.get_running_loop().create_future()
    future.set_exception(ValueError("boom"))
    del future
    gathered = asyncio.gather(bad(), bad())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del gathered
    await asyncio.sleep(0)


async def callback_exception():
    loop = asyncio.get_running_loop()
    loop.call_soon(callback, 7)
    loop.call_later(0.001, callback, 8)
    await asyncio.sleep(0.01)


async def slow_callbacks():
    loop = asyncio.get_running_loop()
    loop.call_soon(slow, 5)
    loop.call_later(0.001, slow, 6)
    await asyncio.sleep(0.3)
    task = asyncio.create_task(slow_task(), name="ST")
    await task


async def shutdown_error():
    task = asyncio.create_task(stubborn(), name="S")
    await asyncio.sleep(0)
    return task


async def never_awaited():
    never()
    await asyncio.sleep(0)


async def generator_close():
    agen = generator()
    await anext(agen)
    return agen


def show(value):
    sys.stderr.write(f"{value!r}\n")


async def reprs():
    loop = asyncio.get_running_loop()
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [asyncio.create_task(lock.acquire()) for _ in range(2)]
    waiting = asyncio.create_task(pending(), name="W")
    await asyncio.sleep(0)
    show(lock)
    show(waiting)
    waiting.cancel()
    show(waiting)
    await asyncio.wait([waiting])
    show(waiting)
    future = loop.create_future()
    future.set_result("x" * 50)
    show(future)
    show(loop.call_soon(slow, 1))
    handle = loop.call_later(9, slow, 2)
    show(handle)
    handle.cancel()
    show(handle)
    queue = asyncio.Queue(3)
    queue.put_nowait(1)
    queue.put_nowait(2)
    show(queue)
    event = asyncio.Event()
    show(event)
    show(asyncio.Semaphore(2))
    show(asyncio.Condition())
    show(asyncio.Barrier(3))
    async with asyncio.timeout(5) as scope:
        show(scope)
    show(scope)
    async with asyncio.TaskGroup() as group:
        group.create_task(never())
        show(group)
    show(group)
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        sys.stderr.write(f"##### {name}\n")
        asyncio.run(globals()[name]())
