"""A sample."""

from orrery import Fault, Program, launch, log


class X(Fault):
    kind = "User:x"


async def main():
    log("main/0", "a")
    raise X()


PROGRAM = Program(main, select_policy="first")

if __name__ == "__main__":
    launch(PROGRAM)
