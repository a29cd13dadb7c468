"""A sample."""

import asyncio

from orrery import (
    ANY_ERROR,
    AssertFailed,
    Atomic,
    Cells,
    DepthExceeded,
    Fault,
    Group,
    MS,
    Mutex,
    NONE_DEREF,
    NegativeGroup,
    Overflow,
    Program,
    Promise,
    Semaphore,
    Timeout,
    UnlockOfUnlocked,
    add,
    at,
    block,
    check,
    choose,
    count,
    cpu,
    divide,
    expect,
    gauge,
    join_all,
    join_any,
    launch,
    log,
    mark,
    measure,
    multiply,
    nested_call,
    offload,
    read_file,
    remainder,
    set_at,
    spawn,
    stat_file,
    subtract,
    task_index,
)

cell = 3
cells = Cells(4, True)
h = None


class Z(Fault):
    kind = "User:z"


class Y(Fault):
    kind = "User:y"


async def fib(n):
    with nested_call():
        if n < 2:
            return n
        a = await fib(subtract(n, 1))
        b = await fib(subtract(n, 2))
        return add(a, b)


async def deep(n):
    with nested_call():
        await deep(add(n, 1))


async def f(p):
    x = await p
    log("f/1", "got {0}", x)
    return task_index()


async def main():
    x = await fib(10)
    log("main/1", "{0}", x)
    cell2 = cell
    cells[2] = False
    y = cells[cell2]
    log("main/5", "{0} {1}", cell2, y)
    hh = h
    log("main/7", "{0}", hh is None)
    try:
        z = cells[add(cell2, 1)]
        log("main/8.body.1", "no")
    except NONE_DEREF:
        log("main/8.catch0.0", "nd")
    try:
        big = multiply(9_007_199_254_740_991, x)
        log("main/9.body.1", "no")
    except Overflow:
        log("main/9.catch0.0", "of")
    try:
        await deep(0)
    except DepthExceeded:
        log("main/10.catch0.0", "de")
    p = Promise()
    t1 = spawn(f, p)
    t2 = spawn(f, p)
    await asyncio.sleep(0)
    p.resolve(4)
    rs = await join_all([t1, t2])
    log("main/17", "{0}", rs)
    r1 = await join_any([t1, t2])
    log("main/19", "{0}", r1)
    q = Promise()
    q.reject(Z)
    q.resolve("s")
    try:
        qq = await q
    except Y:
        pass
    except (Z, Timeout):
        log("main/23.catch1.0", "uz")
    at_ = Atomic(5)
    av = at_.add(2)
    cas = at_.compare_and_set(7, 1)
    al = at_.value
    at_.value = 0
    log("main/29", "{0} {1} {2}", av, cas, al)
    m = Mutex()
    await m.acquire()
    tl = m.try_acquire()
    m.release()
    try:
        m.release()
    except UnlockOfUnlocked:
        log("main/34.catch0.0", "uu {0}", tl)
    sm = Semaphore(2)
    await sm.acquire(2)
    sm.release(2)
    g = Group()
    g.add(1)
    g.done()
    await g.wait()
    try:
        g.done()
    except NegativeGroup:
        log("main/42.catch0.0", "ng")
    ls = []
    ls.append(1)
    ls.append("x")
    set_at(ls, 0, True)
    for e in ls:
        log("main/47.body.0", "{0}", e)
    log("main/48", "{0} {1}", at(ls, 5, 8), len(ls))
    match at(ls, 1):
        case 1:
            log("main/49.case0.0", "one")
        case "x":
            log("main/49.case1.0", "ex")
        case _:
            log("main/49.otherwise.0", "o")
    turns = 0
    while True:
        turns += 1
        check(turns <= 3, "loop at main/50 went beyond its bound")
        leave_outer = False
        for r in range(2):
            log("main/50.body.0.body.0", "r{0}", r)
            match "a":
                case "a":
                    leave_outer = True
                    break
        if leave_outer:
            break
    try:
        turns2 = 0
        while 1 == 1:
            turns2 += 1
            check(turns2 <= 2, "loop at main/51.body.0 went beyond its bound")
            log("main/51.body.0.body.0", "w")
    except AssertFailed:
        log("main/51.catch0.0", "bound")
    try:
        check(False, "m")
    except ANY_ERROR:
        log("main/52.catch0.0", "af")
    cpu(MS)
    block(MS)
    await offload(MS)
    await read_file(100, stall=MS)
    await stat_file()
    expect(True, "e")
    mark("k")
    measure("k", 3)
    gauge("gg", 3)
    count("cc", 2)
    ch = choose(100)
    log("main/64", "{0}", ch)
    log("main/65", "{0} {1}", divide(-x, 2), remainder(-x, 2))


PROGRAM = Program(main, select_policy="first")

if __name__ == "__main__":
    launch(PROGRAM)
