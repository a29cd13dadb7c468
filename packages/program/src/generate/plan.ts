/**
 * A program while it is being written. Its tasks are actors, each with a body that only grows at its end, and the program
 * is a sequence of steps: a step appends to the bodies of the actors that take part in it, and what it appends ends as
 * soon as all of them have come that far. So, by induction over the steps, every program ends under every schedule, while
 * the run itself interleaves the steps of different actors freely.
 */
import type { Fields } from "../records.ts";
import { Body } from "../body.ts";
import type { Args, ProcRef, Returns } from "../body.ts";
import type { SharedSpec } from "../declarations.ts";
import { handle, local } from "../expressions.ts";
import type { E, In, Local, Value } from "../expressions.ts";
import { mapBlocks } from "../ids.ts";
import { referredIn } from "../references.ts";
import { mapOperands } from "../shrink/operands.ts";
import { substitute } from "../shrink/substitute.ts";
import { operandsOf, walk, walkExpr } from "../shape.ts";
import type {
  Block,
  Expr,
  MonitorVia,
  Param,
  Policies,
  Proc,
  ProcType,
  Program,
  ServiceDecl,
  SharedDecl,
  TypeName,
} from "../tree.ts";
import type { Dice, Weighted } from "./dice.ts";
import { Durations } from "./durations.ts";

/** Whose body is being written: a task, or a procedure that tasks call. */
export interface Actor {
  readonly b: Body<Returns>;
  /** What its log lines begin with. */
  readonly letter: string;
  readonly ref: ProcRef;
  /** Shown in its log lines when several tasks run the same procedure. */
  readonly tag: E<"int"> | null;
  /** Levels of procedures between it and main. */
  readonly depth: number;
  /** How often what is written now runs, one turn after the other; 0: side by side, so that it must not wait for time. */
  turns: number;
  lines: number;
}

/** Something that one actor does alone: it waits for nothing but time and locks that are surely released. */
export interface Leaf extends Weighted {
  /** Visible operations that it writes at most, without what other leaves inside it write. */
  readonly ops: number;
  readonly run: (plan: Plan, who: Actor) => void;
}

/** Something that several actors do together, or one with tasks that it starts and waits for. */
export interface Step extends Weighted {
  readonly ops: number;
  /** Tasks that it starts at most. */
  readonly tasks: number;
  readonly run: (plan: Plan) => void;
}

/** A task of the cast. */
export interface Hired {
  readonly who: Actor;
  readonly from: Actor;
  readonly task: Local<"task">;
  readonly ending: "nothing" | "returns" | "fails";
}

export interface Limits {
  /** Tasks of a run, main among them. */
  readonly tasks: number;
  /** Statements that are visible operations. */
  readonly ops: number;
  /** Waiting times. */
  readonly durations: number;
}

/** Tasks that run one procedure side by side, at most. */
const mostAlike = 3;
const leastBurstNs = 50_000;

type Handle =
  | "chan"
  | "mutex"
  | "sem"
  | "group"
  | "atomic"
  | "promise"
  | "rwlock"
  | "cond"
  | "monitor"
  | "once"
  | "event"
  | "barrier"
  | "token"
  | "listener";

export class Plan {
  readonly dice: Dice;
  readonly durations: Durations;
  readonly leaves: readonly Leaf[];
  readonly steps: readonly Step[];
  readonly main: Actor;
  /** Actors that may take part in further steps; main is the first. */
  readonly cast: Actor[];
  /** Who hired whom into the cast, and how they end. */
  readonly hired: Hired[] = [];
  readonly services: ServiceDecl[] = [];
  readonly shared: SharedDecl[] = [];
  readonly params: Param[] = [];
  readonly records: Record<string, Fields> = {};
  readonly procTypes: Record<string, ProcType> = {};
  #opsLeft: number;
  #burstNsLeft = 3_000_000;
  /** Whether one burst is longer than all others together. */
  hasLongBurst = false;
  /** Leaves that are being written inside one another. */
  #nested = 0;
  #tasksLeft: number;
  readonly #actors: Actor[] = [];
  readonly #prologue = new Body("main");
  readonly #resources = new Map<string, TypeName>();
  readonly #names = new Map<string, number>();

  constructor(dice: Dice, limits: Limits, leaves: readonly Leaf[], steps: readonly Step[]) {
    this.dice = dice;
    this.leaves = leaves;
    this.steps = steps;
    this.durations = new Durations(limits.durations);
    this.#opsLeft = limits.ops;
    this.#tasksLeft = limits.tasks - 1;
    this.main = actor({ proc: "main", args: {}, returns: undefined }, "m", 0, null);
    this.cast = [this.main];
  }

  // Budgets

  get opsLeft(): number {
    return this.#opsLeft;
  }

  get tasksLeft(): number {
    return this.#tasksLeft;
  }

