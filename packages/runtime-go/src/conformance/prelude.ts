/** What every conformance program has from main.go: three yields come first, and what was said is printed in one line at the end. */
import { printed } from "@orrery/runtime";
import type { Go, GoFunc, GoLibrary } from "../library.ts";
import { GoPanic } from "../panic.ts";
import { runGo } from "../run.ts";

export const MS = 1_000_000;
export const HOUR = 3_600_000 * MS;

export interface Prelude {
  readonly go: GoLibrary;
  /** Adds to the line that is printed when main returns. */
  say(text: string): void;
  /** fmt.Print: nothing of it is lost when the process dies. */
  print(text: string): void;
  /** runtime.Gosched, n times. */
  yields(n: number): Go;
  /** Says what `f` panicked with. */
  attempt(f: GoFunc): Go;
}

export interface Program {
  /** Of the function in the real program. */
  readonly name: string;
  readonly pins: string;
  /** 1 where it is left out. */
  readonly gomaxprocs?: number;
  readonly port: ((prelude: Prelude) => Go) | { readonly lacks: string };
}

/** Status and first line of stderr. */
export function exitText(status: number, stderr: string): string {
  const [line] = stderr.split("\n");
  return line === "" ? `[exit ${status}]` : `[exit ${status}: ${line}]`;
}

/** Runs a port as main.go runs the real program; returns what the process printed. */
export function run(port: (prelude: Prelude) => Go, gomaxprocs: number, seed: number): string {
  const { output, status, stderr, stop } = runGo(
    function* (go, print) {
      const said: string[] = [];
      const say = (text: string): void => {
        said.push(text);
      };
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
      yield* port({ go, say, print, yields, attempt });
      print(said.join(" "));
    },
    { gomaxprocs, seed },
  );
  return printed(
    output.join(""),
    status === null ? `[${stop}]` : status === 0 ? "" : exitText(status, stderr),
  );
}
