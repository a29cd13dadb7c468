"""Timers that send and call, tickers that are late."""

from orrery import (
    MS,
    Program,
    Scope,
    after,
    block,
    launch,
    log,
    recv_from,
    run_after,
    select,
    sleep,
    spawn,
    start_ticker,
    start_timer,
)


async def say(n):
    log("say/0", "say {0}", n)
    await sleep(4 * MS)
    log("say/2", "said {0}", n)


async def between():
    await sleep(100 * MS)
    log("between/1", "between")


async def late(c):
    block(300 * MS)
    async with Scope():
        spawn(between)
        for _ in range(3):
            v = await c.recv()
            log("late/1.body.1.body.1", "tick {0}", v)


async def main():
    soon = after(12 * MS)
    t, c = start_timer(20 * MS)
    stopped = t.stop()
    idle = t.stop()
    log("main/4", "{0} {1}", stopped, idle)
    t.reset(8 * MS)
    first = await c.recv()
    second = await soon.recv()
    log("main/8", "{0} {1}", first, second)
    t.reset(4 * MS)
    await sleep(16 * MS)
    fired = t.reset(24 * MS)
    v, old = c.try_recv()
    selected = await select(recv_from(c), timeout=80 * MS)
    if selected.case == 0:
        w = selected.value
        log("main/13.case0.0", "{0} {1} {2}", fired, old, w)
    else:
        log("main/13.timeout.0", "never")
    call = run_after(16 * MS, say, 1)
    run_after(8 * MS, say, 2)
    call.stop()
    call.reset(32 * MS)
    await sleep(48 * MS)
    call.reset(8 * MS)
    await sleep(24 * MS)
    drops, dropped = start_ticker(120 * MS, catch_up="drop")
    await late(dropped)
    drops.stop()
    drifts, drifted = start_ticker(120 * MS, catch_up="drift")
    await late(drifted)
    drifts.stop()
    own, owned = start_ticker(120 * MS)
    await late(owned)
    running = own.stop()
    again = own.stop()
    log("main/31", "{0} {1}", running, again)
    run_after(20 * MS, say, 3)
    log("main/33", "main ends")


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
