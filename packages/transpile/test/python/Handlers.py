"""Handlers of promises beside tasks that await them, and queued calls."""

import asyncio

from orrery import (
    Fault,
    MS,
    Program,
    Promise,
    Scope,
    US,
    add,
    call_later,
    call_soon,
    cpu,
    launch,
    log,
    run_after,
    sleep,
    spawn,
)


class Broken(Fault):
    kind = "User:broken"


async def child(v):
    log("child/0", "child {0}", v)


async def plus(by, v):
    log("plus/0", "{0} + {1}", v, by)
    return add(v, by)


async def spawning(v):
    spawn(child, v)
    cpu(100 * US)
    log("spawning/2", "spawned")


async def failing(v):
    log("failing/0", "fails with {0}", v)
    raise Broken()


async def adopting(inner, v):
    log("adopting/0", "adopts after {0}", v)
    return inner


async def waiting(p, n):
    try:
        v = await p
        log("waiting/0.body.1", "task {0}: {1}", n, v)
    except Broken:
        log("waiting/0.catch0.0", "task {0}: broken", n)


async def note(n):
    log("note/0", "note {0}", n)


async def noting(n):
    log("noting/0", "noting {0}", n)
    call_soon(note, add(n, 10))
    run_after(MS, note, add(n, 20))


async def main():
    p = Promise()
    inner = Promise()
    async with Scope():
        spawn(waiting, p, 0)
        await asyncio.sleep(0)
        q = p.on_resolve(plus, 1)
        r = q.on_resolve(plus, 10)
        p.on_resolve(spawning)
        bad = r.on_resolve(failing)
        passed = bad.on_resolve(plus, 3)
        adopted = q.on_resolve(adopting, inner)
        spawn(waiting, q, 1)
        spawn(waiting, r, 2)
        spawn(waiting, passed, 3)
        spawn(waiting, adopted, 4)
        spawn(waiting, p, 5)
        await asyncio.sleep(0)
        p.resolve(1)
        log("main/2.body.15", "resolved")
        await asyncio.sleep(0)
        log("main/2.body.17", "one turn")
        await asyncio.sleep(0)
        log("main/2.body.19", "two turns")
        inner.resolve(5)
    p.on_resolve(plus, 100)
    call_later(0, note, 1)
    call_soon(note, 2)
    call_soon(noting, 3)
    call_soon(note, 4)
    log("main/8", "queued")
    await sleep(50 * MS)
    call_later(0, noting, 5)
    log("main/11", "main ends")


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
