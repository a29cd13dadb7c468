/**
 * Random programs over nested monitors, wait and notify, park, yield and interrupt on one carrier: the model prints what
 * Temurin 25.0.3 printed. The real arm is random-orders/RandomMonitors.java. The order depends on the worker's exact scans:
 * a monitor's heir comes from the unblocker's external queue, started threads and yielders from the carrier's.
 */
import { readFileSync } from "node:fs";
import type { Steps } from "@orrery/runtime";
import { describe, expect, it } from "vitest";
import {
  InterruptedException,
  LockSupport,
  ObjectMonitor,
  P1,
  Thread,
  type VirtualThread,
} from "../src/index.ts";
import { type Prelude, run } from "../src/conformance/prelude.ts";

const lines = (name: string): string[] =>
  readFileSync(new URL(`random-orders/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");

const programs = lines("monitors.txt");
const outputs = lines("monitors-temurin-25.0.3.txt");

function* interpret({ jvm, log, burn }: Prelude, program: string): Steps {
  const monitors = [new ObjectMonitor(jvm), new ObjectMonitor(jvm)];
  const threads: VirtualThread[] = [];

  /** Runs from `pc` to the end, or to the `x` that leaves the innermost monitor; returns where to go on. */
  const run = function* (
    self: number,
    body: readonly string[],
    pc: number,
    held: readonly number[],
  ): Steps<number> {
    while (pc < body.length) {
      const [op, operand] = body[pc++]!.split(" ");
      const a = Number(operand);
      const monitor = monitors[a]!;
      const at = `${self}.${pc}`;
      try {
        switch (op) {
          case "m":
            yield* monitor.enter();
            log(`${at}m`);
            pc = yield* run(self, body, pc, [...held, a]);
            monitor.exit();
            yield* burn(2);
            log(`${at}x`);
            break;
          case "x":
            if (held.length > 0) return pc;
            break;
          case "w":
            if (!held.includes(a)) break;
            yield* monitor.wait();
            log(`${at}w`);
            break;
          case "n":
            if (held.includes(a)) monitor.notify();
            break;
          case "N":
            if (held.includes(a)) monitor.notifyAll();
            break;
          case "Y":
            yield* Thread.yield(jvm);
            log(`${at}y`);
            break;
          case "S":
            if (threads[a]!.getState() === "NEW") threads[a]!.start();
            break;
          case "P":
            yield* LockSupport.park(jvm);
            log(`${at}p`);
            break;
          case "U":
            LockSupport.unpark(threads[a]!);
            break;
          case "I":
            threads[a]!.interrupt();
            break;
          case "B":
            yield* burn(2);
            break;
          default:
            throw new Error(op);
        }
      } catch (error) {
        if (!(error instanceof InterruptedException)) throw error;
        log(`${at}IE`);
      }
    }
    return pc;
  };

  const body = function* (self: number, line: string): Steps {
    yield* run(self, line.split(","), 0, []);
    log(`${self}end`);
  };
  for (const [self, line] of program.split(";").entries())
    threads.push(Thread.ofVirtual(jvm, body(self, line)));
  threads[0]!.start();
  yield* Thread.sleep(jvm, 300);
}

describe("random programs of monitors", () => {
  it("are as many as the outputs", () => {
    expect(programs.length).toBe(outputs.length);
  });

  it.each(programs.map((program, index) => [index, program] as const))("program %i", (index, program) => {
    expect(run((p) => interpret(p, program), { ...P1, onMainThread: true })).toBe(outputs[index]);
  });
});
