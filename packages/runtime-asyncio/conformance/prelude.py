"""What the programs share. `python3 FILE.py NAME` runs one of them."""

import asyncio
import inspect
import sys


class Loop(asyncio.SelectorEventLoop):
    """The loop of every Linux process, with its iterations counted."""

    iterations = 0

    def _run_once(self):
        self.iterations += 1
        super()._run_once()


async def nop(value=None):
    return value


async def wrap(awaitable):
    return await awaitable


async def outcome(awaitable):
    """Value, or name of the exception; takes no iteration of its own."""
    try:
        return await awaitable
    except BaseException as error:
        return type(error).__name__


def outcome_of_call(call, *args):
    try:
        return call(*args)
    except BaseException as error:
        return type(error).__name__


def run(programs):
    """Runs the one that the command line names: a coroutine function in a loop, a plain one outside any."""
    program = programs[sys.argv[1]]
    try:
        if inspect.iscoroutinefunction(program):
            with asyncio.Runner(loop_factory=Loop) as runner:
                runner.run(program())
        else:
            program()
    except BaseException as error:
        print("raised", type(error).__name__)
