/** Runs the cases of diagnostics/main.go with the `go` on the path. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cases, godebug } from "../diagnostics.ts";

/** "" where there is no Go. */
export function goVersion(): string {
  const { stdout, status } = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}

/** Builds the program for `use`, which gets what each case writes to stderr. */
export function withRealTexts<T>(use: (text: (name: string) => string, names: readonly string[]) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "diagnostics-"));
  try {
    const binary = join(directory, "diagnostics");
    execFileSync("go", ["build", "-o", binary, "."], { cwd: join(import.meta.dirname, "diagnostics") });
    const text = (name: string): string => {
      const env = { ...process.env, GOMAXPROCS: "1", GODEBUG: godebug(name) };
      return spawnSync(binary, [name], { env, encoding: "utf8" }).stderr;
    };
    return use(text, Object.keys(cases));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
