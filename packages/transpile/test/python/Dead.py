"""A sample."""

from orrery import Mutex, Program, launch, log, spawn


async def w(m):
    await m.acquire()
    log("w/1", "never")


async def main():
    m = Mutex()
    await m.acquire()
    t = spawn(w, m)
    log("main/3", "a")
    await t


PROGRAM = Program(main, select_policy="first")

if __name__ == "__main__":
    launch(PROGRAM)
