"""A sample."""

import asyncio

from orrery import (
    Channel,
    ChannelClosed,
    CloseOfClosed,
    CloseOfNone,
    MS,
    Program,
    at,
    channel,
    launch,
    log,
    poll,
    recv_from,
    select,
    send_to,
    settle_all,
    spawn,
)


async def r(c):
    async for x in c:
        log("r/0.body.0", "r {0}", x)
    log("r/1", "closed")


async def snd(c):
    await c.send(9)
    log("snd/1", "sent")
    try:
        await c.send(10)
    except ChannelClosed:
        log("snd/2.catch0.0", "cc")


async def main():
    c = Channel(1)
    ok = c.try_send(1)
    l = len(c)
    cp = c.capacity
    log("main/4", "{0} {1} {2}", ok, l, cp)
    ok2 = c.try_send(1)
    tv, ok3 = c.try_recv()
    tv2, ok4 = c.try_recv()
    log("main/8", "{0} {1} {2} {3} {4}", ok2, tv, ok3, tv2, ok4)
    t = spawn(snd, c)
    await asyncio.sleep(0)
    a, aok = await c.receive()
    log("main/12", "{0} {1}", a, aok)
    await c.send(3)
    await asyncio.sleep(0)
    c.close()
    rs = await settle_all([t])
    log("main/17", "{0} {1}", rs, at(rs, 0).ok)
    t2 = spawn(r, c)
    await t2
    try:
        c.close()
    except CloseOfNone:
        log("main/20.catch0.0", "no")
    except CloseOfClosed:
        log("main/20.catch1.0", "coc")
    try:
        channel(None).close()
    except CloseOfNone:
        log("main/21.catch0.0", "con")
    u = Channel(0)
    selected = await select(recv_from(u), send_to(None, 1), timeout=3 * MS)
    if selected.case == 0:
        x = selected.value
        xo = selected.ok
        log("main/23.case0.0", "x")
    elif selected.case == 1:
        pass
    else:
        log("main/23.timeout.0", "timeout")
    for _ in range(3):
        selected2 = await select(recv_from(c))
        if selected2.case == 0:
            x = selected2.value
            xo = selected2.ok
            log("main/24.body.0.case0.0", "{0} {1}", x, xo)
            break
    selected3 = poll(recv_from(u))
    if selected3.case == 0:
        pass
    else:
        log("main/25.otherwise.0", "other")


PROGRAM = Program(main, select_policy="first")

if __name__ == "__main__":
    launch(PROGRAM)
