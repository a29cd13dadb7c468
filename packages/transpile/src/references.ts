/** What references of each type take and give: one place for all their procedures, so that one function type fits them all. */
import { type Program, referredIn, type Stmt, type TypeName, walk } from "@orrery/program";
import { Slot } from "./types.ts";

export class References {
  private readonly slots = new Map<string, readonly Slot[]>();
  private readonly procs = new Map<string, Set<string>>();
  private readonly uses = { callRef: new Set<string>(), spawnRef: new Set<string>() };

  /** `slotsOf` gives the places of a procedure's arguments, and of its result. */
  constructor(program: Program, slotsOf: (proc: string) => readonly Slot[]) {
    for (const [type, { args, returns }] of Object.entries(program.procTypes ?? {})) {
      const places: readonly (TypeName | "void")[] = [...args.map((arg) => arg.type), returns ?? "void"];
      this.slots.set(
        type,
        places.map((kind) => Slot.of(kind === "dur" ? "int" : kind)),
      );
      if (returns === undefined) this.resultOf(type).setNullable();
      this.procs.set(type, new Set());
    }
    const visit = (stmt: Stmt): void => {
      if (stmt.op === "callRef" || stmt.op === "spawnRef") this.uses[stmt.op].add(stmt.type);
      for (const { type, procRef, args } of referredIn(stmt)) {
        const known = this.procs.get(type)!;
        if (known.has(procRef)) continue;
        known.add(procRef);
        slotsOf(procRef)
          .slice(args.length)
          .forEach((slot, index) => {
            const place = this.slots.get(type)![index]!;
            slot.flowsInto(place);
            place.flowsInto(slot);
          });
      }
    };
    for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
      walk(body, visit);
  }

  argsOf(type: string): readonly Slot[] {
    return this.slots.get(type)!.slice(0, -1);
  }

  resultOf(type: string): Slot {
    return this.slots.get(type)!.at(-1)!;
  }

  /** The procedures that references of the type are to. */
  procsOf(type: string): readonly string[] {
    return [...this.procs.get(type)!];
  }

  isCalled(type: string): boolean {
    return this.uses.callRef.has(type);
  }

  isSpawned(type: string): boolean {
    return this.uses.spawnRef.has(type);
  }
}
