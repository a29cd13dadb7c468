"""Random programs of the workload language, run on CPython as an expert of asyncio would write each operation.

    python3 portable.py COUNT SEED > portable.json

Clock and order of sets as in real.py. Channels are the language's: a hand-off to the longest waiter.
"""
import asyncio, gc, json, os, random, sys

import real


class Idle(BaseException):
    """Nothing will ever happen any more."""


class Selector(real.Selector):
    def select(self, timeout=None):
        if timeout is None:
            raise Idle
        return super().select(timeout)


class Loop(real.Loop):
    def __init__(self):
        asyncio.SelectorEventLoop.__init__(self, Selector())
        self._selector.loop = self


class Fault(Exception):
    def __init__(self, kind):
        self.kind = kind


class Channel:
    def __init__(self, cap):
        self.cap, self.buffer, self.receivers, self.senders = cap, [], [], []

    async def send(self, value):
        while self.receivers:
            waiter = self.receivers.pop(0)
            if not waiter.done():
                return waiter.set_result(value)
        if len(self.buffer) < self.cap:
            return self.buffer.append(value)
        waiter = asyncio.get_running_loop().create_future()
        self.senders.append((waiter, value))
        try:
            await waiter
        except BaseException:
            self.senders = [parked for parked in self.senders if parked[0] is not waiter]
            raise

    async def recv(self):
        buffered = bool(self.buffer)
        value = self.buffer.pop(0) if buffered else None
        while self.senders:
            waiter, sent = self.senders.pop(0)
            if waiter.done(): continue
            waiter.set_result(None)
            if not buffered: return sent
            self.buffer.append(sent)
            break
        if buffered: return value
        waiter = asyncio.get_running_loop().create_future()
        self.receivers.append(waiter)
        try:
            return await waiter
        except BaseException:
            if waiter in self.receivers: self.receivers.remove(waiter)
            raise


def run(program):
    out = []
    loop = Loop()
    loop.set_exception_handler(lambda *_: None)

    async def body(proc, env):
        await block(proc["body"], env, [])

    async def outcome(awaitable):
        """What the language makes of a task that failed or was cancelled."""
        try:
            await awaitable
        except asyncio.CancelledError:
            if not awaitable.done(): raise  # this task is the one that is cancelled
            raise Fault("TaskFailed")
        except Fault:
            raise Fault("TaskFailed")

    async def block(statements, env, groups):
        for statement in statements:
            await execute(statement, env, groups)

    async def execute(s, env, groups):
        var = lambda field: env[s[field]["var"]]
        tasks = [env[task["var"]] for task in s["tasks"]["list"]] if "tasks" in s else []
        match s["op"]:
            case "log": out.append(f"{loop.ns} {s['text']}")
            case "spawn":
                proc = program["procs"][s["proc"]]
                inner = {arg["name"]: env[value["var"]] for arg, value in zip(proc["args"], s["args"])}
                task = (groups[-1] if groups else loop).create_task(body(proc, inner))
                real.kept.append(task)
                if "bind" in s: env[s["bind"]] = task
            case "yield": await asyncio.sleep(0)
            case "sleep": await asyncio.sleep(s["dur"]["lit"] / 1e9)
            case "throw": raise Fault(s["kind"])
            case "join": await outcome(var("task"))
            case "joinAll": await outcome(asyncio.gather(*tasks))
            case "settleAll": await asyncio.gather(*tasks, return_exceptions=True)
            case "joinAny":
                done, _ = await asyncio.wait(tasks, return_when="FIRST_COMPLETED")
                await outcome(next(task for task in tasks if task in done))
            case "mutex": env[s["bind"]] = asyncio.Lock()
            case "lock": await var("mutex").acquire()
            case "unlock": var("mutex").release()
            case "sem": env[s["bind"]] = asyncio.Semaphore(s["permits"]["lit"])
            case "acquire": await var("sem").acquire()
            case "release": var("sem").release()
            case "chan": env[s["bind"]] = Channel(s["cap"]["lit"])
            case "send": await var("chan").send(1)
            case "recv": await var("chan").recv()
            case "promise": env[s["bind"]] = loop.create_future()
            case "resolve":
                if not var("promise").done(): var("promise").set_result(1)
            case "await": await var("promise")
            case "try":
                try:
                    await block(s["body"], env, groups)
                except Fault as fault:
                    caught = [c for c in s["catches"] if fault.kind in c["kinds"]]
                    if not caught: raise
                    await block(caught[0]["body"], env, groups)
                finally:
                    await block(s["finally"], env, groups)
            case "scope":
                try:
                    async with asyncio.TaskGroup() as group:
                        group._tasks = real.Ordered()
                        await block(s["body"], env, [*groups, group])
                except BaseExceptionGroup:
                    raise Fault("TaskFailed")

    real.kept.append((loop, loop.create_task(block(program["main"], {}, []))))
    try:
        loop.run_forever()
    except Idle:
        return out


