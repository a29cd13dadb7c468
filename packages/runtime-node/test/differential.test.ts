/**
 * Random programs of promises, async functions, ticks, microtasks and immediates, run by the V8 and Node that run this test and
 * by the model: they must log the same. Node 24 is the judge; turn counts are those of Node 12 and later.
 */
import { SeededDecisions } from "@orrery/simulator";
import { expect, test } from "vitest";
import { give, type Node, runNode } from "../src/index.ts";

const PROGRAMS = 400;
const STATEMENTS = 14;
const VARIABLES = 8;

type Result = { readonly value: number } | { readonly promise: number } | { readonly throws: number };
type Step = { readonly awaits: number } | { readonly logs: number } | { readonly awaitsValue: true };
/** Steps of a generator; `gives` is its own `yield`. */
type GeneratorStep = Step | { readonly gives: number };
type RequestKind = "next" | "throw" | "return";
type Statement =
  | { readonly op: "resolve"; readonly to: number; readonly result: Result }
  | { readonly op: "defer"; readonly to: number }
  | { readonly op: "settle"; readonly deferred: number; readonly result: Result }
  | {
      readonly op: "then" | "catch" | "finally";
      readonly to: number;
      readonly of: number;
      readonly id: number;
      readonly result: Result;
    }
  | { readonly op: "all" | "race" | "any" | "allSettled"; readonly to: number; readonly of: number[] }
  | {
      readonly op: "async";
      readonly to: number;
      readonly id: number;
      readonly steps: Step[];
      readonly result: Result;
    }
  | {
      readonly op: "generator";
      readonly to: number;
      readonly id: number;
      readonly steps: GeneratorStep[];
      /** In its `finally`. */
      readonly cleanup: GeneratorStep[];
      readonly requests: { readonly kind: RequestKind; readonly value: number }[];
      readonly result: Result;
    }
  | {
      readonly op: "nextTick" | "queueMicrotask" | "setImmediate";
      readonly id: number;
      readonly body: Statement[];
    };

/** A random program. */
function generate(seed: number): Statement[] {
  const decisions = new SeededDecisions(seed);
  const below = (n: number): number => decisions.choose("test.program", n);
  let ids = 0;
  const result = (): Result => {
    const kind = below(6);
    if (kind === 0) return { throws: ids++ };
    return kind === 1 ? { promise: below(VARIABLES) } : { value: ids++ };
  };
  const step = (): Step => {
    const kind = below(4);
    if (kind === 0) return { logs: ids++ };
    return kind === 1 ? { awaitsValue: true } : { awaits: below(VARIABLES) };
  };
  const generatorStep = (): GeneratorStep => (below(3) === 0 ? { gives: below(VARIABLES) } : step());
  const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  const statement = (depth: number): Statement => {
    const to = below(VARIABLES);
    const of = below(VARIABLES);
    switch (below(depth === 0 ? 9 : 8)) {
      case 0:
        return { op: "resolve", to, result: result() };
      case 1:
        return { op: "defer", to };
      case 2:
        return { op: "settle", deferred: below(VARIABLES), result: result() };
      case 3:
      case 4:
        return {
          op: (["then", "then", "catch", "finally"] as const)[below(4)]!,
          to,
          of,
          id: ids++,
          result: result(),
        };
      case 5:
        return {
          op: (["all", "race", "any", "allSettled"] as const)[below(4)]!,
          to,
          of: many(1 + below(3), () => below(VARIABLES)),
        };
      case 6:
        return { op: "async", to, id: ids++, steps: many(below(4), step), result: result() };
      case 7:
        return {
          op: "generator",
          to,
          id: ids++,
          steps: many(below(5), generatorStep),
          cleanup: many(below(3), generatorStep),
          requests: many(1 + below(4), () => ({
            kind: (["next", "next", "next", "return", "throw"] as const)[below(5)]!,
            value: ids++,
          })),
          result: result(),
        };
      default:
        return {
          op: (["nextTick", "queueMicrotask", "setImmediate"] as const)[below(3)]!,
          id: ids++,
          body: many(3, () => statement(depth + 1)),
        };
    }
  };
  return many(STATEMENTS, () => statement(0));
}

