"""timeout and TaskGroup."""

import asyncio

from prelude import nop, outcome, outcome_of_call, run


async def timeout_scopes():
    """The scope that expired converts CancelledError, inner ones do not; it acts at a suspension only."""

    async def nested():
        async with asyncio.timeout(0.005) as outer:
            async with asyncio.timeout(9) as inner:
                try:
                    await asyncio.sleep(9)
                finally:
                    print("inner", inner.expired(), "outer", outer.expired())

    async def zero():
        async with asyncio.timeout(0):
            await asyncio.sleep(0)
            print("not reached")

    print(await outcome(nested()))
    async with asyncio.timeout(-1) as overdue:
        pass
    print("no suspension", overdue.expired())
    print(await outcome(zero()))
    async with asyncio.timeout(0.005) as rescheduled:
        rescheduled.reschedule(None)
        await asyncio.sleep(0.01)
    async with asyncio.timeout(0.005) as swallowed:
        print(await outcome(asyncio.sleep(9)))
    print(rescheduled.expired(), swallowed.expired(), asyncio.current_task().cancelling())


async def taskgroup_error():
    """The first failure cancels siblings, then the parent's body; errors are listed as they came."""

    async def bad(delay, error):
        await asyncio.sleep(delay)
        raise error

    async def sibling():
        try:
            await asyncio.sleep(9)
        finally:
            print("sibling cancelled")

    async def stubborn():
        try:
            await asyncio.sleep(9)
        finally:
            raise KeyError

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(bad(0.005, ValueError()))
            task = group.create_task(sibling())
            group.create_task(stubborn())
            try:
                await asyncio.sleep(9)
            finally:
                print("body cancelled", asyncio.current_task().cancelling())
    except BaseExceptionGroup as error:
        print([type(each).__name__ for each in error.exceptions], error.message)
        print(task.cancelled(), asyncio.current_task().cancelling())


async def taskgroup_misc():
    """The body's error joins the group; a lone cancelled child is ignored; one that is over takes no tasks."""
    try:
        async with asyncio.TaskGroup() as group:
            raise OSError
    except* OSError as error:
        print(len(error.exceptions))

    async with asyncio.TaskGroup() as group:
        task = group.create_task(asyncio.sleep(9))
        await asyncio.sleep(0)
        task.cancel()
    refused = nop()
    print("ignored", task.cancelled(), outcome_of_call(group.create_task, refused))
    refused.close()

    async def late(group):
        await asyncio.sleep(0.003)
        group.create_task(nop())
        print("late ok")

    async with asyncio.TaskGroup() as group:
        group.create_task(late(group))


async def v_cancel_scopes():
    """3.11: a group that fails while its parent awaits its end leaves a cancellation counted."""

    async def bad(delay):
        try:
            await asyncio.sleep(delay)
        finally:
            raise ValueError

    async def failing_group(delay):
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(bad(delay))
        except* ValueError:
            print("group", asyncio.current_task().cancelling())

    async def in_timeout():
        async with asyncio.timeout(0.01):
            await failing_group(0)
            await asyncio.sleep(9)

    async def cancelled():
        await failing_group(9)
        await asyncio.sleep(0)

    print(await outcome(asyncio.create_task(in_timeout())))
    task = asyncio.create_task(cancelled())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    print(await outcome(task))


if __name__ == "__main__":
    run(globals())
