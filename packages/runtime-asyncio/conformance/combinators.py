"""gather, wait, wait_for, shield, as_completed."""

import asyncio

from prelude import nop, outcome, run, wrap


async def gather_error():
    """The first error is delivered at once; siblings go on, and their late errors are swallowed."""

    async def child(delay, error=None):
        await asyncio.sleep(delay)
        print("end", delay)
        if error:
            raise error

    print(await outcome(asyncio.gather(child(0.03), child(0.01, ValueError()), child(0.02, KeyError()))))
    await asyncio.sleep(0.05)
    print(await asyncio.gather(child(0.001, OSError()), nop(3), return_exceptions=True))


async def gather_cancel():
    """Cancelling gather cancels every child; one cancelled alone only raises in the awaiter."""

    async def child(i):
        try:
            await asyncio.sleep(9)
        finally:
            print("child", i)

    task = asyncio.create_task(wrap(asyncio.gather(child(1), child(2), return_exceptions=True)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    print(await outcome(task), task.cancelled())
    alone = asyncio.create_task(child(3))
    await asyncio.sleep(0)
    alone.cancel()
    results = await asyncio.gather(alone, nop(), return_exceptions=True)
    print(type(results[0]).__name__, results[1])
    alone = asyncio.create_task(child(4))
    asyncio.get_running_loop().call_later(0.005, alone.cancel)
    print(await outcome(asyncio.gather(alone)), asyncio.current_task().cancelling())


async def gather_done():
    """gather of a done future takes two iterations."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    future.set_result(1)
    begun = loop.iterations
    await asyncio.gather(future)
    print(loop.iterations - begun)


async def wait_modes():
    """wait never cancels; whatever has ended when it goes on is among the done."""

    async def child(delay, bad=False):
        await asyncio.sleep(delay)
        assert not bad

    def spawn(delay, bad=False):
        return asyncio.create_task(child(delay, bad), name=str(delay))

    def tell(done, pending):
        print(sorted(task.get_name() for task in done), sorted(task.get_name() for task in pending))

    x = asyncio.create_task(nop(), name="x")
    y = asyncio.create_task(nop(), name="y")
    done, pending = await asyncio.wait([spawn(0.01), spawn(0.3), x, y], return_when=asyncio.FIRST_COMPLETED)
    tell(done, pending)
    done, pending = await asyncio.wait(pending, timeout=0.1)
    tell(done, pending)
    tasks = [spawn(0.01), spawn(0.02, True), spawn(0.3)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    tell(done, pending)
    for task in done:
        task.exception()


async def wait_for_cleanup():
    """At the timeout the child is cancelled and awaited; with a timeout of zero a coroutine never starts."""

    async def child():
        try:
            await asyncio.sleep(9)
        finally:
            await asyncio.sleep(0.02)
            print("cleaned")

    print(await outcome(asyncio.wait_for(child(), 0.005)))
    print(await outcome(asyncio.wait_for(child(), 0)))
    future = asyncio.get_running_loop().create_future()
    future.set_result("value")
    print(await asyncio.wait_for(future, 0))


async def v_wait_for():
    """3.11: wait_for runs its coroutine in a task; a cancellation that races with the result is swallowed."""
    main = asyncio.current_task()

    async def in_main():
        return asyncio.current_task() is main

    print(await asyncio.wait_for(in_main(), 9), await asyncio.wait_for(in_main(), None))
    future = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(asyncio.wait_for(future, 9))
    await asyncio.sleep(0)
    future.set_result("value")
    task.cancel()
    print(await outcome(task), task.cancelling())


async def shield_rules():
    """Cancelling the awaiter leaves the inner task running; cancelling the inner one cancels the shield."""

    async def child():
        await asyncio.sleep(0.01)
        print("inner done")
        return 5

    inner = asyncio.create_task(child())
    awaiter = asyncio.create_task(wrap(asyncio.shield(inner)))
    await asyncio.sleep(0)
    awaiter.cancel()
    print(await outcome(awaiter), inner.done())
    print(await inner)
    inner = asyncio.create_task(child())
    outer = asyncio.shield(inner)
    await asyncio.sleep(0)
    inner.cancel()
    await asyncio.sleep(0.002)
    print(outer.cancelled())


async def as_completed_order():
    """Results come in order of completion; after the timeout every await that is left raises."""

    async def child(delay):
        await asyncio.sleep(delay)
        return delay

    for coro in asyncio.as_completed([child(0.05), child(0.01), child(0.03)]):
        print(await coro)
    for coro in asyncio.as_completed([child(0.005), child(9), child(9)], timeout=0.15):
        print(await outcome(coro))


if __name__ == "__main__":
    run(globals())
