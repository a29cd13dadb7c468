/** How the procedures of a program are used: what decides which functions JavaScript needs for each. */
import {
  asyncProcs,
  type Block,
  calledBy,
  mayCancel,
  type Program,
  references,
  type References,
  type Stmt,
  suspends,
  walk,
} from "@orrery/program";
import { recursive } from "../java/exits.ts";

export class ProcUses {
  private readonly awaiting: ReadonlySet<string>;
  private readonly refs: References;
  private readonly called = new Set<string>();
  private readonly spawned = new Set<string>();
  private readonly begunLater = new Set<string>();
  private readonly recursive: Set<string>;
  /** Some task can be cancelled. */
  readonly cancels: boolean;
  /** Some file is slow to read. */
  readonly stalls: boolean;
  /** Some select waits for a promise or an event. */
  readonly signals: boolean;
  /** Operations that the program uses. */
  readonly ops = new Set<Stmt["op"]>();

  constructor(program: Program) {
    this.recursive = new Set(recursive(program));
    this.awaiting = asyncProcs(program);
    this.refs = references(program);
    const calledTypes = new Set<string>();
    let stalls = false;
    let signals = false;
    const bodies = Object.entries(program.procs).map(([name, { body }]) => [name, body] as const);
    for (const body of [program.main, ...bodies.map(([, body]) => body)])
      walk(body, (stmt) => {
        this.ops.add(stmt.op);
        if (stmt.op === "fileRead" && stmt.stall !== undefined) stalls = true;
        if (stmt.op === "select" && stmt.cases.some(({ dir }) => dir === "promise" || dir === "event"))
          signals = true;
        switch (stmt.op) {
          case "call":
          case "onceDo":
          case "onResolve":
          case "callback":
            this.called.add(stmt.proc);
            break;
          case "spawn":
          case "detach":
          case "afterFunc":
            this.spawned.add(stmt.proc);
        }
        if (stmt.op === "callRef") calledTypes.add(stmt.type);
        if (stmt.op === "callRef" || stmt.op === "spawnRef")
          for (const proc of this.procsOf(stmt.type))
            (stmt.op === "callRef" ? this.called : this.spawned).add(proc);
        if (stmt.op === "spawn" && stmt.deferred === true) this.begunLater.add(stmt.proc);
      });
    this.stalls = stalls;
    this.signals = signals;
    this.cancels = mayCancel(program);
    for (let before = -1; before < this.recursive.size; ) {
      before = this.recursive.size;
      for (const type of calledTypes)
        if (this.isCountedType(type)) for (const proc of this.procsOf(type)) this.recursive.add(proc);
    }
  }

  isRecursive(proc: string): boolean {
    return this.recursive.has(proc);
  }

  /** A call of it may nest without end, or it ends as a task does: its calls are counted. */
  isCounted(proc: string): boolean {
    return this.recursive.has(proc) || (this.spawned.has(proc) && !this.needsTask(proc));
  }

  /** Calls by references of the type are counted, and so are all calls of their procedures. */
  isCountedType(type: string): boolean {
    return this.procsOf(type).some((proc) => this.isCounted(proc));
  }

  /** Calls by references of the type are awaited. */
  isAsyncType(type: string): boolean {
    return this.procsOf(type).some((proc) => this.isAsync(proc));
  }

  private procsOf(type: string): readonly string[] {
    return [...(this.refs.get(type) ?? [])];
  }

  /** It awaits something, so a call of it is awaited too. */
  isAsync(proc: string): boolean {
    return this.awaiting.has(proc) || (this.spawned.has(proc) && !this.called.has(proc));
  }

  isSpawned(proc: string): boolean {
    return this.spawned.has(proc);
  }

  /** A plain function that tasks run too: they need an async one around it. */
  needsTask(proc: string): boolean {
    return this.spawned.has(proc) && !this.isAsync(proc);
  }

  /** Some task that runs it begins in a microtask of its own. */
  beginsLater(proc: string): boolean {
    return this.begunLater.has(proc);
  }

  awaits(block: Block): boolean {
    let found = false;
    walk(block, (stmt) => {
      if (suspends(stmt.op) || calledBy(stmt, this.refs).some((proc) => this.awaiting.has(proc)))
        found = true;
    });
    return found;
  }
}
