import { defineConfig } from "vitest/config";

// Every package's vitest.config.ts re-exports this: packages see each other's source, so that tests need no build.
const conditions = ["source", "module", "import", "node", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    passWithNoTests: true,
    testTimeout: 60_000, // a busy machine is no reason to fail
    reporters: ["default", ["json", { outputFile: ".turbo/vitest.json" }]],
  },
});
