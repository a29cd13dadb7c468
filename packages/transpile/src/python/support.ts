/**
 * The support file of every Python program: what Orrery's language has and asyncio has not. Kept as text so that it can be
 * written beside generated source anywhere, a browser included.
 */
export const supportPath = "orrery.py";

export const support = String.raw`"""What Orrery's programs have and asyncio has not.

Go's channels and select, a wait group, locks and conditions beyond asyncio's, scopes and cancellation with the language's
rules, timers, handlers, draws, calibrated processor time, and the books of a run: tasks by path, the log, samples. A program's log is a list in memory whose order is the order of the calls; it is
printed when the run is over. Nothing here does I/O during a run that the program did not ask for, and nothing but the
program's own waits can suspend a task.
"""

import asyncio
import collections
import functools
import gc
import importlib
import itertools
import json
import math
import os
import random
import re
import selectors
import socket
import statistics
import sys
import threading
import time
from asyncio import CancelledError
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields as fields_of, is_dataclass

US = 1_000
MS = 1_000_000
S = 1_000_000_000


# ---- errors


class Fault(Exception):
    """An error of the program. Cancellation is asyncio's own CancelledError."""

    kind = "Fault"

    def __init__(self, message=None):
        super().__init__(self.kind if message is None else message)


class Timeout(Fault):
    kind = "Timeout"


class ChannelClosed(Fault):
    kind = "ChannelClosed"


class CloseOfClosed(Fault):
    kind = "CloseOfClosed"


class CloseOfNone(Fault):
    kind = "CloseOfNone"


class NegativeGroup(Fault):
    kind = "NegativeGroup"


class NoneDeref(Fault):
    kind = "NoneDeref"


class UnlockOfUnlocked(Fault):
    kind = "UnlockOfUnlocked"


class Overflow(Fault):
    kind = "Overflow"


class AssertFailed(Fault):
    kind = "AssertFailed"


class Rejected(Fault):
    kind = "Rejected"


class TaskFailed(Fault):
    kind = "TaskFailed"


class DepthExceeded(Fault):
    kind = "DepthExceeded"


# What a program can catch, and what Python itself raises for None where a value is needed.
ANY_ERROR = (Exception, CancelledError)
NONE_DEREF = (NoneDeref, TypeError, AttributeError)


def kind_of(error):
    """The language's name for what was raised."""
    if isinstance(error, Fault):
        return error.kind
    if isinstance(error, CancelledError):
        return "Cancelled"
    return "NoneDeref" if isinstance(error, NONE_DEREF) else type(error).__name__


def cancelled(message="Cancelled"):
    """The error of a cancelled task; a request to cancel that is still pending is answered by it."""
    asyncio.current_task().cancel_requested = False
    return CancelledError(message)


def check(condition, message):
    if not condition:
        raise AssertFailed(message)


class _Over(SystemExit):
    """The run is over: leaves the loop at once, through whatever runs."""


# ---- tasks


@Coroutine.register
class _Steps:
    """A task's coroutine as asyncio steps it. Every cancellation comes in by 'throw', also that of a task not yet begun."""

    __slots__ = ("task", "live", "body", "begun", "send")

    def __init__(self, task, body):
        self.task = task
        self.body = body
        self.live = task._live(self, body)
        self.begun = False
        self.send = self.live.send

    def throw(self, error, *rest):
        task = self.task
        if isinstance(error, CancelledError):
            task.undelivered = task.cancel_requested and task.shields == 0
            task.cancel_requested = task.cancel_requested and task.shields > 0
            if not self.begun:
                self.live.close()
                self.body.close()
                task._ends("cancelled", error)
                raise error
        return self.live.throw(error)


def _place(parent, procedure):
    """The next place among the tasks of a procedure that 'parent' starts."""
    if parent.children is None:
        parent.children = {}
    index = parent.children.get(procedure, 0)
    parent.children[procedure] = index + 1
    return index


class _Books:
    """What a task is to the program: its path, what became of it, whether it was asked to stop."""

    index = 0
    state = "live"
    value = None
    error = None
    scope = None
    detached = False
    # A cancellation that was asked for and has not been raised yet; the one that 'throw' took off last.
    cancel_requested = False
    undelivered = False
    # Shields that it is inside of, and blocks that can be cancelled by themselves, innermost last.
    shields = 0
    regions = ()
    # Tasks to cancel once the scope hears that this one has ended.
    cancels = None
    scopes = None
    draws = None
    children = None
    hash = None
    depth = 0

    def _begins(self, parent, procedure, index=None):
        self.parent = parent
        self.procedure = procedure
        if parent is not None:
            self.index = _place(parent, procedure) if index is None else index
        _run.spawned += 1
        _run.live.add(self)

    def _ends(self, state, error):
        """The books of a task that ends; its done-callbacks run one iteration later."""
        self.state = state
        if error is not None:
            self.error = error
        if self.scope is not None:
            self.scope._child_ends(self)
        _run.task_ends(self)

    @property
    def path(self):
        """'main/worker[2]'"""
        names = []
        task = self
        while task.parent is not None:
            names.append(f"{task.procedure}[{task.index}]")
            task = task.parent
        return "/".join([task.procedure, *reversed(names)])

    @property
    def key(self):
        """Hash of the path, the key of its draws."""
        if self.hash is None:
            parent = self.parent
            self.hash = (
                _mix(_run.seed) if parent is None else _word(parent.key ^ _name_hash(self.procedure), self.index)
            )
        return self.hash


class Task(_Books, asyncio.Task):
    """An asyncio task that runs a procedure."""

    def __init__(self, parent, procedure, scope, detached, body, index=None):
        self._begins(parent, procedure, index)
        self.scope = scope
        self.detached = detached
        super().__init__(_Steps(self, body), loop=_run.loop)
        if scope is not None:
            scope._adopt(self)

    async def _live(self, steps, body):
        steps.begun = True
        try:
            self.value = await body
        except CancelledError as error:
            self._ends("cancelled", error)
            raise
        except Exception as error:
            self._ends("failed", error)
            raise
        self._ends("completed", None)

    def wanted_to_stop(self):
        """Notes that it is asked to stop; whether it has to be interrupted for that."""
        for region in self.regions:
            region.overtaken = True
        if self.state != "live" or self.cancel_requested:
            return False
        self.cancel_requested = True
        return self.shields == 0

    def interrupt(self):
        """Cancels the task as asyncio does, but not inside a shield, nor when what it waits for has been handed over already,
        nor in a mere turn of the loop."""
        if self.done() or self.shields > 0 or asyncio.current_task() is self:
            return
        waiter = self._fut_waiter
        if self.get_coro().begun if waiter is None else isinstance(waiter, _HandOff) and waiter.done():
            return
        self.cancel()

    def __await__(self):
        """Waits for the end; the result, or TaskFailed."""
        check_cancelled()
        if not self.done():
            try:
                yield from _left_alone(self)
            except ANY_ERROR as error:
                if not self.done():
                    raise
                _take_back(error)
        return self.outcome()

    def outcome(self):
        if self.state == "completed":
            return self.value
        raise TaskFailed(f"{self.path}: {self.state if self.error is None else self.error}")


def spawn(procedure, *args, name=None):
    """Starts a task that runs the procedure, in the innermost scope that is open."""
    parent = asyncio.current_task()
    scope = parent.scopes[-1] if parent.scopes else None
    return Task(parent, name or name_of(procedure), scope, False, procedure(*args))


def name_of(procedure):
    return procedure.func.__name__ if isinstance(procedure, functools.partial) else procedure.__name__


def detach(procedure, *args, name=None):
    """Starts a task that no scope waits for."""
    Task(asyncio.current_task(), name or procedure.__name__, None, True, procedure(*args))


def task_index():
    """Index of this task among those of the same procedure that the same parent has spawned."""
    return asyncio.current_task().index


class nested_call:
    """A call of a procedure that calls itself: 10 000 may nest."""

    __slots__ = ("task",)

    def __enter__(self):
        self.task = asyncio.current_task()
        if self.task.depth >= 10_000:
            raise DepthExceeded("more than 10000 nested calls")
        self.task.depth += 1

    def __exit__(self, *_):
        self.task.depth -= 1


def check_cancelled():
    """A cancellation point: raises if the task was asked to stop."""
    task = asyncio.current_task()
    if task.cancel_requested and task.shields == 0:
        raise cancelled()


def is_cancelled():
    """Whether this task has been asked to stop and has not heard of it yet."""
    return asyncio.current_task().cancel_requested


def cancel(task):
    """Asks a task to stop, at its next cancellation point."""
    _cancel_all(_tasks([task]), asyncio.current_task())


def _take_back(error):
    """The wait is over although a cancellation came: it will be raised at the next cancellation point."""
    if isinstance(error, CancelledError):
        task = asyncio.current_task()
        task.cancel_requested = task.cancel_requested or task.undelivered


def _cancel_all(tasks, by):
    """Cancels tasks at once; 'by' runs."""
    for task in tasks:
        if task.wanted_to_stop() and task is not by:
            task.interrupt()


class _LeftAlone:
    """What a task yields to wait for a future that others wait for too: a cancellation ends the wait and leaves the future
    alone, as asyncio.shield does, without shield's extra turn of the loop."""

    __slots__ = ("future", "wake_up", "_asyncio_future_blocking")

    def __init__(self, future):
        self.future = future
        self._asyncio_future_blocking = True

    def get_loop(self):
        return self.future.get_loop()

    def add_done_callback(self, callback, *, context=None):
        self.wake_up = callback
        self.future.add_done_callback(callback, context=context)

    def cancel(self, msg=None):
        if self.wake_up is None or self.future.done():
            return False
        self.future.remove_done_callback(self.wake_up)
        loop = self.future.get_loop()
        none = loop.create_future()
        none.cancel()
        loop.call_soon(self.wake_up, none)
        self.wake_up = None
        return True


def _left_alone(future):
    if not future.done():
        yield _LeftAlone(future)


class _HandOff(asyncio.Future):
    """What an emulated operation waits on. Once it is done the operation has happened, and a cancellation comes too late."""

    def __init__(self):
        super().__init__(loop=_run.loop)
        self.arm = 0
        self.value = None
        self.ok = False

    def complete(self, arm, value, ok):
        """True for the first to complete it."""
        if self.done():
            return False
        self.arm = arm
        self.value = value
        self.ok = ok
        self.set_result(None)
        return True


class _Gathered:
    """'await asyncio.gather(...)' that leaves the tasks alone when the awaiting one is cancelled."""

    def __init__(self, outer):
        self.outer = outer

    def __await__(self):
        yield from _left_alone(self.outer)
        return self.outer.result()


def _tasks(tasks):
    for task in tasks:
        if not isinstance(task, Task):
            raise NoneDeref("not a task")
    return tasks


async def join_any(tasks):
    """The first task to end; TaskFailed if it failed."""
    return (await _first_to_end(_tasks(tasks), lambda task: True)).outcome()


async def join_first_success(tasks):
    """The first task to complete; TaskFailed once all have failed."""
    return (await _first_to_end(_tasks(tasks), lambda task: task.state == "completed")).outcome()


async def _first_to_end(tasks, wanted):
    check_cancelled()
    left = list(tasks)
    while left:
        done, _ = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            if task in done and wanted(task):
                return task
        left = [task for task in left if task not in done]
    raise TaskFailed("every task failed")


async def join_all(tasks):
    """All results in order; TaskFailed as soon as one fails."""
    check_cancelled()
    outer = asyncio.gather(*_tasks(tasks))
    try:
        await _Gathered(outer)
    except ANY_ERROR as error:
        if not outer.done():
            raise
        _take_back(error)
        for task in tasks:
            if task.error is error:
                task.outcome()
        for task in tasks:
            if task.state == "cancelled":
                task.outcome()
    return [task.outcome() for task in tasks]


async def settle_all(tasks):
    """Waits for all; what became of each."""
    check_cancelled()
    await _Gathered(asyncio.gather(*_tasks(tasks), return_exceptions=True))
    return [Result(task) for task in tasks]


class Result:
    """What became of a task."""

    __slots__ = ("ok", "value", "error")

    def __init__(self, task):
        self.ok = task.state == "completed"
        self.value = task.value
        self.error = None if task.error is None else kind_of(task.error)


# ---- blocks that a cancellation ends, or does not


class _Shield:
    """'with shield:' no cancellation is delivered inside."""

    def __enter__(self):
        asyncio.current_task().shields += 1

    def __exit__(self, *_):
        asyncio.current_task().shields -= 1


shield = _Shield()


class _Region:
    """A block that is cancelled by itself. The end of it knows whose cancellation it was: the innermost block's that wanted it,
    unless a block around it or a cancellation of the whole task has come in addition."""

    fired = False
    closed = False
    overtaken = False

    async def __aenter__(self):
        self.task = asyncio.current_task()
        self.task.regions = (*self.task.regions, self)
        self._opens()

    async def __aexit__(self, _type, raised, _traceback):
        self.closed = True
        self.task.regions = self.task.regions[:-1]
        self._closes()
        if not self.fired or self.overtaken:
            return
        self.task.cancel_requested = False
        if isinstance(raised, CancelledError):
            self._cut_short()

    def _cut_short(self):
        """What the block raises in the place of Cancelled."""

    def expire(self, *_):
        if self.closed or self.fired or self.overtaken:
            return
        self.fired = True
        task = self.task
        for inner in task.regions[task.regions.index(self) + 1 :]:
            inner.overtaken = True
        if not task.cancel_requested:
            task.cancel_requested = True
            task.interrupt()


class deadline(_Region):
    """A block that may take so long, as under asyncio.timeout: 'async with deadline(5 * MS):'."""

    def __init__(self, ns):
        self.ns = ns

    def _opens(self):
        self.timer = _run.loop.call_later(max(0, self.ns) / S, self.expire)

    def _closes(self):
        self.timer.cancel()

    def _cut_short(self):
        raise Timeout("deadline") from None


class Token:
    """Cancels the blocks that run under it, and those that begin later."""

    def __init__(self):
        self.cancelled = False
        self.regions = []
        self.selects = _Selects()

    def cancel(self):
        self.cancelled = True
        regions, self.regions = self.regions, []
        for region in regions:
            region.expire()
        self.selects.complete()


class under(_Region):
    """'async with under(token):'"""

    def __init__(self, token):
        self.token = token

    def _opens(self):
        if self.token.cancelled:
            self.expire()
        else:
            self.token.regions.append(self)

    def _closes(self):
        if self in self.token.regions:
            self.token.regions.remove(self)


# ---- scopes


class Scope:
    """Tasks that end before the block that starts them does: 'async with Scope():'. It waits for all of them; with
    'cancel_siblings' the first failure cancels the others and the block, as in asyncio.TaskGroup."""

    race = False
    leave_losers = False

    def __init__(self, *, cancel_siblings=False):
        self.cancel_siblings = cancel_siblings
        self.children = []
        self.live = 0
        self.first_failure = None
        self.first = None
        self.closing = False
        self.on_completed = None

    async def __aenter__(self):
        self.owner = owner = asyncio.current_task()
        if owner.scopes is None:
            owner.scopes = []
        owner.scopes.append(self)
        return self

    async def __aexit__(self, _type, raised, _traceback):
        owner = self.owner
        owner.scopes.pop()
        if raised is not None and not isinstance(raised, ANY_ERROR):
            return
        self.closing = True
        failure = raised
        if raised is not None:
            _cancel_all(self.children, owner)
        elif owner.cancel_requested and self.first_failure is not None:
            owner.cancel_requested = False  # it was the scope's own
        while not self._is_over():
            self.on_completed = _run.loop.create_future()
            try:
                await self.on_completed
                break
            except CancelledError as error:
                failure = error
                _cancel_all(self.children, owner)
            finally:
                self.on_completed = None
        if self.race:
            if failure is None and self.first is None and self.children:
                raise TaskFailed("no task of the race completed")
        elif self.first_failure is not None and (failure is None or isinstance(failure, CancelledError)):
            raise TaskFailed(f"{self.first_failure.path}: {self.first_failure.error}")
        if failure is not raised:
            raise failure

    def _is_over(self):
        return self.live == 0 or (self.leave_losers and self.first is not None)

    def _adopt(self, child):
        self.children.append(child)
        self.live += 1
        if self.first is not None if self.race else self.cancel_siblings and self.first_failure is not None:
            child.cancel_requested = True  # the others have been cancelled already
        child.add_done_callback(self._on_task_done)

    def _child_ends(self, child):
        """In the child: who is to be cancelled. They are once the scope hears of its end."""
        targets = ()
        if child.state == "completed":
            if self.race and self.first is None:
                self.first = child
                targets = self.children
        elif child.state == "failed" and self.first_failure is None:
            self.first_failure = child
            if self.cancel_siblings:
                targets = self.children if self.closing else [*self.children, self.owner]
        wanted = [task for task in targets if task.wanted_to_stop()]
        for task in wanted:
            task.cancel_requested = False
        if wanted:
            child.cancels = wanted

    def _on_task_done(self, child):
        self.live -= 1
        if self.on_completed is not None and not self.on_completed.done() and self._is_over():
            self.on_completed.set_result(None)
        if child.cancels is None:
            return
        for target in dict.fromkeys([*self.children, *child.cancels]):  # those that came since too
            if target.state == "live":
                target.cancel_requested = True
                target.interrupt()
        child.cancels = None


class Race(Scope):
    """The first task to complete wins; the others are cancelled, and waited for unless 'leave_losers'."""

    race = True

    def __init__(self, *, leave_losers=False):
        super().__init__()
        self.leave_losers = leave_losers

    @property
    def winner(self):
        """The winner's result."""
        return None if self.first is None else self.first.value


# ---- channels: Go's semantics, direct hand-over to the longest waiter


class Channel:
    def __init__(self, capacity):
        if capacity < 0:
            raise AssertFailed(f"a channel of capacity {capacity}")
        self.capacity = capacity
        self.closed = False
        self.buffer = collections.deque()
        self.receivers = collections.deque()  # waiter, arm
        self.senders = collections.deque()  # waiter, arm, value

    def __len__(self):
        return len(self.buffer)

    def __bool__(self):
        return True

    async def send(self, value):
        check_cancelled()
        if self.try_send(value):
            return
        waiter = _HandOff()
        self.senders.append((waiter, 0, value))
        await self._parked(waiter)
        if not waiter.ok:
            raise ChannelClosed("send on closed channel")

    async def recv(self):
        """The next item, or None once the channel is closed and empty."""
        return (await self.receive())[0]

    async def receive(self):
        """The next item and True, or None and False once the channel is closed and empty."""
        check_cancelled()
        received = self._take()
        if received is not None:
            return received
        waiter = _HandOff()
        self.receivers.append((waiter, 0))
        await self._parked(waiter)
        return waiter.value, waiter.ok

    def __aiter__(self):
        return self

    async def __anext__(self):
        value, ok = await self.receive()
        if not ok:
            raise StopAsyncIteration
        return value

    def try_send(self, value):
        """Whether the value was taken."""
        if self.closed:
            raise ChannelClosed("send on closed channel")
        while self.receivers:
            waiter, arm = self.receivers.popleft()
            if waiter.complete(arm, value, True):
                return True
        if len(self.buffer) >= self.capacity:
            return False
        self.buffer.append(value)
        return True

    def try_recv(self):
        """An item and True, or None and False if none is there."""
        return self._take() or (None, False)

    def _take(self):
        value = self.buffer.popleft() if (buffered := len(self.buffer) > 0) else None
        while self.senders:
            waiter, arm, sent = self.senders.popleft()
            if not waiter.complete(arm, None, True):
                continue
            if not buffered:
                return sent, True
            self.buffer.append(sent)
            return value, True
        if buffered:
            return value, True
        return (None, False) if self.closed else None

    def close(self):
        if self.closed:
            raise CloseOfClosed("close of closed channel")
        self.closed = True
        for waiters in (self.receivers, self.senders):
            while waiters:
                waiter, arm, *_ = waiters.popleft()
                waiter.complete(arm, None, False)

    async def _parked(self, waiter):
        try:
            await waiter
        except CancelledError:
            self._forget(waiter)
            raise

    def _forget(self, waiter):
        """Takes out a waiter that gave up."""
        self.receivers = collections.deque(each for each in self.receivers if each[0] is not waiter)
        self.senders = collections.deque(each for each in self.senders if each[0] is not waiter)


class _NoChannel:
    """None as a channel: sends and receives wait for ever, a select never takes it."""

    async def send(self, value):
        await self._for_ever()

    async def recv(self):
        await self._for_ever()

    async def receive(self):
        await self._for_ever()

    def __aiter__(self):
        return self

    async def __anext__(self):
        await self._for_ever()

    def try_send(self, value):
        return False

    def try_recv(self):
        return None, False

    def close(self):
        raise CloseOfNone("close of none channel")

    async def _for_ever(self):
        check_cancelled()
        await _run.loop.create_future()


_NO_CHANNEL = _NoChannel()


def channel(value):
    """A value that is a channel, or None."""
    if value is None:
        return _NO_CHANNEL
    if isinstance(value, (Channel, _NoChannel)):
        return value
    raise NoneDeref("not a channel")


class recv_from:
    """A case of a select."""

    __slots__ = ("channel",)

    def __init__(self, chan):
        self.channel = channel(chan)

    def ready(self):
        return None if self.channel is _NO_CHANNEL else self.channel._take()

    def park(self, waiter, arm):
        if self.channel is not _NO_CHANNEL:
            self.channel.receivers.append((waiter, arm))

    def forget(self, waiter):
        if self.channel is not _NO_CHANNEL:
            self.channel._forget(waiter)

    def taken(self, waiter):
        return waiter.value, waiter.ok


class send_to:
    """A case of a select."""

    __slots__ = ("channel", "value")

    def __init__(self, chan, value):
        self.channel = channel(chan)
        self.value = value

    def ready(self):
        return (None, True) if self.channel.try_send(self.value) else None

    def park(self, waiter, arm):
        if self.channel is not _NO_CHANNEL:
            self.channel.senders.append((waiter, arm, self.value))

    def forget(self, waiter):
        if self.channel is not _NO_CHANNEL:
            self.channel._forget(waiter)

    def taken(self, waiter):
        if not waiter.ok:
            raise ChannelClosed("send on closed channel")
        return waiter.value, True


class _Selects:
    """The selects that wait for a promise, a token or an event."""

    __slots__ = ("waiting",)

    def __init__(self):
        self.waiting = []  # waiter, arm

    def complete(self):
        waiting, self.waiting = self.waiting, []
        for waiter, arm in waiting:
            waiter.complete(arm, None, True)


class _Signal:
    """A case of a select that stays ready once it is."""

    __slots__ = ("source",)

    def __init__(self, source):
        self.source = source

    def ready(self):
        return self.taken() if self.happened() else None

    def park(self, waiter, arm):
        self.source.selects.waiting.append((waiter, arm))

    def forget(self, waiter):
        selects = self.source.selects
        selects.waiting = [each for each in selects.waiting if each[0] is not waiter]

    def taken(self, _waiter=None):
        return None, True


class is_settled(_Signal):
    """A case of a select: gives the promise's value, or raises its error."""

    __slots__ = ()

    def happened(self):
        return self.source.done()

    def taken(self, _waiter=None):
        return self.source.outcome(), True


class is_token_cancelled(_Signal):
    """A case of a select."""

    __slots__ = ()

    def happened(self):
        return self.source.cancelled


class is_set(_Signal):
    """A case of a select."""

    __slots__ = ()

    def happened(self):
        return self.source.is_set()


class Selected:
    """What a select did: the index of its case, None for none, and what a receive gave."""

    __slots__ = ("case", "value", "ok")

    def __init__(self, case, value=None, ok=False):
        self.case = case
        self.value = value
        self.ok = ok


async def select(*cases, timeout=None):
    """Waits until one of the cases can go on, and does that one alone."""
    selected = poll(*cases)
    if selected.case is not None:
        return selected
    waiter = _HandOff()
    for arm, case in enumerate(cases):
        case.park(waiter, arm)
    timer = None
    if timeout is not None:
        timer = _run.loop.call_later(max(0, timeout) / S, waiter.complete, None, None, False)
    try:
        await waiter
    finally:
        for case in cases:
            case.forget(waiter)
        if timer is not None:
            timer.cancel()
    if waiter.arm is None:
        return Selected(None)
    return Selected(waiter.arm, *cases[waiter.arm].taken(waiter))


def poll(*cases):
    """Does one of the cases that can go on at once, if any."""
    check_cancelled()
    for arm in _run.select_order(len(cases)):
        ready = cases[arm].ready()
        if ready is not None:
            return Selected(arm, *ready)
    return Selected(None)


# ---- locks


class Mutex(asyncio.Lock):
    async def acquire(self):
        check_cancelled()
        await super().acquire()

    def try_acquire(self):
        if self._locked or not all(waiter.cancelled() for waiter in self._waiters or ()):
            return False
        self._locked = True
        return True

    def release(self):
        if not self.locked():
            raise UnlockOfUnlocked("unlock of unlocked mutex")
        super().release()

    async def acquire_for(self, ns):
        """Whether it was locked in time."""
        return await _in_time(ns, self.acquire())


async def _in_time(ns, wait):
    try:
        async with asyncio.timeout(max(0, ns) / S):
            await wait
        return True
    except TimeoutError:
        return False


class Semaphore(asyncio.Semaphore):
    """A semaphore that gives several permits at once: strictly in order, a wide request holds up those behind it."""

    def __init__(self, permits):
        super().__init__(0)
        self._value = permits + 0

    async def acquire(self, count=1):
        check_cancelled()
        waiters = self._waiters
        if self._value >= count and all(waiter.cancelled() for waiter in waiters or ()):
            self._value -= count
            return
        if waiters is None:
            waiters = self._waiters = collections.deque()
        waiter = _run.loop.create_future()
        waiter.count = count
        waiters.append(waiter)
        try:
            try:
                await waiter
            finally:
                waiters.remove(waiter)
        except CancelledError:
            if not waiter.cancelled():
                self._value += count  # granted, and cancelled before it ran
            self._wake_up_next()
            raise
        if self._value > 0:
            self._wake_up_next()

    async def acquire_for(self, ns, count=1):
        """Whether the permits came in time."""
        return await _in_time(ns, self.acquire(count))

    def release(self, count=1):
        for _ in range(count):
            self._value += 1
            self._wake_up_next()

    def _wake_up_next(self):
        for waiter in self._waiters or ():
            if not waiter.done():
                if self._value >= waiter.count:
                    self._value -= waiter.count
                    waiter.set_result(True)
                return


class BargingSemaphore:
    """A semaphore whose permits go to whoever comes to take them: who waits longest is woken, one at a time, to try again."""

    def __init__(self, permits):
        self.value = permits + 0
        self.places = []

    async def acquire(self, count=1):
        check_cancelled()
        if self._take(count):
            return
        place = [None]
        self.places.append(place)
        try:
            while True:
                place[0] = _run.loop.create_future()
                await place[0]
                if self._take(count):
                    return
        finally:
            self.places.remove(place)
            self._wake_up_first()

    async def acquire_for(self, ns, count=1):
        """Whether the permits came in time."""
        return await _in_time(ns, self.acquire(count))

    def release(self, count=1):
        self.value += count
        self._wake_up_first()

    def _take(self, count):
        if self.value < count:
            return False
        self.value -= count
        return True

    def _wake_up_first(self):
        if self.value > 0 and self.places and not self.places[0][0].done():
            self.places[0][0].set_result(None)


class BargingMutex(BargingSemaphore):
    """A mutex that whoever comes may lock: one permit of such a semaphore."""

    def __init__(self):
        super().__init__(1)

    def locked(self):
        return self.value == 0

    def try_acquire(self):
        return self._take(1)

    def release(self):
        if not self.locked():
            raise UnlockOfUnlocked("unlock of unlocked mutex")
        super().release()


class Group:
    """A counter that tasks wait on until it is zero."""

    def __init__(self):
        self.count = 0
        self.is_zero = asyncio.Event()
        self.is_zero.set()

    def add(self, count):
        if self.count + count < 0:
            raise NegativeGroup("negative count of a group")
        self.count += count
        if self.count == 0:
            self.is_zero.set()
        else:
            self.is_zero.clear()

    def done(self):
        self.add(-1)

    async def wait(self):
        check_cancelled()
        await self.is_zero.wait()


class RwLock:
    """Many readers or one writer. A reader that comes while a writer waits lets it pass, and a writer that leaves lets all
    readers in that came meanwhile, then the next writer. Who is let in owns it when it is woken."""

    def __init__(self):
        self.readers = 0
        self.writing = False
        self.waiting_readers = collections.deque()
        self.waiting_writers = collections.deque()

    async def acquire_read(self):
        check_cancelled()
        if self.writing or self.waiting_writers:
            await self._parked(self.waiting_readers)
        else:
            self.readers += 1

    def release_read(self):
        if self.readers == 0:
            raise UnlockOfUnlocked("runlock of unlocked rwlock")
        self.readers -= 1
        self._admit_writer()

    async def acquire_write(self):
        check_cancelled()
        if self.writing or self.readers > 0 or self.waiting_writers:
            await self._parked(self.waiting_writers)
        else:
            self.writing = True

    def release_write(self):
        if not self.writing:
            raise UnlockOfUnlocked("wunlock of unlocked rwlock")
        self.writing = False
        self._admit_readers()
        self._admit_writer()

    async def _parked(self, queue):
        waiter = _HandOff()
        queue.append(waiter)
        try:
            await waiter
        except CancelledError:
            if waiter in queue:
                queue.remove(waiter)
            if not self.writing and not self.waiting_writers:
                self._admit_readers()
            self._admit_writer()
            raise

    def _admit_readers(self):
        while self.waiting_readers:
            if self.waiting_readers.popleft().complete(0, None, True):
                self.readers += 1

    def _admit_writer(self):
        while not self.writing and self.readers == 0 and self.waiting_writers:
            self.writing = self.waiting_writers.popleft().complete(0, None, True)


class Condition:
    """asyncio.Condition, but notified with its mutex or without, and who has been notified has not been cancelled or timed
    out: 3.11's loses such a notification."""

    def __init__(self, mutex):
        self.locked = mutex.locked
        self.acquire = mutex.acquire
        self.release = mutex.release
        self.waiters = collections.deque()

    async def wait(self, ns=None):
        """Whether it was notified in time; the mutex is locked again however the wait ends."""
        check_cancelled()
        if not self.locked():
            raise UnlockOfUnlocked("wait without the mutex")
        self.release()
        waiter = _HandOff()
        self.waiters.append(waiter)
        timer = None
        if ns is not None:
            timer = _run.loop.call_later(max(0, ns) / S, waiter.complete, 0, None, False)
        try:
            await waiter
        finally:
            if timer is not None:
                timer.cancel()
            if waiter in self.waiters:
                self.waiters.remove(waiter)
            with shield:
                await self.acquire()
        return waiter.ok

    def notify(self):
        """Wakes who waits longest; whether anybody does."""
        while self.waiters:
            if self.waiters.popleft().complete(0, None, True):
                return True
        return False

    def notify_all(self):
        while self.notify():
            pass


class Monitor:
    """A mutex that its owner can lock again, and its condition: 'async with monitor:'."""

    def __init__(self):
        self.mutex = Mutex()
        self.condition = Condition(self.mutex)
        self.owner = None
        self.depth = 0

    async def __aenter__(self):
        task = asyncio.current_task()
        if self.owner is not task:
            with shield:
                await self.mutex.acquire()
            self.owner = task
        self.depth += 1

    async def __aexit__(self, *_):
        self.depth -= 1
        if self.depth == 0:
            self.owner = None
            self.mutex.release()

    async def wait(self, ns=None):
        """Whether it was notified in time; meanwhile others can enter."""
        check_cancelled()
        self._check_owner()
        owner, depth = self.owner, self.depth
        self.owner, self.depth = None, 0
        try:
            return await self.condition.wait(ns)
        finally:
            self.owner, self.depth = owner, depth

    def notify(self):
        self._check_owner()
        self.condition.notify()

    def notify_all(self):
        self._check_owner()
        self.condition.notify_all()

    def _check_owner(self):
        if self.owner is not asyncio.current_task():
            raise UnlockOfUnlocked("a monitor that is not the task's own")


# ---- once, events, barriers


class Once:
    """The first to come calls the procedure; those who come meanwhile wait until it has ended, well or not."""

    def __init__(self):
        self.begun = False
        self.ended = asyncio.Event()

    async def do(self, procedure, *args):
        if self.begun:
            with shield:
                await self.ended.wait()
            return
        self.begun = True
        try:
            await procedure(*args)
        finally:
            self.ended.set()


class Event(asyncio.Event):
    """An event that a select can wait for."""

    def __init__(self):
        super().__init__()
        self.selects = _Selects()

    def set(self):
        super().set()
        self.selects.complete()

    async def wait(self):
        check_cancelled()
        await super().wait()


class Barrier(asyncio.Barrier):
    def __init__(self, parties):
        super().__init__(max(1, parties))

    async def wait(self):
        check_cancelled()
        await super().wait()


# ---- memory, promises


class Cells(list):
    """Shared cells; an index outside raises NoneDeref."""

    def __init__(self, count, value):
        super().__init__([value] * count)

    def __getitem__(self, index):
        return super().__getitem__(self._within(index))

    def __setitem__(self, index, value):
        super().__setitem__(self._within(index), value)

    def _within(self, index):
        if 0 <= index < len(self):
            return index
        raise NoneDeref(f"cell {index} of {len(self)}")


class Atomic:
    """An integer; on one thread every access is atomic."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value + 0

    def add(self, value):
        """The value after the addition."""
        self.value = add(self.value, value)
        return self.value

    def compare_and_set(self, expected, value):
        if self.value != expected:
            return False
        self.value = value + 0
        return True


class Promise(asyncio.Future):
    """A future whose second settlement is ignored, and that a cancelled awaiter leaves alone."""

    error = None
    # Handlers that are due once it is settled.
    handlers = ()

    def __init__(self):
        super().__init__(loop=_run.loop)
        self.selects = _Selects()

    def resolve(self, value):
        self._settle(value, None)

    def reject(self, error):
        """'error' is the class of what awaiting raises."""
        self._settle(None, error())

    def _settle(self, value, error):
        if self.done():
            return
        self.error = error
        for handler in self.handlers:
            handler.due()
        self.set_result(value)
        self.selects.complete()

    def __await__(self):
        check_cancelled()
        yield from _left_alone(self)
        return self.outcome()

    def outcome(self):
        """The value of a promise that is settled. Raises what it was rejected with."""
        error = self.error
        if isinstance(error, CancelledError):
            raise cancelled()
        if error is not None:
            raise type(error)(*error.args)
        return self.result()

    def on_resolve(self, procedure, *args, name=None):
        """Calls the procedure with the value, by 'add_done_callback'. A promise of what it returns, or of what that settles
        with if it is a promise; a rejection goes past the handler."""
        derived = Promise()
        call = _Call(procedure, args, name)

        def settle(value, error):
            derived._settle(value, error)
            call.drop()

        def settled(_):
            if self.error is not None:
                settle(None, self.error)
                return
            handler = call.run(self.result())
            inner = handler.value
            if isinstance(inner, Promise):
                inner._then(call, lambda _: settle(inner.result(), inner.error))
            else:
                settle(inner, handler.error)

        self._then(call, settled)
        return derived

    def _then(self, call, callback):
        """The call is due once this is settled, and until what it gives is."""
        if self.done():
            call.due()
        else:
            self.handlers = (*self.handlers, call)
            call.drop()
        self.add_done_callback(callback)


class _Handler(_Books):
    """A procedure that a callback of the loop runs to its end: a task to the program, none to asyncio."""

    def __init__(self, parent, procedure, index):
        self._begins(parent, procedure, index)

    def run(self, body):
        asyncio._enter_task(_run.loop, self)
        try:
            body.send(None)
        except StopIteration as end:
            self.value = end.value
            self._ends("completed", None)
        except CancelledError as error:
            self._ends("cancelled", error)
        except Exception as error:
            self._ends("failed", error)
        finally:
            asyncio._leave_task(_run.loop, self)


class _Call:
    """A call that comes later. It takes its place among its parent's children when the program asks for it."""

    def __init__(self, procedure, args, name):
        self.parent = asyncio.current_task()
        self.name = name or procedure.__name__
        self.procedure = procedure
        self.args = args
        self.index = _place(self.parent, self.name)
        self.is_due = False

    def due(self):
        """Nothing but time stands before it now: the program is not at its end."""
        if not self.is_due:
            _run.later += 1
        self.is_due = True

    def drop(self):
        """It has come, or will not run after all."""
        if self.is_due:
            self.is_due = False
            _run.later -= 1
            _run.end_if_idle()

    def again(self):
        """Another call of the same, of a timer that is started anew after it has fired."""
        self.index = _place(self.parent, self.name)
        self.due()

    def start(self):
        """Starts it as a task."""
        Task(self.parent, self.name, None, False, self.procedure(*self.args), self.index)
        self.drop()

    def run(self, *more):
        """Runs it here and now, as a task that is returned."""
        handler = _Handler(self.parent, self.name, self.index)
        handler.run(self.procedure(*self.args, *more))
        return handler

    def comes(self):
        self.run()
        self.drop()


def call_soon(procedure, *args, name=None):
    """Has the loop call a procedure that never waits, in its next iteration."""
    call = _Call(procedure, args, name)
    call.due()
    _run.loop.call_soon(call.comes)


def call_later(ns, procedure, *args, name=None):
    """Has the loop call a procedure that never waits, by a timer."""
    call = _Call(procedure, args, name)
    call.due()
    _run.loop.call_later(ns / S, call.comes)


# ---- timers


class Timer:
    """Sends how often it has fired to its channel, which has room for one value, or starts a task. With a period it goes on."""

    def __init__(self, ns, call=None, period=0, catch_up=None):
        self.channel = Channel(1)
        self.call = call
        self.period = period
        self.catch_up = catch_up
        self.fired = 0
        self._start(ns)

    def stop(self):
        """Whether it had not fired."""
        pending = self._cancel()
        if pending and self.call is not None:
            self.call.drop()
        return pending

    def reset(self, ns):
        """Starts it anew, with an empty channel; whether it had not fired."""
        pending = self._cancel()
        self.channel.try_recv()
        if self.period > 0:
            self.period = max(1, ns)
        self._start(ns)
        if self.call is not None and not pending:
            self.call.again()
        return pending

    def _start(self, ns):
        self.handle = _run.loop.call_later(max(0, ns) / S, self._fires)

    def _cancel(self):
        handle, self.handle = self.handle, None
        if handle is not None:
            handle.cancel()
        return handle is not None

    def _fires(self):
        due = round(self.handle.when() * S)
        self.handle = None
        if self.period > 0:
            following = self._after(due, round(_run.loop.time() * S))
            self.handle = _run.loop.call_at(following / S, self._fires)
        self.fired += 1
        if self.call is None:
            self.channel.try_send(self.fired)
        else:
            self.call.start()

    def _after(self, due, fired_at):
        """When a ticker is due next. Unless told otherwise it makes up for what it missed, as a loop with a deadline does."""
        if self.catch_up == "drift":
            return fired_at + self.period
        missed = max(0, fired_at - due) // self.period if self.catch_up == "drop" else 0
        return due + self.period * (1 + missed)


def after(ns):
    """A channel that gets one value after so long."""
    return Timer(ns).channel


def start_timer(ns):
    """A timer and its channel."""
    timer = Timer(ns)
    return timer, timer.channel


def start_ticker(ns, *, catch_up=None):
    """A timer that fires again and again, and its channel."""
    ticker = Timer(ns, None, max(1, ns), catch_up)
    return ticker, ticker.channel


def run_after(ns, procedure, *args, name=None):
    """Starts a task after so long."""
    call = _Call(procedure, args, name)
    call.due()
    return Timer(ns, call)


# ---- time and processors


async def sleep(ns):
    check_cancelled()
    await asyncio.sleep(ns / S)
    if ns <= 0:
        check_cancelled()  # a turn of the loop, which no cancellation ends


def block(ns):
    """The thread sleeps, and the loop with it."""
    time.sleep(max(0, ns) / S)


def _burn(turns):
    for _ in itertools.repeat(None, turns):
        pass


@functools.cache
def _turns_per_ns():
    """Turns of the loop in '_burn' that take a nanosecond: the median of several rounds, taken once, before the first run."""
    turns = 200_000
    rounds = []
    for _ in range(25):
        began = time.thread_time_ns()
        _burn(turns)
        rounds.append(turns / (time.thread_time_ns() - began))
    return statistics.median(rounds)


def cpu(ns):
    """Processor time, by a fixed amount of work."""
    _burn(round(max(0, ns) * _turns_per_ns()))


async def offload(ns, workers=None):
    """Processor time on a thread of the default executor, or of one with that many workers."""
    pool = None if workers is None else _run.pool(max(1, workers))
    with _outside, shield:
        await _run.loop.run_in_executor(pool, cpu, ns)


class _Outside:
    """The loop waits for something outside: no deadlock."""

    def __enter__(self):
        _run.outside += 1

    def __exit__(self, *_):
        _run.outside -= 1


_outside = _Outside()


# ---- services and files


class Service:
    """A service behind a socket; 'servers' and 'queue_limit' are -1 if unlimited."""

    def __init__(self, name, servers, queue_limit, latency, fail_per_million):
        self.name = name
        self.servers = servers
        self.queue_limit = queue_limit
        self.latency = latency
        self.fail_per_million = fail_per_million

    async def call(self):
        """One request; Rejected if the service refuses or fails."""
        check_cancelled()
        service_ns = draw(f"service.{self.name}.latency", self.latency)
        fails = self.fail_per_million > 0 and _below(f"service.{self.name}.fails", 1_000_000) < self.fail_per_million
        request = f"{self.name} {self.servers} {self.queue_limit} {service_ns} {int(fails)}\n"
        connection = _connections.pop() if _connections else _connect()
        try:
            connection.send(request.encode())
            with _outside:
                reply = await _run.loop.sock_recv(connection, 16)
        except BaseException:
            _run.loop.remove_reader(connection)
            connection.close()
            raise
        _connections.append(connection)
        if reply != b"ok\n":
            raise Rejected(f"service {self.name} refused or failed")


# Open connections that no call uses.
_connections = []


def _connect():
    host, port = os.environ["ORRERY_SERVICES"].rsplit(":", 1)
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)
    return connection


class _Socket:
    """A socket that does not block. Closing it wakes who waits on it, and who is cancelled there closes it."""

    def __init__(self, own):
        own.setblocking(False)
        self.socket = own
        self.closed = False
        self._waiting = 0

    async def _wait(self, operation, *args):
        check_cancelled()
        if self.closed:
            raise Rejected("the socket is closed")
        self._waiting += 1
        try:
            result = await operation(self.socket, *args)
        except OSError as error:
            raise Rejected(str(error)) from None
        except CancelledError:
            self.closed = True
            raise
        finally:
            self._waiting -= 1
            if self.closed and self._waiting == 0:
                self._close()
        if self.closed:
            raise Rejected("the socket is closed")
        return result

    def close(self):
        if self.closed:
            return
        self.closed = True
        if self._waiting == 0:
            self._close()
        else:
            self.socket.shutdown(socket.SHUT_RDWR)

    def _close(self):
        _run.loop.remove_reader(self.socket)
        _run.loop.remove_writer(self.socket)
        self.socket.close()


class Listener(_Socket):
    """Takes connections on the loopback; backlog + 1 of them wait for somebody to accept them."""

    def __init__(self, backlog):
        super().__init__(socket.create_server(("127.0.0.1", 0), backlog=backlog))
        self._address = self.socket.getsockname()

    async def accept(self):
        accepted, _ = await self._wait(_run.loop.sock_accept)
        return Connection(accepted)

    async def connect(self):
        connection = Connection(socket.socket())
        with _outside:
            await connection._wait(_run.loop.sock_connect, self._address)
        return connection


class Connection(_Socket):
    """One end of a connection. Its bytes are counted only."""

    async def read(self, count):
        """How many bytes were there to read, at most 'count': 0 at the end."""
        return len(await self._wait(_run.loop.sock_recv, count))

    async def write(self, count):
        """Returns when all the bytes are taken."""
        await self._wait(_run.loop.sock_sendall, bytes(count))


_DIRECTORY = os.environ.get("ORRERY_DIR", ".")


@functools.cache
def _data_file():
    """A file with as many bytes as anybody reads; it takes no room on the disk."""
    path = os.path.join(_DIRECTORY, "orrery-data")
    with open(path, "wb") as file:
        file.truncate(1 << 32)
    return path


async def read_file(count, stall=0):
    """Reads from a disk that takes 'stall' ns longer than usual."""

    def read():
        if stall > 0:
            time.sleep(stall / S)
        with open(_data_file(), "rb") as file:
            file.read(count)

    with _outside, shield:
        await asyncio.to_thread(read)


async def stat_file():
    """Looks a path up."""
    with _outside, shield:
        await asyncio.to_thread(os.path.exists, _DIRECTORY)


# ---- numbers and lists

_MAX_INT = 2**53 - 1


def _exact(value):
    if -_MAX_INT <= value <= _MAX_INT:
        return value
    raise Overflow("integer beyond 2^53-1")


def add(a, b):
    return _exact(a + b)


def subtract(a, b):
    return _exact(a - b)


def multiply(a, b):
    return _exact(a * b)


def divide(a, b):
    """The quotient, truncated towards zero."""
    if b == 0:
        raise Overflow("division by zero")
    return a // b if (a < 0) == (b < 0) else -(-a // b)


def remainder(a, b):
    """The remainder, with the sign of 'a'."""
    if b == 0:
        raise Overflow("division by zero")
    return a - b * divide(a, b)


def at(items, index, otherwise=None):
    """The item, or 'otherwise' outside the list."""
    return items[index] if 0 <= index < len(items) else otherwise


def set_at(items, index, value):
    if not 0 <= index < len(items):
        raise NoneDeref(f"index {index} outside a list of {len(items)}")
    items[index] = value


def key(value):
    """A value as a key of a map, which none is not."""
    if isinstance(value, (int, str)):
        return value
    raise NoneDeref("none where a key is needed")


def same(a, b):
    """Equal numbers, texts or truths; of everything else the same object."""
    if isinstance(a, (int, str)):
        return type(a) is type(b) and a == b
    return a is b


# ---- observation: never a scheduling point


def log(statement, text, *args):
    if args:
        text = re.sub(r"\{(\d+)\}", lambda found: _shown(args, found), text)
    _run.log.append((statement, asyncio.current_task(), text, now()))


def _shown(args, found):
    index = int(found[1])
    return show(args[index]) if index < len(args) else found[0]


def show(value):
    """How a value looks in a log."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{' '.join(map(show, value))}]"
    if isinstance(value, dict):
        return f"{{{' '.join(f'{key}: {show(each)}' for key, each in sorted(value.items()))}}}"
    if is_dataclass(value):
        fields = (f"{field.name.removesuffix('_')}: {show(getattr(value, field.name))}" for field in fields_of(value))
        return f"{{{' '.join(fields)}}}"
    if isinstance(value, Result):
        return f"ok({show(value.value)})" if value.ok else f"failed({value.error})"
    if isinstance(value, Task):
        return value.path
    return str(value) if isinstance(value, (int, str)) else type(value).__name__.lower()


def now():
    """Nanoseconds since the run began."""
    return time.perf_counter_ns() - _run.began


def mark(name, begin=0):
    _run.samples.setdefault(name, []).append(now() - begin)


def measure(name, value):
    _run.samples.setdefault(name, []).append(value + 0)


def count(name, by=1):
    _run.counts[name] = _run.counts.get(name, 0) + by


def gauge(name, value):
    _run.counts[name] = value + 0


def expect(condition, message):
    if not condition:
        _run.unmet.append(message)


# ---- draws: whole numbers from the seed, the task's path and the stream, the same in every language

_MASK = 2**64 - 1
_HALF = 2**32 - 1


def _mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & _MASK
    return z ^ (z >> 31)


def _word(key, n):
    return _mix((key + (n + 1) * 0x9E3779B97F4A7C15) & _MASK)


@functools.cache
def _name_hash(text):
    key = 0xCBF29CE484222325
    for byte in text.encode():
        key = (key ^ byte) * 0x100000001B3 & _MASK
    return key


def _next(stream):
    """Key of the stream in this task, and the number of the draw."""
    task = asyncio.current_task()
    if task.draws is None:
        task.draws = {}
    n = task.draws.get(stream, 0)
    task.draws[stream] = n + 1
    return _mix(task.key ^ _name_hash(stream)), n


def draw(stream, distribution):
    return distribution(*_next(stream))


def choose(n):
    """One of 0 .. n-1."""
    if n < 1:
        raise AssertFailed(f"choose among {n}")
    return _below("choose", n)


def _below(stream, limit):
    return _word(*_next(stream)) * limit >> 64


def constant(value):
    return lambda key, n: value


def uniform(low, high):
    return lambda key, n: low + (_word(key, n) * (high - low + 1) >> 64)


def exponential(mean):
    return lambda key, n: _times(mean, _times(_LN2, _minus_log2(_word(key, n))))


def erlang(k, mean):
    def drawn(key, n):
        value = _word(key, n)
        return _times(mean, _times(_LN2, sum(_minus_log2(_word(value, i)) for i in range(k)) // k))

    return drawn


def lognormal(median, sigma_per_mille):
    return lambda key, n: _times_power_of_two(median, math.trunc(_normal(_word(key, n)) * sigma_per_mille / 1000))


def pareto(scale, shape_per_mille):
    return lambda key, n: _times_power_of_two(scale, _minus_log2(_word(key, n)) * 1000 // shape_per_mille)


def two_point(fast, slow, slow_per_million):
    return lambda key, n: slow if _word(key, n) * 1_000_000 >> 64 < slow_per_million else fast


def table(*values):
    return lambda key, n: values[_word(key, n) * len(values) >> 64]


_LN2 = 2_977_044_472


def _times(whole, fixed):
    """'fixed' is in units of 2^-32."""
    return min(_MAX_INT, (whole * fixed + 2**31) >> 32)


def _times_power_of_two(whole, exponent):
    octaves = exponent >> 32
    power = _interpolate(_power_table(), exponent & _HALF)
    if octaves >= 53:
        return 0 if whole == 0 else _MAX_INT
    if octaves >= 0:
        return _times(min(_MAX_INT, whole << octaves), power)
    return math.floor(_times(whole, power) / 2.0**-octaves + 0.5) if octaves > -1000 else 0


def _minus_log2(value):
    zeros = 64 - value.bit_length()
    if zeros == 64:
        return 64 << 32
    return ((zeros + 1) << 32) - _interpolate(_log_table(), _fraction_after(value, zeros))


def _fraction_after(value, zeros):
    return (value << (zeros + 1) & _MASK) >> 32


def _normal(value):
    zeros = min(32 - (value >> 32).bit_length(), 31)
    position = (_HALF - _fraction_after(value, zeros)) * 32
    size = _between(_normal_table(), zeros * 32 + (position >> 32), position & _HALF) * 512
    return -size if value & 1 else size


def _interpolate(entries, fraction):
    position = fraction * 256
    return _between(entries, position >> 32, position & _HALF)


def _between(entries, index, part):
    low = entries[index]
    high = entries[index + 1] if index + 1 < len(entries) else low
    return low + ((high - low) * (part >> 8) >> 24)


@functools.cache
def _log_table():
    return [_rounded(math.log2(1 + i / 256) * 2**32) for i in range(257)]


@functools.cache
def _power_table():
    return [_rounded(2 ** (i / 256) * 2**32) for i in range(257)]


@functools.cache
def _normal_table():
    """Quantiles of the normal distribution at 32 steps through each halving of the probability."""
    entries = []
    z = 0.0
    for i in range(1025):
        z = _quantile(2.0 ** -(i // 32) * (1 - i % 32 / 64) / 2, z)
        entries.append(_rounded(z * 2**23 / math.log(2)))
    return entries


def _rounded(value):
    return math.floor(value + 0.5)


def _quantile(tail, z):
    for _ in range(60):
        following = z + (_upper_tail(z) - tail) / _density(z)
        if abs(following - z) < 1e-15 * (1 + z):
            return following
        z = following
    return z


def _density(z):
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _upper_tail(z):
    if z < 3:
        term = total = z
        n = 3
        while term > total * 1e-17:
            term *= z * z / n
            total += term
            n += 2
        return 0.5 - _density(z) * total
    fraction = z
    for n in range(200, 0, -1):
        fraction = z + n / fraction
    return _density(z) / fraction


# ---- runs


class Program:
    """A main procedure and the program's policies."""

    def __init__(self, main, *, end="quiescent", select_policy="random", on_detached_failure="abort"):
        self.main = main
        self.end = end
        self.select_policy = select_policy
        self.on_detached_failure = on_detached_failure


class _Selector(selectors.DefaultSelector):
    """Ends the run where the loop would sleep for ever: no timer, and nothing outside that could wake it.

    What a connection is sent has arrived before anybody sleeps.
    """

    def select(self, timeout=None):
        if timeout is None and _run.outside == 0:
            if ready := super().select(0):
                return ready
            raise _Over
        return super().select(timeout)


class _Run:
    def __init__(self, program, seed):
        self.program = program
        self.seed = seed
        self.loop = asyncio.SelectorEventLoop(_Selector())
        self.loop.set_exception_handler(lambda loop, context: None)
        if workers := int(os.environ.get("ORRERY_EXECUTOR_WORKERS", "0")):
            self.loop.set_default_executor(ThreadPoolExecutor(workers))
        self.log = []
        self.samples = {}
        self.counts = {}
        self.unmet = []
        self.live = set()
        self.spawned = 0
        self.later = 0  # calls that are due and have not begun
        self.ended = {"completed": 0, "failed": 0, "cancelled": 0}
        self.main = None
        self.main_ended = None
        self.last_ended = None
        self.outcome = None
        self.detail = None
        self.outside = 0
        self.pools = {}
        self.selects = 0
        self.random = random.Random(seed)

    def run(self):
        gc.collect()
        self.began = time.perf_counter_ns()
        self.main = Task(None, "main", None, False, self.program.main())
        try:
            self.loop.run_forever()
        except _Over:
            pass
        if self.main_ended is None and self.outcome is None:
            self.outcome = "deadlocked"
            self.detail = f"main waits for ever, and {len(self.live) - 1} other tasks"
        self.stopped = now()

    def task_ends(self, task):
        self.live.discard(task)
        self.ended[task.state] += 1
        self.last_ended = now()
        if task is self.main:
            self.main_ended = self.last_ended
        if task.state == "failed":
            self.task_fails(task)
        if task is self.main and self.program.end == "main":
            raise _Over
        self.end_if_idle()

    def end_if_idle(self):
        if self.main_ended is not None and not self.live and self.later == 0:
            raise _Over

    def task_fails(self, task):
        aborts = task.detached and self.program.on_detached_failure == "abort"
        if task is self.main or aborts:
            self.outcome = "failed"
            self.detail = f"{task.path}: {kind_of(task.error)}: {task.error}"
            raise _Over

    def pool(self, workers):
        if workers not in self.pools:
            self.pools[workers] = ThreadPoolExecutor(workers)
        return self.pools[workers]

    def select_order(self, cases):
        """Indices of the cases in the order in which a select looks at them."""
        policy = self.program.select_policy
        if policy == "random":
            return self.random.sample(range(cases), cases)
        first = 0
        if policy == "rotating" and cases > 0:
            first = self.selects % cases
            self.selects += 1
        return [(first + i) % cases for i in range(cases)]

    def json(self, key):
        makespan = self.stopped
        if self.main_ended is not None:
            makespan = self.main_ended if self.program.end == "main" else max(self.main_ended, self.last_ended)
        return json.dumps(
            {
                "key": key,
                "seed": self.seed,
                "outcome": self.outcome or "completed",
                "detail": self.detail,
                "makespanNs": makespan,
                "log": [(statement, task.path, text, at_ns) for statement, task, text, at_ns in self.log],
                "samples": self.samples,
                "counts": self.counts,
                "tasks": {"spawned": self.spawned, **self.ended},
            }
        )

    def close(self):
        for pool in self.pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        for task in self.live:
            task._log_destroy_pending = False
        if self.live:
            _left_behind.append(self)
        else:
            self.loop.close()


# Runs with tasks that wait for ever: they are kept, so that no 'finally' of theirs runs.
_left_behind = []
_run = None


def _run_one(key, seed, program):
    global _run
    _run = _Run(program, seed)
    _run.run()
    print(_run.json(key), flush=True)
    _run.close()


def _in_main_thread(action):
    """Runs on a thread with a stack for ten thousand nested calls, then ends the process: whatever tasks are left behind
    have nothing more to say."""

    def guarded():
        threading.stack_size(0)
        status = 1
        try:
            _turns_per_ns()
            _normal_table()
            _log_table()
            _power_table()
            _data_file()
            action()
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    sys.setrecursionlimit(1_000_000)
    threading.stack_size(1 << 29)
    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()


def launch(program):
    """Runs one program, and prints what happened as a line of JSON. The argument is the seed."""
    _in_main_thread(lambda: _run_one("program", int(sys.argv[1]) if len(sys.argv) > 1 else 1, program))


def run_batch(modules):
    """Runs the programs of a list, each of its lines 'KEY SEED', and prints a line of JSON for each."""

    def run_all():
        with open(sys.argv[1], encoding="utf-8") as file:
            requests = [line.split() for line in file]
        for key, seed in requests:
            sys.modules.pop(modules[key], None)  # its shared cells begin anew
            _run_one(key, int(seed), importlib.import_module(modules[key]).PROGRAM)

    _in_main_thread(run_all)
`;
