"""A sample."""

from orrery import Program, channel, launch, log, spawn


async def w():
    log("w/0", "w")
    await channel(None).recv()
    log("w/2", "never")


async def main():
    spawn(w)
    log("main/1", "a")


PROGRAM = Program(main, select_policy="first")

if __name__ == "__main__":
    launch(PROGRAM)