/** The promises and queues of a host: Node itself, or the model. */
interface Host<P> {
  resolve(value: unknown): P;
  reject(reason: unknown): P;
  withResolvers(): { readonly promise: P; resolve(value: unknown): void; reject(reason: unknown): void };
  method(promise: P, name: "then" | "catch" | "finally", callback: (value: unknown) => unknown): P;
  combine(name: "all" | "race" | "any" | "allSettled", promises: P[]): P;
  async(
    steps: Step[],
    promiseOf: (variable: number) => P,
    log: (text: string) => void,
    result: () => unknown,
  ): P;
  generator(
    steps: GeneratorStep[],
    cleanup: GeneratorStep[],
    promiseOf: (variable: number) => P,
    log: (text: string) => void,
    result: () => unknown,
  ): (kind: RequestKind, value: unknown) => P;
  queue(name: "nextTick" | "queueMicrotask" | "setImmediate", callback: () => void): void;
}

const describe = (value: unknown): string => {
  if (value instanceof AggregateError) return `Aggregate(${value.errors.map(describe).join()})`;
  if (Array.isArray(value)) return `[${value.map(describe).join()}]`;
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return String(value);
};

function interpret<P>(statements: readonly Statement[], host: Host<P>, log: (text: string) => void): void {
  const variables = new Map<number, P>();
  const deferreds = new Map<number, ReturnType<Host<P>["withResolvers"]>>();
  const promiseOf = (variable: number): P => variables.get(variable) ?? host.resolve("none");
  /** Every promise is handled, so that no rejection ends the process. */
  const assign = (variable: number, promise: P): void => {
    host.method(promise, "catch", () => {});
    variables.set(variable, promise);
  };
  const outcome = (result: Result): unknown => {
    if ("throws" in result) throw result.throws;
    return "promise" in result ? promiseOf(result.promise) : result.value;
  };
  const run = (body: readonly Statement[]): void => body.forEach(execute);
  const execute = (statement: Statement): void => {
    switch (statement.op) {
      case "resolve": {
        const { result } = statement;
        assign(statement.to, "throws" in result ? host.reject(result.throws) : host.resolve(outcome(result)));
        return;
      }
      case "defer": {
        const deferred = host.withResolvers();
        deferreds.set(statement.to, deferred);
        assign(statement.to, deferred.promise);
        return;
      }
      case "settle": {
        const { result } = statement;
        const deferred = deferreds.get(statement.deferred);
        if ("throws" in result) deferred?.reject(result.throws);
        else deferred?.resolve(outcome(result));
        return;
      }
      case "then":
      case "catch":
      case "finally":
        assign(
          statement.to,
          host.method(promiseOf(statement.of), statement.op, (value) => {
            log(`${statement.op} ${statement.id} ${describe(value)}`);
            return outcome(statement.result);
          }),
        );
        return;
      case "all":
      case "race":
      case "any":
      case "allSettled":
        assign(statement.to, host.combine(statement.op, statement.of.map(promiseOf)));
        return;
      case "async": {
        const say = (text: string): void => log(`async ${statement.id} ${text}`);
        say("called");
        assign(
          statement.to,
          host.async(statement.steps, promiseOf, say, () => outcome(statement.result)),
        );
        return;
      }
      case "generator": {
        const { steps, cleanup, requests } = statement;
        const say = (text: string): void => log(`generator ${statement.id} ${text}`);
        const request = host.generator(steps, cleanup, promiseOf, say, () => outcome(statement.result));
        for (const { kind, value } of requests) {
          const promise = request(kind, value);
          host.method(promise, "then", (answer) => say(`${value}: ${describe(answer)}`));
          assign(statement.to, promise);
        }
        return;
      }
      default:
        host.queue(statement.op, () => {
          log(`${statement.op} ${statement.id}`);
          run(statement.body);
        });
    }
  };
  run(statements);
  for (const [variable, promise] of variables) {
    host.method(promise, "then", (value) => log(`${variable} is ${describe(value)}`));
    host.method(
      host.method(promise, "catch", (reason) => log(`${variable} threw ${describe(reason)}`)),
      "catch",
      () => {},
    );
  }
}

