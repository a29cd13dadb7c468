/**
 * Asynchronous generators (PEP 525) as far as scheduling goes: iterating is no suspension by itself, what the body awaits
 * reaches the task of whoever iterates. A body is a generator function; its `yield x` is `yield* async_yield(x)`.
 * Objects/genobject.c, and the hooks of asyncio/base_events.py, 3.11.7. Objects have no reference counts here: `drop` says
 * where Python's last reference goes.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { GeneratorExit, RuntimeError, StopAsyncIteration } from "./exceptions.ts";
import type { Coroutine } from "./task.ts";

/** What the body gives to whoever iterates, where everything else it yields is for the task. */
class Item {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** `yield value` in an asynchronous generator: comes back with what `asend` sent. */
export function* async_yield(value: unknown): Coroutine {
  return yield new Item(value);
}

export class AsyncGenerator<T = unknown> {
  readonly name: string;
  private readonly loop: BaseEventLoop;
  private readonly body: Coroutine<void>;
  private running = false;
  private begun = false;
  private closed = false;

  constructor(loop: BaseEventLoop, body: Coroutine<void>, name: string) {
    this.loop = loop;
    this.body = body;
    this.name = name;
  }

  /** The next item; StopAsyncIteration after the last. */
  __anext__(): Coroutine<T> {
    return this.drive("anext()", () => this.body.next());
  }

  asend(value: unknown): Coroutine<T> {
    return this.drive("asend()", () => this.body.next(value));
  }

  athrow(error: Error): Coroutine<T> {
    return this.drive("athrow()", () => this.body.throw(error));
  }

  /** Throws GeneratorExit in where it stands; one that has not begun, or is over, is only closed. */
  *aclose(): Coroutine<void> {
    if (this.running) throw this.already_running("aclose()");
    if (this.begun && !this.closed)
      try {
        yield* this.athrow(new GeneratorExit(""));
      } catch (error) {
        if (error instanceof GeneratorExit || error instanceof StopAsyncIteration) return;
        throw error;
      }
    else {
      this.end();
      return;
    }
    throw new RuntimeError("async generator ignored GeneratorExit");
  }

  /** `async for`: the block returns true to leave the loop, which closes nothing. */
  *for_each(block: (item: T) => Coroutine<boolean | void>): Coroutine<void> {
    for (;;) {
      let item: T;
      try {
        item = yield* this.__anext__();
      } catch (error) {
        if (error instanceof StopAsyncIteration) return;
        throw error;
      }
      if ((yield* block(item)) === true) return;
    }
  }

  /** The last reference goes: an unfinished generator is closed by a task that the loop is asked for. */
  drop(): void {
    if (!this.begun || this.closed || this.loop.is_closed()) return;
    const { loop } = this;
    loop._asyncgens.delete(this as AsyncGenerator);
    loop.call_soon_threadsafe(() => void loop.create_task(this.aclose()));
  }

  repr(): string {
    return `<async_generator object ${this.name} at 0x0>`;
  }

  private *drive(method: string, resume: () => IteratorResult<unknown, void>): Coroutine<T> {
    if (this.running) throw this.already_running(method);
    if (this.closed) throw new StopAsyncIteration("");
    if (!this.begun) {
      this.begun = true;
      this.loop._asyncgen_firstiter_hook(this as AsyncGenerator);
    }
    this.running = true;
    try {
      let result = resume();
      for (;;) {
        if (result.done === true) {
          this.end();
          throw new StopAsyncIteration("");
        }
        if (result.value instanceof Item) return result.value.value as T;
        result = yield* this.pass_on(result.value);
      }
    } catch (error) {
      this.end();
      if (!(error instanceof StopAsyncIteration)) this.loop.python.raised.add(error as object);
      throw error;
    } finally {
      this.running = false;
    }
  }

  /** One await of the body, by the task that iterates. */
  private *pass_on(awaited: unknown): Coroutine<IteratorResult<unknown, void>> {
    let sent: unknown;
    try {
      sent = yield awaited;
    } catch (error) {
      return this.body.throw(error);
    }
    return this.body.next(sent);
  }

  private end(): void {
    this.closed = true;
    this.loop._asyncgens.delete(this as AsyncGenerator);
  }

  private already_running(method: string): RuntimeError {
    return new RuntimeError(`${method}: asynchronous generator is already running`);
  }
}
