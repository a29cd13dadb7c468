/** Handlers of promises: stages of a CompletableFuture, each a task to the program, in the thread that completes it. */
import {
  isSteps,
  type Op,
  type PromiseHandle,
  type Reaction,
  type Steps,
  type Task,
  type Value,
} from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import type { Completed, CompletableFuture } from "../lib/completable-future.ts";
import type { Jvm } from "../vm/jvm.ts";

/** `promise.thenApply(handler)`; where the handler returns a promise, `thenCompose`. */
export function* onResolve(jvm: Jvm, reaction: Reaction): Steps {
  yield* op(futureOf(reaction.promise).whenDone(() => react(jvm, reaction)));
}

function* react(jvm: Jvm, reaction: Reaction): Steps<Completed> {
  const derived = futureOf(reaction.derived);
  if (reaction.promise.state === "rejected") {
    reaction.skip();
    return completed(derived);
  }
  const { child, body } = reaction.handle();
  yield* inCurrentThread(jvm, child, body);
  const inner = reaction.ended(child);
  if (inner === null) return completed(derived);
  return yield* op(
    futureOf(inner).whenDone(() => {
      reaction.follow(inner);
      return completed(derived);
    }),
  );
}

/** The handler's code in the turn of the thread's own task. */
function* inCurrentThread(jvm: Jvm, child: Task, body: Steps<Value>): Steps {
  const { machine } = jvm;
  const { processor } = jvm.currentCarrier()!;
  const thread = jvm.currentThread();
  const { taskId } = thread;
  child.native = thread;
  machine.emit(Kind.create, processor, child.id, "CompletableFuture: in the completing thread", taskId);
  machine.emit(Kind.yield, processor, taskId, "runs a handler");
  machine.emit(Kind.run, processor, child.id, "handler");
  thread.taskId = child.id;
  yield* body;
  thread.taskId = taskId;
  machine.emit(Kind.exit, processor, child.id, "handler");
  machine.emit(Kind.run, processor, taskId, "goes on after a handler");
}

function completed(future: CompletableFuture<null>): Completed {
  future.settle(null, null);
  return future as CompletableFuture<unknown>;
}

function* op<V>(given: Op<V>): Steps<V> {
  return isSteps(given) ? yield* given : given;
}

const futureOf = (promise: PromiseHandle): CompletableFuture<null> =>
  promise.native as CompletableFuture<null>;
