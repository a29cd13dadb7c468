// A look inside a process at chosen instants: what stands in which queue, in Go's words.
import { describe, expect, it } from "vitest";
import { inspect } from "../src/inspect.ts";
import { type Go, type GoLibrary, runGo } from "../src/index.ts";

const MS = 1_000_000;

/** What a look shows at the instant at which `main` takes it, on one P unless it is said. */
function looks(main: (go: GoLibrary, look: () => void) => Go, gomaxprocs = 1): readonly unknown[] {
  const seen: unknown[] = [];
  runGo((go) => main(go, () => seen.push(inspect(go.rt))), { gomaxprocs });
  return seen;
}

function* nothing(): Go {
  // ends at once
}

describe("inspect", () => {
  it("shows runnext, the ring in its order, and the global queue", () => {
    const [before, after] = looks(function* (go, look) {
      for (let i = 0; i < 3; i++) yield* go.go(() => nothing());
      look();
      yield* go.go(function* () {
        look();
        yield* nothing();
      });
      yield* go.gosched();
    });
    expect(before).toMatchObject({
      ps: [{ status: "running", m: 0, current: 1, runnext: 9, runq: [7, 8] }],
      globalRunq: [],
    });
    expect(after).toMatchObject({ ps: [{ current: 10, runnext: null, runq: [7, 8, 9] }], globalRunq: [1] });
  });

  it("shows the sudogs of channels, a select's in each of its queues, and a closed one", () => {
    const [seen] = looks(function* (go, look) {
      const a = go.make<number>();
      const b = go.make<number>(2);
      yield* b.send(1);
      yield* b.send(2);
      yield* go.go(() => b.send(3));
      yield* go.go(function* () {
        yield* go.select([a.onRecv, b.onSend(4)]);
      });
      yield* go.gosched();
      look();
    });
    expect(seen).toMatchObject({
      channels: [
        { id: 0, qcount: 0, dataqsiz: 0, closed: false, recvq: [{ g: 8, isSelect: true }], sendq: [] },
        {
          id: 1,
          qcount: 2,
          dataqsiz: 2,
          recvq: [],
          sendq: [
            { g: 8, isSelect: true },
            { g: 7, isSelect: false },
          ],
        },
      ],
    });
  });

  it("shows who waits at semaphores and conditions, with the reason", () => {
    const [seen] = looks(function* (go, look) {
      const mu = go.mutex();
      const cond = go.cond(mu);
      const wg = go.waitGroup();
      yield* wg.add(1);
      for (let i = 0; i < 2; i++)
        yield* go.go(function* () {
          yield* mu.lock();
          yield* cond.wait();
        });
      yield* go.gosched();
      yield* mu.lock();
      yield* go.go(() => mu.lock());
      yield* go.go(() => wg.wait());
      yield* go.gosched();
      look();
    });
    expect(seen).toMatchObject({
      semaphores: [
        { reason: "sync.Mutex.Lock", value: 0, waiters: [{ g: 9 }] },
        { reason: "sync.WaitGroup.Wait", value: 0, waiters: [{ g: 10 }] },
      ],
      notifyLists: [[{ g: 8 }, { g: 7 }]],
    });
  });

  it("shows timers in their order, whom they wake, and the channel of one that is waited for", () => {
    const [seen] = looks(function* (go, look) {
      yield* go.go(() => go.sleep(9 * MS));
      yield* go.go(function* () {
        yield* go.after(5 * MS).recv();
      });
      go.newTimer(MS); // in no heap: nobody waits for it
      yield* go.gosched();
      look();
    });
    expect(seen).toMatchObject({
      ps: [
        {
          timers: [
            { wakes: null, channel: 1 },
            { wakes: 7, channel: null },
          ],
        },
      ],
    });
  });

  it("shows a P in a system call, then another M that has it, and the one that waits locked", () => {
    const [entered, retaken] = looks(function* (go, look) {
      const p = go.rawPipe();
      yield* go.go(function* () {
        yield* go.lockOSThread();
        yield* go.select([]);
      });
      yield* go.go(function* () {
        yield* p.read();
      });
      go.rt.machine.at(go.now() + 30_000, look);
      yield* go.gosched();
      look();
    });
    expect(entered).toMatchObject({
      ps: [{ status: "running, in a system call", current: 8 }],
      sysmon: { sleepsDeeply: false, delay: 20_000 },
    });
    expect(retaken).toMatchObject({
      ps: [{ status: "running", current: 1 }],
      ms: expect.arrayContaining([
        expect.objectContaining({ p: null, current: 8, locked: null }),
        expect.objectContaining({ p: null, current: null, locked: 7, waitingFor: "futex (locked)" }),
        expect.objectContaining({ p: 0, current: 1 }),
      ]),
    });
  });

  it("shows idle Ps and Ms, who spins, and sysmon asleep while nothing runs", () => {
    const [seen] = looks(function* (go, look) {
      go.rt.machine.at(20 * MS, look);
      yield* go.sleep(40 * MS);
    }, 2);
    expect(seen).toMatchObject({
      ps: [{ status: "idle" }, { status: "idle" }],
      sched: { idlePs: [0, 1], spinning: 0 },
      sysmon: { sleepsDeeply: true },
      netpoll: { initialized: true, blocked: true },
    });
  });
});
