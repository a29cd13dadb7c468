"""The loop: what an iteration runs, and how a run begins and ends."""

import asyncio
import logging
import os
import re
import signal
import threading
import time

from prelude import Loop, nop, outcome, outcome_of_call, run


async def spawn_order():
    """create_task only queues; children start FIFO in the next iteration."""

    async def child(i):
        print("start", i)
        await asyncio.sleep(0)
        print("end", i)

    tasks = [asyncio.create_task(child(i)) for i in range(3)]
    print("spawned")
    await asyncio.wait(tasks)


async def await_is_not_yield():
    """A coroutine, a done future, a queue with items and a free lock never suspend."""
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "other")
    future = loop.create_future()
    future.set_result(1)
    queue = asyncio.Queue()
    queue.put_nowait(1)
    lock = asyncio.Lock()
    await nop()
    await future
    await queue.get()
    await lock.acquire()
    await queue.put(2)
    print("no yield yet")
    await asyncio.sleep(0)
    print("yielded")


async def iteration_counts():
    """Iterations that pass around a child that ends in one step."""
    loop = asyncio.get_running_loop()

    async def measure(name, make):
        begun = loop.iterations
        await make()
        print(name, loop.iterations - begun)

    async def task_group():
        async with asyncio.TaskGroup() as group:
            group.create_task(nop())

    async def as_completed():
        for coro in asyncio.as_completed([nop()]):
            await coro

    await measure("coro", nop)
    await measure("task", lambda: asyncio.create_task(nop()))
    await measure("sleep(0)", lambda: asyncio.sleep(0))
    await measure("timer", lambda: asyncio.sleep(0.002))
    await measure("gather()", asyncio.gather)
    await measure("gather", lambda: asyncio.gather(nop(), nop()))
    await measure("shield", lambda: asyncio.shield(nop()))
    await measure("wait", lambda: asyncio.wait([asyncio.create_task(nop())]))
    await measure("TaskGroup", task_group)
    await measure("as_completed", as_completed)
    await measure("wait_for 5", lambda: asyncio.wait_for(nop(), 5))
    await measure("wait_for None", lambda: asyncio.wait_for(nop(), None))


def run_iterations():
    """Iterations of asyncio.run's phases: main, cancelling, asynchronous generators, executor."""
    tasks = []

    async def alone():
        await nop()

    async def leaves_a_task():
        tasks.append(asyncio.create_task(asyncio.sleep(9)))
        await asyncio.sleep(0)

    for main in (alone, leaves_a_task):
        loop = Loop()
        marks = [0]
        loop.run_until_complete(main())
        marks.append(loop.iterations)
        asyncio.runners._cancel_all_tasks(loop)
        marks.append(loop.iterations)
        loop.run_until_complete(loop.shutdown_asyncgens())
        marks.append(loop.iterations)
        loop.run_until_complete(loop.shutdown_default_executor())
        marks.append(loop.iterations)
        loop.close()
        print(*[after - before for before, after in zip(marks, marks[1:])])


async def ready_snapshot():
    """An iteration runs only the handles that are there when it begins to run them."""
    loop = asyncio.get_running_loop()
    begun = loop.iterations

    def tell(who):
        print(who, loop.iterations - begun)

    def first():
        tell("a")
        loop.call_soon(tell, "c")

    loop.call_soon(first)
    loop.call_soon(tell, "b")
    await asyncio.sleep(0)
    tell("main")
    await asyncio.sleep(0)
    tell("main")


async def cancelled_handle_counts():
    """A cancelled ready handle is skipped, but its iteration does not wait in select."""
    loop = asyncio.get_running_loop()
    begun = loop.iterations
    await asyncio.sleep(0.004)
    print(loop.iterations - begun)
    begun = loop.iterations
    loop.call_soon(print, "never").cancel()
    await asyncio.sleep(0.004)
    print(loop.iterations - begun)


async def self_queueing_callback():
    """A callback that always queues itself again does not keep a timer from firing."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def again():
        if not done.done():
            loop.call_soon(again)

    def fire():
        print("fired")
        done.set_result(None)

    loop.call_later(0.005, fire)
    again()
    await asyncio.wait_for(done, 1)


def stop_rules():
    """stop() lets the iteration end; the next run goes on; a run that begins stopped makes one pass."""
    loop = Loop()

    def stop_and_queue():
        print("a")
        loop.stop()
        loop.call_soon(print, "left over")

    loop.call_soon(stop_and_queue)
    loop.call_soon(print, "b")
    loop.run_forever()
    print("stopped")
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.stop()
    loop.call_later(9, print)
    begun = loop.iterations
    loop.run_forever()
    print("passes", loop.iterations - begun)
    loop.call_soon(loop.stop)
    print(outcome_of_call(loop.run_until_complete, loop.create_future()))
    loop.close()


def misuse():
    """A loop that runs can neither run again nor be closed; a closed one takes no callbacks."""
    loop = Loop()

    async def main():
        print(outcome_of_call(loop.run_forever))
        print(outcome_of_call(loop.close))

    loop.run_until_complete(main())
    loop.close()
    try:
        loop.call_soon(print)
    except RuntimeError as error:
        print(error)


async def threadsafe_wakeup():
    """call_soon from another thread does not wake select; call_soon_threadsafe does."""
    loop = asyncio.get_running_loop()
    begun = time.monotonic()

    def queue():
        time.sleep(0.01)
        loop.call_soon(lambda: print("not woken", time.monotonic() - begun > 0.1))

    threading.Thread(target=queue).start()
    await asyncio.sleep(0.12)
    future = loop.create_future()

    def queue_and_wake():
        time.sleep(0.01)
        loop.call_soon_threadsafe(future.set_result, 1)

    threading.Thread(target=queue_and_wake).start()
    await future
    print("woken")


async def run_coroutine_threadsafe():
    """run_coroutine_threadsafe gives a future of concurrent.futures, settled by the loop."""
    future = asyncio.run_coroutine_threadsafe(nop(9), asyncio.get_running_loop())
    await asyncio.sleep(0.001)
    print(future.result(0))


async def signal_handler():
    """A signal's handler runs one iteration after the read of the self-pipe."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    begun = loop.iterations

    def handler():
        print("signal", loop.iterations - begun)
        future.set_result(None)

    loop.add_signal_handler(signal.SIGUSR1, handler)
    os.kill(os.getpid(), signal.SIGUSR1)
    await future
    print("main", loop.iterations - begun)
    loop.remove_signal_handler(signal.SIGUSR1)


