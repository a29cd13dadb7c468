/** Values for a program's parameters: defaults, what is given instead, and whether both are allowed. */
import { DurationError, formatDuration, parseDuration } from "./duration.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import type { Param, ParamValue, Program } from "./tree.ts";
import { unknownName } from "./unknown-name.ts";

export type ParamValues = Readonly<Record<string, ParamValue>>;

type Read = { readonly value: ParamValue } | { readonly message: string; readonly suggestion?: string };

/**
 * The value of every parameter: the given one, or the default. A given value may also be its text (`"8"`, `"true"`,
 * `"5ms"`). A parameter whose given value is wrong keeps its default, and the problem says so.
 */
export function paramValues(
  program: Program,
  given: ParamValues,
): { readonly values: ParamValues; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const names = program.params.map((param) => param.name);
  for (const name of Object.keys(given)) {
    if (!names.includes(name))
      problems.push({ severity: "error", at: `params.${name}`, ...unknownName("parameter", name, names) });
  }
  const values: Record<string, ParamValue> = {};
  for (const param of program.params) {
    values[param.name] = param.default;
    const value = Object.hasOwn(given, param.name) ? given[param.name] : undefined;
    if (value === undefined) continue;
    const read = readParam(param, value);
    if ("value" in read) values[param.name] = read.value;
    else problems.push({ severity: "error", at: `params.${param.name}`, ...read });
  }
  return { values, problems };
}

/** Problems of a parameter's own declaration. */
export function declarationProblems(param: Param): readonly Problem[] {
  const at = `params.${param.name}`;
  const problem = (message: string): Problem => ({ severity: "error", at, message });
  if ((param.type === "int" || param.type === "dur") && param.min > param.max) {
    return [
      problem(`its least value ${shown(param, param.min)} is above its greatest ${shown(param, param.max)}`),
    ];
  }
  if (param.type === "dur" && param.min < 0) return [problem("a duration cannot be negative")];
  const declared: [string, ParamValue][] = [["default", param.default]];
  if (param.type === "int" || param.type === "dur") {
    for (const value of param.sweep ?? []) declared.push(["sweep", value]);
  }
  return declared.flatMap(([role, value]) => {
    const read = readParam(param, value);
    return "value" in read
      ? []
      : [{ severity: "error" as const, at, ...read, message: `its ${role}: ${read.message}` }];
  });
}

/** The value of `param` that is given as a value or as its text, or what is wrong with it. */
function readParam(param: Param, given: ParamValue): Read {
  switch (param.type) {
    case "bool":
      if (typeof given === "boolean") return { value: given };
      if (given === "true" || given === "false") return { value: given === "true" };
      return { message: `${quoted(given)} is not a bool: write true or false` };
    case "enum": {
      if (typeof given === "string" && param.values.includes(given)) return { value: given };
      const message = `${quoted(given)} is not one of ${param.values.join(", ")}`;
      const suggestion = nearest(String(given), param.values);
      return suggestion === undefined ? { message } : { message, suggestion };
    }
    case "int": {
      const value = typeof given === "string" && /^[+-]?\d+$/.test(given.trim()) ? Number(given) : given;
      if (typeof value !== "number" || !Number.isSafeInteger(value)) {
        return { message: `${quoted(given)} is not an int: write a whole number such as ${param.default}` };
      }
      return inRange(param, value);
    }
    case "dur":
      if (typeof given === "boolean")
        return { message: `${given} is not a duration; write for example "100ms"` };
      try {
        return inRange(param, parseDuration(given));
      } catch (error) {
        if (error instanceof DurationError) return { message: error.message };
        throw error;
      }
  }
}

function inRange(param: Extract<Param, { readonly type: "int" | "dur" }>, value: number): Read {
  if (value >= param.min && value <= param.max) return { value };
  return {
    message: `${shown(param, value)} is outside ${shown(param, param.min)} to ${shown(param, param.max)}`,
    suggestion: shown(param, value < param.min ? param.min : param.max),
  };
}

function shown(param: Param, value: number): string {
  return param.type === "dur" ? formatDuration(value) : String(value);
}

function quoted(value: ParamValue): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}
