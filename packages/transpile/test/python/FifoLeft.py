"""Who waits no longer?"""

from orrery import MS, Mutex, Program, cancel, launch, log, settle_all, sleep, spawn


async def visitor(m, n):
    try:
        await m.acquire()
    finally:
        log("visitor/0.finally.0", "{0} waits no longer", n)
    m.release()


async def main():
    m = Mutex()
    await m.acquire()
    gone = spawn(visitor, m, 0)
    await sleep(10 * MS)
    patient = spawn(visitor, m, 1)
    await sleep(10 * MS)
    cancel(gone)
    await settle_all([gone])
    inTime = await m.acquire_for(5 * MS)
    log("main/9", "in time {0}", inTime)
    m.release()
    await m.acquire()
    log("main/12", "main in")
    await sleep(10 * MS)
    m.release()
    await patient


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
