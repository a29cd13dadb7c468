// Who may import whom, for dependency-cruiser. Imports run one way:
//
//   simulator <- runtime <- runtime-*      program <- runtime, runtime-*, workloads      everything <- apps
//
// A pattern is matched against the path of the file that an import resolves to, so the name of a package and
// a relative path into it are caught alike. "$1" is the first group of the rule's own "from".

/** @param {string} names */
const inPackage = (names) => `^packages/(?:${names})/`;
const ours = "^(?:packages|apps|tools)/";
const runs = "^packages/(?:simulator|program|runtime|runtime-[^/]+|workloads|transpile|queueing)/src/";
const schema = "^packages/program/src/schema[^/]*[.]ts$";
const effect = "/node_modules/(?:@effect|effect)/";
const libraries = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"];

/** @param {string} name @param {string} allowed names of packages; "" for none */
const mayImportOnly = (name, allowed) => ({
  name: `${name}-imports-${allowed === "" ? "nothing-of-ours" : "only"}`,
  comment: allowed === "" ? `${name} stands alone` : `${name} may import ${allowed.replaceAll("|", ", ")}`,
  severity: "error",
  from: { path: inPackage(name) },
  to: { path: ours, pathNot: inPackage(allowed === "" ? name : `${name}|${allowed}`) },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    mayImportOnly("simulator", ""),
    mayImportOnly("program", ""),
    mayImportOnly("runtime", "simulator|program"),
    mayImportOnly("workloads", "program|runtime"),
    mayImportOnly("transpile", "program|workloads"),
    mayImportOnly("queueing", "simulator|program|runtime"),
    mayImportOnly("verify", "simulator|program|runtime|transpile|workloads"),
    {
      name: "runtime-model-imports-only",
      comment: "a runtime model may import runtime, simulator, program, and never another model",
      severity: "error",
      from: { path: "^packages/(runtime-[^/]+)/" },
      to: { path: ours, pathNot: "^packages/(?:$1|runtime|simulator|program)/" },
    },
    {
      name: "workloads-name-only-types-of-runtime",
      comment: "a workload is data: it may use the types of a runtime, not its code",
      severity: "error",
      from: { path: inPackage("workloads") },
      to: { path: inPackage("runtime"), dependencyTypesNot: ["type-only"] },
    },
    {
      name: "only-apps-name-the-runtimes",
      comment: "a package that is no runtime model knows no runtime model; the registry is in apps/compare",
      severity: "error",
      from: { path: "^(?:packages|tools)/", pathNot: "^packages/runtime-" },
      to: { path: "^packages/runtime-" },
    },
    {
      name: "through-the-front-door",
      comment: "another package is imported by its name, which gives what it exports",
      severity: "error",
      from: { path: "^((?:packages|apps)/[^/]+)/" },
      to: { path: "^(?:packages|apps)/", pathNot: "^$1/", dependencyTypes: ["local"] },
    },
    {
      name: "a-run-needs-no-host",
      comment: "packages that run inside a simulation, or in a page, import nothing of Node",
      severity: "error",
      from: { path: runs },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "a-run-needs-no-library",
      comment: "packages that run inside a simulation are this repository's own code; the schema uses Effect",
      severity: "error",
      from: { path: runs, pathNot: schema },
      to: { dependencyTypes: libraries },
    },
    {
      name: "the-schema-needs-only-effect",
      comment: "the schema of programs is written with Effect and nothing else",
      severity: "error",
      from: { path: schema },
      to: { dependencyTypes: libraries, pathNot: effect },
    },
    {
      name: "effect-at-the-edges",
      comment: "Effect belongs in apps, and in program's schema",
      severity: "error",
      from: { path: "^packages/", pathNot: schema },
      to: { path: effect },
    },
    {
      name: "no-cycles",
      comment: "a cycle of modules has no storeys; types may name each other",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      comment: "an import that leads nowhere, or to a package that package.json does not name",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(?:packages|apps)/[^/]+/dist/" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
    },
  },
};
