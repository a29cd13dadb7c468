/** The single steps that make a program less. A step is not yet made when it is listed; most are never asked for. */
import { nestedIn, operandsOf, walk, walkExpr } from "../shape.ts";
import { defaultPolicies, handleTypes } from "../tree.ts";
import type { Block, Expr, Program, ServiceDecl, Stmt } from "../tree.ts";
import { editStatements, without } from "./edit.ts";
import { inlined } from "./inline.ts";
import { mapOperands } from "./operands.ts";
import { handlersOf } from "./repair.ts";
import { simpler } from "./simpler.ts";
import { substitute } from "./substitute.ts";
import { variants } from "./variants.ts";

export type Step = () => Program;

/** Of a program with ids; those that take out most come first. */
export function stepsOf(program: Program): readonly Step[] {
  return [
    ...withoutDeclared(program),
    ...statementsOf(program).flatMap((statement) =>
      variants(statement).map(
        (variant) => () => editStatements(program, (each) => (each.id === statement.id ? variant : [each])),
      ),
    ),
    ...statementsOf(program)
      .filter((statement) => "proc" in statement)
      .map((start) => () => inlined(program, start) ?? program),
    ...fewerTurns(program),
    ...withoutResults(program),
    ...simplerDeclared(program),
    ...pairs(program).map((ids) => () => without(program, new Set(ids))),
  ];
}

/** The statements of all bodies, outer before inner, in the order of their ids. */
export function statementsOf(program: Program): readonly Stmt[] {
  const found: Stmt[] = [];
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (statement) => found.push(statement));
  return found;
}

function withoutDeclared(program: Program): readonly Step[] {
  return [
    ...Object.keys(program.procs).map((name) => () => ({
      ...program,
      procs: Object.fromEntries(Object.entries(program.procs).filter(([each]) => each !== name)),
    })),
    ...program.services.map((gone) => () => ({
      ...program,
      services: program.services.filter((each) => each !== gone),
    })),
    ...program.shared.map((gone) => () => ({
      ...program,
      shared: program.shared.filter((each) => each !== gone),
    })),
  ];
}

/** All loops at once, for loops that must agree with one another. */
function fewerTurns(program: Program): readonly Step[] {
  const counts = statementsOf(program).filter(
    (s) => s.op === "repeat" && "lit" in s.count && Number(s.count.lit) > 1,
  );
  if (counts.length < 2) return [];
  return [
    () =>
      editStatements(program, (s) =>
        s.op === "repeat" && "lit" in s.count && Number(s.count.lit) > 1
          ? [{ ...s, count: { lit: Number(s.count.lit) - 1 } }]
          : [s],
      ),
  ];
}

/** Procedures that return nothing; not handlers, whose result the next one may need. */
function withoutResults(program: Program): readonly Step[] {
  const handlers = handlersOf(program);
  return Object.entries(program.procs)
    .filter(([name, { returns }]) => returns !== undefined && !handlers.has(name))
    .map(([name, { args }]) => () => {
      const bare = (block: Block): Block =>
        editStatements({ ...program, main: block, procs: {} }, (s) =>
          s.op === "return" ? [{ op: "return" }] : [s],
        ).main;
      const unbound = editStatements(program, (s) => {
        if (s.op !== "call" || s.proc !== name) return [s];
        const { bind: _, ...call } = s;
        return [call];
      });
      const proc = unbound.procs[name];
      return { ...unbound, procs: { ...unbound.procs, [name]: { args, body: bare(proc?.body ?? []) } } };
    });
}

function simplerDeclared(program: Program): readonly Step[] {
  const policies = {
    ...program.policies,
    end: defaultPolicies.end,
    onDetachedFailure: defaultPolicies.onDetachedFailure,
  };
  return [
    ...(JSON.stringify(policies) === JSON.stringify(program.policies)
      ? []
      : [() => ({ ...program, policies })]),
    ...((program.policies.lockFairness ?? "native") === "native"
      ? []
      : [() => ({ ...program, policies: { ...program.policies, lockFairness: "native" as const } })]),
    ...(program.policies.selectPolicy === "rotating"
      ? [() => ({ ...program, policies: { ...program.policies, selectPolicy: "first" as const } })]
      : []),
    ...program.params.map((param) => () => withValue(program, param.name, valueOf(param))),
    ...program.services.flatMap((service) =>
      simplerServices(service).map((each) => () => ({
        ...program,
        services: program.services.map((one) => (one === service ? each : one)),
      })),
    ),
  ];
}

function valueOf(param: Program["params"][number]): Expr {
  return { lit: param.default, ...(param.type === "dur" ? { unit: "ns" as const } : {}) };
}

function withValue(program: Program, name: string, value: Expr): Program {
  const put = (expr: Expr) => ("param" in expr && expr.param === name ? value : undefined);
  return editStatements(program, (s) => [mapOperands(s, ({ expr }) => substitute(expr, put))]);
}

function simplerServices(service: ServiceDecl): readonly ServiceDecl[] {
  const { latency, failPerMillion, servers, queueLimit } = service;
  return [
    ...("dist" in latency && latency.dist === "constant"
      ? simpler({ lit: latency.value, unit: "ns" }, "dur").map((each) => answering(service, each))
      : []),
    ...(failPerMillion === 0 ? [] : [{ ...service, failPerMillion: 0 }]),
    ...(servers === null && queueLimit === null ? [] : [{ ...service, servers: null, queueLimit: null }]),
  ];
}

function answering(service: ServiceDecl, after: Expr): ServiceDecl {
  return "lit" in after ? { ...service, latency: { dist: "constant", value: Number(after.lit) } } : service;
}

/** Two statements on the same resource, which often go only together: lock and unlock, send and receive. */
function pairs(program: Program): readonly (readonly [string, string])[] {
  const users = new Map<string, string[]>();
  for (const s of statementsOf(program)) {
    if (nestedIn(s).length > 0 || "proc" in s || s.op === "log") continue;
    for (const { expr, wants } of operandsOf(s)) {
      if (!resources.has(wants)) continue;
      walkExpr(expr, (inner) => {
        if ("var" in inner) users.set(inner.var, [...(users.get(inner.var) ?? []), s.id ?? ""]);
      });
    }
  }
  return [...users.values()].flatMap((ids) =>
    ids.flatMap((one, i) => ids.slice(i + 1).map((other) => [one, other] as const)),
  );
}
const resources: ReadonlySet<string> = new Set(handleTypes);
