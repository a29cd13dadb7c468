"""A sample."""

from orrery import Fault, MS, Program, detach, launch, log, sleep


class X(Fault):
    kind = "User:x"


async def w():
    log("w/0", "w")
    raise X("boo")


async def main():
    detach(w)
    log("main/1", "a")
    await sleep(5 * MS)
    log("main/3", "b")


PROGRAM = Program(main, select_policy="first")

if __name__ == "__main__":
    launch(PROGRAM)
