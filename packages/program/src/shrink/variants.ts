/** What may stand in a statement's place and is less: nothing, what is inside it, or the statement without a part. */
import { nestedIn, operandsOf } from "../shape.ts";
import type { Block, OpName, Stmt } from "../tree.ts";
import { mapOperands } from "./operands.ts";
import { simpler } from "./simpler.ts";

export function variants(statement: Stmt): readonly Block[] {
  return [[], ...unwrapped(statement), ...withoutPart(statement), ...withSimplerOperand(statement)];
}

/** The blocks inside the statement, without it. */
function unwrapped(statement: Stmt): readonly Block[] {
  const blocks = nestedIn(statement).map(({ block }) => block);
  const whole =
    statement.op === "try" && statement.finally !== undefined
      ? [[...statement.body, ...statement.finally]]
      : [];
  return [...whole, ...blocks].filter((block) => block.length > 0);
}

function withoutPart(s: Stmt): readonly Block[] {
  const found: Stmt[] = [];
  switch (s.op) {
    case "if":
      if (s.else !== undefined) found.push(omit(s, "else"));
      break;
    case "try":
      s.catches.forEach((_, i) => found.push({ ...s, catches: s.catches.toSpliced(i, 1) }));
      if (s.finally !== undefined) found.push(omit(s, "finally"));
      break;
    case "match":
      s.cases.forEach((_, i) => found.push({ ...s, cases: s.cases.toSpliced(i, 1) }));
      if (s.otherwise !== undefined) found.push(omit(s, "otherwise"));
      break;
    case "select":
      if (s.cases.length > 1) s.cases.forEach((_, i) => found.push({ ...s, cases: s.cases.toSpliced(i, 1) }));
      if (s.otherwise !== undefined) found.push(omit(s, "otherwise"));
      if (s.timeout !== undefined) found.push(omit(s, "timeout"));
      break;
    case "scope":
      if (s.onError !== "waitAll") found.push({ ...s, onError: "waitAll" });
      break;
    case "log":
      if (s.args !== undefined)
        found.push({ ...omit(s, "args"), text: s.text.replaceAll(/ ?\{\d+\}/g, "") } as Stmt);
      break;
    default:
  }
  for (const key of optionalKeys) if (key in s && mayGo(s.op, key)) found.push(omit(s, key));
  return found.map((each) => [each]);
}

/** Fields that a statement means the same without, or nearly. */
const optionalKeys = [
  ...(["deferred", "firstSuccess", "leaveLosers", "workers", "stall", "by", "bind", "ok"] as const),
  ...(["catchUp", "via", "all", "fairness"] as const),
] as const;

/** Whether the operation means something without what it binds. */
function mayGo(op: OpName, key: (typeof optionalKeys)[number]): boolean {
  if (key === "bind") return bindsAtWill.has(op);
  return key !== "ok" || op === "stopTimer" || op === "resetTimer";
}

/** Operations whose result need not be bound. */
const bindsAtWill: ReadonlySet<OpName> = new Set<OpName>([
  "call",
  "callRef",
  "spawn",
  "spawnRef",
  "repeat",
  "join",
  "joinAny",
  "joinAll",
  "settleAll",
  "scopeRace",
  "recv",
  "recvOk",
  "tryRecv",
  "atomicAdd",
  "await",
  "afterFunc",
  "onResolve",
]);

function omit(statement: Stmt, key: string): Stmt {
  return Object.fromEntries(Object.entries(statement).filter(([name]) => name !== key)) as unknown as Stmt;
}

function withSimplerOperand(statement: Stmt): readonly Block[] {
  return operandsOf(statement).flatMap(({ expr, wants }, which) =>
    simpler(expr, wants).map((each) => [
      mapOperands(statement, (operand, index) => (index === which ? each : operand.expr)),
    ]),
  );
}
