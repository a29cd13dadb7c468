/**
 * What can fail, and whether tasks can be cancelled. A procedure that cannot fail returns no error; a program whose tasks
 * cannot be cancelled waits with Go's own statements. Faults of the program's arithmetic and of handles that are none are
 * panics in Go and do not count; that such a fault in the block of a scope should cancel the scope's tasks is passed over.
 */
import {
  type Block,
  type Expr,
  isCancellationPoint,
  nestedIn,
  type Program,
  references,
  type References,
  type Stmt,
  walk,
} from "@orrery/program";

const cancelling: ReadonlySet<Stmt["op"]> = new Set(["scopeRace", "cancel", "cancelToken", "deadline"]);

export class Failures {
  /** Whether some task can be asked to stop. */
  readonly cancels: boolean;
  /** Whether some channel is closed. */
  private readonly closes: boolean;
  /** Whether some promise is rejected. */
  private readonly rejects: boolean;
  private readonly program: Program;
  private readonly refs: References;
  private readonly fallible = new Set<string>();
  private cancellable = false;

  constructor(program: Program) {
    this.program = program;
    this.refs = references(program);
    const ops = new Set<Stmt["op"]>();
    for (const body of this.bodies()) walk(body, ({ op }) => ops.add(op));
    this.closes = ops.has("close");
    this.rejects = ops.has("reject");
    this.settle();
    this.cancels = this.bodies().some((body) => {
      let found = false;
      walk(body, (stmt) => {
        if (this.mayCancel(stmt)) found = true;
      });
      return found;
    });
    this.cancellable = this.cancels;
    this.settle();
  }

  inProc(name: string): boolean {
    return this.fallible.has(name);
  }

  /** Whether what references of the type are to returns an error. */
  inType(type: string): boolean {
    return [...(this.refs.get(type) ?? [])].some((name) => this.fallible.has(name));
  }

  inBlock(block: Block): boolean {
    return block.some((stmt) => this.inStatement(stmt));
  }

  /** Whether the statement itself, or a block inside it, can give an error. */
  inStatement(stmt: Stmt): boolean {
    switch (stmt.op) {
      case "throw":
      case "assert":
      case "callService":
      case "accept":
      case "connect":
      case "read":
      case "write":
      case "joinAny":
        return true;
      case "deadline":
        return true;
      case "callRef":
        return this.inType(stmt.type);
      case "call":
      case "onceDo":
        return this.fallible.has(stmt.proc);
      case "withToken":
        return this.cancellable || this.inBlock(stmt.body);
      case "join":
      case "joinAll":
        return this.cancellable || this.tasksFail;
      case "scope":
        return this.inBlock(stmt.body) || this.cancellable || this.tasksFail;
      case "scopeRace":
        return true;
      case "await":
        return this.cancellable || this.promisesFail;
      case "select":
        return (
          this.cancellable ||
          (this.promisesFail && stmt.cases.some(({ dir }) => dir === "promise")) ||
          nestedIn(stmt).some(({ block }) => this.inBlock(block))
        );
      case "put":
        return stmt.max !== undefined;
      case "while":
        return stmt.bound !== undefined || this.inBlock(stmt.body);
      case "try": {
        const takesAll = stmt.catches.some(({ kinds }) => kinds.includes("*"));
        return (
          (!takesAll && this.inBlock(stmt.body)) ||
          stmt.catches.some(({ body }) => this.inBlock(body)) ||
          (stmt.finally !== undefined && this.inBlock(stmt.finally))
        );
      }
      case "offload":
        return this.cancellable && stmt.workers !== undefined;
      default:
        return (
          (this.cancellable && isCancellationPoint(stmt.op)) ||
          nestedIn(stmt).some(({ block }) => this.inBlock(block))
        );
    }
  }

  /** Whether some promise can be rejected. */
  get promisesFail(): boolean {
    return this.rejects || this.fails("onResolve");
  }

  /** Whether some task that is waited for can fail. */
  get tasksFail(): boolean {
    return this.fails("spawn");
  }

  private fails(op: "spawn" | "onResolve"): boolean {
    let found = false;
    for (const body of this.bodies())
      walk(body, (stmt) => {
        if (stmt.op === op && this.fallible.has(stmt.proc)) found = true;
        if (op === "spawn" && stmt.op === "spawnRef" && this.inType(stmt.type)) found = true;
      });
    return found;
  }

  private bodies(): readonly Block[] {
    return [this.program.main, ...Object.values(this.program.procs).map(({ body }) => body)];
  }

