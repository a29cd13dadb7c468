import { type NativeRunOptions, runNode } from "../src/index.ts";

/** What a program prints, as the specification writes it: lines joined by ` ¶ `, the exit code when it is not 0. */
export function prints(script: Parameters<typeof runNode>[0], options: NativeRunOptions = {}): string {
  const { lines, exitCode } = runNode(script, options);
  return lines.join(" ¶ ") + (exitCode === 0 ? "" : ` [exit ${exitCode}]`);
}
