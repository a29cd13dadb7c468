"""Signals with and without the mutex, waits that end in time, in vain or cancelled."""

import asyncio

from orrery import (
    CancelledError,
    Condition,
    MS,
    Mutex,
    Program,
    S,
    Scope,
    UnlockOfUnlocked,
    cancel,
    check_cancelled,
    join_all,
    launch,
    log,
    sleep,
    spawn,
)


async def waiter(m, c, n):
    await m.acquire()
    try:
        await c.wait()
        log("waiter/1.body.1", "w{0} signalled", n)
        await asyncio.sleep(0)
        log("waiter/1.body.3", "w{0} leaves", n)
    except CancelledError:
        log("waiter/1.catch0.0", "w{0} cancelled", n)
    finally:
        m.release()
    try:
        check_cancelled()
    except CancelledError:
        log("waiter/2.catch0.0", "w{0} hears late", n)


async def timed(m, c, wait, n):
    await m.acquire()
    ok = await c.wait(wait)
    log("timed/2", "t{0} {1}", n, ok)
    m.release()


async def main():
    m = Mutex()
    c = Condition(m)
    tasks = []
    for n in range(7):
        t = spawn(waiter, m, c, n)
        tasks.append(t)
    await sleep(2 * MS)
    c.notify()
    log("main/6", "one")
    await sleep(2 * MS)
    await m.acquire()
    c.notify()
    c.notify()
    log("main/11", "two, locked")
    await sleep(2 * MS)
    m.release()
    await sleep(2 * MS)
    for t in tasks:
        cancel(t)
    c.notify()
    c.notify_all()
    await join_all(tasks)
    async with Scope():
        for n in range(3):
            spawn(timed, m, c, 40 * MS, n)
        spawn(timed, m, c, S, 3)
        await sleep(MS)
        c.notify()
        await sleep(80 * MS)
        c.notify_all()
    last = spawn(waiter, m, c, 9)
    await sleep(MS)
    c.notify()
    cancel(last)
    await last
    try:
        await c.wait()
    except UnlockOfUnlocked:
        log("main/25.catch0.0", "unlocked")


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