async def callback_raises():
    """A callback's exception goes to the exception handler, and the loop goes on."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: print(context["message"]))
    loop.call_soon(int, "x")
    loop.call_soon(print, "loop survives")
    await asyncio.sleep(0)


async def system_exit():
    """SystemExit in a task leaves run_forever at once; the rest of the iteration runs during shutdown."""

    async def bad():
        print("exit")
        raise SystemExit(3)

    async def other():
        print("other")
        print("other", await outcome(asyncio.sleep(9)))

    tasks = [asyncio.create_task(other()), asyncio.create_task(bad())]
    tasks[1].add_done_callback(lambda task: task.exception())
    asyncio.get_running_loop().call_soon(print, "left over")
    await asyncio.sleep(9)


kept = []


async def after_main_returns():
    """What else is ready gets one more iteration, then tasks are cancelled."""

    async def background():
        try:
            while True:
                print("background")
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            print("background cancelled")
            raise

    kept.append(asyncio.create_task(background()))
    await asyncio.sleep(0)
    print("main returns")


async def asyncgens_closed_last():
    """Asynchronous generators are closed after the tasks have been cancelled."""

    async def sleeper():
        try:
            await asyncio.sleep(9)
        finally:
            print("cancelled")

    async def generator():
        try:
            yield 1
        finally:
            print("closed")

    kept.extend([asyncio.create_task(sleeper()), generator()])
    await anext(kept[1])
    await asyncio.sleep(0)
    print("main returns")


async def asyncgen_finalizer():
    """Leaving `async for` early closes the generator through the loop, two iterations later."""
    loop = asyncio.get_running_loop()

    async def generator():
        try:
            for i in range(9):
                yield i
        finally:
            print("closed", loop.iterations - begun)

    async for _ in generator():
        break
    begun = loop.iterations
    print("after loop")
    for _ in range(3):
        await asyncio.sleep(0)
    async for _ in generator():
        pass
    print("exhausted")


async def asyncgen_protocol():
    """asend answers the yield, aclose runs the generator's end at once, and nobody iterates while another does."""

    async def echo():
        got = None
        try:
            while True:
                got = yield got
                await asyncio.sleep(0)
        finally:
            print("closing")
            await asyncio.sleep(0)
            print("closed")

    generator = echo()
    print(await anext(generator))
    print(await generator.asend("a"))
    task = asyncio.create_task(generator.asend("b"))
    await asyncio.sleep(0)
    print(await outcome(generator.asend("c")))
    print(await task)
    print(await outcome(generator.athrow(KeyError)))
    print(await outcome(anext(generator)))
    unused = echo()
    await unused.aclose()
    print(await outcome(anext(unused)))


async def sigint_cancels_main():
    """The first SIGINT cancels main, and the run ends with KeyboardInterrupt."""
    os.kill(os.getpid(), signal.SIGINT)
    print("goes on", asyncio.current_task().cancelling())
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print("cancelled")
        raise


async def sigint_twice():
    """A second SIGINT raises KeyboardInterrupt on the spot, and that leaves the loop."""
    os.kill(os.getpid(), signal.SIGINT)
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        print("on the spot")
        raise


def slow(seconds):
    time.sleep(seconds)


async def slow_callback():
    """Debug mode tells of a handle that ran for slow_callback_duration and longer."""
    loop = asyncio.get_running_loop()

    class Printer(logging.Handler):
        def emit(self, record):
            text = re.sub(r" at \S+:\d+| created at \S+:\d+", "", record.getMessage())
            print(re.sub(r"0\.0\d+ seconds", "0.0NN seconds", text))

    logging.getLogger("asyncio").addHandler(Printer())
    loop.set_debug(True)
    loop.slow_callback_duration = 0.05
    loop.call_soon(slow, 0.06)
    loop.call_soon(time.sleep, 0.001)
    await asyncio.sleep(0)
    loop.set_debug(False)


if __name__ == "__main__":
    run(globals())
