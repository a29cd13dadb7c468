"""What maps hold, and in which order."""

from orrery import Program, add, key, launch, log


async def restock(stock):
    stock["nuts"] = add(stock.get("nuts", 0), 5)
    stock.pop("bolts", None)
    return len(stock) + 10


async def main():
    stock = {"nuts": 3, "bolts": 7}
    stock["cogs"] = 1
    log("main/2", "{0} of {1}", stock, len(stock))
    answer = await restock(stock)
    log("main/4", "{0} {1} {2}", answer, "bolts" in stock, stock.get("bolts") is None)
    for what, count_ in sorted(stock.items()):
        log("main/5.body.0", "{0}: {1}", what, count_)
        stock["screws"] = count_
        stock.pop(what, None)
    log("main/6", "{0}", stock)
    squares = {}
    for n in [10, 9, 100, -1]:
        squares[key(n)] = add(n, n)
    for n, twice in sorted(squares.items()):
        log("main/9.body.0", "{0} {1}", n, twice)
    lists = {1: [1, 2], 2: []}
    for k, items in sorted(lists.items()):
        items.append(k)
        log("main/11.body.1", "{0} {1}", k, items)
    names = {1: "one"}
    name = names.get(2, "none of them")
    log("main/14", "{0} {1}", name, names.get(1))
    if names.get(1) == "one":
        log("main/15.then.0", "one")
    for unread, text in sorted(names.items()):
        log("main/16.body.0", "{0}", text)
    for only, unseen in sorted(names.items()):
        log("main/17.body.0", "{0}", only)
    for neither, nor in sorted(names.items()):
        log("main/18.body.0", "neither")
    for letter, place in sorted({"b": 2, "a": 1}.items()):
        log("main/19.body.0", "{0} {1}", letter, add(place, {1: 10}.get(1, 0)))
    for never, nothing in sorted({}.items()):
        log("main/20.body.0", "{0}", add(never, 1))
    {}[1] = 2
    log("main/22", "{0} {1} {2}", {}.get("a"), 1 in {1: 1}, len({}))


PROGRAM = Program(main)

if __name__ == "__main__":
    launch(PROGRAM)
