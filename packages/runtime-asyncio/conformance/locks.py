"""Lock, Event, Condition, Semaphore, Barrier."""

import asyncio

from prelude import outcome, outcome_of_call, run


async def lock_fifo():
    """release wakes the first waiter; nobody barges past; one cancelled when woken passes the lock on."""
    lock = asyncio.Lock()

    async def section(i):
        async with lock:
            print(i)
            await asyncio.sleep(0)

    await lock.acquire()
    tasks = [asyncio.create_task(section(i)) for i in range(3)]
    await asyncio.sleep(0)
    lock.release()
    print("locked", lock.locked())
    tasks.append(asyncio.create_task(section("late")))
    await lock.acquire()
    print("main")
    a = asyncio.create_task(section("a"))
    b = asyncio.create_task(section("b"))
    await asyncio.sleep(0)
    lock.release()
    a.cancel()
    await asyncio.wait([a, b, *tasks])
    print(a.cancelled(), lock.locked())


async def event_set_clear():
    """set() resolves the waiters in order; clearing at once does not take it back."""
    event = asyncio.Event()

    async def waiter(i):
        print(i, await event.wait(), event.is_set())

    tasks = [asyncio.create_task(waiter(i)) for i in range(2)]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    await asyncio.wait(tasks)
    print(await outcome(asyncio.wait_for(event.wait(), 0.005)))


async def condition_order():
    """Notified waiters queue for the lock in order of their waits, behind those that queue already."""
    condition = asyncio.Condition()

    async def waiter(i):
        async with condition:
            await condition.wait()
            print("waiter", i)

    async def other():
        async with condition:
            print("other")

    tasks = [asyncio.create_task(waiter(i)) for i in range(3)]
    await asyncio.sleep(0)
    async with condition:
        tasks.append(asyncio.create_task(other()))
        await asyncio.sleep(0)
        condition.notify(2)
        print("notified")
        await asyncio.sleep(0)
    await asyncio.sleep(0.005)
    print(outcome_of_call(condition.notify))
    async with condition:
        condition.notify_all()
    await asyncio.wait(tasks)


async def semaphore_fifo():
    """release hands the permit to the first waiter; a newcomer never sees it."""
    semaphore = asyncio.Semaphore(0)

    async def waiter(i):
        await semaphore.acquire()
        print(i)

    tasks = [asyncio.create_task(waiter(i)) for i in range(3)]
    await asyncio.sleep(0)
    semaphore.release()
    semaphore.release()
    print(semaphore._value, semaphore.locked())
    tasks.append(asyncio.create_task(waiter("late")))
    await asyncio.sleep(0.002)
    semaphore.release()
    semaphore.release()
    await asyncio.wait(tasks)
    print(outcome_of_call(asyncio.BoundedSemaphore(1).release))


async def v_condition_semaphore():
    """3.11: a notification dies with the waiter it woke; each waiter of a semaphore wakes the next."""
    condition = asyncio.Condition()

    async def waiter(i):
        async with condition:
            await condition.wait()
            print("waiter", i)

    a = asyncio.create_task(waiter(1))
    b = asyncio.create_task(waiter(2))
    await asyncio.sleep(0)
    async with condition:
        condition.notify(1)
        a.cancel()
    await asyncio.sleep(0.003)
    print(b.done())
    b.cancel()

    semaphore = asyncio.Semaphore(0)

    async def taker(i):
        await semaphore.acquire()
        print(i, semaphore._value)

    tasks = [asyncio.create_task(taker(i)) for i in range(3)]
    await asyncio.sleep(0)
    semaphore._value = 2
    semaphore.release()
    await asyncio.sleep(0)
    print("next iteration")
    await asyncio.wait(tasks)


async def barrier_cycle():
    """The last party leaves first, without suspending; the others as they came; newcomers wait for them."""
    barrier = asyncio.Barrier(3)

    async def party(i):
        print("in", i)
        index = await barrier.wait()
        print("out", i, index)

    await asyncio.gather(*[party(i) for i in range(6)])


if __name__ == "__main__":
    run(globals())
