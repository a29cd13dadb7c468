import { expect, test } from "vitest";
import { type Coroutine, inspect, ps, pstree, runAsyncio } from "../src/index.ts";

/** A run that is looked at 5 ms after its begin. */
function lookedAt<T>(look: (loop: Parameters<typeof inspect>[0]) => T, workers = 1): T {
  const seen: T[] = [];
  runAsyncio(
    function* main({ asyncio }) {
      const loop = asyncio.get_running_loop();
      const { machine } = asyncio.python;
      machine.at(machine.now + 5e6, () => seen.push(look(loop)));
      const sleeper = asyncio.async_def(function* sleeper(seconds: number): Coroutine<void> {
        yield* asyncio.sleep(seconds);
      });
      const job = asyncio.async_def(function* job(): Coroutine<void> {
        yield* asyncio.to_thread(() => asyncio.time_sleep(0.01));
      });
      const parent = asyncio.async_def(function* parent(): Coroutine<void> {
        yield* asyncio.create_task(sleeper(0.02), "child");
      });
      loop.call_later(0.05, print_later, 1).cancel();
      loop.call_later(0.03, print_later, 2);
      const [a] = asyncio.socketpair();
      loop._add_reader(a.reading, readable);
      yield* asyncio.gather(asyncio.create_task(parent(), "parent"), job(), job(), job());
      loop._remove_reader(a.reading);
    },
    { executorWorkers: workers },
  );
  return seen[0]!;
}

function print_later(_number: number): void {}

function readable(): void {}

test("shows timers in heap order, readers, what tasks await, the pool's queue and the GIL", () => {
  const snapshot = lookedAt(inspect) as unknown as {
    loop: {
      _ready: string[];
      _scheduled: { callback: string; cancelled: boolean }[];
      _selector: { name: string; callback: string }[];
    };
    tasks: { name: string; coro: string; chain: string[] }[];
    executors: { work_queue: number; threads: string[] }[];
    gil: { holder: string | null };
  };
  expect(snapshot.loop._ready).toEqual([]);
  expect(snapshot.loop._scheduled.map(({ callback, cancelled }) => `${callback} ${cancelled}`)).toEqual([
    "_set_result_unless_cancelled(<Future pendi...ask_wakeup()]>, None) false",
    " true",
    "print_later(2) false",
  ]);
  expect(snapshot.loop._selector.map(({ callback }) => callback)).toEqual([
    "BaseSelectorEventLoop._read_from_self()",
    "readable()",
  ]);
  expect(snapshot.tasks.map(({ name, coro, chain }) => `${name} ${coro}: ${chain.join(", ")}`)).toEqual([
    "Task-1 main: gather",
    "parent parent: child, sleep",
    "Task-2 job: run_in_executor",
    "Task-3 job: run_in_executor",
    "Task-4 job: run_in_executor",
    "child sleeper: sleep",
  ]);
  expect(snapshot.executors).toMatchObject([{ work_queue: 2, threads: ["asyncio_0"] }]);
  expect(snapshot.gil.holder).toBeNull();
});

test("ps has a row per task with who awaits it", () => {
  expect(lookedAt(ps).map((row) => Object.values(row).join(" | "))).toEqual([
    "Task-1 | main | gather | ",
    "parent | parent | child -> sleep | Task-1",
    "Task-2 | job | run_in_executor | Task-1",
    "Task-3 | job | run_in_executor | Task-1",
    "Task-4 | job | run_in_executor | Task-1",
    "child | sleeper | sleep | parent",
  ]);
});

test("pstree draws who awaits whom", () => {
  expect(lookedAt(pstree)).toEqual([
    "└── (T) Task-1",
    "    └──  main gather",
    "        ├── (T) parent",
    "        │   └──  parent",
    "        │       └── (T) child",
    "        │           └──  sleeper sleep",
    "        ├── (T) Task-2",
    "        │   └──  job run_in_executor",
    "        ├── (T) Task-3",
    "        │   └──  job run_in_executor",
    "        └── (T) Task-4",
    "            └──  job run_in_executor",
  ]);
});

test("tasks that await each other are drawn once around", () => {
  let tree: readonly string[] = [];
  runAsyncio(function* main({ asyncio }) {
    const main_task = asyncio.current_task()!;
    const loop = asyncio.get_running_loop();
    const { machine } = asyncio.python;
    machine.at(machine.now + 5e6, () => {
      tree = pstree(loop);
    });
    const other = asyncio.async_def(function* other(): Coroutine<void> {
      yield* main_task;
    });
    yield* asyncio.create_task(other());
  });
  expect(tree.map((line) => line.trim())).toEqual([
    "└── (T) Task-1",
    "└──  main",
    "└── (T) Task-2",
    "└──  other",
    "└── (T) Task-1",
    "└──  main",
  ]);
});
