/** JavaScript for Node: a CommonJS module per program, and `batch.cjs` that runs them. */
import type { Expr, ParamValues, Program } from "@orrery/program";
import { isMap, walk } from "@orrery/program";
import { Emitter } from "../emitter.ts";
import { ProgramTypes } from "../infer-types.ts";
import type { Batch, Entry, Source, Target } from "../target.ts";
import { numeral } from "./expressions.ts";
import { constantCase, Names, quote, supportNames } from "./names.ts";
import { distribution, ProcedureWriter, type ProgramNames } from "./procedure.ts";
import { ProcUses } from "./procs.ts";
import { support, supportPath } from "./support.ts";

const UNIT = "  ";
const WIDTH = 116;

/** Functions of Node that a program may need, and the module of each. */
const builtins = [
  ["stat", "node:fs/promises"],
  ["setImmediate", "node:timers/promises"],
  ["setTimeout", "node:timers/promises"],
] as const;

const pathOf = (key: string): string => `${key === "batch" || key === "orrery" ? `${key}_` : key}.cjs`;

function namesOf(program: Program, params: ParamValues): ProgramNames {
  const top = new Names();
  const uses = new ProcUses(program);
  const named = (items: readonly { readonly name: string }[], style = (name: string): string => name) =>
    new Map(items.map(({ name }) => [name, top.fresh(style(name))]));
  const paramNames = named(program.params, constantCase);
  const services = named(program.services);
  const cells = named(program.shared);
  const procs = named(Object.keys(program.procs).map((name) => ({ name })));
  const tasks = new Map(
    [...procs].flatMap(([name, js]) => (uses.needsTask(name) ? [[name, top.fresh(`${js}Task`)]] : [])),
  );
  const each = [paramNames, services, cells, procs, tasks];
  return {
    types: new ProgramTypes(program),
    uses,
    handles: uses.cancels || uses.signals,
    procs,
    tasks,
    params: new Map([...paramNames].map(([name, js]) => [name, { js, value: params[name]! }])),
    bargingMutexes: program.policies.lockFairness === "barging",
    cells,
    services,
    top: each.flatMap((names) => Array.from(names.values())),
  };
}

/** The functions, and whether tasks have to be known by objects. */
function functions(out: Emitter, program: Program, names: ProgramNames): boolean {
  let passesTasks = false;
  for (const [proc, { args, body }] of Object.entries(program.procs)) {
    const writer = new ProcedureWriter(out, names, body);
    writer.procedure(
      proc,
      args.map(({ name }) => name),
    );
    out.line();
    passesTasks ||= writer.passesTasks;
  }
  const writer = new ProcedureWriter(out, names, program.main);
  writer.main();
  return passesTasks || writer.passesTasks;
}

function source({ key, program, params }: Entry): Source {
  const names = namesOf(program, params);
  const passesTasks = functions(new Emitter(UNIT), program, names);
  const chosen = passesTasks ? { ...names, handles: true } : names;
  const body = new Emitter(UNIT);
  constants(body, program, chosen);
  functions(body, program, chosen);
  body.line();
  exported(body, program, chosen);
  const head = new Emitter(UNIT);
  doc(head, program.doc);
  head.line("'use strict';");
  head.line();
  imports(head, body.text);
  const { length } = head.text.split("\n");
  const lines = Object.fromEntries(Object.entries(body.lineOf).map(([id, line]) => [id, line + length - 1]));
  return { file: { path: pathOf(key), text: head.text + body.text }, lines };
}

function doc(out: Emitter, text: string): void {
  out.line("/**");
  let line = " *";
  for (const word of text.replaceAll("*/", "* /").split(/\s+/)) {
    if (line.length + word.length >= WIDTH) {
      out.line(line);
      line = " *";
    }
    line += ` ${word}`;
  }
  out.line(line);
  out.line(" */");
}