const ofNode: Host<Promise<unknown>> = {
  resolve: (value) => Promise.resolve(value),
  reject: (reason) => Promise.reject(reason),
  withResolvers: () => Promise.withResolvers(),
  method: (promise, name, callback) => {
    const call = promise[name] as (callback: (value: unknown) => unknown) => Promise<unknown>;
    const derived = call.call(promise, callback);
    derived.catch(() => {});
    return derived;
  },
  combine: (name, promises) => {
    const call = Promise[name] as (promises: Promise<unknown>[]) => Promise<unknown>;
    return call.call(Promise, promises);
  },
  async: async (steps, promiseOf, log, result) => {
    for (const step of steps) {
      if ("logs" in step) log(String(step.logs));
      // oxlint-disable-next-line unicorn/no-unnecessary-await -- the turn that it takes is the subject
      else if ("awaitsValue" in step) await null;
      else
        try {
          log(describe(await promiseOf(step.awaits)));
        } catch (error) {
          log(`caught ${describe(error)}`);
        }
    }
    return result();
  },
  generator: (steps, cleanup, promiseOf, log, result) => {
    const generator = (async function* (): AsyncGenerator<unknown, unknown> {
      try {
        for (const step of steps) {
          if ("logs" in step) log(String(step.logs));
          // oxlint-disable-next-line unicorn/no-unnecessary-await -- the turn that it takes is the subject
          else if ("awaitsValue" in step) await null;
          else if ("gives" in step) log(describe(yield promiseOf(step.gives)));
          else log(describe(await promiseOf(step.awaits)));
        }
        return result();
      } finally {
        log("cleanup");
        for (const step of cleanup) {
          if ("logs" in step) log(String(step.logs));
          // oxlint-disable-next-line unicorn/no-unnecessary-await -- the turn that it takes is the subject
          else if ("awaitsValue" in step) await null;
          else if ("gives" in step) log(describe(yield promiseOf(step.gives)));
          else log(describe(await promiseOf(step.awaits)));
        }
      }
    })();
    return (kind, value) => generator[kind](value);
  },
  queue: (name, callback) => {
    if (name === "nextTick") process.nextTick(callback);
    else if (name === "queueMicrotask") queueMicrotask(callback);
    else setImmediate(callback);
  },
};

type ModelPromise = ReturnType<Node["Promise"]["resolve"]>;

const ofModel = (node: Node): Host<ModelPromise> => ({
  resolve: (value) => node.Promise.resolve(value),
  reject: (reason) => node.Promise.reject(reason),
  withResolvers: () => {
    const promise = node.Promise.withResolvers();
    return {
      promise,
      resolve: (value) => promise.resolve(value),
      reject: (reason) => promise.reject(reason),
    };
  },
  method: (promise, name, callback) => {
    const derived = promise[name](callback as () => unknown);
    derived.catch(() => {});
    return derived;
  },
  combine: (name, promises) => node.Promise[name](promises),
  async: (steps, promiseOf, log, result) => {
    const call = node.async(function* () {
      for (const step of steps) {
        if ("logs" in step) log(String(step.logs));
        else if ("awaitsValue" in step) yield null;
        else
          try {
            log(describe(yield promiseOf(step.awaits)));
          } catch (error) {
            log(`caught ${describe(error)}`);
          }
      }
      return result();
    })();
    return call.next().value as ModelPromise; // nothing in it burns CPU: the call is done at once
  },
  generator: (steps, cleanup, promiseOf, log, result) => {
    function* run(these: GeneratorStep[]): Generator<unknown, void, unknown> {
      for (const step of these) {
        if ("logs" in step) log(String(step.logs));
        else if ("awaitsValue" in step) yield null;
        else if ("gives" in step) log(describe(yield give(promiseOf(step.gives))));
        else log(describe(yield promiseOf(step.awaits)));
      }
    }
    const generator = node.asyncGenerator(function* () {
      try {
        yield* run(steps);
        return yield node.Promise.resolve(result());
      } finally {
        log("cleanup");
        yield* run(cleanup);
      }
    })();
    return (kind, value) => generator[kind](value).next().value as ModelPromise;
  },
  queue: (name, callback) => {
    if (name === "nextTick") node.process.nextTick(callback);
    else if (name === "queueMicrotask") node.queueMicrotask(callback);
    else node.setImmediate(callback);
  },
});

async function runOnNode(program: readonly Statement[]): Promise<string[]> {
  const lines: string[] = [];
  await new Promise<void>((resolve) => {
    setImmediate(() => interpret(program, ofNode, (text) => lines.push(text)));
    let turns = 6; // more than immediates can nest
    setImmediate(function wait() {
      if (--turns === 0) resolve();
      else setImmediate(wait);
    });
  });
  return lines;
}

function runOnModel(program: readonly Statement[]): string[] {
  return runNode((node) => void node.setImmediate(() => interpret(program, ofModel(node), node.log)), {
    trace: false,
  }).lines;
}

test(`${PROGRAMS} random programs log what Node logs`, async () => {
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const program = generate(seed);
    const seen = runOnModel(program);
    const expected = await runOnNode(program);
    if (seen.join() !== expected.join()) {
      expect({ seed, program, lines: seen }).toEqual({ seed, program, lines: expected });
    }
  }
});
