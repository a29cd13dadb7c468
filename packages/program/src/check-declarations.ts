/** Checks what a program declares: parameters, services, shared cells, procedures' heads, draws' distributions. */
import { namePattern } from "./check-body.ts";
import { infer, fits, spoken } from "./infer.ts";
import { declarationProblems } from "./params.ts";
import { printLiteral } from "./print-expression.ts";
import type { Problem } from "./problem.ts";
import { walk } from "./shape.ts";
import {
  type Distribution,
  isMap,
  isRecordType,
  isRefType,
  type Param,
  type Proc,
  type Program,
  type ProcType,
  procTypeOf,
  recordOf,
  type ServiceDecl,
  type SharedDecl,
  type TypeName,
} from "./tree.ts";
import { unknownName } from "./unknown-name.ts";

/** Least and greatest values, both allowed, of the fields of distributions. */
const erlangTerms = [1, 1000] as const;
const sigmaPerMilleRange = [0, 2000] as const;
const shapePerMilleRange = [100, 100_000] as const;
const perMillion = [0, 1_000_000] as const;
const whole = [0, Number.MAX_SAFE_INTEGER] as const;

export function declarationsProblems(program: Program): readonly Problem[] {
  const procs = Object.entries(program.procs);
  return [
    ...names(
      "params",
      program.params.map((param) => param.name),
    ),
    ...names(
      "services",
      program.services.map((service) => service.name),
    ),
    ...names(
      "shared",
      program.shared.map((cell) => cell.name),
    ),
    ...names(
      "procs",
      procs.map(([name]) => name),
    ),
    ...recordProblems(program),
    ...program.params.flatMap(declarationProblems),
    ...program.services.flatMap((service) => serviceProblems(service, program.params)),
    ...program.shared.flatMap((cell) => cellProblems(cell, program.params)),
    ...procs.flatMap(([name, proc]) => headProblems(name, proc)),
    ...drawProblems(program),
  ];
}

function headProblems(name: string, proc: Proc): readonly Problem[] {
  const args = names(
    `procs.${name}`,
    proc.args.map((arg) => arg.name),
    "argument",
  );
  return name === "main" ? [problem("procs.main", "a procedure cannot be called main"), ...args] : args;
}

/** The records, and the types that name one. */
function recordProblems({ records = {}, procTypes = {}, procs, shared }: Program): readonly Problem[] {
  const known = Object.keys(records);
  const types = Object.keys(procTypes);
  const typed = (at: string, type: TypeName | undefined): readonly Problem[] => {
    if (type !== undefined && isRefType(type) && !types.includes(procTypeOf(type)))
      return [{ severity: "error", at, ...unknownName("procedure type", procTypeOf(type), types) }];
    if (type === undefined || !isRecordType(type) || known.includes(recordOf(type))) return [];
    return [{ severity: "error", at, ...unknownName("record", recordOf(type), known) }];
  };
  return [
    ...names("records", known),
    ...Object.entries(records).flatMap(([name, fields]) => fieldProblems(name, Object.keys(fields))),
    ...Object.entries(records).flatMap(([name, fields]) =>
      Object.values(fields).flatMap((type) => typed(`records.${name}`, type)),
    ),
    ...shared.flatMap(({ name, type }) => typed(`shared.${name}`, type)),
    ...Object.entries({ procs, procTypes }).flatMap(([place, all]) =>
      Object.entries(all).flatMap(([name, { args, returns }]) =>
        [...args.map(({ type }) => type), returns].flatMap((type) => typed(`${place}.${name}`, type)),
      ),
    ),
    ...names("procTypes", types),
    ...types.flatMap((name) => procTypeProblems(name, procTypes[name]!, known)),
  ];
}

function procTypeProblems(name: string, { args }: ProcType, records: readonly string[]): readonly Problem[] {
  const at = `procTypes.${name}`;
  const taken = args.map((arg) => arg.name);
  return [
    ...names(at, taken, "argument"),
    ...(/^[A-Z]/.test(name)
      ? []
      : [problem(at, "the name of a procedure type begins with a capital letter")]),
    ...(records.includes(name) ? [problem(at, "a record has the name")] : []),
  ];
}

function fieldProblems(name: string, fields: readonly string[]): readonly Problem[] {
  const at = `records.${name}`;
  const begins: Problem = {
    ...problem(at, "a record's name begins with a capital letter"),
    suggestion: capital(name),
  };
  const endings = fields.filter((field) => field.endsWith("_"));
  return [
    ...(/^[a-z]/.test(name) ? [begins] : []),
    ...(fields.length === 0 ? [problem(at, "the record has no field")] : []),
    ...names(at, fields, "field"),
    ...endings.map((field) => problem(at, `the field ${field} cannot end with _`)),
  ];
}

const capital = (name: string): string => `${name[0]!.toUpperCase()}${name.slice(1)}`;

function names(place: string, all: readonly string[], what?: string): readonly Problem[] {
  return all.flatMap((name, index) => {
    const at = what === undefined ? `${place}.${name}` : place;
    const called = what === undefined ? `the name ${name}` : `the ${what} ${name}`;
    return [
      ...(all.indexOf(name) < index ? [problem(at, `${called} is declared twice`)] : []),
      ...(namePattern.test(name)
        ? []
        : [problem(at, `"${name}" cannot be a name: letters, digits and _, beginning with a letter`)]),
    ];
  });
}

