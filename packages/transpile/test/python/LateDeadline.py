"""The outer deadline passes behind a shield, on the way out of the inner one."""

from orrery import Channel, Event, MS, Program, Timeout, deadline, launch, log, shield, sleep, spawn


async def sender(c):
    await c.send(0)


async def leaving(e, c):
    try:
        async with deadline(40 * MS):
            async with deadline(MS):
                try:
                    await e.wait()
                finally:
                    with shield:
                        await sleep(120 * MS)
    except Timeout:
        log("leaving/0.catch0.0", "too late")
    v = await c.recv()
    log("leaving/2", "got {0}", v)


async def main():
    e = Event()
    c = Channel(0)
    spawn(sender, c)
    spawn(leaving, e, c)


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
