/**
 * Why a JSON value does not fit a schema: the schema's tree walked beside the value. Where a value may be one of several
 * shapes, the one it was meant to be is told by its tag (`op`, `dir`, `type`, `dist`) or by the key that only that shape
 * begins with (`lit`, `binary`), so that a slip deep inside gives one message and not one for each shape.
 */
import * as Schema from "effect/Schema";
import type { AST, Objects } from "effect/SchemaAST";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";

/** The problems of `json`, at most one in any place; `at` is the path of the place. */
export function schemaProblems(ast: AST, json: unknown): readonly Problem[] {
  return problemsAt(ast, json, "");
}

function problemsAt(ast: AST, json: unknown, at: string): readonly Problem[] {
  switch (ast._tag) {
    case "Suspend":
      return problemsAt(ast.thunk(), json, at);
    case "Arrays":
      if (!Array.isArray(json)) return [wrong(at, `${shown(json)} is not a list`)];
      return json.flatMap((item, index) => problemsAt(ast.rest[0] ?? ast, item, `${at}[${index}]`));
    case "Objects":
      return isObject(json) ? inObject(ast, json, at) : [wrong(at, `${shown(json)} is not an object`)];
    case "Union":
      return inUnion(membersOf(ast), json, at);
    default:
      return accepts(ast, json) ? [] : [wrong(at, `${shown(json)} is not ${described(ast)}`)];
  }
}

function inObject(ast: Objects, json: Readonly<Record<string, unknown>>, at: string): readonly Problem[] {
  const names = ast.propertySignatures.map((property) => String(property.name));
  const every = ast.indexSignatures[0]?.type;
  const problems: Problem[] = [];
  const misspelt = new Set<string>();
  for (const [key, value] of Object.entries(json)) {
    if (names.includes(key)) continue;
    if (every !== undefined) {
      problems.push(...problemsAt(every, value, path(at, key)));
      continue;
    }
    const suggestion = nearest(
      key,
      names.filter((name) => !Object.hasOwn(json, name)),
    );
    if (suggestion !== undefined) misspelt.add(suggestion);
    problems.push(wrong(path(at, key), `there is no key "${key}" here`, suggestion));
  }
  for (const { name, type } of ast.propertySignatures) {
    const key = String(name);
    if (Object.hasOwn(json, key)) problems.push(...problemsAt(type, json[key], path(at, key)));
    else if (type.context?.isOptional !== true && !misspelt.has(key))
      problems.push(wrong(at, `the key "${key}" is missing`));
  }
  return problems;
}

function inUnion(members: readonly AST[], json: unknown, at: string): readonly Problem[] {
  const shapes = members.filter((member) => member._tag === "Objects");
  if (isObject(json) && shapes.length > 0) return inOneOf(shapes, json, at);
  if (members.some((member) => accepts(member, json))) return [];
  const words = members.flatMap((member) => (member._tag === "Literal" ? [String(member.literal)] : []));
  if (typeof json === "string" && words.length > 0) {
    return [wrong(at, `"${json}" is not one of ${words.join(", ")}`, nearest(json, words))];
  }
  const kinds = [...new Set(members.map(described))];
  return [wrong(at, `${shown(json)} is not ${kinds.join(" or ")}`)];
}

function inOneOf(
  shapes: readonly Objects[],
  json: Readonly<Record<string, unknown>>,
  at: string,
): readonly Problem[] {
  const meant = shapes.find((shape) => {
    const tag = tagOf(shape);
    return tag === undefined ? Object.hasOwn(json, firstKey(shape)) : json[tag.key] === tag.value;
  });
  if (meant !== undefined) return inObject(meant, json, at);
  const tags = shapes.flatMap((shape) => tagOf(shape) ?? []);
  const key = tags.find((tag) => Object.hasOwn(json, tag.key))?.key;
  if (key !== undefined) {
    const given = json[key];
    const message =
      typeof given === "string" ? `there is no ${key} "${given}"` : `${shown(given)} is not a text`;
    const values = tags.map((tag) => tag.value);
    return [wrong(path(at, key), message, nearest(String(given), values))];
  }
  const keys = [...new Set(shapes.map((shape) => tagOf(shape)?.key ?? firstKey(shape)))];
  if (keys.length === 1) return [wrong(at, `the key "${keys[0]}" is missing`)];
  const suggestion = Object.keys(json).flatMap((each) => nearest(each, keys) ?? [])[0];
  return [wrong(at, `it needs one of the keys ${keys.join(", ")}`, suggestion)];
}

/** The alternatives of a union, without unions among them. */
function membersOf(ast: AST): readonly AST[] {
  if (ast._tag === "Suspend") return membersOf(ast.thunk());
  return ast._tag === "Union" ? ast.types.flatMap(membersOf) : [ast];
}

/** The key whose literal text tells a shape from the others. */
function tagOf(shape: Objects): { readonly key: string; readonly value: string } | undefined {
  for (const { name, type } of shape.propertySignatures) {
    if (type._tag === "Literal" && typeof type.literal === "string" && type.context?.isOptional !== true) {
      return { key: String(name), value: type.literal };
    }
  }
  return undefined;
}

function firstKey(shape: Objects): string {
  return String(shape.propertySignatures[0]?.name);
}

function accepts(ast: AST, json: unknown): boolean {
  return Schema.is(Schema.make(ast))(json);
}

function described(ast: AST): string {
  switch (ast._tag) {
    case "String":
      return "a text";
    case "Number":
      return "a whole number";
    case "Boolean":
      return "true or false";
    case "Null":
      return "null";
    case "Literal":
      return JSON.stringify(ast.literal);
    case "Arrays":
      return "a list";
    case "TemplateLiteral":
      return `a text such as "User:name"`;
    default:
      return "an object";
  }
}

function shown(json: unknown): string {
  if (Array.isArray(json)) return "a list";
  return isObject(json) ? "an object" : (JSON.stringify(json) ?? "nothing");
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function path(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

function wrong(at: string, message: string, suggestion?: string): Problem {
  return {
    severity: "error",
    at: at === "" ? "the program" : at,
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
