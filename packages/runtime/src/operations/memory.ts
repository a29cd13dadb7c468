/** Shared cells and atomics. The machine is sequentially consistent; what races is decided by where tasks are switched. */
import type { Frame, Instruction } from "../code.ts";
import { bind } from "../completion.ts";
import { int } from "../expressions.ts";
import { type AtomicHandle, Fault } from "../values.ts";
import type { World } from "../world.ts";
import { handle, type Operations } from "./operation.ts";

export const memory: Operations<
  "load" | "store" | "atomic" | "atomicLoad" | "atomicStore" | "atomicAdd" | "atomicCas"
> = {
  load: {
    start(world, _task, frame, at) {
      world.machine.charge(world.costs.memory);
      frame.slots[at.slot] = world.cells[at.slot2]![cellIndex(world, at, frame)]!;
      return null;
    },
  },
  store: {
    start(world, _task, frame, at) {
      world.machine.charge(world.costs.memory);
      world.cells[at.slot2]![cellIndex(world, at, frame)] = at.b!(frame);
      return null;
    },
  },
  atomic: {
    start(world, _task, frame, at) {
      const name = world.handleName(at.extra as string);
      const atomic: AtomicHandle = { kind: "atomic", name, value: int(at.a!(frame)), native: null };
      frame.slots[at.slot] = atomic;
      return null;
    },
  },
  atomicLoad: {
    start({ machine, costs }, _task, frame, at) {
      machine.charge(costs.memory);
      frame.slots[at.slot] = handle<AtomicHandle>(at.a!(frame)).value;
      return null;
    },
  },
  atomicStore: {
    start({ machine, costs }, _task, frame, at) {
      machine.charge(costs.memory);
      handle<AtomicHandle>(at.a!(frame)).value = int(at.b!(frame));
      return null;
    },
  },
  atomicAdd: {
    start({ machine, costs }, _task, frame, at) {
      machine.charge(costs.memory);
      const atomic = handle<AtomicHandle>(at.a!(frame));
      const sum = atomic.value + int(at.b!(frame));
      if (!Number.isSafeInteger(sum)) throw new Fault("Overflow", "integer beyond 2^53-1");
      atomic.value = sum;
      bind(frame, at.slot, sum);
      return null;
    },
  },
  atomicCas: {
    start({ machine, costs }, _task, frame, at) {
      machine.charge(costs.memory);
      const atomic = handle<AtomicHandle>(at.a!(frame));
      const swapped = atomic.value === int(at.b!(frame));
      if (swapped) atomic.value = int(at.args[0]!(frame));
      frame.slots[at.slot2] = swapped;
      return null;
    },
  },
};

function cellIndex(world: World, at: Instruction, frame: Frame): number {
  if (at.a === null) return 0;
  const index = int(at.a(frame));
  const { length } = world.cells[at.slot2]!;
  if (index < 0 || index >= length) throw new Fault("NoneDeref", `cell ${index} of ${length}`);
  return index;
}