RESOURCES = {"m": "mutex", "s": "sem", "c": "chan", "d": "chan", "p": "promise", "q": "promise"}
var = lambda name: {"var": name}
ms = lambda n: {"lit": n * 1_000_000, "unit": "ns"}
log = lambda text: {"op": "log", "text": text}


def make(r):
    count, labels = r.randint(2, 4), iter(range(1000))
    spawn = lambda i: {"op": "spawn", "proc": f"t{r.randint(i + 1, count - 1)}", "args": [*map(var, RESOURCES)]}
    guarded = lambda body, last: {"op": "try", "body": body, "catches": [], "finally": [last]}

    def statements(i, depth, tasks):
        out = []
        for _ in range(r.randint(1, 4)):
            label = f"{i}.{next(labels)}"
            k = r.choice("log yield sleep sleep spawn spawn join joinAll settleAll joinAny lock sem send recv resolve await throw try scope scope".split())
            if k == "log": out.append(log(label))
            elif k == "yield": out += [{"op": k}, log(label)]
            elif k == "sleep": out += [{"op": k, "dur": ms(r.choice([0, 1, 2, 2, 3]))}, log(label)]
            elif k == "spawn" and i < count - 1:
                tasks = [*tasks, f"k{label[2:]}"]
                out.append({**spawn(i), "bind": tasks[-1]})
            elif k == "join" and tasks: out += [{"op": k, "task": var(r.choice(tasks))}, log(label)]
            elif k in ("joinAll", "settleAll", "joinAny") and tasks:
                out += [{"op": k, "tasks": {"list": [*map(var, r.sample(tasks, r.randint(1, len(tasks))))]}}, log(label)]
            elif k == "lock" and depth < 2:
                out += [{"op": k, "mutex": var("m")}, guarded([log(label), *statements(i, depth + 1, [])], {"op": "unlock", "mutex": var("m")})]
            elif k == "sem":
                out += [{"op": "acquire", "sem": var("s")}, guarded([log(label), {"op": "sleep", "dur": ms(1)}], {"op": "release", "sem": var("s")})]
            elif k == "send": out += [{"op": k, "chan": var(r.choice("cd")), "value": {"lit": 1}}, log(label)]
            elif k == "recv": out += [{"op": k, "chan": var(r.choice("cd"))}, log(label)]
            elif k == "resolve": out.append({"op": k, "promise": var(r.choice("pq")), "value": {"lit": 1}})
            elif k == "await": out += [{"op": k, "promise": var(r.choice("pq"))}, log(label)]
            elif k == "throw" and r.random() < 0.5: return [*out, {"op": k, "kind": "User:x"}]
            elif k == "try" and depth < 2:
                out.append({"op": k, "body": statements(i, depth + 1, tasks), "finally": [log(label)],
                            "catches": [{"kinds": ["TaskFailed", "User:x"], "body": [log(label + " caught")]}]})
            elif k == "scope" and depth < 2 and i < count - 1:
                children = [spawn(i) for _ in range(r.randint(1, 2))]
                out += [{"op": k, "onError": "cancelSiblings", "body": [*children, *statements(i, depth + 1, [])]}, log(label)]
        return out

    args = [{"name": name, "type": kind} for name, kind in RESOURCES.items()]
    operands = {"sem": {"permits": {"lit": 1}}, "c": {"cap": {"lit": 0}}, "d": {"cap": {"lit": 1}}}
    resources = [{"op": kind, "bind": name, **operands.get(kind, operands.get(name, {}))} for name, kind in RESOURCES.items()]
    roots = [f"r{j}" for j in range(r.randint(1, 3))]
    caught = [{"kinds": ["TaskFailed", "User:x"], "body": [log("main caught")]}]
    return {
        "name": "random", "doc": "", "params": [], "services": [], "shared": [],
        "policies": {"end": "quiescent", "selectPolicy": "first", "onDetachedFailure": "ignore"},
        "procs": {f"t{i}": {"args": args, "body": [log(f"t{i} +"), *statements(i, 0, []), log(f"t{i} -")]} for i in range(1, count)},
        "main": [*resources, *({**spawn(0), "bind": root} for root in roots),
                 {"op": "try", "body": statements(0, 0, roots), "catches": caught, "finally": [log("main ends")]}],
    }


if __name__ == "__main__":
    gc.disable()
    r = random.Random(int(sys.argv[2]))
    cases = []
    while len(cases) < int(sys.argv[1]):
        program = make(r)
        lines = run(program)
        if len(lines) < 150: cases.append({"program": program, "log": lines})
    json.dump({"version": sys.version.split()[0], "cases": cases}, sys.stdout, separators=(",", ":"))
    sys.stdout.flush()
    os._exit(0)
