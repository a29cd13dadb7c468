import { expect, test } from "vitest";
import {
  BLOCK,
  defaultMachineCosts,
  Descriptor,
  Epoll,
  Machine,
  nanosleep,
  RecordingDecisions,
  ReplayingDecisions,
  SeededDecisions,
  Service,
  SLICE_NS,
  Trace,
  zeroMachineCosts,
} from "@orrery/simulator";

const machine = (
  cores: number,
  costs = zeroMachineCosts,
  limits = { maxEvents: 1e6, maxTimeNs: 1e12 },
): Machine => new Machine(cores, costs, new SeededDecisions(1), new Trace(true), limits);

test("threads on their own cores burn at the same time", () => {
  const m = machine(2);
  const ends: number[] = [];
  for (const ns of [300, 500])
    m.spawn("burner", function* () {
      yield ns;
      ends.push(m.now);
    });
  expect(m.run()).toBe("quiescent");
  expect(ends).toEqual([300, 500]);
  expect(m.cores.map((core) => core.busyNs)).toEqual([300, 500]);
});

test("two threads share one core by slices, and each gets its CPU time", () => {
  const m = machine(1);
  const ends: number[] = [];
  const threads = [0, 1].map(() =>
    m.spawn("burner", function* () {
      yield 3.5 * SLICE_NS;
      ends.push(m.now);
    }),
  );
  m.run();
  expect(ends).toEqual([6.5 * SLICE_NS, 7 * SLICE_NS]);
  expect(threads.map((thread) => thread.cpuNs)).toEqual([3.5 * SLICE_NS, 3.5 * SLICE_NS]);
});

test("a woken thread that has had its share waits for the end of the running one's slice", () => {
  const m = machine(1);
  let woke = -1;
  m.spawn("sleeper", function* (): Generator<number, void, number> {
    m.timeout(10_000_000);
    yield BLOCK;
    woke = m.now;
  });
  m.spawn("hog", function* () {
    yield 50_000_000;
  });
  m.run();
  expect(woke).toBe(4 * SLICE_NS);
});

test("a thread that sleeps most of the time preempts a hog, but for once in a while", () => {
  const m = machine(1);
  const lateNs: number[] = [];
  m.spawn("napper", function* (): Generator<number, void, number> {
    for (let nap = 0; nap < 400; nap++) {
      const due = m.now + 100_000;
      m.timeout(due);
      yield BLOCK;
      lateNs.push(m.now - due);
      yield 2_000;
    }
  });
  m.spawn("hog", function* () {
    yield 60_000_000;
  });
  m.run();
  expect(lateNs.filter((ns) => ns > 0).length).toBeLessThan(4);
  expect(Math.max(...lateNs)).toBeLessThanOrEqual(SLICE_NS);
});

test("waking, switching and migrating cost what the profile says", () => {
  const m = machine(1, defaultMachineCosts);
  const { wakeNs, contextSwitchNs } = defaultMachineCosts;
  const starts: number[] = [];
  for (let i = 0; i < 2; i++)
    m.spawn("t", function* () {
      starts.push(m.now);
      yield 1000;
    });
  m.run();
  expect(starts).toEqual([wakeNs + contextSwitchNs, wakeNs + contextSwitchNs + 1000 + contextSwitchNs]);
});

test("a signal cuts a burn short and tells what was left", () => {
  const m = machine(2);
  let left = -1;
  const target = m.spawn("target", function* (): Generator<number, void, number> {
    left = yield 1000;
  });
  m.spawn("sender", function* () {
    yield 400;
    m.interrupt(target);
  });
  m.run();
  expect(left).toBe(600);
});

test("a wake that comes before the block is not lost", () => {
  const m = machine(2);
  let resumedAt = -1;
  const sleeper = m.spawn("sleeper", function* (): Generator<number, void, number> {
    yield 1000;
    yield BLOCK;
    resumedAt = m.now;
  });
  m.spawn("waker", function* () {
    yield 10;
    m.wake(sleeper);
  });
  m.run();
  expect(resumedAt).toBe(1000);
});

test("nanosleep lasts its time whatever wakes the thread meanwhile", () => {
  const m = machine(2);
  let end = -1;
  const sleeper = m.spawn("sleeper", function* (thread) {
    yield* nanosleep(m, thread, 5000);
    end = m.now;
  });
  m.spawn("waker", function* () {
    yield 100;
    m.wake(sleeper);
  });
  m.run();
  expect(end).toBe(5000);
});

test("charged time is spent before the thread blocks and before it goes on", () => {
  const m = machine(1);
  const times: number[] = [];
  m.spawn("t", function* (): Generator<number, void, number> {
    m.charge(70);
    if (!m.settle()) yield 0;
    times.push(m.now);
    m.charge(30);
    m.timeout(m.now + 1000);
    yield BLOCK;
    times.push(m.now);
  });
  m.run();
  expect(times).toEqual([70, 1070]);
});

