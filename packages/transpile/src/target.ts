/**
 * What a language's transpiler gives. The source of a program is for people to read and for the real runtime to run:
 * the same text. Beside it stands one support file, the same for every program of the language, with what the language of
 * programs has and the real one has not (emulated operations, calibrated CPU time, draws, the ticketed log).
 */
import type { ParamValues, Program } from "@orrery/program";

export type Language = "go" | "python" | "java" | "javascript";

export interface SourceFile {
  /** Path inside the folder of the build, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Source {
  /** The program itself; its support file is `Target.support`. */
  readonly file: SourceFile;
  /** Statement id -> line in the file, from 1. */
  readonly lines: Readonly<Record<string, number>>;
}

/** One program of a batch. `program` is checked (ids, types) and `params` are complete. */
export interface Entry {
  /** Letters and digits, begins with a letter, unique in the batch: names files, functions, classes. */
  readonly key: string;
  readonly program: Program;
  readonly params: ParamValues;
}

/** A command as words; the first is a tool (`go`, `python`, `javac`, `java`, `node`) that the runner finds, or a path in the folder (`./batch`). */
export type Command = readonly string[];

export interface Batch {
  readonly files: readonly SourceFile[];
  /** Run once, in the folder. */
  readonly build: readonly Command[];
  /**
   * Runs entries: the path of a list is appended, each of its lines `KEY SEED`. The list is read whole before the first run; runs
   * happen one after the other; after each, one line of JSON (`RealRun`) goes to standard output.
   * Environment: options of the runtime that are variables, with Python's default executor as ORRERY_EXECUTOR_WORKERS; ORRERY_SERVICES=HOST:PORT of the reference server; ORRERY_DIR, a folder for files; ORRERY_TIMED, where only the
   * length of runs counts: they need not begin as the first of a process does, and the process stays warm.
   */
  readonly run: Command;
  /** True if runs in one process do not disturb each other's order. */
  readonly shareable: boolean;
  /**
   * True if the process makes its scheduler for each program what it was for the first. It may end early, with status 0,
   * after a run that left something behind.
   */
  readonly renewable: boolean;
}

export interface Target {
  readonly language: Language;
  /** The model it is compared with: go, asyncio, java, node. */
  readonly runtime: string;
  readonly support: readonly SourceFile[];
  /** The program as an expert of the language would write it. */
  source(entry: Entry): Source;
  batch(entries: readonly Entry[]): Batch;
}

/** What a real run prints. Times are ns since the program's main began. */
export interface RealRun {
  readonly key: string;
  readonly seed: number;
  readonly outcome: "completed" | "failed" | "deadlocked";
  readonly detail: string | null;
  readonly makespanNs: number;
  /** In order of the ticket: statement id, task path (`main/worker[2]`), text, time. */
  readonly log: readonly (readonly [statement: string, task: string, text: string, timeNs: number])[];
  /** Marks and measures, in order. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** Counts and gauges. */
  readonly counts: Readonly<Record<string, number>>;
  readonly tasks: {
    readonly spawned: number;
    readonly completed: number;
    readonly failed: number;
    readonly cancelled: number;
  };
}
