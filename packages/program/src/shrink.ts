/**
 * Makes a program that fails as small as it gets while it still fails. First delta debugging over statement ids, in ever
 * smaller parts (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002), then every single step
 * of `shrink/steps.ts` in turn until none of them keeps it failing. What is asked is always a program that can run.
 */
import { check } from "./checker.ts";
import { without } from "./shrink/edit.ts";
import { repair } from "./shrink/repair.ts";
import { statementsOf, stepsOf } from "./shrink/steps.ts";
import type { Step } from "./shrink/steps.ts";
import type { Program } from "./tree.ts";

/** Candidates that `shrink` asks about, if not told otherwise. */
const defaultBudget = 1000;

/**
 * The smallest program found that `stillFails` within `budget` questions, with the ids of its statements. Unless the budget
 * ran out, no single step makes it smaller and keeps it failing. `program` itself is not asked about.
 */
export function shrink(
  program: Program,
  stillFails: (candidate: Program) => boolean | Promise<boolean>,
  budget: number = defaultBudget,
): Promise<Program> {
  const search = new Search(program, budget);
  const asking = search.run();
  const next = (answer: boolean): Promise<Program> => {
    const { done, value } = asking.next(answer);
    if (done === true) return Promise.resolve(search.best);
    return Promise.resolve(stillFails(value)).then(next);
  };
  return Promise.resolve(false).then(next);
}

/** Asks whether a program still fails by yielding it. */
type Asking<T> = Generator<Program, T, boolean>;

class Search {
  best: Program;
  #left: number;
  /** Texts of the candidates seen, and of the program itself. */
  readonly #seen = new Set<string>();

  constructor(program: Program, budget: number) {
    this.best = check(program).program;
    this.#left = budget;
    this.#seen.add(JSON.stringify(this.best));
  }

  *run(): Asking<void> {
    yield* this.#parts();
    yield* this.#steps();
  }

  /** Takes out halves of the statements, then quarters, down to pairs. */
  *#parts(): Asking<void> {
    for (let size = statementsOf(this.best).length >> 1; size > 1; size >>= 1) {
      for (let from = 0; from < statementsOf(this.best).length; ) {
        const part = statementsOf(this.best).slice(from, from + size);
        const ids = new Set(part.map(({ id }) => id ?? ""));
        if (!(yield* this.#tried(() => without(this.best, ids)))) from += size;
      }
    }
  }

  *#steps(): Asking<void> {
    let steps = stepsOf(this.best);
    for (let at = 0, refused = 0; refused < steps.length; ) {
      if (yield* this.#tried(steps[at % steps.length] as Step)) {
        steps = stepsOf(this.best);
        refused = 0;
      } else {
        at++;
        refused++;
      }
    }
  }

  /** Takes the step if what it makes is new, can run, and still fails. */
  *#tried(step: Step): Asking<boolean> {
    if (this.#left === 0) return false;
    const { program, problems } = check(repair(step()));
    const text = JSON.stringify(program);
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    if (problems.some(({ severity }) => severity === "error")) return false;
    this.#left--;
    if (!(yield program)) return false;
    this.best = program;
    return true;
  }
}
