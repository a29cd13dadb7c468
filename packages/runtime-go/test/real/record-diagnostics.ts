/**
 * Records what a real Go says in the cases of diagnostics/main.go, GOMAXPROCS=1: `node --conditions=source
 * test/real/record-diagnostics.ts` in the package, with `go` on the path.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { goVersion, withRealTexts } from "./diagnostics.ts";

const texts = withRealTexts((text, names) => Object.fromEntries(names.map((name) => [name, text(name)])));
writeFileSync(
  join(import.meta.dirname, "diagnostics.json"),
  `${JSON.stringify({ version: goVersion(), command: "node --conditions=source test/real/record-diagnostics.ts", texts }, null, 1)}\n`,
);
