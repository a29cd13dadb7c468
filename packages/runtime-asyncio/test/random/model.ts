/** The model's arm of the random programs: reads like real.py, which made them and ran them on CPython. */
import { zeroMachineCosts } from "@orrery/simulator";
import { type AsyncioCosts, defaultCosts } from "../../src/costs.ts";
import { typeName } from "../../src/exceptions.ts";
import type { Future } from "../../src/futures.ts";
import { runPython } from "../../src/run_asyncio.ts";
import type { Coroutine, Task } from "../../src/task.ts";
import type { ReturnWhen } from "../../src/tasks.ts";

type Op = readonly [kind: string, ...args: never[]];
type Block = readonly Op[];

export interface Case {
  readonly program: { readonly tasks: readonly Block[]; readonly roots: readonly number[] };
  readonly log: readonly string[];
}

const noCosts = Object.fromEntries(
  Object.keys(defaultCosts).map((name) => [name, 0]),
) as unknown as AsyncioCosts;

export function runOnModel(program: Case["program"]): string[] {
  const out: string[] = [];
  runPython(
    function* ({ asyncio }, loop, thread) {
      loop.set_exception_handler(() => {});
      function* main(): Coroutine<void> {
        const locks = [asyncio.Lock(), asyncio.Lock()];
        const sems = [asyncio.Semaphore(1), asyncio.Semaphore(2)];
        const queues = [asyncio.Queue<number>(1), asyncio.Queue<number>()];
        const event = asyncio.Event();
        const cond = asyncio.Condition();
        const futures = [0, 1, 2].map(() => loop.create_future<number>());
        const tasks: Task[] = [];

        const log = (...values: unknown[]): void => {
          const ms = Math.trunc(asyncio.python.machine.now / 1e6);
          out.push([loop.iterations, ms, ...values].join(" "));
        };
        const start = (i: number): Task => (tasks[i] ??= loop.create_task(body(i), String(i)) as Task);

        function* body(i: number): Coroutine<unknown> {
          log(i, "starts");
          try {
            yield* block(i, program.tasks[i]!);
          } catch (error) {
            log(i, "raises", typeName(error));
            throw error;
          }
          log(i, "ends");
          return i;
        }

        function* within(
          resource: { acquire(): Coroutine<unknown>; release(): void },
          inner: () => Coroutine<unknown>,
        ): Coroutine<void> {
          yield* resource.acquire();
          try {
            yield* inner();
          } finally {
            resource.release();
          }
        }

        const names = (fs: readonly Future[]): string[] => fs.map((f) => (f as Task).get_name()).toSorted();

        const operations: Record<string, (i: number, ...args: never[]) => Coroutine<unknown>> = {
          *sleep(_i, ms: number) {
            yield* asyncio.sleep(ms / 1000);
          },
          *spawn(_i, j: number) {
            start(j);
          },
          *await(_i, j: number) {
            return yield* start(j);
          },
          *cancel(_i, j: number) {
            return start(j).cancel();
          },
          *gather(_i, js: number[], settled: boolean) {
            return yield* settled
              ? asyncio.gather_settled(...js.map(start))
              : asyncio.gather(...js.map(start));
          },
          *gathercoros(_i, ds: number[]) {
            return yield* asyncio.gather(...ds.map((d) => asyncio.sleep(d / 1000, d)));
          },
          *wait(_i, js: number[], return_when: ReturnWhen, timeout: number | null) {
            const { done, pending } = yield* asyncio.wait(js.map(start), {
              return_when,
              ...(timeout === null ? {} : { timeout: timeout / 1000 }),
            });
            return [names(done), names(pending)];
          },
          *waitfor(_i, j: number, ms: number) {
            return yield* asyncio.wait_for(start(j), ms / 1000);
          },
          *waitforcoro(i, inner: Block, ms: number) {
            return yield* asyncio.wait_for(block(i, inner), ms / 1000);
          },
          *shield(_i, j: number) {
            return yield* asyncio.shield(start(j));
          },
          *ascompleted(_i, ds: number[], ms: number) {
            const results: unknown[] = [];
            for (const next of asyncio.as_completed(
              ds.map((d) => asyncio.sleep(d / 1000, d)),
              ms / 1000,
            ))
              results.push(yield* next);
            return results;
          },
          *timeout(i, ms: number, inner: Block) {
            yield* asyncio.timeout(ms / 1000).scope(() => block(i, inner));
          },
          *group(i, js: number[], inner: Block) {
            yield* asyncio.TaskGroup().scope(function* (group) {
              for (const j of js) group.create_task(body(j), String(j));
              yield* block(i, inner);
            });
          },
          lock: (i, which: number, inner: Block) => within(locks[which]!, () => block(i, inner)),
          sem: (i, which: number, inner: Block) => within(sems[which]!, () => block(i, inner)),
          put: (i, which: number) => queues[which]!.put(i),
          get: (_i, which: number) => queues[which]!.get(),
          *set() {
            event.set();
          },
          *clear() {
            event.clear();
          },
          *event() {
            yield* event.wait();
          },
          cond: () =>
            within(cond, function* () {
              yield* cond.wait();
            }),
          notify: (_i, count: number) =>
            within(cond, function* () {
              cond.notify(count);
            }),
          *resolve(i, which: number) {
            if (!futures[which]!.done()) futures[which]!.set_result(i);
          },
          *future(_i, which: number) {
            return yield* futures[which]!;
          },
          *soon(i) {
            loop.call_soon(() => log(i, "soon"));
          },
          *later(i, ms: number) {
            loop.call_later(ms / 1000, () => log(i, "later"));
          },
          *raise() {
            const error = new Error();
            error.name = "ValueError";
            throw error;
          },
          *self() {
            return asyncio.current_task()!.cancel();
          },
          *uncancel() {
            return asyncio.current_task()!.uncancel();
          },
          *finally(i, inner: Block, last: Block) {
            try {
              yield* block(i, inner);
            } finally {
              yield* block(i, last);
            }
          },
        };

        function* block(i: number, ops: Block): Coroutine<void> {
          for (const [kind, ...args] of ops)
            try {
              const result = yield* operations[kind]!(i, ...args);
              log(i, kind, json(result));
            } catch (error) {
              log(i, kind, typeName(error));
              if ((args.at(-1) as unknown) === false) throw error;
            }
        }

        for (const i of program.roots) start(i);
        yield* asyncio.sleep(1);
        tasks.forEach((task, i) => log(i, task.done() ? "done" : "pending", task.cancelling()));
        log("end");
        loop.stop();
      }
      loop.create_task(main());
      yield* loop.run_forever(thread);
    },
    { costs: noCosts, machineCosts: zeroMachineCosts },
  );
  return out;
}

/** json.dumps, with exceptions by their names. */
function json(value: unknown): string {
  if (value === null || value === undefined) return "None";
  return dump(value);
}

function dump(value: unknown): string {
  if (value instanceof Error) return `"${typeName(value)}"`;
  if (Array.isArray(value)) return `[${value.map(dump).join(", ")}]`;
  return JSON.stringify(value ?? null);
}
