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
  sub,
  mul,
  le,
  gt,
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

const procRefs = program(
  "procRefs",
  {
    doc: "References to procedures: called, spawned, kept in lists, maps and cells, sent.",
    procTypes: {
      Step: { args: { n: "int" }, returns: "int" },
      Job: { args: { n: "int" } },
      Again: { args: { n: "int" }, returns: "int" },
      Fold: { args: {}, returns: "int" },
      Work: { args: { n: "int" }, returns: "int" },
    },
    shared: { kept: cell(null, "proc:Step"), next: cell(null, "proc:Again") },
  },
  ({ procTypes: { Step, Job, Again, Fold, Work }, shared, proc, main }) => {
    const addTo = proc("addTo", { k: "int", n: "int" }, { returns: "int" }, (b, { k, n }) =>
      b.return(add(k, n)),
    );
    const twice = proc("twice", { n: "int" }, { returns: "int" }, (b, { n }) => b.return(mul(n, 2)));
    const say = proc("say", { word: "str", k: "int", n: "int" }, (b, { word, k, n }) => {
      b.log("{0} {1} {2}", word, k, n);
      b.yield();
      b.log("{0} ends", word);
    });
    const hush = proc("hush", { n: "int" }, (b, { n }) => b.log("hush {0}", n));
    const down = proc("down", { n: "int" }, { returns: "int" }, (b, { n }) => {
      b.if(le(n, 0), () => b.return(0));
      const next = b.load("next", shared.next);
      const rest = Again.call(b, "rest", next, { n: sub(n, 1) });
      b.return(add(rest, 1));
    });
    const sum = proc("sum", { items: "list" }, { returns: "int" }, (b, { items }) => {
      const total = b.let("total", 0);
      b.forEach(items, "item", (item) => b.assign(total, add(total, item)));
      b.return(total);
    });
    const slow = proc("slow", { k: "int", n: "int" }, { returns: "int" }, (b, { k, n }) => {
      b.sleep("1ms");
      b.return(mul(k, n));
    });
    const fast = proc("fast", { n: "int" }, { returns: "int" }, (b, { n }) => {
      b.if(gt(n, 8), () => b.throw("User:tooMuch"));
      b.return(n);
    });
    const apply = proc("apply", { step: "proc:Step", n: "int" }, { returns: "int" }, (b, { step, n }) => {
      const once = Step.call(b, "once", step, { n });
      const again = Step.call(b, "again", step, { n: once });
      b.return(again);
    });
    main((b) => {
      const k = b.let("k", 1);
      const plus = b.let("plus", Step.to(addTo, { k }));
      b.assign(k, 10);
      const first = Step.call(b, "first", plus, { n: 5 });
      const second = b.call("second", apply, { step: plus, n: 5 });
      const third = b.call("third", apply, { step: Step.to(addTo, { k }), n: 5 });
      b.log("{0} {1} {2}", first, second, third);
      const steps = b.list("steps", plus, Step.to(twice), Step.to(addTo, { k: 3 }));
      b.forEach(steps, "step", (step) => {
        const got = Step.call(b, "got", step, { n: 7 });
        b.log("got {0}", got);
      });
      const byName = b.let("byName", strMap(["twice", Step.to(twice)]));
      const found = b.let("found", get(byName, "twice"));
      const doubled = Step.call(b, "doubled", found, { n: 21 });
      b.log("{0}", doubled);
      const c = b.chan("c", 1);
      b.send(c, Step.to(addTo, { k: 100 }));
      const sent = b.recv("sent", c);
      const hundred = Step.call(b, "hundred", sent, { n: 1 });
      const before = b.load("before", shared.kept);
      b.log("{0} {1}", hundred, isNone(before));
      b.try({
        body: () => Step.call(b, before, { n: 1 }),
        catch: [{ kinds: "NoneDeref", body: () => b.log("none") }],
      });
      b.store(shared.kept, plus);
      const after = b.load("after", shared.kept);
      const six = Step.call(b, "six", after, { n: 5 });
      b.log("{0} {1}", six, isNone(after));
      const a = Job.spawn(b, "a", Job.to(say, { word: "a", k }), { n: 1 });
      const quiet = Job.spawn(b, "quiet", Job.to(hush), { n: add(k, 1) });
      b.assign(k, 11);
      b.spawn("other", say, { word: "o", k, n: 0 });
      b.join(a);
      b.join(quiet);
      b.store(shared.next, Again.to(down));
      const depth = b.call("depth", down, { n: 20 });
      b.log("down {0}", depth);
      const total = Fold.call(b, "total", Fold.to(sum, { items: [1, 2, 3] }), {});
      b.log("{0}", total);
      const works = b.list("works", Work.to(slow, { k: 2 }), Work.to(fast));
      const tasks = b.list("tasks");
      b.forEach(works, "work", (work) => {
        const now = Work.call(b, "now", work, { n: 4 });
        b.log("now {0}", now);
        const task = Work.spawn(b, "task", work, { n: 5 });
        b.push(tasks, task);
      });
      const all = b.joinAll("all", tasks);
      b.log("{0}", all);
      b.try({
        body: () => Work.call(b, Work.to(fast), { n: 9 }),
        catch: [{ kinds: "User:tooMuch", body: () => b.log("too much") }],
      });
    });
  },
);

/** The programs, by the name that each is known by. */
export const valueEntries: readonly Entry[] = [maps, sharedMap, records, procRefs].map((each) => {
  const checked = checkOrThrow(each);
  const key = `${each.name[0]!.toUpperCase()}${each.name.slice(1)}`;
  return { key, program: checked.program, params: checked.params };
});
