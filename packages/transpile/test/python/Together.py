"""Once, an event, a barrier."""

from orrery import Barrier, Event, Fault, MS, Once, Program, at, cancel, launch, log, settle_all, sleep, spawn


class Broken(Fault):
    kind = "User:broken"


async def init():
    log("init/0", "init")
    await sleep(2 * MS)
    raise Broken()


async def user(o, e, r, n):
    try:
        await o.do(init)
    except Broken:
        log("user/0.catch0.0", "u{0} broken", n)
    log("user/1", "u{0} ready", n)
    await e.wait()
    for round in range(2):
        log("user/3.body.0", "u{0} comes {1}", n, round)
        await r.wait()
        log("user/3.body.2", "u{0} goes {1}", n, round)


async def party(r):
    await r.wait()
    log("party/1", "never")


async def main():
    o = Once()
    e = Event()
    r = Barrier(2)
    tasks = []
    for n in range(5):
        u = spawn(user, o, e, r, n)
        tasks.append(u)
    await sleep(MS)
    cancel(at(tasks, 1))
    await sleep(5 * MS)
    p = spawn(party, r)
    await sleep(MS)
    cancel(p)
    gone = await settle_all([p])
    log("main/12", "{0}", gone)
    e.set()
    log("main/14", "set")
    ends = await settle_all(tasks)
    log("main/16", "{0}", ends)


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
