"""One map, two tasks and a bound."""

import asyncio

from orrery import AssertFailed, Channel, Mutex, NONE_DEREF, Program, Scope, add, check, key, launch, log, spawn

counts = {}


async def counter(n, m):
    for _ in range(2):
        await m.acquire()
        counts2 = counts
        check(n in counts2 or len(counts2) < 2, "map at counter/0.body.2 went beyond its max")
        counts2[n] = add(counts2.get(n, 0), 1)
        m.release()
        await asyncio.sleep(0)


async def main():
    m = Mutex()
    async with Scope():
        for n in range(2):
            spawn(counter, n, m)
    counts2 = counts
    for n, times in sorted(counts2.items()):
        log("main/3.body.0", "{0} {1} {2}", n, times, add(times, 1))
    check(1 in counts2 or len(counts2) < 2, "map at main/4 went beyond its max")
    counts2[1] = 20
    try:
        check(2 in counts2 or len(counts2) < 2, "map at main/5.body.0 went beyond its max")
        counts2[2] = 30
    except AssertFailed:
        log("main/5.catch0.0", "full: {0}", counts2)
    c = Channel(1)
    await c.send(counts2)
    sent = await c.recv()
    sent[7] = 70
    log("main/10", "{0} {1}", len(counts2), counts2.get(7))
    missing = counts2.get(9)
    try:
        counts2[key(missing)] = 1
    except NONE_DEREF:
        log("main/12.catch0.0", "no key")


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
