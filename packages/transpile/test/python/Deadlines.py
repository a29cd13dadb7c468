"""Deadlines in each other, in a shield, met and missed; tokens."""

import asyncio

from orrery import (
    CancelledError,
    MS,
    Mutex,
    Program,
    Timeout,
    Token,
    at,
    block,
    cancel,
    cancelled,
    check_cancelled,
    deadline,
    is_cancelled,
    launch,
    log,
    settle_all,
    shield,
    sleep,
    spawn,
    under,
)


async def worker(k, n):
    try:
        async with under(k):
            async with deadline(80 * MS):
                try:
                    await sleep(400 * MS)
                except CancelledError:
                    log("worker/0.body.0.body.0.body.0.catch0.0", "{0} cleans up", n)
                    await sleep(4 * MS)
                    raise cancelled()
    except (CancelledError, Timeout):
        log("worker/0.catch0.0", "{0} stops", n)
    asked = is_cancelled()
    log("worker/2", "{0} {1}", n, asked)
    await sleep(4 * MS)


async def careful(m):
    try:
        async with deadline(8 * MS):
            with shield:
                locked = await m.acquire_for(16 * MS)
                log("careful/0.body.0.body.0.body.1", "locked {0}", locked)
                await sleep(8 * MS)
            log("careful/0.body.0.body.1", "out of the shield")
            await asyncio.sleep(0)
            log("careful/0.body.0.body.3", "before the point")
            check_cancelled()
            log("careful/0.body.0.body.5", "never")
    except Timeout:
        log("careful/0.catch0.0", "careful: timeout")
    try:
        async with deadline(24 * MS):
            try:
                async with deadline(12 * MS):
                    await sleep(200 * MS)
            except Timeout:
                await sleep(200 * MS)
    except Timeout:
        log("careful/1.catch0.0", "outer")
    async with deadline(4 * MS):
        block(12 * MS)
    await asyncio.sleep(0)
    check_cancelled()
    log("careful/5", "ended in time for want of a point")


async def main():
    k = Token()
    m = Mutex()
    await m.acquire()
    w = spawn(careful, m)
    await w
    tasks = []
    for n in range(3):
        t = spawn(worker, k, n)
        tasks.append(t)
    await sleep(8 * MS)
    cancel(at(tasks, 0))
    k.cancel()
    log("main/10", "cancelled")
    late = spawn(worker, k, 3)
    tasks.append(late)
    other = Token()
    alone = spawn(worker, other, 4)
    tasks.append(alone)
    ends = await settle_all(tasks)
    log("main/17", "{0}", ends)


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
