"""Waits that are cancelled or closed, and a writer that waits for its reader."""

from orrery import (
    CancelledError,
    Listener,
    MS,
    Program,
    Rejected,
    add,
    cancel,
    cancelled,
    check,
    launch,
    log,
    settle_all,
    sleep,
    spawn,
)


async def reader(conn):
    try:
        await conn.read(10)
    except Rejected:
        log("reader/0.catch0.0", "rejected")
    except CancelledError:
        log("reader/0.catch1.0", "cancelled")
        raise cancelled()


async def accepts(listener):
    try:
        conn = await listener.accept()
    except Rejected:
        log("accepts/0.catch0.0", "no more")


async def writer(conn, bytes):
    await conn.write(bytes)
    log("writer/1", "written")
    conn.close()


async def main():
    listener = Listener(4)
    ours = await listener.connect()
    theirs = await listener.accept()
    first = spawn(reader, ours)
    await sleep(10 * MS)
    cancel(first)
    await settle_all([first])
    end = await theirs.read(10)
    log("main/8", "{0} at the other end", end)
    theirs.close()
    client = await listener.connect()
    server = await listener.accept()
    second = spawn(reader, client)
    await sleep(10 * MS)
    client.close()
    await second
    server.close()
    source = await listener.connect()
    sink = await listener.accept()
    task = spawn(writer, source, 20_000_000)
    await sleep(50 * MS)
    log("main/21", "reading")
    total = 0
    open = True
    turns = 0
    while open:
        turns += 1
        check(turns <= 100_000, "loop at main/24 went beyond its bound")
        n = await sink.read(1_000_000)
        total = add(total, n)
        if n == 0:
            open = False
    await task
    log("main/26", "{0} read", total)
    sink.close()
    last = spawn(accepts, listener)
    await sleep(10 * MS)
    listener.close()
    await last


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
