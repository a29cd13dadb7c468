import {
  add,
  and,
  at,
  bool,
  cell,
  cells,
  constant,
  div,
  dur,
  duration,
  eq,
  erlang,
  exponential,
  fromParam,
  ge,
  get,
  gt,
  has,
  int,
  intMap,
  isNone,
  isOk,
  le,
  len,
  list,
  lognormal,
  lt,
  mapCell,
  max,
  min,
  mod,
  mul,
  ne,
  neg,
  none,
  not,
  oneOf,
  or,
  pareto,
  program,
  selfIndex,
  service,
  strMap,
  sub,
  table,
  twoPoint,
  uniform,
} from "@orrery/program";

/** A program without a purpose that has every operation, every expression and every declaration once. */
export const everyOp = program(
  "every-op",
  {
    doc: "Every operation once.\nIt means nothing.",
    params: {
      n: int(4, { min: 1, max: 64, doc: "tasks", unit: "tasks", sweep: [1, 4] }),
      d: dur("5ms", { min: 0, max: "1s", doc: "pause", sweep: ["1ms", "10ms"] }),
      flag: bool(false, { doc: "a switch" }),
      order: oneOf("naive", ["naive", "asymmetric"], { doc: "who is first" }),
      failures: int(0, { min: 0, max: 1_000_000, doc: "failures per million" }),
    },
    services: {
      db: service({
        servers: 4,
        queueLimit: 10,
        latency: exponential("10ms"),
        failPerMillion: fromParam("failures"),
      }),
      cache: service({ latency: fromParam("d") }),
    },
    records: {
      Order: { id: "int", wait: "dur", stock: "strMap" },
      Pair: { first: "record:Order", rest: "list" },
    },
    procTypes: { Doubling: { args: {}, returns: "int" }, Note: { args: { i: "int" } } },
    shared: {
      counter: cell(0),
      timeout: cell("1ms"),
      slots: cells(fromParam("n"), 0),
      chans: cells(2, null, "chan"),
      stock: mapCell("strMap"),
    },
    policies: { end: "main", selectPolicy: "first", onDetachedFailure: "ignore" },
  },
  ({ params, services, shared, records: { Order, Pair }, procTypes: { Doubling, Note }, proc, main }) => {
    const double = proc("double", { i: "int" }, { returns: "int" }, (b, { i }) => b.return(mul(i, 2)));
    const worker = proc("worker", { i: "int", out: "chan" }, (b, { i, out }) => {
      b.defer(() => b.log("worker {0} of {1} is done", i, selfIndex()));
      b.sleep(mul(i, "1ms"));
      b.send(out, i);
      b.return();
    });

    const notes = proc("notes", { i: "int" }, (b, { i }) => b.log("note {0}", i));

    main((b) => {
      // References
      const doubling = b.let("doubling", Doubling.to(double, { i: 21 }));
      Doubling.call(b, "doubled", doubling, {});
      Note.spawn(b, "noting", Note.to(notes), { i: 1 });

      // Values and control flow
      const x = b.let("x", 1);
      b.assign(x, add(x, sub(mul(params.n, 2), div(mod(x, 3), 1))));
      const y = b.let("y", min(max(x, 0), neg(x)));
      const items = b.list("items", 1, 2, "3ms");
      b.push(items, list(x, y));
      b.setAt(items, 0, at(items, 1));
      b.let("item", at(items, len(items), 0));
      const squares = b.let("squares", intMap([1, 1], [2, 4]));
      b.put(squares, 3, get(squares, 2), { max: params.n });
      b.delete(squares, 1);
      const stock = b.load("stock", shared.stock);
      b.put(stock, "nuts", get(stock, "nuts", 0));
      b.let("known", has(strMap(["bolts", x]), "nuts"));
      const order = b.let("order", Order.of({ id: x, wait: "5ms", stock }));
      const pair = b.let("pair", Pair.of({ first: Order.with(order, { id: 2 }), rest: [1] }));
      b.let("first", Order.get(Pair.get(pair, "first"), "id"));
      b.forEachEntry(squares, "root", { bind: "square", label: "roots" }, (root, square) =>
        b.log("{0} {1}", root, square),
      );
      b.if(
        or(and(eq(x, 1), ne(y, 2)), and(not(lt(x, y)), le(x, y)), gt(x, y), ge(x, y), isNone(items)),
        () => b.yield(),
        () => b.yieldMicro(),
      );
      b.while(params.flag, { bound: 10, label: "waiting" }, () => b.continue("waiting"));
      b.while(params.flag, { spin: true }, () => b.break());
      b.repeat(2, () => b.fileStat());
      b.forEach(items, "each", (each) => b.log("{0}", each));
      b.match(
        params.order,
        [
          ["naive", () => b.count("naive")],
          ["asymmetric", () => b.count("asymmetric", 2)],
        ],
        () => b.assert(false, "no such order"),
      );
      const doubled = b.call("doubled", double, { i: x });
      b.try({
        body: () => b.throw("User:odd", "an odd number"),
        catch: [
          { kinds: ["User:odd", "Timeout"], body: () => b.yield() },
          { kinds: "Cancelled", body: () => b.throw("Cancelled") },
        ],
        finally: () => b.expect(true, "finally runs"),
      });

      // Channels
      const out = b.chan("out", params.n);
      b.trySend("sent", out, 1);
      b.tryRecv("got", "gotOk", out);
      b.chanLen("queued", out);
      b.chanCap("room", out);
      b.recv("v", out);
      b.recvOk("w", "open", out);
      b.select(
        [
          b.onRecv(out, "a", (a) => b.log("{0}", a)),
          b.onRecvOk(none, "c", "ok", () => b.yield()),
          b.onSend(out, 1),
        ],
        { timeout: { dur: params.d, body: () => b.yield() } },
      );
      b.select([b.onRecv(out, () => b.yield())], { otherwise: () => b.yield() });
      b.sem("unfair", 1, "barging");
      const told = b.promise("told");
      b.select(
        [
          b.onSettled(told, "seen", (seen) => b.log("{0}", seen)),
          b.onSettled(told, () => b.yield()),
          b.onCancelled(b.token("quit"), () => b.yield()),
          b.onSet(b.event("set"), () => b.yield()),
        ],
        { otherwise: () => b.yield() },
      );

      // Tasks
      const tasks = b.list("tasks");
      b.repeat(params.n, { bind: "i", label: "start" }, (i) =>
        b.push(tasks, b.spawn("t", worker, { i, out })),
      );
      const last = b.spawn("last", worker, { i: 0, out }, { deferred: true });
      b.detach(worker, { i: 0, out });
      b.range(out, "r", (r) => b.measure("received", r));
      b.close(out);
      b.join("result", last);
      b.joinAny("first", tasks, { firstSuccess: true });
      b.joinAll("all", tasks);
      const settled = b.settleAll("settled", tasks);
      b.let("fine", isOk(at(settled, 0)));
      b.scope("waitAll", () => b.spawn(worker, { i: 1, out: none }));
      b.scopeRace("winner", () => b.spawn(worker, { i: 2, out: none }), { leaveLosers: true });

      // Processor time, locks, memory, promises
      b.cpu("1.5ms");
      b.block("2s");
      b.offload(params.d, { workers: 2 });
      const m = b.mutex("m");
      b.tryLock("locked", m);
      b.lock(m);
      b.unlock(m);
      const s = b.sem("s", 2);
      b.acquire(s);
      b.release(s, 1);
      const g = b.group("g");
      b.groupAdd(g);
      b.groupDone(g);
      b.groupWait(g);
      b.store(shared.slots.at(0), b.load("counted", shared.counter));
      b.store(shared.timeout, "2ms");
      const counter = b.atomic("counter");
      b.atomicStore(counter, b.atomicLoad("before", counter));
      b.atomicAdd("after", counter, 1);
      b.atomicCas("swapped", counter, 1, 2);
      const p = b.promise("p");
      b.resolve(p, doubled);
      b.reject(p, "Rejected");
      b.await("answer", p);

      const q = b.onResolve("q", p, double);
      b.callback("immediate", notes, { i: 1 });
      b.await(q);

      // Conditions, once, time, cancellation
      b.lockFor("soon", m, "5ms");
      b.unlock(m);
      b.acquireFor("some", s, "5ms", 2);
      b.release(s, 2);
      const rw = b.rwlock("rw");
      b.rlock(rw);
      b.runlock(rw);
      b.wlock(rw);
      b.wunlock(rw);
      const c = b.cond("cond", m);
      b.lock(m);
      b.condWait(c);
      b.condWaitFor("signalled", c, "5ms");
      b.unlock(m);
      b.signal(c);
      b.broadcast(c);
      const monitor = b.monitor("monitor", "juc");
      b.enter(monitor, () => {
        b.monitorWait(monitor);
        b.monitorWaitFor("notified", monitor, "5ms");
        b.notify(monitor);
        b.notifyAll(monitor);
      });
      b.onceDo(b.once("once"), notes, { i: 2 });
      const e = b.event("e");
      b.eventSet(e);
      b.eventWait(e);
      b.barrierWait(b.barrier("barrier", 1));
      b.recv(b.after("deadline", "5ms"));
      const [timer, times] = b.timer("timer", "times", "5ms");
      const [ticker, ticks] = b.ticker("ticker", "ticks", "5ms", "drop");
      b.recv(times);
      b.recv(ticks);
      b.stopTimer("stopped", ticker);
      b.resetTimer("reset", timer, params.d);
      b.stopTimer(b.afterFunc("late", "5ms", notes, { i: 3 }));
      b.deadline(params.d, () => b.check());
      b.cancel(last);
      b.isCancelled("asked");
      b.shield(() => b.sleep("1ms"));
      const token = b.token("token");
      b.cancelToken(token);
      b.withToken(token, () => b.yield());

      // Input, output, observation, draws
      b.callService(services.db, x);
      b.callService(services.cache);
      b.fileRead(4096, { stall: "1ms" });
      const listener = b.listen("listener", 4);
      const client = b.connect("client", listener);
      const server = b.accept("server", listener);
      b.write(client, 100);
      b.read("bytes", server, 200);
      b.closeConn(client);
      b.read(server, 1);
      b.closeListener(listener);
      const start = b.now("start");
      b.mark("latency", start);
      b.gauge("wait", add(duration("1h"), start));
      b.draw("constant", "s", constant(5));
      b.draw("uniform", "s", uniform("1ms", "2ms"));
      b.draw("erlang", "s", erlang(4, "1ms"));
      b.draw("lognormal", "s", lognormal("1ms", 500));
      b.draw("pareto", "s", pareto("1ms", 2500));
      b.draw("twoPoint", "s", twoPoint("1ms", "50ms", 10_000));
      b.draw("table", "s", table([1, 2, 3]));
      b.choose("chosen", 3);
    });
  },
);
