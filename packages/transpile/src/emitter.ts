/** Lines of source with indentation, and which statement each line came from. */
export class Emitter {
  private readonly lines: string[] = [];
  private readonly map: Record<string, number> = {};
  private depth = 0;
  private readonly unit: string;

  /** `unit` is one level of indentation. */
  constructor(unit: string) {
    this.unit = unit;
  }

  /** Appends a line (or an empty one); the first line of a statement is its line in the map. */
  line(text = "", statement?: string): void {
    this.lines.push(text === "" ? "" : this.unit.repeat(this.depth) + text);
    if (statement !== undefined && !(statement in this.map)) this.map[statement] = this.lines.length;
  }

  /** The line that comes next will be the statement's, unless it has one. */
  begins(statement: string | undefined): void {
    if (statement !== undefined && !(statement in this.map)) this.map[statement] = this.lines.length + 1;
  }

  indented(body: () => void): void {
    this.depth++;
    body();
    this.depth--;
  }

  outdented(body: () => void): void {
    this.depth--;
    body();
    this.depth++;
  }

  get text(): string {
    return `${this.lines.join("\n")}\n`;
  }

  get lineOf(): Readonly<Record<string, number>> {
    return this.map;
  }
}
