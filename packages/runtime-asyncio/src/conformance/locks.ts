/** locks.py: Lock, Event, Condition, Semaphore, Barrier. */
import type { Condition, Lock } from "../locks.ts";
import type { Coroutine } from "../task.ts";
import { coroutine, inFile, outcome, outcome_of_call, range } from "./prelude.ts";

/** `async with lock:` */
function* within(lock: Lock | Condition, body: () => Coroutine<void>): Coroutine<void> {
  yield* lock.acquire();
  try {
    yield* body();
  } finally {
    lock.release();
  }
}

export const locks = inFile("locks.py", [
  {
    name: "lock_fifo",
    pins: "release wakes the first waiter; nobody barges past; one cancelled when woken passes the lock on.",
    port: coroutine(function* ({ asyncio, print }) {
      const lock = asyncio.Lock();
      const section = (i: number | string) =>
        within(lock, function* () {
          print(i);
          yield* asyncio.sleep(0);
        });
      yield* lock.acquire();
      const tasks = range(3).map((i) => asyncio.create_task(section(i)));
      yield* asyncio.sleep(0);
      lock.release();
      print("locked", lock.locked());
      tasks.push(asyncio.create_task(section("late")));
      yield* lock.acquire();
      print("main");
      const a = asyncio.create_task(section("a"));
      const b = asyncio.create_task(section("b"));
      yield* asyncio.sleep(0);
      lock.release();
      a.cancel();
      yield* asyncio.wait([a, b, ...tasks]);
      print(a.cancelled(), lock.locked());
    }),
  },
  {
    name: "event_set_clear",
    pins: "set() resolves the waiters in order; clearing at once does not take it back.",
    port: coroutine(function* ({ asyncio, print }) {
      const event = asyncio.Event();
      function* waiter(i: number) {
        print(i, yield* event.wait(), event.is_set());
      }
      const tasks = range(2).map((i) => asyncio.create_task(waiter(i)));
      yield* asyncio.sleep(0);
      event.set();
      event.clear();
      yield* asyncio.wait(tasks);
      print(yield* outcome(asyncio.wait_for(event.wait(), 0.005)));
    }),
  },
  {
    name: "condition_order",
    pins: "Notified waiters queue for the lock in order of their waits, behind those that queue already.",
    port: coroutine(function* ({ asyncio, print }) {
      const condition = asyncio.Condition();
      const waiter = (i: number) =>
        within(condition, function* () {
          yield* condition.wait();
          print("waiter", i);
        });
      const other = () =>
        within(condition, function* () {
          print("other");
        });
      const tasks = range(3).map((i) => asyncio.create_task(waiter(i)));
      yield* asyncio.sleep(0);
      yield* within(condition, function* () {
        tasks.push(asyncio.create_task(other()));
        yield* asyncio.sleep(0);
        condition.notify(2);
        print("notified");
        yield* asyncio.sleep(0);
      });
      yield* asyncio.sleep(0.005);
      print(outcome_of_call(() => condition.notify()));
      yield* within(condition, function* () {
        condition.notify_all();
      });
      yield* asyncio.wait(tasks);
    }),
  },
  {
    name: "semaphore_fifo",
    pins: "release hands the permit to the first waiter; a newcomer never sees it.",
    port: coroutine(function* ({ asyncio, print }) {
      const semaphore = asyncio.Semaphore(0);
      function* waiter(i: number | string) {
        yield* semaphore.acquire();
        print(i);
      }
      const tasks = range(3).map((i) => asyncio.create_task(waiter(i)));
      yield* asyncio.sleep(0);
      semaphore.release();
      semaphore.release();
      print(semaphore._value, semaphore.locked());
      tasks.push(asyncio.create_task(waiter("late")));
      yield* asyncio.sleep(0.002);
      semaphore.release();
      semaphore.release();
      yield* asyncio.wait(tasks);
      print(outcome_of_call(() => asyncio.BoundedSemaphore(1).release()));
    }),
  },
  {
    name: "v_condition_semaphore",
    pins: "3.11: a notification dies with the waiter it woke; each waiter of a semaphore wakes the next.",
    port: coroutine(function* ({ asyncio, print }) {
      const condition = asyncio.Condition();
      const waiter = (i: number) =>
        within(condition, function* () {
          yield* condition.wait();
          print("waiter", i);
        });
      const a = asyncio.create_task(waiter(1));
      const b = asyncio.create_task(waiter(2));
      yield* asyncio.sleep(0);
      yield* within(condition, function* () {
        condition.notify(1);
        a.cancel();
      });
      yield* asyncio.sleep(0.003);
      print(b.done());
      b.cancel();

      const semaphore = asyncio.Semaphore(0);
      function* taker(i: number) {
        yield* semaphore.acquire();
        print(i, semaphore._value);
      }
      const tasks = range(3).map((i) => asyncio.create_task(taker(i)));
      yield* asyncio.sleep(0);
      semaphore._value = 2;
      semaphore.release();
      yield* asyncio.sleep(0);
      print("next iteration");
      yield* asyncio.wait(tasks);
    }),
  },
  {
    name: "barrier_cycle",
    pins: "The last party leaves first, without suspending; the others as they came; newcomers wait for them.",
    port: coroutine(function* ({ asyncio, print }) {
      const barrier = asyncio.Barrier(3);
      function* party(i: number) {
        print("in", i);
        const index = yield* barrier.wait();
        print("out", i, index);
      }
      yield* asyncio.gather(...range(6).map(party));
    }),
  },
]);
