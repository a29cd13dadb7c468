"""Who is cancelled where."""

import asyncio

from orrery import (
    CancelledError,
    Channel,
    MS,
    Program,
    Promise,
    Scope,
    cancel,
    check_cancelled,
    is_cancelled,
    launch,
    log,
    offload,
    settle_all,
    shield,
    sleep,
    spawn,
)


async def child(n):
    await sleep(5 * MS)
    log("child/1", "child {0}", n)


async def turning():
    for i in range(3):
        await asyncio.sleep(0)
        asked = is_cancelled()
        log("turning/0.body.2", "turn {0} {1}", i, asked)
    await sleep(0)
    log("turning/2", "never")


async def working():
    await offload(MS)
    await sleep(0)
    log("working/2", "never")


async def shielded(p):
    with shield:
        async with Scope(cancel_siblings=True):
            spawn(child, 0)
            spawn(child, 1)
        with shield:
            await sleep(MS)
        check_cancelled()
        log("shielded/0.body.3", "shield ends")
    try:
        await p
    except CancelledError:
        log("shielded/1.catch0.0", "shielded hears of it")
    await p
    log("shielded/3", "and goes on")


async def scoping():
    async with Scope():
        spawn(child, 2)
        spawn(child, 3)
    log("scoping/1", "never")


async def never():
    log("never/0", "never")


async def again(ch):
    for _ in range(2):
        try:
            await ch.recv()
        except CancelledError:
            log("again/0.body.0.catch0.0", "again")
    v = await ch.recv()
    log("again/2", "got {0}", v)


async def main():
    p = Promise()
    ch = Channel(0)
    tasks = []
    turns = spawn(turning)
    tasks.append(turns)
    works = spawn(working)
    tasks.append(works)
    shields = spawn(shielded, p)
    tasks.append(shields)
    scopes = spawn(scoping)
    tasks.append(scopes)
    a = spawn(again, ch)
    tasks.append(a)
    await asyncio.sleep(0)
    n = spawn(never)
    tasks.append(n)
    for t in tasks:
        cancel(t)
    await sleep(50 * MS)
    cancel(a)
    await ch.send(1)
    await sleep(MS)
    p.resolve(7)
    ends = await settle_all(tasks)
    log("main/23", "{0}", ends)


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
