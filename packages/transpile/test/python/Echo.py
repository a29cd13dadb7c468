"""A server answers each client until it closes."""

from orrery import Listener, Program, Rejected, add, check, launch, log, spawn


async def serve(listener, clients):
    for _ in range(clients):
        conn = await listener.accept()
        open = True
        turns = 0
        while open:
            turns += 1
            check(turns <= 10, "loop at serve/0.body.2 went beyond its bound")
            n = await conn.read(1000)
            log("serve/0.body.2.body.1", "got {0}", n)
            if n == 0:
                open = False
            else:
                await conn.write(add(n, 1))
        conn.close()


async def main():
    listener = Listener(4)
    server = spawn(serve, listener, 2)
    for client in range(2):
        conn = await listener.connect()
        for i in range(2):
            await conn.write(client + i + 5)
            back = await conn.read(1000)
            log("main/2.body.1.body.2", "{0} back", back)
        conn.close()
    await server
    listener.close()
    try:
        late = await listener.connect()
    except Rejected:
        log("main/5.catch0.0", "refused")


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
