/** Runs a program of the conformance set the way its Go original is run: three yields first, GOMAXPROCS=1, one line. */
import {
  type Go,
  type GoFunc,
  type GoLibrary,
  GoPanic,
  type GoRun,
  runGo,
  type RunGoOptions,
} from "../src/index.ts";

export const MS = 1_000_000;

export interface Program {
  readonly go: GoLibrary;
  readonly say: (text: string) => void;
  /** runtime.Gosched, n times. */
  yields(n: number): Go;
  /** Runs `f` and says what it panicked with. */
  attempt(f: GoFunc): Go;
}

export function run(body: (p: Program) => Go, options: RunGoOptions = {}): GoRun {
  return runGo(
    function* (go, say): Go {
      function* yields(n: number): Go {
        for (let i = 0; i < n; i++) yield* go.gosched();
      }
      function* attempt(f: GoFunc): Go {
        try {
          yield* f();
        } catch (error) {
          if (!(error instanceof GoPanic)) throw error;
          say(`<${error.message}>`);
        }
      }
      yield* yields(3);
      yield* body({ go, say, yields, attempt });
    },
    { gomaxprocs: 1, ...options },
  );
}

/** Output in one line, with the exit status if it is not 0. */
export function line(body: (p: Program) => Go, options: RunGoOptions = {}): string {
  const { output, status, stderr, stop } = run(body, options);
  const end = status === 0 ? [] : status === null ? [`[${stop}]`] : [`[exit ${status}: ${stderr}]`];
  return [...output, ...end].join(" ");
}
