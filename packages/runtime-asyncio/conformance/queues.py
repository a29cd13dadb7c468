"""Queue, LifoQueue, PriorityQueue."""

import asyncio

from prelude import outcome, outcome_of_call, run


async def queue_barging():
    """A woken getter that finds the queue empty queues up again at the back."""
    queue = asyncio.Queue()

    async def getter(i):
        print(i, await queue.get())

    tasks = [asyncio.create_task(getter(i)) for i in range(2)]
    await asyncio.sleep(0)
    queue.put_nowait("a")
    print("main", queue.get_nowait())
    await asyncio.sleep(0)
    queue.put_nowait("b")
    queue.put_nowait("c")
    await asyncio.wait(tasks)


async def queue_bounded():
    """get wakes one putter, which adds its item only when it runs."""
    queue = asyncio.Queue(1)

    async def putter(i):
        await queue.put(i)
        print("put", i)

    tasks = [asyncio.create_task(putter(i)) for i in range(3)]
    await asyncio.sleep(0)
    print(queue.qsize(), len(queue._putters))
    print("got", queue.get_nowait(), queue.qsize())
    await asyncio.sleep(0)
    print(queue.qsize())
    for _ in range(2):
        print("got", await queue.get())
    await asyncio.wait(tasks)
    print(outcome_of_call(queue.get_nowait))


async def queue_cancel_pass_on():
    """A getter that is cancelled after it was woken wakes the next one."""
    queue = asyncio.Queue()

    async def getter(i):
        print(i, await queue.get())

    a = asyncio.create_task(getter(1))
    b = asyncio.create_task(getter(2))
    await asyncio.sleep(0)
    queue.put_nowait("x")
    a.cancel()
    await asyncio.wait([a, b])
    print(a.cancelled())


async def queue_kinds():
    """Last in first out, priorities, join and task_done."""
    lifo = asyncio.LifoQueue()
    priority = asyncio.PriorityQueue()
    queue = asyncio.Queue()
    for each in (lifo, priority, queue):
        for item in (2, 3, 1):
            each.put_nowait(item)
    print(*[lifo.get_nowait() for _ in range(3)], *[priority.get_nowait() for _ in range(3)])

    async def worker():
        while True:
            await queue.get()
            await asyncio.sleep(0)
            queue.task_done()
            print("done")

    task = asyncio.create_task(worker())
    await queue.join()
    print("joined", task.done(), outcome_of_call(queue.task_done))


async def v_queue_shutdown():
    """From 3.13 a queue can be shut down: nothing more is put, and getters end when it is empty; 3.12 has no such call."""
    queue = asyncio.Queue(2)

    async def put(i):
        print("put", i, await outcome(queue.put(i)))

    async def get():
        print("get", await outcome(queue.get()))

    tasks = [asyncio.create_task(put(i)) for i in range(3)]
    await asyncio.sleep(0)
    queue.shutdown()
    await asyncio.wait(tasks)
    print(outcome_of_call(queue.put_nowait, 9))
    for _ in range(3):
        await get()
    print(outcome_of_call(queue.get_nowait))
    other = asyncio.Queue()
    other.put_nowait(1)
    joining = asyncio.create_task(other.join())
    await asyncio.sleep(0)
    other.shutdown(immediate=True)
    await joining
    print("joined", other.qsize())


if __name__ == "__main__":
    run(globals())
