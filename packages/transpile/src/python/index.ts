/** Python's asyncio: a module per program, and `batch.py` that runs them. */
import {
  isMap,
  isRecordType,
  type ParamValues,
  type Program,
  recordOf,
  referredProcs,
  type TypeName,
  walk,
} from "@orrery/program";
import { Emitter } from "../emitter.ts";
import type { Batch, Entry, Source, Target } from "../target.ts";
import { certainArgs } from "./channels.ts";
import { recursive } from "./exits.ts";
import { digits, durationLiteral, truthText } from "./expressions.ts";
import { constantCase, exported, fieldName, moduleName, Names, quote } from "./names.ts";
import { distribution, ProcedureWriter, type ProgramNames } from "./procedure.ts";
import { support, supportPath } from "./support.ts";

const UNIT = "    ";
const WIDTH = 116;

function namesOf(program: Program, params: ParamValues): ProgramNames {
  const module = new Names();
  const fresh = <T>(items: readonly T[], nameOf: (item: T) => string, wanted = nameOf): Map<string, string> =>
    new Map(items.map((item) => [nameOf(item), module.fresh(wanted(item))]));
  const byName = ({ name }: { readonly name: string }): string => name;
  const constant = ({ name }: { readonly name: string }): string => constantCase(name);
  const constants = fresh(program.params, byName, constant);
  return {
    module,
    recursive: recursive(program),
    certain: certainArgs(program),
    params: new Map([...constants].map(([name, python]) => [name, { python, value: params[name]! }])),
    services: fresh(program.services, byName, constant),
    records: fresh(Object.keys(program.records ?? {}), (name) => name),
    bargingMutexes: program.policies.lockFairness === "barging",
    cells: fresh(program.shared, byName),
    maps: new Map(program.shared.flatMap(({ name, type }) => (isMap(type) ? [[name, type] as const] : []))),
    errors: fresh(ownErrors(program), (kind) => kind, errorClass),
    procs: fresh(Object.keys(program.procs), (name) => name),
  };
}

/** Kinds of error that the program has made up, in order of appearance. */
function ownErrors(program: Program): readonly string[] {
  const kinds = new Set<string>();
  for (const body of [...Object.values(program.procs).map((proc) => proc.body), program.main])
    walk(body, (stmt) => {
      if (stmt.op === "throw" || stmt.op === "reject") kinds.add(stmt.kind);
      if (stmt.op === "try") for (const each of stmt.catches) for (const kind of each.kinds) kinds.add(kind);
    });
  return [...kinds].filter((kind) => kind.startsWith("User:"));
}

/** `User:not found` -> `NotFound` */
function errorClass(kind: string): string {
  const words = kind
    .slice("User:".length)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z]/.test(name) ? name : `Error${name}`;
}

function source({ key, program, params }: Entry): Source {
  const names = namesOf(program, params);
  const body = new Emitter(UNIT);
  const referred = referredProcs(program);
  constants(body, program, names);
  for (const [proc, { args, body: block }] of Object.entries(program.procs)) {
    const python = names.procs.get(proc)!;
    new ProcedureWriter(body, names, block).write(python, args, proc);
    body.line();
    body.line();
    if (python === proc || !referred.has(proc)) continue;
    body.line(`${python}.__name__ = ${quote(proc)}`);
    body.line();
    body.line();
  }
  new ProcedureWriter(body, names, program.main).write("main", [], "main");
  body.line();
  body.line();
  body.line(`PROGRAM = Program(${["main", ...policies(program)].join(", ")})`);
  body.line();
  body.line('if __name__ == "__main__":');
  body.indented(() => body.line("launch(PROGRAM)"));
  const head = new Emitter(UNIT);
  doc(head, program.doc);
  head.line();
  imports(head, body.text);
  head.line();
  const before = head.text.split("\n").length - 1;
  const lines = Object.fromEntries(Object.entries(body.lineOf).map(([id, line]) => [id, line + before]));
  return { file: { path: `${moduleName(key)}.py`, text: head.text + body.text }, lines };
}

function doc(out: Emitter, text: string): void {
  const plain = text.replaceAll("\\", "\\\\").replaceAll('"""', "'''");
  const lines: string[] = [""];
  for (const word of plain.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  const ends = plain.endsWith('"') ? " " : "";
  if (lines.length === 1) return out.line(`"""${lines[0]}${ends}"""`);
  lines.forEach((line, index) => out.line(index === 0 ? `"""${line}` : line));
  out.line('"""');
}

const dataclasses = ["dataclass", "replace"];

/** What the text uses. */
function imports(out: Emitter, text: string): void {
  const words = new Set(
    text.replaceAll(/"(\\.|[^"\\])*"/g, '""').match(/(?<![.\w])[A-Za-z_]\w*\b(?!=[^=]|: )/g),
  );
  const uses = (name: string): boolean => words.has(name);
  if (uses("asyncio")) out.line("import asyncio");
  if (uses("AsyncExitStack")) out.line("from contextlib import AsyncExitStack");
  const ofRecords = dataclasses.filter(uses);
  if (ofRecords.length > 0) out.line(`from dataclasses import ${ofRecords.join(", ")}`);
  if (uses("partial")) out.line("from functools import partial");
  if (uses("asyncio") || uses("AsyncExitStack") || ofRecords.length > 0 || uses("partial")) out.line();
  const standard = ["AsyncExitStack", "partial", ...dataclasses];
  const used = [...exported].filter((name) => !standard.includes(name) && uses(name)).sort();
  const line = `from orrery import ${used.join(", ")}`;
  if (line.length <= WIDTH) return out.line(line);
  out.line("from orrery import (");
  out.indented(() => used.forEach((name) => out.line(`${name},`)));
  out.line(")");
}

