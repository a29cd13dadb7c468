/** Legal Go names for a program's own: keywords, and what generated source refers to, are avoided. */

const keywords =
  "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return " +
  "select struct switch type var";

/** Go's predeclared names, packages, and the names that generated source gives itself. */
const used =
  "any append bool cap close len int int64 string true false nil iota make max min new panic recover error copy delete clear " +
  "print println complex real imag byte rune float64 uint main copied init orrery runtime time t err _";

const forbidden: ReadonlySet<string> = new Set(`${keywords} ${used}`.split(" "));

/** Names of one scope: each is given once. */
export class Names {
  private taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** `wanted`, or the nearest free name. */
  fresh(wanted: string): string {
    let name = wanted;
    for (let n = 2; forbidden.has(name) || this.taken.has(name); n++) name = `${wanted}${n}`;
    this.taken.add(name);
    return name;
  }

  /** Frees the names given since: `within` is what a block declares. */
  scoped(within: () => void): void {
    const before = new Set(this.taken);
    within();
    this.taken = before;
  }
}

export const quote = (text: string): string => JSON.stringify(text);
