/**
 * Static types for the language's dynamic values, for targets that have them, found by unification: what a channel, a list, a promise or a task
 * holds is a type variable until some statement says what it is. What gets two different types is `any`. How a type is written is each target's.
 */
import type { TypeName } from "@orrery/program";

/** `void`: the result of a procedure that has none. */
export type Kind = Exclude<TypeName, "dur"> | "any" | "void";

const generic: ReadonlySet<Kind> = new Set(["list", "intMap", "strMap", "chan", "promise", "task", "result"]);

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

  /** A place for the same values that can become `any` without this one's becoming one too. */
  copy(): Slot {
    const { kind, item } = this.type;
    const copy = new Slot(kind === null ? this.type : Type.of(kind, item ?? undefined));
    this.targets.push(copy);
    if (this.mayBeNone) copy.setNullable();
    return copy;
  }
}
