// Sums the results that vitest left in each package and prints "N passed, N failed, N skipped" as the last line.
// The result files are outputs of the turbo task, so a test run replayed from turbo's cache counts too.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

interface VitestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

const root = join(import.meta.dirname, "../..");
let passed = 0;
let failed = 0;
let skipped = 0;

for (const config of globSync("{packages/*,apps/*,tools}/vitest.config.ts", { cwd: root }).toSorted()) {
  const file = join(root, dirname(config), ".turbo/vitest.json");
  if (!existsSync(file)) {
    console.log(`${dirname(config)}: no test results`);
    failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(file, "utf8")) as VitestResult;
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  skipped += result.numPendingTests + result.numTodoTests;
  for (const suite of result.testResults) {
    // A file that cannot even be loaded has failed without a failed test in it.
    if (suite.status === "failed" && !suite.assertionResults.some((test) => test.status === "failed")) {
      console.log(`${relative(root, suite.name)}: failed outside of its tests`);
      failed += 1;
    }
  }
}

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
