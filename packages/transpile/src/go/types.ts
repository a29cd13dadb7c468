/**
 * Go's static types for the language's dynamic values, found by unification: what a channel, a list, a promise or a task
 * holds is a type variable until some statement says what it is. What gets two different types is an `any`.
 */
export type Kind =
  | "int"
  | "bool"
  | "string"
  | "Mutex"
  | "Semaphore"
  | "Group"
  | "Atomic"
  | "List"
  | "Channel"
  | "Promise"
  | "Task"
  | "Result"
  | "any"
  /** Result of a procedure that has none. */
  | "Void";

const generic: ReadonlySet<Kind> = new Set(["List", "Channel", "Promise", "Task", "Result"]);

/** What the whole program decides about types. */
export interface Style {
  /** Tasks can be cancelled, so locks and groups are of the kind whose waits can be. */
  readonly cancels: boolean;
  /** Some list grows while several hold it. */
  readonly sharedLists: boolean;
}

/** A type, perhaps not known yet. Unified types share what they are. */
export class Type {
  private parent: Type | null = null;
  private known: Kind | null = null;
  private held: Slot | null = null;

  static of(kind: Kind, held?: Slot): Type {
    const type = new Type();
    type.known = kind;
    if (generic.has(kind)) type.held = held ?? new Slot();
    return type;
  }

  private get root(): Type {
    return this.parent === null ? this : this.parent.root;
  }

  get kind(): Kind | null {
    return this.root.known;
  }

  /** What a container holds. */
  get item(): Slot | null {
    return this.root.held;
  }

  unify(other: Type): void {
    const [a, b] = [this.root, other.root];
    if (a === b) return;
    const [aHeld, bHeld] = [a.held, b.held];
    const differ = a.known !== null && b.known !== null && a.known !== b.known;
    b.parent = a;
    a.known ??= b.known;
    a.held ??= b.held;
    if (differ) {
      a.known = "any";
      a.held = null;
      aHeld?.type.unify(Type.of("any"));
      bHeld?.type.unify(Type.of("any"));
    } else if (aHeld !== null && bHeld !== null) {
      aHeld.flowsInto(bHeld);
      bHeld.flowsInto(aHeld);
    }
  }

  /** As Go writes it. */
  go(style: Style, depth = 0): string {
    const { kind, item } = this;
    if (kind === null || kind === "Void" || depth > 8) return "any"; // a type that contains itself is one, too
    const held = (): string => item!.go(style, depth + 1);
    switch (kind) {
      case "int":
      case "bool":
      case "string":
      case "any":
        return kind;
      case "List":
        return style.sharedLists ? `*orrery.List[${held()}]` : `[]${held()}`;
      case "Channel":
        return `chan ${held()}`;
      case "Promise":
        return `*orrery.Promise[${held()}]`;
      case "Mutex":
      case "Group":
        return `*orrery.${style.cancels ? "Cancel" : ""}${kind}`;
      case "Result":
        return "orrery.Result";
      default:
        return `*orrery.${kind}`;
    }
  }
}

/** A place for a value: a local, a cell, what a container holds. It may hold none if something that may be none gets in. */
export class Slot {
  readonly type: Type;
  private mayBeNone: boolean;
  private readonly targets: Slot[] = [];

  constructor(type: Type = new Type(), nullable = false) {
    this.type = type;
    this.mayBeNone = nullable;
  }

  static of(kind: Kind, held?: Slot): Slot {
    return new Slot(Type.of(kind, held));
  }

  get nullable(): boolean {
    return this.mayBeNone;
  }

  /** A value of this slot can come to be in that one. */
  flowsInto(target: Slot): void {
    target.type.unify(this.type);
    this.targets.push(target);
    if (this.mayBeNone) target.setNullable();
  }

  setNullable(): void {
    if (this.mayBeNone) return;
    this.mayBeNone = true;
    for (const target of this.targets) target.setNullable();
  }

  /** Another place of the same type that may be none. */
  orNone(): Slot {
    return new Slot(this.type, true);
  }

  /** A place for the same values that can become an Object's without this one's becoming one too. */
  copy(): Slot {
    const { kind, item } = this.type;
    const copy = new Slot(kind === null ? this.type : Type.of(kind, item ?? undefined));
    this.targets.push(copy);
    if (this.mayBeNone) copy.setNullable();
    return copy;
  }

  /** Where none is a value like any other but Go's type has no nil, the type is `any`. */
  get isAny(): boolean {
    const { kind } = this.type;
    return kind === null || kind === "any" || kind === "Void" || (this.nullable && values.has(kind));
  }

  /** As Go declares it. */
  go(style: Style, depth = 0): string {
    return this.isAny ? "any" : this.type.go(style, depth);
  }

  /** What Go has for nothing. */
  get zero(): string {
    if (this.isAny) return "nil";
    switch (this.type.kind) {
      case "int":
        return "0";
      case "bool":
        return "false";
      case "string":
        return '""';
      case "Result":
        return "orrery.Result{}";
      default:
        return "nil";
    }
  }
}

/** Kinds whose Go types have no nil, or whose nil is a value: lists. */
const values: ReadonlySet<Kind> = new Set(["int", "bool", "string", "List", "Result"]);
