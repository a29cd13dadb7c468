/** Every answer of docs/wrong-answers.md, on the model and on the Node that runs the test. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ms, runNode } from "../src/index.ts";

const page = readFileSync(new URL("../../../docs/wrong-answers.md", import.meta.url), "utf8");
const sections = [...page.matchAll(/^## \d+\. (.*)\n[^]*?```js\n([^]*?)```\n\n```text\n([^]*?)\n```/gm)].map(
  ([, title, program, output]) => ({ title: title!, program: program!, output: output! }),
);

/** The ports, in the page's order. */
const ports: Parameters<typeof runNode>[0][] = [
  ({ process, Promise, log }) => {
    process.nextTick(() => {
      log("tick 1");
      Promise.resolve().then(() => log("micro"));
    });
    process.nextTick(() => log("tick 2"));
  },
  ({ process, Promise, log }) => {
    Promise.resolve()
      .then(() => {
        log("micro 1");
        process.nextTick(() => log("tick"));
      })
      .then(() => log("micro 2"))
      .then(() => log("micro 3"));
  },
  function* ({ async, Promise, log }) {
    const returned = yield* async(function* () {
      return Promise.resolve();
    })();
    returned.then(() => log("return promise"));
    const awaited = yield* async(function* () {
      return yield Promise.resolve();
    })();
    awaited.then(() => log("return await promise"));
    const value = yield* async(function* () {
      return 1;
    })();
    value.then(() => log("return value"));
    Promise.resolve()
      .then(() => log("turn 1"))
      .then(() => log("turn 2"))
      .then(() => log("turn 3"));
  },
  ({ Promise, log }) => {
    const p = Promise.resolve();
    Promise.make((resolve) => resolve(p)).then(() => log("resolve(p)"));
    p.then(() => log("p"));
    p.then(() => log("turn 1"))
      .then(() => log("turn 2"))
      .then(() => log("turn 3"));
  },
  ({ Promise, log }) => {
    Promise.resolve()
      .then(() => {
        log(0);
        return Promise.resolve(4);
      })
      .then((value) => log(value));
    Promise.resolve()
      .then(() => log(1))
      .then(() => log(2))
      .then(() => log(3))
      .then(() => log(5));
  },
  ({ fs, setTimeout, setImmediate, log }) => {
    fs.stat(() => {
      setTimeout(() => log("timeout"), 0);
      setImmediate(() => log("immediate"));
    });
  },
  function* ({ setTimeout, Promise, log }) {
    setTimeout(() => {
      log("timer 1");
      Promise.resolve().then(() => log("micro"));
    }, 1);
    setTimeout(() => log("timer 2"), 1);
    yield ms(4);
  },
  function* ({ setTimeout, log }) {
    setTimeout(() => log("due at 10"), 10);
    yield ms(3);
    setTimeout(() => log("due at 15"), 12);
    yield ms(4);
    setTimeout(() => log("due at 17"), 10);
    yield ms(20);
  },
  ({ process, Promise, setImmediate, log }) => {
    process.on("unhandledRejection", () => log("unhandled"));
    const p = Promise.reject(new Error("p"));
    process.nextTick(() => Promise.resolve().then(() => p.catch(() => log("caught in time"))));
    const q = Promise.reject(new Error("q"));
    setImmediate(() => q.catch(() => log("caught too late")));
  },
];

test("each section has a port", () => {
  expect(sections.length).toBe(ports.length);
});

describe("the model's answer is the page's, under every seed", () => {
  test.each(sections.map((section, i) => ({ ...section, port: ports[i]! })))("$title", ({ port, output }) => {
    for (const seed of [1, 2, 3, 4, 5]) expect(runNode(port, { seed }).lines.join("\n")).toBe(output);
  });
});

describe("so is the answer of the Node that runs this", () => {
  test.each(sections)("$title", ({ program, output }) => {
    const printed = execFileSync(
      process.execPath,
      ["--no-warnings", "--input-type=commonjs", "-e", program],
      {
        encoding: "utf8",
      },
    );
    expect(printed.trimEnd()).toBe(output);
  });
});
