"""A monitor entered again, left while its owner waits, and entered by who is cancelled."""

import asyncio

from orrery import (
    CancelledError,
    MS,
    Monitor,
    Program,
    Scope,
    UnlockOfUnlocked,
    cancel,
    is_cancelled,
    join_all,
    launch,
    log,
    sleep,
    spawn,
)


async def inner(m, n):
    async with m:
        log("inner/0.body.0", "{0} inside twice", n)
        m.notify()


async def user(m, n):
    async with m:
        log("user/0.body.0", "{0} inside", n)
        await asyncio.sleep(0)
        await inner(m, n)
        ok = await m.wait(20 * MS)
        log("user/0.body.4", "{0} {1}", n, ok)
    log("user/1", "{0} outside", n)


async def late(m):
    try:
        async with m:
            asked = is_cancelled()
            log("late/0.body.0.body.1", "late inside {0}", asked)
            await m.wait()
            log("late/0.body.0.body.3", "never")
    except CancelledError:
        log("late/0.catch0.0", "late cancelled")


async def main():
    m = Monitor()
    async with Scope():
        for n in range(4):
            spawn(user, m, n)
    tasks = []
    async with m:
        l = spawn(late, m)
        tasks.append(l)
        await sleep(MS)
        cancel(l)
        await sleep(MS)
        log("main/3.body.5", "main leaves")
    await join_all(tasks)
    try:
        m.notify_all()
    except UnlockOfUnlocked:
        log("main/5.catch0.0", "not the owner")


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
