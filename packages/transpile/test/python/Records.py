"""What records hold, and what their copies do."""

from dataclasses import dataclass, replace

from orrery import Channel, MS, NONE_DEREF, Program, add, launch, log, sleep

last = None


@dataclass(frozen=True, eq=False)
class Item:
    name: str
    count: int


@dataclass(frozen=True, eq=False)
class Order:
    id: int
    item: "Item"
    notes: list
    type: bool
    wait: int
    stock: dict


async def more(item):
    return replace(item, count=add(item.count, 1))


async def main():
    global last
    item = Item(name="nut", count=2)
    order = Order(id=7, item=item, notes=[1], type=True, wait=5 * MS, stock={1: 2})
    other = await more(item)
    log("main/3", "{0} {1}", item, other)
    order.notes.append(2)
    copy = replace(order, item=other, type=False)
    log("main/6", "{0} {1}", order, copy)
    await sleep(copy.wait)
    if order.type is True:
        log("main/8.then.0", "{0}", copy.item.name)
    c = Channel(1)
    await c.send(copy)
    sent = await c.recv()
    log("main/12", "{0} {1}", sent.id, len(sent.stock))
    all = [item, other]
    for each in all:
        log("main/14.body.0", "{0}", each.count)
    before = last
    log("main/16", "{0} {1}", before, before is None)
    try:
        log("main/17.body.0", "{0}", before.count)
    except NONE_DEREF:
        log("main/17.catch0.0", "none")
    try:
        changed = replace(before, count=1)
    except NONE_DEREF:
        log("main/18.catch0.0", "none")
    last = item
    now_ = last
    log("main/21", "{0} {1}", now_, now_ is None)


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