test("epoll reports descriptors in the order they became ready; an unread one goes to the back", () => {
  const m = machine(1);
  const epoll = new Epoll(m);
  const fds = ["a", "b", "c"].map((name) => new Descriptor(m, name));
  for (const fd of fds) epoll.add(fd);
  const names = (): string[] => epoll.poll().map((fd) => fd.name);
  fds[2]!.signal();
  fds[0]!.signal();
  expect(names()).toEqual(["c", "a"]);
  fds[1]!.signal();
  fds[2]!.drain();
  expect(names()).toEqual(["a", "b"]);
  expect(epoll.poll(1).map((fd) => fd.name)).toEqual(["a"]);
  expect(names()).toEqual(["b", "a"]);
});

test("epoll_wait ends by readiness or by its deadline", () => {
  const m = machine(2);
  const seen: [number, number][] = [];
  const epoll = new Epoll(m);
  const fd = new Descriptor(m, "fd");
  epoll.add(fd);
  m.spawn("poller", function* (thread) {
    let events = yield* epoll.wait(thread, 1000);
    seen.push([m.now, events.length]);
    events = yield* epoll.wait(thread, Infinity);
    seen.push([m.now, events.length]);
  });
  m.at(3000, () => fd.signal());
  m.run();
  expect(seen).toEqual([
    [1000, 0],
    [3000, 1],
  ]);
});

test("a service serves so many at a time, queues so many, and refuses the rest", () => {
  const m = machine(1);
  const service = new Service(m, "db", 1, 1);
  const requests = [0, 1, 2].map(() => service.request(100, false));
  const answered: number[] = [];
  for (const { reply } of requests)
    m.spawn("client", function* (thread) {
      yield* reply.read(thread);
      answered.push(m.now);
    });
  m.run();
  expect(requests.map((request) => request.ok)).toEqual([true, true, false]);
  expect(answered.toSorted((a, b) => a - b)).toEqual([0, 100, 200]);
});

test("a run cut anywhere and continued is the run that was not cut", () => {
  const run = (cut: (m: Machine) => void): [number, string] => {
    const m = machine(2, defaultMachineCosts);
    for (let i = 0; i < 3; i++)
      m.spawn("t", function* (): Generator<number, void, number> {
        for (let k = 0; k < 50; k++) {
          m.charge(10 + i);
          if (!m.settle()) yield 0;
          m.emit(0, -1, i, "turn", k);
          if (k % 7 === i) {
            m.timeout(m.now + 5_000);
            yield BLOCK;
          }
          yield 1000 * (i + 1);
        }
      });
    cut(m);
    m.run();
    return [m.steps, m.trace.hash()];
  };
  const whole = run(() => undefined);
  expect(
    run((m) => {
      for (let i = 1; i < 400; i += 3) m.run(Infinity, i);
    }),
  ).toEqual(whole);
  expect(
    run((m) => {
      for (let t = 0; t < 300_000; t += 777) m.run(t);
    }),
  ).toEqual(whole);
});

test("endless work ends at the budget", () => {
  const spin = (m: Machine): Machine => (
    m.spawn("spinner", function* () {
      for (;;) yield 1;
    }),
    m
  );
  expect(spin(machine(1, zeroMachineCosts, { maxEvents: 1000, maxTimeNs: 1e12 })).run()).toBe("max-events");
  expect(spin(machine(1, zeroMachineCosts, { maxEvents: 1e6, maxTimeNs: 5000 })).run()).toBe("max-time");
});

test("streams are split by name: asking one more of one changes nothing of another", () => {
  const a = new SeededDecisions(9);
  const b = new SeededDecisions(9);
  b.choose("other", 10);
  const draws = (source: SeededDecisions): number[] =>
    Array.from({ length: 20 }, () => source.choose("point", 1000));
  expect(draws(a)).toEqual(draws(b));
  expect(draws(new SeededDecisions(10))).not.toEqual(draws(new SeededDecisions(9)));
});

test("a recording answers as it was recorded, and tells where a run departs from it", () => {
  const recording = new RecordingDecisions(new SeededDecisions(4));
  const asked = [recording.choose("a", 5), recording.take("b", 77), recording.choose("a", 9)];
  const replay = new ReplayingDecisions(recording.decisions);
  expect([replay.choose("a", 5), replay.take("b", 0), replay.choose("a", 9)]).toEqual(asked);
  const other = new ReplayingDecisions(recording.decisions);
  expect(() => other.choose("c", 5)).toThrow(
    "decision 0: the recording holds a (1 of 5), the run asks c (1 of 5)",
  );
  expect(() => replay.choose("a", 5)).toThrow("the recording ends after 3 decisions, the run asks a");
});
