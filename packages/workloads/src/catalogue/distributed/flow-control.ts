import { add, bool, dur, ge, gt, int, lt, max, min, program, sub } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const flowControl = program(
  "flow-control",
  {
    doc: "So many requests may be under way. Each that ends raises that capacity by 5 if it was quick and lowers it by 10 if it was slow, after asking for metrics.",
    params: {
      stale: bool(false, { doc: "whether the capacity is read before the metrics are asked for, not after" }),
      requests: int(400, { min: 1, max: 100_000, doc: "requests" }),
      least: int(10, { min: 1, max: 10_000, doc: "smallest capacity, and the first" }),
      most: int(200, { min: 1, max: 10_000, doc: "largest capacity" }),
      quick: dur("10ms", {
        min: 0,
        max: "1h",
        doc: "a request that takes less is quick",
        sweep: ["10ms", "100ms"],
      }),
      slow: dur("100ms", {
        min: 0,
        max: "1h",
        doc: "a request that takes more is slow",
        sweep: ["100ms", "1s"],
      }),
      servers: int(10, {
        min: 1,
        max: 10_000,
        doc: "requests that are served at a time",
        sweep: [1, 10, 50],
      }),
      work: dur("5ms", { min: 0, max: "1h", doc: "time to serve one" }),
    },
  },
  ({ params, proc, main }) => {
    const adjust = proc(
      "adjust",
      { took: "dur", capacity: "atomic", wanted: "atomic", guard: "mutex" },
      (b, { took, capacity, wanted, guard }) => {
        const change = b.let("change", 0);
        b.if(lt(took, params.quick), () => b.assign(change, 5));
        b.if(gt(took, params.slow), () => b.assign(change, -10));
        const before = b.atomicLoad("before", capacity);
        b.sleep("1ms");
        b.lock(guard);
        const after = b.atomicLoad("after", capacity);
        b.if(params.stale, () => b.assign(after, before));
        const next = b.let("next", max(params.least, min(params.most, add(after, change))));
        b.atomicStore(capacity, next);
        b.atomicAdd(wanted, sub(next, after));
        b.unlock(guard);
        b.measure("capacity", next);
      },
    );
    const request = proc(
      "request",
      { servers: "sem", done: "chan", capacity: "atomic", wanted: "atomic", guard: "mutex" },
      (b, { servers, done, capacity, wanted, guard }) => {
        const asked = b.now("asked");
        b.acquire(servers);
        b.sleep(params.work);
        b.release(servers);
        const answered = b.now("answered");
        b.mark("request", asked);
        b.call(adjust, { took: sub(answered, asked), capacity, wanted, guard });
        b.send(done, true);
      },
    );
    main((b) => {
      const servers = b.sem("servers", params.servers);
      const done = b.chan("done");
      const capacity = b.atomic("capacity", params.least);
      const wanted = b.atomic("wanted", params.least);
      const guard = b.mutex("guard");
      const underWay = b.let("underWay", 0);
      b.repeat(params.requests, () => {
        const room = b.atomicLoad("room", capacity);
        b.while(ge(underWay, room), { bound: 100_000 }, () => {
          b.recv(done);
          b.assign(underWay, sub(underWay, 1));
          const roomNow = b.atomicLoad("roomNow", capacity);
          b.assign(room, roomNow);
        });
        b.spawn(request, { servers, done, capacity, wanted, guard });
        b.assign(underWay, add(underWay, 1));
      });
      b.repeat(underWay, () => b.recv(done));
      const last = b.atomicLoad("last", capacity);
      const due = b.atomicLoad("due", wanted);
      b.count("lost", sub(due, last));
    });
  },
);

/** Limits of 100 ms and 1 s stand here at a tenth. Between them nothing changes, which is what makes it settle. */
export default workload({
  id: "W78",
  program: flowControl,
  question:
    "Does a capacity that follows the latency settle, and what if it is read before a wait and written after it?",
  headline:
    "It settles on every runtime between the two limits; read before the wait, it loses the steps that others took meanwhile.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "lost",
      min: 0,
      max: 0,
      when: { profile: "any" },
      because: "arithmetic: the capacity is read and written under one lock",
    },
    {
      runtime: "*",
      kind: "count",
      name: "lost",
      min: 20,
      max: 2000,
      when: { parameters: { stale: true } },
      because:
        "arithmetic: the first ten requests end together and all make 15 of 10; W78: a race on the capacity",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "capacity",
      stat: "max",
      minNs: 20,
      maxNs: 200,
      because:
        "arithmetic: it rises until answers take 10 ms, which is 20 requests for ten servers of 5 ms, and then by what is under way",
    },
  ],
});
