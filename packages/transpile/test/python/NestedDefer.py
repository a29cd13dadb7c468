"""A sample."""

from contextlib import AsyncExitStack

from orrery import Program, launch, log


async def p(n):
    async with AsyncExitStack() as deferred:
        x = 1
        for i in range(n):

            async def at_end():
                log("p/1.body.0.body.0", "d {0} {1}", i, x)

            deferred.push_async_callback(at_end)
        x = 7
        if True:

            async def at_end2():
                log("p/3.then.0.body.0", "last")

            deferred.push_async_callback(at_end2)
        log("p/4", "body")


async def main():
    await p(3)
    try:
        log("main/2", "m")
        log("main/3.body.0", "md2")
    finally:
        log("main/1.body.0", "md")


PROGRAM = Program(main, select_policy="first")

if __name__ == "__main__":
    launch(PROGRAM)
