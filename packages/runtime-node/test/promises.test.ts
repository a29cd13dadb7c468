/** Promises, beside what the conformance programs show. */
import { expect, test } from "vitest";
import { JSPromise, type Node } from "../src/index.ts";
import { prints } from "./run.ts";

test("only the first call of the resolving functions counts, while the promise follows another one too", () => {
  expect(
    prints(({ Promise, setImmediate, log }) => {
      const followed = Promise.withResolvers();
      const promise = Promise.withResolvers();
      promise.resolve(followed);
      promise.resolve("second");
      promise.then(log);
      setImmediate(() => {
        promise.reject("third");
        followed.resolve("first");
      });
    }),
  ).toBe("first");
});

test("an async function runs at once up to its first await", () => {
  const script = function* ({ async, log }: Node) {
    const task = async(function* (name: string) {
      log(name);
      yield null;
    });
    for (const name of ["t1", "t2", "t3", "t4"]) yield* task(name);
    log("main");
  };
  expect(prints(script)).toBe("t1 ¶ t2 ¶ t3 ¶ t4 ¶ main");
});

test("a promise that is settled already still costs a turn", () => {
  expect(
    prints(function* ({ async, Promise, queueMicrotask, log }) {
      yield* async(function* () {
        const settled = Promise.resolve("settled");
        expect(settled).toBeInstanceOf(JSPromise);
        queueMicrotask(() => log("micro"));
        log(yield settled);
      })();
      log("main");
    }),
  ).toBe("main ¶ micro ¶ settled");
});
