/**
 * Java's static types for the language's dynamic values, found by unification: what a channel, a list, a promise or a task
 * holds is a type variable until some statement says what it is. What gets two different types is an `Object`.
 */
export type Kind =
  | "long"
  | "boolean"
  | "String"
  | "Semaphore"
  | "Group"
  | "AtomicLong"
  | "List"
  | "Channel"
  | "CompletableFuture"
  | "Task"
  | "Result"
  | "Object"
  /** Result of a procedure that has none. */
  | "Void";

const generic: ReadonlySet<Kind> = new Set(["List", "Channel", "CompletableFuture", "Task", "Result"]);

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
      a.known = "Object";
      a.held = null;
      aHeld?.type.unify(Type.of("Object"));
      bHeld?.type.unify(Type.of("Object"));
    } else if (aHeld !== null && bHeld !== null) {
      aHeld.flowsInto(bHeld);
      bHeld.flowsInto(aHeld);
    }
  }

  /** As Java writes it where only objects can be. */
  boxed(depth = 0): string {
    const { kind, item } = this;
    if (depth > 8) return "Object"; // a type that contains itself
    if (kind === null || kind === "Object") return "Object";
    if (kind === "long") return "Long";
    if (kind === "boolean") return "Boolean";
    return item === null ? kind : `${kind}<${item.type.boxed(depth + 1)}>`;
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

  get isPrimitive(): boolean {
    return !this.nullable && (this.type.kind === "long" || this.type.kind === "boolean");
  }

  /** As Java declares it. */
  get java(): string {
    return this.isPrimitive ? (this.type.kind as string) : this.type.boxed();
  }
}
