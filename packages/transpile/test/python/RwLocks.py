"""Readers, writers, and a writer that gives up."""

import asyncio

from orrery import (
    CancelledError,
    MS,
    Program,
    RwLock,
    UnlockOfUnlocked,
    cancel,
    join_all,
    launch,
    log,
    sleep,
    spawn,
)


async def reader(l, n):
    await l.acquire_read()
    log("reader/1", "r{0} in", n)
    await sleep(5 * MS)
    log("reader/3", "r{0} out", n)
    l.release_read()


async def writer(l, n):
    try:
        await l.acquire_write()
    except CancelledError:
        log("writer/0.catch0.0", "w{0} gives up", n)
        return
    log("writer/1", "w{0} in", n)
    await asyncio.sleep(0)
    log("writer/3", "w{0} out", n)
    l.release_write()


async def main():
    l = RwLock()
    await l.acquire_read()
    tasks = []
    w0 = spawn(writer, l, 0)
    tasks.append(w0)
    for n in range(3):
        r = spawn(reader, l, n)
        tasks.append(r)
    w1 = spawn(writer, l, 1)
    tasks.append(w1)
    r3 = spawn(reader, l, 3)
    tasks.append(r3)
    await sleep(2 * MS)
    log("main/11", "main out")
    l.release_read()
    await join_all(tasks)
    await l.acquire_read()
    w2 = spawn(writer, l, 2)
    r4 = spawn(reader, l, 4)
    await sleep(2 * MS)
    cancel(w2)
    await join_all([w2, r4])
    l.release_read()
    try:
        l.release_read()
    except UnlockOfUnlocked:
        log("main/21.catch0.0", "unlocked")


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
