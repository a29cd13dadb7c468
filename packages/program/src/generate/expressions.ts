/** Random expressions that cannot fail: no division by zero, nothing near 2^53. */
import {
  add,
  and,
  at,
  div,
  eq,
  ge,
  gt,
  le,
  len,
  lt,
  max,
  min,
  mod,
  mul,
  ne,
  neg,
  not,
  or,
  sub,
} from "../expressions.ts";
import type { E } from "../expressions.ts";
import type { Dice } from "./dice.ts";

/** An int made of literals and `locals`, some hundred thousand at most when the locals are small. */
export function intExpr(dice: Dice, locals: readonly E<"int">[], depth = 2): E<"int"> | number {
  if (depth === 0 || dice.chance(20)) {
    const one = dice.pick(locals);
    return one === undefined || dice.chance(40) ? dice.between(-9, 20) : one;
  }
  const part = () => intExpr(dice, locals, depth - 1);
  switch (dice.below(9)) {
    case 0:
      return add(part(), part()) as E<"int">;
    case 1:
      return sub(part(), part()) as E<"int">;
    case 2:
      return mul(part(), dice.between(-3, 9)) as E<"int">;
    case 3:
      return div(part(), dice.pick([-3, 2, 7])) as E<"int">;
    case 4:
      return mod(part(), dice.pick([-4, 3, 5])) as E<"int">;
    case 5:
      return min(part(), part()) as E<"int">;
    case 6:
      return max(part(), part()) as E<"int">;
    case 7: {
      const value = part();
      return typeof value === "number" ? value : neg(value);
    }
    default: {
      const items = [part(), part()];
      return dice.chance(50) ? len(items) : (at(items, dice.below(3), 5) as E as E<"int">);
    }
  }
}

export function boolExpr(dice: Dice, locals: readonly E<"int">[], depth = 2): E<"bool"> {
  if (depth > 0 && dice.chance(40)) {
    const part = () => boolExpr(dice, locals, depth - 1);
    const way = dice.below(3);
    return way === 0 ? and(part(), part()) : way === 1 ? or(part(), part()) : not(part());
  }
  const left = intExpr(dice, locals, 1) as E<"int">;
  const right = intExpr(dice, locals, 1) as E<"int">;
  switch (dice.below(6)) {
    case 0:
      return eq(left, right);
    case 1:
      return ne(left, right);
    case 2:
      return lt(left, right);
    case 3:
      return le(left, right);
    case 4:
      return gt(left, right);
    default:
      return ge(left, right);
  }
}
