"""A sample."""

from orrery import (
    ANY_ERROR,
    CancelledError,
    Fault,
    MS,
    Program,
    Race,
    Scope,
    TaskFailed,
    add,
    cancelled,
    launch,
    log,
    sleep,
    spawn,
)


class X(Fault):
    kind = "User:x"


async def ok(n):
    await sleep(5 * MS)
    log("ok/1", "ok {0}", n)
    return n


async def bad():
    await sleep(2 * MS)
    log("bad/1", "bad")
    raise X()


async def stub():
    try:
        await sleep(50 * MS)
    except CancelledError:
        log("stub/0.catch0.0", "cancelled")
        raise cancelled()
    finally:
        log("stub/0.finally.0", "fin")


async def main():
    try:
        async with Scope(cancel_siblings=True):
            spawn(stub)
            spawn(bad)
            await sleep(100 * MS)
            log("main/0.body.0.body.3", "never")
    except TaskFailed:
        log("main/0.catch0.0", "tf")
    try:
        async with Scope():
            spawn(ok, 1)
            spawn(bad)
            log("main/1.body.0.body.2", "in")
    except ANY_ERROR:
        log("main/1.catch0.0", "tf2")
    async with Race() as race:
        spawn(ok, 5)
        spawn(stub)
    w = race.winner
    log("main/3", "w {0}", w)
    async with Race(leave_losers=True) as race2:
        spawn(ok, 6)
        spawn(stub)
    w2 = race2.winner
    log("main/5", "w2 {0}", add(w2, 1))
    try:
        async with Race():
            spawn(bad)
    except TaskFailed:
        log("main/6.catch0.0", "race failed")
    for k in range(3):
        async with Scope():
            spawn(ok, k)
            if k == 1:
                break


PROGRAM = Program(main, select_policy="first")

if __name__ == "__main__":
    launch(PROGRAM)
