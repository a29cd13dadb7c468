/** What any run must keep, read off its trace: tasks neither appear nor vanish, a processor runs one task at a time. */
import { Kind } from "@orrery/simulator";
import type { Check } from "../kit.ts";
import type { RuntimeModel } from "../model.ts";
import { ensure, prepare, same } from "./harness.ts";
import { leak, lockOrder, mixed } from "./programs.ts";

export const conservationChecks: readonly Check[] = [
  {
    name: "every task is created once, runs in turns of run and stop, ends at most once, on one processor at a time",
    run(model) {
      for (const cores of [1, 4]) walk(model, cores);
    },
  },
  {
    name: "spawned tasks are those that completed, failed, were cancelled or are left",
    run(model) {
      for (const source of [mixed, leak, lockOrder]) {
        const execution = prepare(model, source).run();
        const { spawned, completed, failed, cancelled } = execution.result().tasks;
        same(source.name, spawned, completed + failed + cancelled + execution.world.live);
      }
    },
  },
  {
    name: "cores are busy no longer than the run lasts",
    run(model) {
      const execution = prepare(model, mixed, { cores: 2 }).run();
      for (const busyNs of execution.result().machine.coreBusyNs)
        ensure(busyNs <= execution.machine.now, () => `busy ${busyNs} ns of ${execution.machine.now}`);
    },
  },
];

function walk(model: RuntimeModel, cores: number): void {
  const { trace, world } = prepare(model, mixed, { cores }).run();
  const created = new Set<number>();
  const ended = new Set<number>();
  const running = new Map<number, number>(); // task -> processor
  const held = new Map<number, number>(); // processor -> task
  let last = 0;
  for (let row = 0; row < trace.length; row++) {
    const { kind, task, processor, timeNs, reason } = trace.at(row);
    const where = `event ${row} (${reason}, task ${task}, processor ${processor})`;
    ensure(timeNs >= last, () => `${where}: time runs backwards`);
    last = timeNs;
    if (task < 0) continue;
    if (kind === Kind.create) {
      ensure(!created.has(task), () => `${where}: created twice`);
      created.add(task);
    } else if (kind === Kind.run) {
      ensure(
        created.has(task) && !ended.has(task),
        () => `${where}: runs before it is created or after its end`,
      );
      ensure(!running.has(task), () => `${where}: runs on ${running.get(task)} already`);
      ensure(!held.has(processor), () => `${where}: processor runs task ${held.get(processor)}`);
      running.set(task, processor);
      held.set(processor, task);
    } else if (kind === Kind.park || kind === Kind.yield || kind === Kind.preempt || kind === Kind.exit) {
      ensure(running.has(task), () => `${where}: stops without running`);
      held.delete(running.get(task)!);
      running.delete(task);
      if (kind === Kind.exit) ended.add(task);
    }
  }
  same("tasks created", created.size, world.spawned);
  // The last tasks' exits may lie behind the end of the process.
  ensure(ended.size >= world.spawned - 1 - cores, () => `${ended.size} of ${world.spawned} tasks ended`);
}
