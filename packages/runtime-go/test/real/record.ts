/**
 * Records what a real Go does with the random programs, GOMAXPROCS=1: `node --conditions=source test/real/record.ts` in the
 * package, with `go` on the path. Each program runs several times; every distinct output is kept.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomProgram } from "../random-programs.ts";

const PROGRAMS = 200;
const RUNS = 5;

const directory = mkdtempSync(join(tmpdir(), "random-programs-"));
const binary = join(directory, "random-programs");
execFileSync("go", ["build", "-o", binary, "."], { cwd: join(import.meta.dirname, "random-programs") });
const version = execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();

const programs = Array.from({ length: PROGRAMS }, (_, seed) => {
  const text = randomProgram(seed);
  const outputs = new Set<string>();
  for (let run = 0; run < RUNS; run++) {
    const { stdout, stderr, status } = spawnSync(binary, [text], {
      env: { ...process.env, GOMAXPROCS: "1" },
      encoding: "utf8",
    });
    outputs.add(stdout + (status === 0 ? "" : `[${status}: ${stderr.slice(0, stderr.indexOf("\n"))}]`));
  }
  return { text, outputs: [...outputs] };
});
writeFileSync(
  join(import.meta.dirname, "recorded.json"),
  `${JSON.stringify({ version, programs }, null, 1)}\n`,
);
rmSync(directory, { recursive: true });