  private mayCancel(stmt: Stmt): boolean {
    if (cancelling.has(stmt.op)) return true;
    if (stmt.op !== "scope") return false;
    return stmt.onError === "cancelSiblings" || this.inBlock(stmt.body) || this.usesClosed(stmt.body);
  }

  /** Whether a block can find a channel closed that it sends on or closes. */
  private usesClosed(block: Block): boolean {
    let found = false;
    walk(block, (stmt) => {
      const sends = stmt.op === "select" && stmt.cases.some(({ dir }) => dir === "send");
      if (sends || stmt.op === "send" || stmt.op === "trySend" || stmt.op === "close") found = true;
    });
    return this.closes && found;
  }

  private settle(): void {
    for (let before = -1; before < this.fallible.size; ) {
      before = this.fallible.size;
      for (const [name, { body }] of Object.entries(this.program.procs))
        if (this.inBlock(body) || defersInFunction(body)) this.fallible.add(name);
      for (const [type, procs] of this.refs)
        if (this.inType(type)) for (const name of procs) this.fallible.add(name);
    }
  }
}

/** Statements whose block is a function of its own in Go. */
const functions: ReadonlySet<Stmt["op"]> = new Set([
  "try",
  "scope",
  "scopeRace",
  "deadline",
  "withToken",
  "shield",
  "enter",
]);

/** Whether a block is deferred inside such a function. */
export function defersInFunction(body: Block): boolean {
  return body.some((stmt) =>
    nestedIn(stmt).some(({ block }) => {
      if (!functions.has(stmt.op)) return defersInFunction(block);
      let found = false;
      walk(block, ({ op }) => {
        if (op === "defer") found = true;
      });
      return found;
    }),
  );
}

/** Whether a list can grow while another local, task or container holds it too. */
export function sharesGrowingLists(program: Program): boolean {
  for (const [name, block] of [
    ["main", program.main] as const,
    ...Object.entries(program.procs).map(([proc, { body }]) => [proc, body] as const),
  ]) {
    const grown = new Set<string>();
    let others = false;
    walk(block, (stmt) => {
      if (stmt.op !== "push") return;
      if ("var" in stmt.list) grown.add(stmt.list.var);
      else others = true;
    });
    if (others) return true;
    const args = program.procs[name]?.args.map((arg) => arg.name) ?? [];
    if (args.some((arg) => grown.has(arg))) return true;
    if (grown.size > 0 && escapes(block, grown)) return true;
  }
  return false;
}

/** Whether one of the lists is bound to anything but a literal, or gets anywhere else. */
function escapes(block: Block, lists: ReadonlySet<string>): boolean {
  let found = false;
  const isOne = (expr: Expr | undefined): boolean =>
    expr !== undefined &&
    (("var" in expr && lists.has(expr.var)) ||
      ("list" in expr && expr.list.some(isOne)) ||
      ("procRef" in expr && expr.args.some(isOne)) ||
      ("map" in expr && expr.map.some(([, value]) => isOne(value))) ||
      (("at" in expr || "get" in expr) && isOne(expr.otherwise)));
  walk(block, (stmt) => {
    switch (stmt.op) {
      case "let":
        if (isOne(stmt.value) || (lists.has(stmt.bind) && !("list" in stmt.value))) found = true;
        return;
      case "assign":
        if (isOne(stmt.value) || lists.has(stmt.name)) found = true;
        return;
      case "call":
      case "callRef":
      case "spawn":
      case "spawnRef":
      case "detach":
      case "afterFunc":
      case "onceDo":
      case "onResolve":
      case "callback":
        if (stmt.args.some(isOne)) found = true;
        return;
      case "push":
      case "setAt":
      case "put":
      case "send":
      case "trySend":
      case "store":
      case "resolve":
        if (isOne(stmt.value)) found = true;
        return;
      case "select":
        if (stmt.cases.some((each) => each.dir === "send" && isOne(each.value))) found = true;
        return;
      case "forEach":
        if (lists.has(stmt.bind) || (isOne(stmt.list) && grows(stmt.body, lists))) found = true;
        return;
      case "return":
        return;
      default:
        if ("bind" in stmt && stmt.bind !== undefined && lists.has(stmt.bind)) found = true;
    }
  });
  return found;
}

function grows(body: Block, lists: ReadonlySet<string>): boolean {
  let found = false;
  walk(body, (stmt) => {
    if (stmt.op === "push" && "var" in stmt.list && lists.has(stmt.list.var)) found = true;
  });
  return found;
}
