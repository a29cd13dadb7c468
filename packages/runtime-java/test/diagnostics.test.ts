// What the model says of a run's threads, against the text of the real JVM: the same but for numbers, addresses, stacks and the VM's own
// threads. The containers of a real dump are in the order of a hash table, so lines are compared as a set with repetitions.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Jvm,
  LockSupport,
  ObjectMonitor,
  P1,
  printPinned,
  ReentrantLock,
  runJava,
  synchronizedOn,
  Thread,
  threadDump,
  threadDumpJson,
  ThreadPerTaskExecutor,
} from "../src/index.ts";

const stored = (name: string): string =>
  readFileSync(new URL(`diagnostics/${name}-temurin-25.0.3.txt`, import.meta.url), "utf8")
    .split("\n")
    .slice(1)
    .join("\n");

const FLAGS = ["parallelism", "maxPoolSize"].map((name) => `-Djdk.virtualThreadScheduler.${name}=1`);
const JVMS = "/usr/lib/jvm";
/** A JDK 25's java: on PATH, or where distributions put JDKs. */
const java = (() => {
  const folders = existsSync(JVMS) ? readdirSync(JVMS).map((name) => join(JVMS, name, "bin")) : [];
  return ["java", ...folders.map((folder) => join(folder, "java"))].find((tool) =>
    /\b25\b/.test(spawnSync(tool, ["--version"], { encoding: "utf8" }).stdout?.split("\n")[0] ?? ""),
  );
})();
const source = new URL("diagnostics/Diagnostics.java", import.meta.url).pathname;
const live = (...args: readonly string[]): string =>
  execFileSync(java!, [...FLAGS, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/** Threads of the VM that the model has not; their pool, which waits for processes, goes below. */
const OF_THE_VM =
  /"(Reference Handler|Finalizer|Signal Dispatcher|Notification Thread|Common-Cleaner|process reaper.*)"/;

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(/@[0-9a-f]+/g, "@H")
        .replace(/\d+/g, "N")
        .replace(/,$/, "")
        .trimEnd(),
    )
    .filter((line) => line !== "")
    .toSorted();
}

/** The text form without stacks and the VM's threads. */
const ofText = (text: string): string[] =>
  lines(
    text
      .split("\n\n")
      .filter((block) => !OF_THE_VM.test(block))
      .join("\n")
      .replace(/^ +(at|- locked) .*$/gm, ""),
  );

/** Likewise the JSON form. */
const ofJson = (text: string): string[] =>
  lines(
    text
      .replace(/^ {10}\{\n(?: {12}.*\n)*? {10}\},?\n/gm, (thread) => (OF_THE_VM.test(thread) ? "" : thread))
      .replace(
        /^ {6}\{\n {8}"container": "java.util.concurrent.ThreadPoolExecutor.*\n(?: {8}.*\n)*? {6}\},?\n/gm,
        "",
      )
      .replace(/^ +"monitorsOwned": \[\n(?: {14,}.*\n)* {12}\],?\n/gm, "")
      .replace(/^( +"stack": \[\n)(?: {14}.*\n)*/gm, "$1")
      .replace(/^ +"threadCount": .*\n/gm, ""),
  );

const section = (text: string, name: string): string => text.split(`== ${name}\n`)[1]!.split("\n== ")[0]!;

/** The program of Diagnostics.java, stopped where that one dumps. */
function atTheDump<V>(look: (jvm: Jvm) => V): V {
  let seen: { readonly value: V } | null = null;
  runJava({ ...P1, onMainThread: true, trace: true, maxTimeNs: 1e12 }, function* (jvm) {
    const [lock, monitor, condition] = [
      new ReentrantLock(jvm),
      new ObjectMonitor(jvm),
      new ObjectMonitor(jvm),
    ];
    yield* lock.lock();
    Thread.startVirtualThread(jvm, lock.lock(), "lockwait");
    Thread.startVirtualThread(jvm, LockSupport.park(jvm), "parked");
    Thread.startVirtualThread(jvm, Thread.sleep(jvm, 100_000), "sleeper");
    Thread.startVirtualThread(
      jvm,
      synchronizedOn(condition, () => condition.wait()),
      "waiter",
    );
    new ThreadPerTaskExecutor(jvm).submit(() => Thread.sleep(jvm, 100_000));
    yield* synchronizedOn(monitor, function* () {
      Thread.startVirtualThread(
        jvm,
        synchronizedOn(monitor, function* () {}),
        "blocked",
      );
      yield* Thread.sleep(jvm, 200);
      seen = { value: look(jvm) };
    });
  });
  return (seen as { readonly value: V } | null)!.value;
}

function pinned(): string {
  const { jvm } = runJava({ ...P1, lockingMode: "legacy" }, function* (vm) {
    const monitor = new ObjectMonitor(vm);
    const holder = Thread.startVirtualThread(
      vm,
      synchronizedOn(monitor, () => Thread.sleep(vm, 60)),
      "holder",
    );
    while (!holder.isTerminated) yield* Thread.sleep(vm, 1);
  });
  return printPinned(jvm);
}

function compareThreads(real: string): void {
  expect(ofText(atTheDump(threadDump))).toEqual(ofText(section(real, "TEXT_PLAIN")));
  expect(ofJson(atTheDump(threadDumpJson))).toEqual(ofJson(section(real, "JSON")));
  const [, scheduler] = section(real, "SCHEDULER").split("\n");
  expect(atTheDump(({ pool }) => pool.toString()).replace(/@\w+/, "")).toBe(scheduler!.replace(/@\w+/, ""));
}

describe("in the words of Temurin 25.0.3, as recorded", () => {
  it("dumps threads as text and as JSON, and tells the scheduler's state, numbers included", () => {
    compareThreads(stored("threads"));
  });

  it("prints the event of a pinned thread", () => {
    expect(lines(pinned())).toEqual(lines(stored("pinned")));
  });
});

describe.skipIf(java === undefined)(
  java !== undefined ? "in the words of this JVM" : "skipped: no java 25 on PATH",
  () => {
    it("dumps threads and tells the scheduler's state", () => {
      compareThreads(live(source, "threads"));
    }, 60_000);

    it("prints the event of a pinned thread", () => {
      expect(lines(pinned())).toEqual(
        lines(live("-XX:-PrintWarnings", "-XX:LockingMode=1", source, "pinned")),
      );
    }, 60_000);
  },
);
