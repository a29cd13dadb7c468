/** The programs of programs.py, with the model's library. A reference that Python drops is dropped by hand. */
import { async_yield, type Coroutine, type Program, ValueError } from "../../src/index.ts";

type Main = (program: Program) => Coroutine<unknown>;

class KeyError extends Error {
  override readonly name = "KeyError";
}

function callback(number: number): void {
  throw new KeyError(String(number));
}

/** The coroutine functions at the module's level. */
function module({ asyncio }: Program) {
  const bad = asyncio.async_def(function* bad(): Coroutine<void> {
    throw new ValueError("boom");
  });
  const deep = asyncio.async_def(function* deep(): Coroutine<void> {
    yield* bad();
  });
  const pending = asyncio.async_def(function* pending(): Coroutine<void> {
    yield* asyncio.sleep(9);
  });
  const slow_task = asyncio.async_def(function* slow_task(): Coroutine<void> {
    yield* asyncio.time_sleep(0.12);
  });
  const stubborn = asyncio.async_def(function* stubborn(): Coroutine<void> {
    try {
      yield* asyncio.sleep(9);
    } finally {
      // oxlint-disable-next-line no-unsafe-finally
      throw new ValueError("at the end");
    }
  });
  const never = asyncio.async_def(function* never(): Coroutine<void> {
    yield* asyncio.sleep(0);
  });
  function* slow(_number: number) {
    yield* asyncio.time_sleep(0.12);
  }
  function* generator(): Coroutine<void> {
    try {
      yield* async_yield(1);
    } finally {
      // oxlint-disable-next-line no-unsafe-finally
      throw new ValueError("closing");
    }
  }
  return { bad, deep, pending, slow_task, stubborn, never, slow, generator };
}

const task_exception: Main = function* task_exception(program) {
  const { asyncio } = program;
  const { bad, deep } = module(program);
  asyncio.create_task(bad(), "T").drop();
  asyncio.create_task(deep()).drop();
  yield* asyncio.sleep(0);
};

const future_exception: Main = function* future_exception(program) {
  const { asyncio } = program;
  const { bad } = module(program);
  const future = asyncio.get_running_loop().create_future();
  future.set_exception(new ValueError("boom"));
  future.drop();
  const gathered = asyncio.gather(bad(), bad());
  yield* asyncio.sleep(0);
  yield* asyncio.sleep(0);
  gathered.drop();
  yield* asyncio.sleep(0);
};

const callback_exception: Main = function* callback_exception({ asyncio }) {
  const loop = asyncio.get_running_loop();
  loop.call_soon(callback, 7);
  loop.call_later(0.001, callback, 8);
  yield* asyncio.sleep(0.01);
};

const slow_callbacks: Main = function* slow_callbacks(program) {
  const { asyncio } = program;
  const { slow, slow_task } = module(program);
  const loop = asyncio.get_running_loop();
  loop.call_soon(slow, 5);
  loop.call_later(0.001, slow, 6);
  yield* asyncio.sleep(0.3);
  yield* asyncio.create_task(slow_task(), "ST");
};

const shutdown_error: Main = function* shutdown_error(program) {
  const { asyncio } = program;
  asyncio.create_task(module(program).stubborn(), "S");
  yield* asyncio.sleep(0);
};

const never_awaited: Main = function* never_awaited(program) {
  const { asyncio } = program;
  asyncio.drop(module(program).never());
  yield* asyncio.sleep(0);
};

const generator_close: Main = function* generator_close(program) {
  yield* program.asyncio.async_generator(module(program).generator).__anext__();
};

const reprs: Main = function* reprs(program) {
  const { asyncio } = program;
  const { pending, never, slow } = module(program);
  const loop = asyncio.get_running_loop();
  const show = (value: { repr(): string }): void => asyncio.python.world.diagnose("shown", value.repr());
  const lock = asyncio.Lock();
  yield* lock.acquire();
  const tasks = [asyncio.create_task(lock.acquire()), asyncio.create_task(lock.acquire())];
  const waiting = asyncio.create_task(pending(), "W");
  yield* asyncio.sleep(0);
  show(lock);
  show(waiting);
  waiting.cancel();
  show(waiting);
  yield* asyncio.wait([waiting]);
  show(waiting);
  const future = loop.create_future();
  future.set_result("x".repeat(50));
  show(future);
  show(loop.call_soon(slow, 1));
  const handle = loop.call_later(9, slow, 2);
  show(handle);
  handle.cancel();
  show(handle);
  const queue = asyncio.Queue<number>(3);
  queue.put_nowait(1);
  queue.put_nowait(2);
  show(queue);
  show(asyncio.Event());
  show(asyncio.Semaphore(2));
  show(asyncio.Condition());
  show(asyncio.Barrier(3));
  const scope = asyncio.timeout(5);
  yield* scope.scope(function* () {
    show(scope);
  });
  show(scope);
  const group = asyncio.TaskGroup();
  yield* group.scope(function* () {
    group.create_task(never());
    show(group);
  });
  show(group);
  for (const task of tasks) task.cancel();
};

export const mains: Readonly<Record<string, Main>> = {
  task_exception,
  future_exception,
  callback_exception,
  slow_callbacks,
  shutdown_error,
  never_awaited,
  generator_close,
  reprs,
};