/** Parameters, services, shared cells and the program's own errors. */
function constants(out: Emitter, program: Program, names: ProgramNames): void {
  for (const param of program.params) {
    const { python, value } = names.params.get(param.name)!;
    const text =
      typeof value === "string"
        ? quote(value)
        : typeof value === "boolean"
          ? truthText(value)
          : param.type === "dur"
            ? durationLiteral(value).text
            : digits(value);
    out.line(`${python} = ${text}${param.doc === "" ? "" : `  # ${param.doc}`}`);
  }
  for (const { name, servers, queueLimit, latency, failPerMillion } of program.services) {
    const time =
      "param" in latency
        ? `constant(${names.params.get(latency.param)!.python})`
        : distribution(latency, "ns");
    const fails =
      typeof failPerMillion === "number" ? failPerMillion : names.params.get(failPerMillion.param)!.python;
    const args = [quote(name), servers ?? -1, queueLimit ?? -1, time, fails];
    out.line(`${names.services.get(name)} = Service(${args.join(", ")})`);
  }
  for (const { name, type, init, length } of program.shared) {
    const count = typeof length === "object" ? names.params.get(length.param)!.python : length;
    const value = isMap(type)
      ? "{}"
      : init === null
        ? "None"
        : typeof init === "boolean"
          ? truthText(init)
          : JSON.stringify(init);
    out.line(`${names.cells.get(name)} = ${count === undefined ? value : `Cells(${count}, ${value})`}`);
  }
  if (program.params.length + program.services.length + program.shared.length > 0) out.line();
  out.line();
  for (const [record, python] of names.records) {
    out.line("@dataclass(frozen=True, eq=False)");
    out.line(`class ${python}:`);
    out.indented(() => {
      for (const [field, type] of Object.entries(program.records![record]!))
        out.line(`${fieldName(field)}: ${annotation(type, names)}`);
    });
    out.line();
    out.line();
  }
  for (const [kind, python] of names.errors) {
    out.line(`class ${python}(Fault):`);
    out.indented(() => out.line(`kind = ${quote(kind)}`));
    out.line();
    out.line();
  }
}

/** A field's type as a reader of Python wants it. */
function annotation(type: TypeName, { records }: ProgramNames): string {
  if (isRecordType(type)) return `"${records.get(recordOf(type))}"`;
  if (isMap(type)) return "dict";
  return { int: "int", dur: "int", bool: "bool", str: "str", list: "list" }[type as string] ?? "object";
}

function policies({ policies: { end, selectPolicy, onDetachedFailure } }: Program): readonly string[] {
  return [
    ...(end === "quiescent" ? [] : [`end=${quote(end)}`]),
    ...(selectPolicy === "random" ? [] : [`select_policy=${quote(selectPolicy)}`]),
    ...(onDetachedFailure === "abort" ? [] : [`on_detached_failure=${quote(onDetachedFailure)}`]),
  ];
}

/** The module that runs a list of programs, one after the other. */
function batchSource(entries: readonly Entry[]): string {
  const out = new Emitter(UNIT);
  out.line(
    '"""Runs the programs of a list, each of its lines "KEY SEED", and prints a line of JSON for each."""',
  );
  out.line();
  out.line("from orrery import run_batch");
  out.line();
  out.line("MODULES = {");
  out.indented(() => {
    for (const { key } of entries) out.line(`${quote(key)}: ${quote(moduleName(key))},`);
  });
  out.line("}");
  out.line();
  out.line('if __name__ == "__main__":');
  out.indented(() => out.line("run_batch(MODULES)"));
  return out.text;
}

const supportFile = { path: supportPath, text: support };

function batch(entries: readonly Entry[]): Batch {
  return {
    files: [
      supportFile,
      ...entries.map((entry) => source(entry).file),
      { path: "batch.py", text: batchSource(entries) },
    ],
    build: [],
    run: ["python", "-X", "utf8", "batch.py"],
    shareable: true,
    renewable: false,
  };
}

export const pythonTarget: Target = {
  language: "python",
  runtime: "asyncio",
  support: [supportFile],
  source,
  batch,
};
