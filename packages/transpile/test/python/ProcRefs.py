"""References to procedures: called, spawned, kept in lists, maps and cells, sent."""

import asyncio
from functools import partial

from orrery import (
    Channel,
    Fault,
    MS,
    NONE_DEREF,
    Program,
    add,
    join_all,
    launch,
    log,
    multiply,
    nested_call,
    sleep,
    spawn,
    subtract,
)

kept = None
next = None


class TooMuch(Fault):
    kind = "User:tooMuch"


async def addTo(k, n):
    return add(k, n)


async def twice(n):
    return multiply(n, 2)


async def say(word, k, n):
    log("say/0", "{0} {1} {2}", word, k, n)
    await asyncio.sleep(0)
    log("say/2", "{0} ends", word)


async def hush(n):
    log("hush/0", "hush {0}", n)


async def down(n):
    with nested_call():
        if n <= 0:
            return 0
        next2 = next
        rest = await next2(subtract(n, 1))
        return add(rest, 1)


async def sum(items):
    total = 0
    for item in items:
        total = add(total, item)
    return total


async def slow(k, n):
    await sleep(MS)
    return multiply(k, n)


async def fast(n):
    if n > 8:
        raise TooMuch()
    return n


async def apply(step, n):
    once = await step(n)
    again = await step(once)
    return again


async def main():
    global kept, next
    k = 1
    plus = partial(addTo, k)
    k = 10
    first = await plus(5)
    second = await apply(plus, 5)
    third = await apply(partial(addTo, k), 5)
    log("main/6", "{0} {1} {2}", first, second, third)
    steps = [plus, twice, partial(addTo, 3)]
    for step in steps:
        got = await step(7)
        log("main/8.body.1", "got {0}", got)
    byName = {"twice": twice}
    found = byName.get("twice")
    doubled = await found(21)
    log("main/12", "{0}", doubled)
    c = Channel(1)
    await c.send(partial(addTo, 100))
    sent = await c.recv()
    hundred = await sent(1)
    before = kept
    log("main/18", "{0} {1}", hundred, before is None)
    try:
        await before(1)
    except NONE_DEREF:
        log("main/19.catch0.0", "none")
    kept = plus
    after_ = kept
    six = await after_(5)
    log("main/23", "{0} {1}", six, after_ is None)
    a = spawn(partial(say, "a", k), 1)
    quiet = spawn(hush, add(k, 1))
    k = 11
    other = spawn(say, "o", k, 0)
    await a
    await quiet
    next = down
    depth = await down(20)
    log("main/32", "down {0}", depth)
    total = await partial(sum, [1, 2, 3])()
    log("main/34", "{0}", total)
    works = [partial(slow, 2), fast]
    tasks = []
    for work in works:
        now_ = await work(4)
        log("main/37.body.1", "now {0}", now_)
        task = spawn(work, 5)
        tasks.append(task)
    all = await join_all(tasks)
    log("main/39", "{0}", all)
    try:
        await fast(9)
    except TooMuch:
        log("main/40.catch0.0", "too much")


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