/** What the text refers to, outside of its strings. */
function imports(out: Emitter, text: string): void {
  const code = text
    .replaceAll(/'(\\.|[^'\\\n])*'|"(\\.|[^"\\\n])*"/g, "''")
    .replaceAll(/`(\\.|[^`\\])*`/g, (literal) => (literal.match(/\$\{[^}]*\}/g) ?? []).join(" "))
    .replaceAll(/\/\/.*/g, "");
  const uses = (name: string): boolean => new RegExp(`(?<![.\\w$])${name}\\b(?!:)`).test(code);
  for (const module of new Set(builtins.map(([, module]) => module))) {
    const used = builtins.filter((each) => each[1] === module && uses(each[0])).map(([name]) => name);
    if (used.length > 0) out.line(`const { ${used.join(", ")} } = require('${module}');`);
  }
  const used = supportNames.split(" ").filter(uses);
  out.line(`const { ${used.join(", ")} } = require('./${supportPath}');`);
  out.line();
}

/** Parameters, services and shared cells. */
function constants(out: Emitter, program: Program, names: ProgramNames): void {
  for (const param of program.params) {
    const { js, value } = names.params.get(param.name)!;
    const text =
      typeof value === "number"
        ? numeral(value, param.type === "dur" ? "ns" : undefined)
        : typeof value === "string"
          ? quote(value)
          : String(value);
    out.line(`const ${js} = ${text};${param.doc === "" ? "" : ` // ${param.doc}`}`);
  }
  for (const { name, servers, queueLimit, latency, failPerMillion } of program.services) {
    const time =
      "param" in latency ? `constant(${names.params.get(latency.param)!.js})` : distribution(latency, "ns");
    const fails =
      typeof failPerMillion === "number" ? failPerMillion : names.params.get(failPerMillion.param)!.js;
    const args = [quote(name), servers ?? "Infinity", queueLimit ?? "Infinity", time, fails];
    out.line(`const ${names.services.get(name)} = new Service(${args.join(", ")});`);
  }
  for (const { name, type, init, length } of program.shared) {
    const js = names.cells.get(name)!;
    const text = isMap(type) ? "new Map()" : typeof init === "string" ? quote(init) : String(init);
    if (length === undefined) out.line(`let ${js} = ${text};`);
    else {
      const count = typeof length === "number" ? length : names.params.get(length.param)!.js;
      out.line(`const ${js} = Array(${count}).fill(${text});`);
    }
  }
  if (program.params.length + program.services.length + program.shared.length > 0) out.line();
}

/** The program as the support file runs it. */
function exported(out: Emitter, program: Program, names: ProgramNames): void {
  const { end, selectPolicy, onDetachedFailure } = program.policies;
  const { uses } = names;
  const { ops } = uses;
  const prepared = [
    ...(ops.has("cpu") || ops.has("offload") ? ["cpu"] : []),
    ...(ops.has("offload") ? ["hash"] : []),
    ...(ops.has("offload") || ops.has("fileRead") || ops.has("fileStat") ? ["threadpool"] : []),
    ...(program.services.length > 0 ? ["services"] : []),
    ...(uses.stalls ? ["disk"] : []),
  ];
  const files = fileSizes(program, names);
  out.line("module.exports = {");
  out.indented(() => {
    out.line("main,");
    out.line(
      `policies: { end: ${quote(end)}, selectPolicy: ${quote(selectPolicy)}, onDetachedFailure: ${quote(onDetachedFailure)} },`,
    );
    out.line(`prepare: [${prepared.map(quote).join(", ")}],`);
    out.line(`files: [${files.join(", ")}],`);
  });
  out.line("};");
  out.line("if (require.main === module) launch(module.exports);");
}

/** Sizes of the files that the program reads, where its text tells them. */
function fileSizes(program: Program, names: ProgramNames): readonly string[] {
  const sizes = new Set<string>();
  const add = (bytes: Expr): void => {
    if ("lit" in bytes) sizes.add(String(bytes.lit));
    if ("param" in bytes) sizes.add(names.params.get(bytes.param)!.js);
  };
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (stmt) => {
      if (stmt.op === "fileRead") add(stmt.bytes);
    });
  return [...sizes];
}

const supportFile = { path: supportPath, text: support };

function batchText(entries: readonly Entry[]): string {
  const out = new Emitter(UNIT);
  out.line("'use strict';");
  out.line();
  out.line(
    "/** Runs the programs of a list, each of its lines `KEY SEED`, and prints a line of JSON for each. */",
  );
  out.line(`const { runList } = require('./${supportPath}');`);
  out.line();
  out.line("const programs = {");
  out.indented(() => {
    for (const { key } of entries) out.line(`${key}: './${pathOf(key)}',`);
  });
  out.line("};");
  out.line();
  const stateful = entries.filter(({ program }) => program.shared.length + program.services.length > 0);
  const keys = stateful.map(({ key }) => `'${key}'`).join(", ");
  out.line(`runList(process.argv[2], programs, [${keys}]);`);
  return out.text;
}

function batch(entries: readonly Entry[]): Batch {
  return {
    files: [
      supportFile,
      ...entries.map((entry) => source(entry).file),
      { path: "batch.cjs", text: batchText(entries) },
    ],
    build: [],
    run: ["node", "--stack-size=6000", "batch.cjs"], // ten thousand nested calls
    shareable: false,
    renewable: true,
  };
}

export const javascriptTarget: Target = {
  language: "javascript",
  runtime: "node",
  support: [supportFile],
  source,
  batch,
};
