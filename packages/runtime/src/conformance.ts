/**
 * Conformance programs: small programs in a runtime's own language, each with a port to the model's native library. The real
 * ones lie as files in a model's folder `conformance`, and beside them in `recorded.json` what they print on the real runtime.
 */

export interface Conformance {
  /** The folder of the real programs. It is copied before anything is built in it. */
  readonly folder: URL;
  /** Commands that build them. The first word of a command names a tool: go, python, javac, java, node, or a file of the folder. */
  readonly build: readonly (readonly string[])[];
  readonly programs: readonly ConformanceProgram[];
  /** What is told, after its standard output, of a program that ends with a status other than 0: `[exit 2]`. */
  readonly exitText: (status: number, stderr: string) => string;
}

export interface ConformanceProgram {
  /** As in its file: `spawn_order`, `InterruptPermit`, `io-check-timers`. */
  readonly name: string;
  /** The rule that it pins, in one line. */
  readonly pins: string;
  /** Runs the real program, in the folder. */
  readonly run: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What the port prints on the model, as `printed` would have it; or what the model lacks for it. */
  readonly port: (() => string) | { readonly lacks: string };
}

/** The contents of `recorded.json`. */
export interface RecordedOutputs {
  /** Of the real runtime. */
  readonly version: string;
  /** Makes this file anew. */
  readonly command: string;
  /** Every output that was seen, by name of the program: more than one where the runtime leaves the order open. */
  readonly outputs: Readonly<Record<string, readonly string[]>>;
}

/** What a program printed, as one text: its lines, without what ends the last one, and how it ended if not well. */
export function printed(stdout: string, exitText: string): string {
  return [stdout.trimEnd(), exitText].filter((part) => part !== "").join("\n");
}
