/** What a port is, and how it runs. */
import { printed, type Steps } from "@orrery/runtime";
import type { Node } from "../library.ts";
import { runNode } from "../run.ts";
import type { Version } from "../versions.ts";

export interface Program {
  /** Of its file. */
  readonly name: string;
  readonly pins: string;
  /** The file is an ES module. */
  readonly module?: true;
  /** UV_THREADPOOL_SIZE, as the program sets it; 4 where it is left out. */
  readonly poolSize?: number;
  readonly port: ((node: Node) => Steps<unknown> | void) | { readonly lacks: string };
}

/** Standard error holds paths and addresses, so the status says it all. */
export const exitText = (status: number): string => `[exit ${status}]`;

/** Runs a port; returns what the process printed. */
export function run(
  { module, poolSize = 4 }: Program,
  port: Port,
  seed: number,
  version: Version = "24",
): string {
  const options = { module: module === true, poolSize, seed, version };
  const { lines, exitCode, stopped } = runNode(port, options);
  return printed(
    lines.join("\n"),
    exitCode === null ? `[${stopped}]` : exitCode === 0 ? "" : exitText(exitCode),
  );
}

type Port = Extract<Program["port"], (node: Node) => unknown>;