function serviceProblems(service: ServiceDecl, params: readonly Param[]): readonly Problem[] {
  const at = `services.${service.name}`;
  const { servers, queueLimit, latency, failPerMillion } = service;
  return [
    ...(servers === null ? [] : within(at, "servers", servers, [1, Number.MAX_SAFE_INTEGER])),
    ...(queueLimit === null ? [] : within(at, "queueLimit", queueLimit, whole)),
    ...("param" in latency
      ? ofParam(at, "latency", latency.param, "dur", params)
      : distributionProblems(at, latency, true)),
    ...(typeof failPerMillion === "number"
      ? within(at, "failPerMillion", failPerMillion, perMillion)
      : ofParam(at, "failPerMillion", failPerMillion.param, "int", params)),
  ];
}

function cellProblems(cell: SharedDecl, params: readonly Param[]): readonly Problem[] {
  const at = `shared.${cell.name}`;
  const kind = infer(
    { lit: cell.init },
    {
      local: () => "any",
      param: () => "any",
      record: () => undefined,
      procType: () => undefined,
      proc: () => undefined,
      report: () => {},
    },
  );
  return [
    ...(fits(kind, cell.type) || (isMap(cell.type) && cell.init === null)
      ? []
      : [problem(at, `it holds ${spoken(cell.type)}, but starts as ${printLiteral(cell.init)}`)]),
    ...(isMap(cell.type) && cell.length !== undefined
      ? [problem(at, "a map is a single cell: a list of cells cannot hold maps")]
      : []),
    ...(cell.length === undefined
      ? []
      : typeof cell.length === "number"
        ? within(at, "length", cell.length, [1, Number.MAX_SAFE_INTEGER])
        : ofParam(at, "length", cell.length.param, "int", params)),
  ];
}

function drawProblems(program: Program): readonly Problem[] {
  const problems: Problem[] = [];
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)]) {
    walk(body, (s) => {
      if (s.op === "draw") problems.push(...distributionProblems(s.id ?? "", s.from, s.unit === "ns"));
    });
  }
  return problems;
}

/** `positive`: the values are durations, which cannot be negative. */
function distributionProblems(at: string, from: Distribution, positive: boolean): readonly Problem[] {
  const values = positive ? whole : ([-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const);
  switch (from.dist) {
    case "constant":
      return within(at, "value", from.value, values);
    case "uniform":
      return [
        ...within(at, "low", from.low, values),
        ...within(at, "high", from.high, values),
        ...(from.low > from.high ? [problem(at, `uniform: low ${from.low} is above high ${from.high}`)] : []),
      ];
    case "exponential":
      return within(at, "mean", from.mean, whole);
    case "erlang":
      return [...within(at, "k", from.k, erlangTerms), ...within(at, "mean", from.mean, whole)];
    case "lognormal":
      return [
        ...within(at, "median", from.median, whole),
        ...within(at, "sigmaPerMille", from.sigmaPerMille, sigmaPerMilleRange),
      ];
    case "pareto":
      return [
        ...within(at, "scale", from.scale, whole),
        ...within(at, "shapePerMille", from.shapePerMille, shapePerMilleRange),
      ];
    case "twoPoint":
      return [
        ...within(at, "fast", from.fast, values),
        ...within(at, "slow", from.slow, values),
        ...within(at, "slowPerMillion", from.slowPerMillion, perMillion),
      ];
    case "table":
      return from.values.length === 0
        ? [problem(at, "table: it needs at least one value")]
        : from.values.flatMap((value) => within(at, "values", value, values));
  }
}

function within(
  at: string,
  field: string,
  value: number,
  [least, greatest]: readonly [number, number],
): readonly Problem[] {
  if (Number.isSafeInteger(value) && value >= least && value <= greatest) return [];
  const nearest = Math.min(greatest, Math.max(least, Math.round(value)));
  const range =
    greatest === Number.MAX_SAFE_INTEGER
      ? least < 0
        ? "a whole number"
        : `a whole number of at least ${least}`
      : `a whole number from ${least} to ${greatest}`;
  return [
    {
      ...problem(at, `${field} is ${value}, but must be ${range}`),
      ...(Number.isNaN(nearest) ? {} : { suggestion: String(nearest) }),
    },
  ];
}

function ofParam(
  at: string,
  field: string,
  name: string,
  type: "int" | "dur",
  params: readonly Param[],
): readonly Problem[] {
  const param = params.find((each) => each.name === name);
  if (param === undefined) {
    const unknown = unknownName(
      "parameter",
      name,
      params.map((each) => each.name),
    );
    return [
      {
        ...problem(at, `${field}: ${unknown.message}`),
        ...(unknown.suggestion === undefined ? {} : { suggestion: unknown.suggestion }),
      },
    ];
  }
  return param.type === type
    ? []
    : [problem(at, `${field} needs ${spoken(type)}, but the parameter ${name} is not one`)];
}

function problem(at: string, message: string): Problem {
  return { severity: "error", at, message };
}
