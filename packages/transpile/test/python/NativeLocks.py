"""Who is next?"""

from orrery import Condition, MS, Mutex, Program, join_all, launch, log, sleep, spawn


async def visitor(m, n):
    for i in range(2):
        await m.acquire()
        log("visitor/0.body.1", "{0} in, {1}", n, i)
        m.release()


async def main():
    m = Mutex()
    c = Condition(m)
    tasks = []
    await m.acquire()
    for n in range(2):
        t = spawn(visitor, m, n)
        tasks.append(t)
        await sleep(10 * MS)
    m.release()
    free = m.try_acquire()
    log("main/7", "free {0}", free)
    if not free:
        await m.acquire()
    log("main/9", "main in")
    signalled = await c.wait(10 * MS)
    log("main/11", "signalled {0}", signalled)
    m.release()
    await join_all(tasks)


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
