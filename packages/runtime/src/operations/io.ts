import { int } from "../expressions.ts";
import { Fault } from "../values.ts";
import { duration, type Operations } from "./operation.ts";

export const io: Operations<"callService" | "fileRead" | "fileStat"> = {
  callService: {
    start: (world, task, _frame, at) =>
      world.lowering.callService(task, world.serviceCall(task, at.extra as string)),
    accept(_frame, at, result) {
      if (result !== true) throw new Fault("Rejected", `service ${at.extra as string} refused or failed`);
    },
  },
  fileRead: {
    start({ lowering }, task, frame, at) {
      const stallNs = at.b === null ? 0 : duration(at.b(frame));
      return lowering.fileRead(task, int(at.a!(frame)), stallNs);
    },
  },
  fileStat: { start: ({ lowering }, task) => lowering.fileStat(task) },
};
