/** How the procedures of a program are used: what decides which functions JavaScript needs for each. */
import { type Block, mayCancel, type Program, type Stmt, suspends, walk } from "@orrery/program";
import { recursive } from "../java/exits.ts";

export class ProcUses {
  private readonly awaiting = new Set<string>();
  private readonly called = new Set<string>();
  private readonly spawned = new Set<string>();
  private readonly begunLater = new Set<string>();
  private readonly recursive: ReadonlySet<string>;
  /** Some task can be cancelled. */
  readonly cancels: boolean;
  /** Some file is slow to read. */
  readonly stalls: boolean;
  /** Some select waits for a promise or an event. */
  readonly signals: boolean;
  /** Operations that the program uses. */
  readonly ops = new Set<Stmt["op"]>();

  constructor(program: Program) {
    this.recursive = recursive(program);
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
        if (stmt.op === "spawn" && stmt.deferred === true) this.begunLater.add(stmt.proc);
      });
    this.stalls = stalls;
    this.signals = signals;
    this.cancels = mayCancel(program);
    for (let before = -1; before < this.awaiting.size; ) {
      before = this.awaiting.size;
      for (const [name, body] of bodies) if (this.awaits(body)) this.awaiting.add(name);
    }
  }

  isRecursive(proc: string): boolean {
    return this.recursive.has(proc);
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
      if (suspends(stmt.op) || (stmt.op === "call" && this.awaiting.has(stmt.proc))) found = true;
    });
    return found;
  }
}
