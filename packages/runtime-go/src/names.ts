/** Names of functions as Go gives them, for dumps. */

/** That of the program's function, with its package. */
export function funcName(name: string): string {
  return name.includes(".") ? name : `main.${name}`;
}

/** Numbers the literals of each function in the order in which they are first started. */
export class FuncLiterals {
  private readonly numbers = new Map<string, Map<string, number>>();

  /** The name of a literal in the function `parent`: `main.main.func1`, and within that one `main.main.func1.1`. */
  nameOf(parent: string, literal: () => unknown): string {
    const outer = funcName(parent);
    let within = this.numbers.get(outer);
    if (within === undefined) this.numbers.set(outer, (within = new Map()));
    const text = literal.toString();
    let number = within.get(text);
    if (number === undefined) within.set(text, (number = within.size + 1));
    return /\.func\d+/.test(outer) ? `${outer}.${number}` : `${outer}.func${number}`;
  }
}
