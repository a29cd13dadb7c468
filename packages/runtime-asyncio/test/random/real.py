"""The real arm of the random programs: makes them, runs them on CPython's own asyncio, writes programs and logs as JSON.

    python3 real.py COUNT SEED > programs.json

The clock is virtual: it moves only in select, by the rounded timeout, so a log is a function of the program.
TaskGroup's set of tasks is replaced by one in order of insertion (the model's default); nothing else is touched.
"""
import asyncio, gc, json, math, os, random, selectors, sys


class Selector(selectors.EpollSelector):
    loop = None

    def select(self, timeout=None):
        if timeout is not None and timeout > 0:
            self.loop.ns += math.ceil(math.ceil((math.ceil(timeout * 1e3) * 1e-3) * 1e9) / 1e6) * 1_000_000
        assert timeout is not None, "nothing would ever happen"
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    n = ns = 0

    def __init__(self):
        super().__init__(Selector())
        self._selector.loop = self

    def time(self):
        return self.ns / 1e9

    def _run_once(self):
        self.n += 1
        super()._run_once()


class Ordered(dict):
    add = lambda self, x: self.setdefault(x)
    discard = lambda self, x: self.pop(x, None)


kept = []  # what is collected runs its finally blocks, in somebody else's loop


def run(program):
    out = []

    async def main():
        loop = asyncio.get_running_loop()
        locks = [asyncio.Lock() for _ in range(2)]
        sems = [asyncio.Semaphore(1), asyncio.Semaphore(2)]
        queues = [asyncio.Queue(1), asyncio.Queue()]
        events = [asyncio.Event()]
        conds = [asyncio.Condition()]
        futures = [loop.create_future() for _ in range(3)]
        tasks = {}

        def log(*a):
            out.append(f"{loop.n} {loop.ns // 1000000} " + " ".join(map(str, a)))

        def start(i):
            if i not in tasks:
                tasks[i] = loop.create_task(body(i), name=str(i))
            return tasks[i]

        async def body(i):
            log(i, "starts")
            try:
                await block(i, program["tasks"][i])
            except BaseException as e:
                log(i, "raises", type(e).__name__)
                raise
            log(i, "ends")
            return i

        def show(f):
            return type(f.exception()).__name__ if not f.cancelled() and f.exception() else "cancelled" if f.cancelled() else f.result()

        async def op(i, o):
            k, a = o[0], o[1:]
            if k == "sleep": await asyncio.sleep(a[0] / 1000)
            elif k == "spawn": start(a[0])
            elif k == "await": return await start(a[0])
            elif k == "cancel": return start(a[0]).cancel()
            elif k == "gather": return await asyncio.gather(*map(start, a[0]), return_exceptions=a[1])
            elif k == "gathercoros": return await asyncio.gather(*(asyncio.sleep(d / 1000, d) for d in a[0]))
            elif k == "wait":
                done, pending = await asyncio.wait(list(map(start, a[0])), return_when=a[1], timeout=a[2] and a[2] / 1000)
                return [sorted(t.get_name() for t in s) for s in (done, pending)]
            elif k == "waitfor": return await asyncio.wait_for(start(a[0]), a[1] / 1000)
            elif k == "waitforcoro": return await asyncio.wait_for(block(i, a[0]), a[1] / 1000)
            elif k == "shield": return await asyncio.shield(start(a[0]))
            elif k == "ascompleted": return [await f for f in asyncio.as_completed([asyncio.sleep(d / 1000, d) for d in a[0]], timeout=a[1] / 1000)]
            elif k == "timeout":
                async with asyncio.timeout(a[0] / 1000): await block(i, a[1])
            elif k == "group":
                async with asyncio.TaskGroup() as g:
                    g._tasks = Ordered()
                    for j in a[0]: g.create_task(body(j), name=str(j))
                    await block(i, a[1])
            elif k == "lock":
                async with locks[a[0]]: await block(i, a[1])
            elif k == "sem":
                async with sems[a[0]]: await block(i, a[1])
            elif k == "put": await queues[a[0]].put(i)
            elif k == "get": return await queues[a[0]].get()
            elif k == "set": events[0].set()
            elif k == "clear": events[0].clear()
            elif k == "event": await events[0].wait()
            elif k == "cond":
                async with conds[0]: await conds[0].wait()
            elif k == "notify":
                async with conds[0]: conds[0].notify(a[0])
            elif k == "resolve":
                if not futures[a[0]].done(): futures[a[0]].set_result(i)
            elif k == "future": return await futures[a[0]]
            elif k == "soon": loop.call_soon(log, i, "soon")
            elif k == "later": loop.call_later(a[0] / 1000, log, i, "later")
            elif k == "raise": raise ValueError
            elif k == "self": return asyncio.current_task().cancel()
            elif k == "uncancel": return asyncio.current_task().uncancel()
            elif k == "finally":
                try: await block(i, a[0])
                finally: await block(i, a[1])

        async def block(i, ops):
            for o in ops:
                try:
                    r = await op(i, o)
                except BaseException as e:
                    log(i, o[0], type(e).__name__)
                    if o[-1] is False: raise
                else:
                    log(i, o[0], "None" if r is None else json.dumps(r, default=lambda x: type(x).__name__))

        for i in program["roots"]: start(i)
        await asyncio.sleep(1)
        for i in sorted(tasks): log(i, "done" if tasks[i].done() else "pending", tasks[i].cancelling())
        log("end")
        kept.append(tasks)
        loop.stop()

    loop = Loop()
    loop.set_exception_handler(lambda *_: None)
    kept.append(loop.create_task(main()))
    loop.run_forever()
    return out


