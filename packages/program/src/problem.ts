/** What the checker finds. */
export interface Problem {
  /** An `error` keeps the program from running; a `warning` does not. */
  readonly severity: "error" | "warning";
  /** A statement id such as `main/3.then.0`, or `params.n`, `procs.worker`, `services.db`, `shared.slots`. */
  readonly at: string;
  readonly message: string;
  /** The nearest valid value. */
  readonly suggestion?: string;
}

/** A program that cannot be read or cannot run; the message lists every error. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly problems: readonly Problem[];

  constructor(headline: string, problems: readonly Problem[]) {
    super([headline, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join("\n"));
    this.problems = problems;
  }
}

/** One line: `error at main/3: there is no local "wroker"; did you mean worker?` */
export function formatProblem({ severity, at, message, suggestion }: Problem): string {
  return `${severity} at ${at}: ${message}${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`;
}
