/** Programs of maps, the same for all four languages. */
import {
  add,
  cell,
  checkOrThrow,
  eq,
  get,
  has,
  intMap,
  isNone,
  len,
  list,
  mapCell,
  program,
  strMap,
} from "@orrery/program";
import type { Entry } from "../src/index.ts";

const maps = program("maps", { doc: "What maps hold, and in which order." }, ({ proc, main }) => {
  const restock = proc("restock", { stock: "strMap" }, { returns: "int" }, (b, { stock }) => {
    const before = len(stock);
    b.put(stock, "nuts", add(get(stock, "nuts", 0), 5));
    b.delete(stock, "bolts");
    b.return(add(before, 10));
  });
  main((b) => {
    const stock = b.let("stock", strMap(["nuts", 3], ["bolts", 7]));
    b.put(stock, "cogs", 1);
    b.log("{0} of {1}", stock, len(stock));
    const answer = b.call("answer", restock, { stock });
    b.log("{0} {1} {2}", answer, has(stock, "bolts"), isNone(get(stock, "bolts")));
    b.forEachEntry(stock, "what", "count", (what, count) => {
      b.log("{0}: {1}", what, count);
      b.put(stock, "screws", count);
      b.delete(stock, what as typeof what);
    });
    b.log("{0}", stock);
    const squares = b.let("squares", intMap());
    b.forEach([10, 9, 100, -1], "n", (n) => b.put(squares, n, add(n, n)));
    b.forEachEntry(squares, "n", "twice", (n, twice) => b.log("{0} {1}", n, twice));
    const lists = b.let("lists", intMap([1, list(1, 2)], [2, list()]));
    b.forEachEntry(lists, "k", "items", (k, items) => {
      b.push(items, k);
      b.log("{0} {1}", k, items);
    });
    const names = b.let("names", intMap([1, "one"]));
    const name = b.let("name", get(names, 2, "none of them"));
    b.log("{0} {1}", name, get(names, 1));
    b.if(eq(get(names, 1), "one"), () => b.log("one"));
    b.forEachEntry(names, "unread", "text", (_, text) => b.log("{0}", text));
    b.forEachEntry(names, "only", "unseen", (only) => b.log("{0}", only));
    b.forEachEntry(names, "neither", "nor", () => b.log("neither"));
    b.forEachEntry(strMap(["b", 2], ["a", 1]), "letter", "place", (letter, place) =>
      b.log("{0} {1}", letter, add(place, get(intMap([1, 10]), 1, 0))),
    );
    b.forEachEntry(intMap(), "never", "nothing", (never) => b.log("{0}", add(never, 1)));
    b.put(intMap(), 1, 2);
    b.log("{0} {1} {2}", get(strMap(), "a"), has(intMap([1, 1]), 1), len(intMap()));
  });
});

const sharedMap = program(
  "sharedMap",
  { doc: "One map, two tasks and a bound.", shared: { counts: mapCell("intMap") } },
  ({ shared, proc, main }) => {
    const counter = proc("counter", { n: "int", m: "mutex" }, (b, { n, m }) => {
      b.repeat(2, () => {
        b.lock(m);
        const counts = b.load("counts", shared.counts);
        b.put(counts, n, add(get(counts, n, 0), 1), { max: 2 });
        b.unlock(m);
        b.yield();
      });
    });
    main((b) => {
      const m = b.mutex("m");
      b.scope("waitAll", () => b.repeat(2, "n", (n) => b.spawn(counter, { n, m })));
      const counts = b.load("counts", shared.counts);
      b.forEachEntry(counts, "n", "times", (n, times) => {
        const more = add(times, 1);
        b.log("{0} {1} {2}", n, times, more);
      });
      b.put(counts, 1, 20, { max: 2 });
      b.try({
        body: () => b.put(counts, 2, 30, { max: 2 }),
        catch: [{ kinds: "AssertFailed", body: () => b.log("full: {0}", counts) }],
      });
      const c = b.chan("c", 1);
      b.send(c, counts);
      const sent = b.recv("sent", c);
      b.put(sent, 7, 70);
      b.log("{0} {1}", len(counts), get(counts, 7));
      const missing = b.let("missing", get(counts, 9));
      b.try({
        body: () => b.put(counts, missing, 1),
        catch: [{ kinds: "NoneDeref", body: () => b.log("no key") }],
      });
    });
  },
);

const records = program(
  "records",
  {
    doc: "What records hold, and what their copies do.",
    records: {
      Item: { name: "str", count: "int" },
      Order: { id: "int", item: "record:Item", notes: "list", type: "bool", wait: "dur", stock: "intMap" },
    },
    shared: { last: cell(null, "record:Item") },
  },
  ({ records: { Item, Order }, shared, proc, main }) => {
    const more = proc("more", { item: "record:Item" }, { returns: "record:Item" }, (b, { item }) =>
      b.return(Item.with(item, { count: add(Item.get(item, "count"), 1) })),
    );
    main((b) => {
      const item = b.let("item", Item.of({ name: "nut", count: 2 }));
      const order = b.let(
        "order",
        Order.of({ id: 7, item, notes: [1], type: true, wait: "5ms", stock: intMap([1, 2]) }),
      );
      const other = b.call("other", more, { item });
      b.log("{0} {1}", item, other);
      b.push(Order.get(order, "notes"), 2);
      const copy = b.let("copy", Order.with(order, { item: other, type: false }));
      b.log("{0} {1}", order, copy);
      b.sleep(Order.get(copy, "wait"));
      b.if(Order.get(order, "type"), () => b.log("{0}", Item.get(Order.get(copy, "item"), "name")));
      const c = b.chan("c", 1);
      b.send(c, copy);
      const sent = b.recv("sent", c);
      b.log("{0} {1}", Order.get(sent, "id"), len(Order.get(sent, "stock")));
      const all = b.list("all", item, other);
      b.forEach(all, "each", (each) => b.log("{0}", Item.get(each, "count")));
      const before = b.load("before", shared.last);
      b.log("{0} {1}", before, isNone(before));
      const fault = { kinds: "NoneDeref" as const, body: () => b.log("none") };
      b.try({ body: () => b.log("{0}", Item.get(before, "count")), catch: [fault] });
      b.try({ body: () => b.let("changed", Item.with(before, { count: 1 })), catch: [fault] });
      b.store(shared.last, item);
      const now = b.load("now", shared.last);
      b.log("{0} {1}", now, isNone(now));
    });
  },
);

/** The programs, by the name that each is known by. */
export const valueEntries: readonly Entry[] = [maps, sharedMap, records].map((each) => {
  const checked = checkOrThrow(each);
  const key = `${each.name[0]!.toUpperCase()}${each.name.slice(1)}`;
  return { key, program: checked.program, params: checked.params };
});