def make(r):
    count = r.randint(2, 5)
    spawned = set()

    def ops(depth, i):
        return [one(depth, i) for _ in range(r.randint(1, 5 - depth))]

    def one(depth, i):
        d = lambda: r.choice([0, 0, 1, 2, 2, 3, 5])
        other = lambda: r.choice([j for j in range(count) if j != i])
        later = [j for j in range(count) if j > i]  # nobody waits in a circle: cancel() would recurse for ever
        awaited = lambda: r.choice(later)
        others = lambda: r.sample(later, r.randint(1, len(later)))
        kinds = "sleep sleep sleep spawn cancel cancel gathercoros ascompleted put put get get set clear event cond notify resolve future soon later raise self uncancel".split()
        if later: kinds += "await gather wait waitfor shield".split()
        if depth < 3: kinds += "timeout timeout group lock lock sem sem finally waitforcoro".split()
        k = r.choice(kinds)
        caught = r.random() < 0.7
        args = {
            "sleep": lambda: [d()], "spawn": lambda: [other()], "await": lambda: [awaited()], "cancel": lambda: [other()],
            "gather": lambda: [others(), r.random() < 0.5], "gathercoros": lambda: [[d(), d()]],
            "wait": lambda: [others(), r.choice(["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"]), r.choice([None, 1, 3])],
            "waitfor": lambda: [awaited(), d()], "waitforcoro": lambda: [ops(depth + 1, i), d()], "shield": lambda: [awaited()],
            "ascompleted": lambda: [[d()], r.choice([1, 4])],  # one: of more, a set gives the order
            "timeout": lambda: [d(), ops(depth + 1, i)], "group": lambda: [[r.randint(count, count + 2)], ops(depth + 1, i)],
            "lock": lambda: [r.randint(0, 1), ops(depth + 1, i)], "sem": lambda: [r.randint(0, 1), ops(depth + 1, i)],
            "put": lambda: [r.randint(0, 1)], "get": lambda: [r.randint(0, 1)], "notify": lambda: [r.randint(1, 2)],
            "resolve": lambda: [r.randint(0, 2)], "future": lambda: [r.randint(0, 2)], "later": lambda: [d()],
            "finally": lambda: [ops(depth + 1, i), ops(depth + 1, i)],
        }.get(k, lambda: [])()
        return [k, *args, caught]

    simple = lambda: [r.choice([["sleep", r.choice([0, 1, 3]), False], ["soon", True], ["raise", False], ["put", 1, False], ["get", 1, False]]) for _ in range(r.randint(1, 3))]
    return {"tasks": [ops(0, i) for i in range(count)] + [simple() for _ in range(3)], "roots": list(range(count))}


if __name__ == "__main__":
    gc.disable()
    r = random.Random(int(sys.argv[2]))
    cases = []
    while len(cases) < int(sys.argv[1]):
        program = make(r)
        log = run(program)
        if len(log) < 200: cases.append({"program": program, "log": log})
    json.dump({"version": sys.version.split()[0], "cases": cases}, sys.stdout, separators=(",", ":"))
    sys.stdout.flush()
    os._exit(0)
