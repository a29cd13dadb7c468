/** A snapshot (plain JSON) as an outline that people read. */
import { fit, WIDTH } from "../text.ts";

export function outline(value: unknown, depth = 0): readonly string[] {
  const indent = "  ".repeat(depth);
  if (typeof value !== "object" || value === null) return [fit(`${indent}${scalar(value)}`, WIDTH)];
  if (Array.isArray(value)) {
    const brief = inline(value);
    if (brief !== null && indent.length + brief.length <= WIDTH) return [`${indent}${brief}`];
    return value.flatMap((item: unknown, i) => entry(`${i}`, item, depth));
  }
  return Object.entries(value).flatMap(([name, item]) => entry(name, item, depth));
}

function entry(name: string, item: unknown, depth: number): readonly string[] {
  const indent = "  ".repeat(depth);
  const brief = inline(item);
  if (brief !== null && indent.length + name.length + 2 + brief.length <= WIDTH)
    return [`${indent}${name}: ${brief}`];
  return [`${indent}${name}:`, ...outline(item, depth + 1)];
}

/** On one line; null for what has more structure than that. */
function inline(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return scalar(value);
  const parts = Object.entries(value).map(([key, item]) => {
    const text = typeof item === "object" && item !== null ? inline(item) : scalar(item);
    if (text === null) return null;
    return Array.isArray(value) ? text : `${key} ${text}`;
  });
  if (parts.includes(null)) return null;
  const text = parts.join(", ");
  if (Array.isArray(value)) return value.length === 0 ? "(empty)" : `[${text}]`;
  return text;
}

const scalar = (value: unknown): string => (value === null ? "-" : value === "" ? '""' : String(value));