  affords(step: Step): boolean {
    return step.ops <= this.#opsLeft && step.tasks <= this.#tasksLeft;
  }

  spend(ops: number, tasks = 0): void {
    this.#opsLeft -= ops;
    this.#tasksLeft -= tasks;
  }

  /** Lets `who` do something alone, or at least log. */
  leaf(who: Actor): void {
    const leaf = this.dice.weighted(this.leaves.filter(({ ops }) => ops <= this.#opsLeft));
    if (leaf === undefined || this.#nested >= 3) return this.say(who);
    this.spend(leaf.ops);
    this.#nested++;
    leaf.run(this, who);
    this.#nested--;
  }

  /** A time to wait, for `who`, in what is written now. */
  wait(who: Actor): number | undefined {
    return this.durations.next(who.turns);
  }

  /** Processor time for `who`, in what is written now, of the little that the program may burn. */
  burst(who: Actor): number {
    const turns = Math.max(who.turns, mostAlike);
    const ns = this.dice.pick([100_000, 200_000, 400_000, 800_000]);
    const given = Math.min(ns, Math.floor(this.#burstNsLeft / turns / leastBurstNs) * leastBurstNs);
    this.#burstNsLeft -= turns * given;
    return given;
  }

  /** Any actor that takes part in steps. */
  someone(): Actor {
    return this.dice.pick(this.cast) ?? this.main;
  }

  /** Two different actors, when there are two. */
  pair(): readonly [Actor, Actor] | undefined {
    const [one, other] = this.dice.shuffled(this.cast);
    return one === undefined || other === undefined ? undefined : [one, other];
  }

  // Names and resources

  /** A name that nothing else in the program has. */
  fresh(prefix: string): string {
    const count = (this.#names.get(prefix) ?? 0) + 1;
    this.#names.set(prefix, count);
    return `${prefix}${count}`;
  }

  chan(cap: number): E<"chan"> {
    return this.#resource("ch", "chan", (name) => this.#prologue.chan(name, cap));
  }
  mutex(): E<"mutex"> {
    return this.#resource("lock", "mutex", (name) => this.#prologue.mutex(name));
  }
  sem(permits: number): E<"sem"> {
    const fairness = this.dice.chance(25) ? "barging" : undefined;
    return this.#resource("sem", "sem", (name) => this.#prologue.sem(name, permits, fairness));
  }
  /** A group that counts `count` from the start. */
  group(count: number): E<"group"> {
    return this.#resource("group", "group", (name) => {
      const group = this.#prologue.group(name);
      if (count > 0) this.#prologue.groupAdd(group, count);
    });
  }
  atomic(init: number): E<"atomic"> {
    return this.#resource("atom", "atomic", (name) => this.#prologue.atomic(name, init));
  }
  promise(): E<"promise"> {
    return this.#resource("promise", "promise", (name) => this.#prologue.promise(name));
  }

  rwlock(): E<"rwlock"> {
    return this.#resource("rw", "rwlock", (name) => this.#prologue.rwlock(name));
  }
  cond(mutex: E<"mutex">): E<"cond"> {
    return this.#resource("cond", "cond", (name) => this.#prologue.cond(name, mutex));
  }
  monitor(via?: MonitorVia): E<"monitor"> {
    return this.#resource("monitor", "monitor", (name) => this.#prologue.monitor(name, via));
  }
  once(): E<"once"> {
    return this.#resource("once", "once", (name) => this.#prologue.once(name));
  }
  event(): E<"event"> {
    return this.#resource("event", "event", (name) => this.#prologue.event(name));
  }
  barrier(parties: number): E<"barrier"> {
    return this.#resource("barrier", "barrier", (name) => this.#prologue.barrier(name, parties));
  }
  listener(backlog: number): E<"listener"> {
    return this.#resource("listener", "listener", (name) => this.#prologue.listen(name, backlog));
  }
  token(): E<"token"> {
    return this.#resource("token", "token", (name) => this.#prologue.token(name));
  }

  #resource<K extends Handle>(prefix: string, kind: K, create: (name: string) => void): E<K> {
    const name = this.fresh(prefix);
    create(name);
    this.#resources.set(name, kind);
    return local(kind, name);
  }

  cell(spec: SharedSpec): string {
    const name = this.fresh("cell");
    this.shared.push({ name, ...spec });
    return name;
  }

  /** A service that answers each request after the same time. */
  service(latencyNs: number, failPerMillion: number): { readonly service: string } {
    const name = this.fresh("service");
    this.services.push({
      name,
      servers: null,
      queueLimit: null,
      latency: { dist: "constant", value: latencyNs },
      failPerMillion,
    });
    return { service: name };
  }

  /** `count`, or a parameter that has this value unless told otherwise. */
  parameter(count: number): In<"int"> {
    if (!this.dice.chance(8)) return count;
    const name = this.fresh("count");
    this.params.push({ name, type: "int", default: count, min: 0, max: 10, doc: "How often." });
    return handle("int", { param: name });
  }

  // Actors

  /** A new procedure; `args` besides the resources it turns out to use. */
  proc(
    prefix: string,
    from: Actor,
    options: { readonly args?: Args; readonly returns?: TypeName; readonly tag?: string } = {},
  ): Actor {
    const { args = {}, returns, tag } = options;
    const letter = letterOf(this.#actors.length);
    const ref = { proc: `${prefix}${letter.toUpperCase()}`, args, returns };
    const made = actor(ref, letter, from.depth + 1, tag === undefined ? null : local("int", tag));
    this.#actors.push(made);
    return made;
  }

  /** One line of the log that no other statement writes. */
  say(who: Actor, ...values: readonly Value[]): void {
    const shown = who.tag === null ? values : [who.tag, ...values];
    const text = `${who.letter}${++who.lines}${shown.map((_, index) => ` {${index}}`).join("")}`;
    who.b.log(text, ...shown);
  }

  /** Writes what runs `turns` times. */
  repeated(who: Actor, turns: number, write: () => void): void {
    const { turns: before } = who;
    who.turns = before * turns;
    write();
    who.turns = before;
  }

  assemble(name: string, doc: string, policies: Policies): Program {
    const bodies = new Map(this.#actors.map((each) => [each.ref.proc, each.b.finish()]));
    const main = [...this.#prologue.finish(), ...this.main.b.finish()];
    const needs = resourcesNeeded(bodies, new Set(this.#resources.keys()));
    const handlesOf = (proc: string): readonly Expr[] =>
      (needs.get(proc) ?? []).map((each) => ({ var: each }));
    const bound = (expr: Expr): Expr | undefined =>
      "procRef" in expr ? { ...expr, args: [...handlesOf(expr.procRef), ...expr.args] } : undefined;
    const withHandles = (block: Block): Block =>
      block.map((s) => {
        const mapped = mapOperands(mapBlocks(s, withHandles), ({ expr }) => substitute(expr, bound));
        if (!("proc" in mapped)) return mapped;
        return { ...mapped, args: [...handlesOf(mapped.proc), ...mapped.args] };
      });
    const procs = this.#actors.map(({ ref }): [string, Proc] => [
      ref.proc,
      {
        args: [
          ...(needs.get(ref.proc) ?? []).map((each) => ({
            name: each,
            type: this.#resources.get(each) as TypeName,
          })),
          ...Object.entries(ref.args).map(([argName, type]) => ({ name: argName, type })),
        ],
        body: withHandles(bodies.get(ref.proc) ?? []),
        ...(ref.returns === undefined ? {} : { returns: ref.returns }),
      },
    ]);
    return {
      name,
      doc,
      params: this.params,
      services: this.services,
      shared: this.shared,
      ...(Object.keys(this.records).length === 0 ? {} : { records: this.records }),
      ...(Object.keys(this.procTypes).length === 0 ? {} : { procTypes: this.procTypes }),
      procs: Object.fromEntries(procs),
      main: withHandles(main),
      policies,
    };
  }
}

/** a, b ... z without m, which is main's, then aa, ab ... */
function letterOf(index: number): string {
  const letters = "abcdefghijklnopqrstuvwxyz";
  const before = index < letters.length ? "" : letterOf(Math.floor(index / letters.length) - 1);
  return `${before}${letters[index % letters.length]}`;
}

function actor(ref: ProcRef, letter: string, depth: number, tag: Local<"int"> | null): Actor {
  return { b: new Body<Returns>(ref.proc), letter, ref, tag, depth, turns: 1, lines: 0 };
}

/** The resources that each procedure uses itself or hands on to those it starts, in the order of their names. */
function resourcesNeeded(
  bodies: ReadonlyMap<string, Block>,
  resources: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const needs = new Map([...bodies.keys()].map((proc) => [proc, new Set<string>()]));
  for (let before = -1, size = 0; size !== before; ) {
    before = size;
    size = 0;
    for (const [proc, body] of bodies) {
      const own = needs.get(proc) as Set<string>;
      walk(body, (s) => {
        for (const { expr } of operandsOf(s))
          walkExpr(expr, (inner) => {
            if ("var" in inner && resources.has(inner.var)) own.add(inner.var);
          });
        const started = referredIn(s).map(({ procRef }) => procRef);
        for (const proc of "proc" in s ? [s.proc, ...started] : started)
          for (const each of needs.get(proc) ?? []) own.add(each);
      });
      size += own.size;
    }
  }
  return new Map([...needs].map(([proc, names]) => [proc, [...resources].filter((each) => names.has(each))]));
}
