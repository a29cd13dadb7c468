"""Futures, tasks and cancellation."""

import asyncio
import types

from prelude import nop, outcome, outcome_of_call, run, wrap


async def future_callbacks():
    """Callbacks and waiters are queued in order of registration, a late one at once."""
    future = asyncio.get_running_loop().create_future()

    def removed(_):
        print("removed")

    async def waiter(i):
        await future
        print("waiter", i)

    future.add_done_callback(removed)
    future.add_done_callback(lambda _: print("1"))
    tasks = [asyncio.create_task(waiter(i)) for i in (1, 2)]
    await asyncio.sleep(0)
    future.add_done_callback(removed)
    future.add_done_callback(lambda _: print("2"))
    print(future.remove_done_callback(removed))
    future.set_result(0)
    print("set")
    future.add_done_callback(lambda _: print("late"))
    await future
    print("no suspension")
    await asyncio.wait(tasks)
    print("after")


async def cancel_before_start():
    """A task that is cancelled before its first step never enters its body."""

    async def child():
        print("body")

    task = asyncio.create_task(child())
    print(task.cancel(), task.done())
    await asyncio.sleep(0)
    print(task.done(), task.cancelled(), task.cancel())


async def cancel_self():
    """Cancelling the running task strikes at its next suspension; without one its result is lost."""

    async def goes_on():
        asyncio.current_task().cancel()
        await nop()
        print("still running")
        print(await outcome(asyncio.sleep(0)))
        return "survived"

    async def returns():
        asyncio.current_task().cancel("message")
        return 42

    print(await outcome(asyncio.create_task(goes_on())))
    print(await outcome(asyncio.create_task(returns())))


async def cancel_self_refused():
    """A task that cancels itself cancels what it awaits next, once: one that refuses leaves both alive."""

    async def stubborn():
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            return "kept"

    async def cancels_itself(task):
        asyncio.current_task().cancel()
        kept = await task
        await asyncio.sleep(0)
        print(kept, asyncio.current_task().cancelling())

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.create_task(cancels_itself(task))


async def cancel_counting():
    """Several cancel() before the step deliver one CancelledError; cancelling and uncancel only count."""

    async def child():
        task = asyncio.current_task()
        print(await outcome(asyncio.sleep(9)), task.cancelling())
        await asyncio.sleep(0)
        print("alive", task.uncancel(), task.uncancel(), task.uncancel())
        return "ok"

    task = asyncio.create_task(child())
    await asyncio.sleep(0)
    task.cancel()
    task.cancel()
    print(await task, task.cancelled())


async def cancel_beats_result():
    """Cancelling a task whose future is done already loses the result."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    task = asyncio.create_task(wrap(future))
    await asyncio.sleep(0)
    future.set_result("value")
    print(task.cancel(), await outcome(task))
    future = loop.create_future()
    task = asyncio.create_task(wrap(future))
    await asyncio.sleep(0)
    task.cancel()
    print(future.cancelled(), outcome_of_call(future.set_result, 1))


async def cancel_chain():
    """cancel() reaches the innermost future at once; CancelledError climbs one task per iteration."""
    loop = asyncio.get_running_loop()
    innermost = outermost = loop.create_future()

    async def level(awaitable, k):
        try:
            await awaitable
        finally:
            print(k, loop.iterations - begun)

    for k in (1, 2, 3):
        outermost = asyncio.create_task(level(outermost, k))
        await asyncio.sleep(0)
    begun = loop.iterations
    outermost.cancel()
    print(innermost.cancelled())
    await outcome(outermost)
    print("main", loop.iterations - begun)


async def uncancelled():
    """uncancel() down to zero does not take back the CancelledError that is due."""

    async def child():
        task = asyncio.current_task()
        task.cancel()
        task.uncancel()
        await asyncio.sleep(0)

    print(await outcome(asyncio.create_task(child())))


async def task_errors():
    """An illegal await becomes a RuntimeError that is thrown into the task."""

    @types.coroutine
    def bare(value):
        yield value

    async def child(awaitable):
        try:
            await awaitable
        except RuntimeError as error:
            print(str(error).split(": ")[0].split(" in task")[0].split("> ")[-1])

    other_loop = asyncio.new_event_loop()
    own_future = asyncio.get_running_loop().create_future()
    for awaitable in (bare("x"), bare(own_future), other_loop.create_future()):
        await asyncio.create_task(child(awaitable))
    box = []

    async def awaits_itself():
        await child(box[0])

    box.append(asyncio.create_task(awaits_itself()))
    await box[0]
    other_loop.close()


async def never_retrieved():
    """An exception that nobody retrieved is told when its task dies, just before the next handle runs."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: print(context["message"]))

    async def bad():
        print("bad")
        raise ValueError

    asyncio.create_task(bad())
    loop.call_soon(print, "next")
    await asyncio.sleep(0)
    print("main")
    future = loop.create_future()
    future.set_exception(KeyError())
    del future
    task = asyncio.create_task(bad())
    await asyncio.wait([task])
    print(type(task.exception()).__name__)
    del task
    await asyncio.sleep(0)


async def v_eager():
    """From 3.12 an eager task runs inside create_task up to its first suspension; 3.11 has none."""
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)

    def name():
        return asyncio.current_task().get_name()

    async def child(i):
        print("in", i, name())
        await asyncio.sleep(0)
        print("out", i)

    main = name()
    task = asyncio.create_task(child(1), name="A")
    print("created", name() == main)
    done = asyncio.create_task(nop(5))
    print(done.done())
    begun = loop.iterations
    print(await asyncio.gather(done, nop(2)), loop.iterations - begun)
    print(await outcome(asyncio.wait_for(nop(3), 0)))
    await task

    async def bad():
        raise ValueError

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(bad())
            print("body goes on", asyncio.current_task().cancelling())
    except* ValueError:
        print("group", asyncio.current_task().cancelling())
    print(await outcome(asyncio.sleep(0)))


if __name__ == "__main__":
    run(globals())
