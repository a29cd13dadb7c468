"""A lock and permits that are waited for so long."""

from orrery import MS, Mutex, Program, S, Semaphore, at, cancel, launch, log, settle_all, sleep, spawn


async def user(m, s, wait, n):
    locked = await m.acquire_for(wait)
    log("user/1", "{0} locked {1}", n, locked)
    if locked:
        await sleep(150 * MS)
        m.release()
    got = await s.acquire_for(wait, 2)
    log("user/4", "{0} got {1}", n, got)
    if got:
        await sleep(20 * MS)
        s.release(2)


async def main():
    m = Mutex()
    s = Semaphore(3)
    tasks = []
    for n in range(3):
        a = spawn(user, m, s, 50 * MS, n)
        tasks.append(a)
    for n in range(3):
        b = spawn(user, m, s, S, n + 3)
        tasks.append(b)
    c = spawn(user, m, s, 0, 6)
    tasks.append(c)
    await sleep(MS)
    cancel(at(tasks, 4))
    ends = await settle_all(tasks)
    log("main/10", "{0}", ends)


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
