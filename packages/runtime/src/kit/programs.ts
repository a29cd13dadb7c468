/** Programs with something of everything, for checks that hold of any run. */
import { add, exponential, mul, program, type Program, service } from "@orrery/program";

/** Tasks, channels, locks, timers, calls, draws and a select: many schedules, one outcome. */
export const mixed: Program = program(
  "mixed",
  {
    doc: "A bit of everything.",
    services: { backend: service({ servers: 2, latency: exponential("3ms"), failPerMillion: 0 }) },
  },
  ({ services, proc, main }) => {
    const worker = proc(
      "worker",
      { id: "int", jobs: "chan", out: "chan", m: "mutex" },
      (b, { id, jobs, out, m }) => {
        b.range(jobs, "job", (job) => {
          const d = b.draw("d", "work", exponential("400us"));
          b.cpu(d);
          b.lock(m);
          b.yield();
          b.unlock(m);
          b.callService(services.backend);
          b.send(out, add(mul(job, 10), id));
        });
      },
    );
    const collector = proc(
      "collector",
      { out: "chan", quit: "chan" },
      { returns: "int" },
      (b, { out, quit }) => {
        const sum = b.let("sum", 0);
        b.while(true, { bound: 1000 }, () => {
          b.select(
            [
              b.onRecv(out, "v", (v) => {
                b.assign(sum, add(sum, v));
                b.log("{0}", v);
              }),
              b.onRecv(quit, () => b.return(sum)),
            ],
            { timeout: { dur: "50ms", body: () => b.count("idle") } },
          );
        });
        b.return(sum);
      },
    );
    main((b) => {
      const jobs = b.chan("jobs", 2);
      const out = b.chan("out");
      const quit = b.chan("quit");
      const m = b.mutex("m");
      const workers = b.list("workers");
      b.repeat(4, "id", (id) => {
        const w = b.spawn("w", worker, { id, jobs, out, m });
        b.push(workers, w);
      });
      const c = b.spawn("c", collector, { out, quit });
      b.repeat(24, "job", (job) => {
        b.send(jobs, job);
        b.sleep(300_000);
      });
      b.close(jobs);
      b.joinAll(workers);
      b.send(quit, 0);
      b.join(c);
    });
  },
);

/** Nothing ends it. `polite` yields in each turn. */
export const endless = (polite: boolean): Program =>
  program("endless", { doc: "Spins for ever." }, ({ main }) => {
    main((b) => {
      b.while(true, { spin: true }, () => {
        if (polite) b.yield();
        else b.count("turns");
      });
    });
  });

/** Two tasks take two locks in opposite order. */
export const lockOrder: Program = program("lock-order", { doc: "AB and BA." }, ({ proc, main }) => {
  const taker = proc("taker", { first: "mutex", second: "mutex" }, (b, { first, second }) => {
    b.lock(first);
    b.sleep("5ms");
    b.lock(second);
    b.unlock(second);
    b.unlock(first);
  });
  main((b) => {
    const left = b.mutex("left");
    const right = b.mutex("right");
    const one = b.spawn("one", taker, { first: left, second: right });
    const two = b.spawn("two", taker, { first: right, second: left });
    b.join(one);
    b.join(two);
  });
});

/** Main ends, a receiver is left. */
export const leak: Program = program("leak", { doc: "A receiver nobody sends to." }, ({ proc, main }) => {
  const receiver = proc("receiver", { ch: "chan" }, (b, { ch }) => b.recv(ch));
  main((b) => {
    const ch = b.chan("ch");
    b.spawn(receiver, { ch });
    b.sleep("1ms");
  });
});
