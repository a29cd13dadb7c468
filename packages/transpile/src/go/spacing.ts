/**
 * Spaces around arithmetic as gofmt has them: none where an expression is deep, in an index, among several arguments or
 * under an operator that binds less tightly. What is written first has a mark for each space that depends on that.
 */

/** A space, or nothing. */
export const MAYBE_SPACE = "\uE000";

/** The expression where it is deep. */
export function tight(text: string): string {
  return text.replaceAll(MAYBE_SPACE, "");
}

/** Lines of Go with each mark made a space or nothing. */
export function settleSpaces(source: string): string {
  return source
    .split("\n")
    .map((line) => (line.includes(MAYBE_SPACE) ? settleLine(line) : line))
    .join("\n");
}

interface Bracket {
  readonly opens: string;
  readonly isCall: boolean;
  commas: number;
}

interface Mark {
  readonly at: number;
  /** Brackets around it, innermost first. */
  readonly around: readonly Bracket[];
}

function settleLine(line: string): string {
  const open: Bracket[] = [];
  const marks: Mark[] = [];
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (char === '"') {
      for (at++; line[at] !== '"'; at++) if (line[at] === "\\") at++;
    } else if (char === "(" || char === "[" || char === "{") {
      const isCall = char === "(" && /[\w\])]/.test(line[at - 1] ?? "");
      open.push({ opens: char, isCall, commas: 0 });
    } else if (char === ")" || char === "]" || char === "}") open.pop();
    else if (char === "," && open.length > 0) open.at(-1)!.commas++;
    else if (char === MAYBE_SPACE) marks.push({ at, around: open.toReversed() });
  }
  let settled = "";
  let from = 0;
  for (const { at, around } of marks) {
    settled += line.slice(from, at) + (depthIn(around) > 1 ? "" : " ");
    from = at + 1;
  }
  return settled + line.slice(from);
}

/** gofmt's depth of an expression: it grows in indices and among several arguments, and shrinks in parentheses. */
function depthIn(around: readonly Bracket[]): number {
  const literal = around.findIndex(({ opens }) => opens === "{");
  let depth = 1;
  for (const { opens, isCall, commas } of around.slice(0, literal < 0 ? undefined : literal).toReversed()) {
    if (opens === "[" || (isCall && commas > 0)) depth++;
    else if (!isCall && depth > 1) depth--;
  }
  return depth;
}
