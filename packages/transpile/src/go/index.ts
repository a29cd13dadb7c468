/** Go: a file per program, and a main that runs them. */
import { type ParamValues, type Program, type Stmt, walk } from "@orrery/program";
import { Emitter } from "../emitter.ts";
import { recursive } from "../java/exits.ts";
import type { Batch, Entry, Source, Target } from "../target.ts";
import { durationLiteral } from "./expressions.ts";
import { Failures, sharesGrowingLists } from "./failures.ts";
import { ProgramTypes } from "../infer-types.ts";
import { fieldName, goSlot } from "./types.ts";
import { Names, quote } from "./names.ts";
import { distribution, type ProgramNames, type Signature, writeProcedure } from "./procedure.ts";
import { settleSpaces } from "./spacing.ts";
import { support, supportPath } from "./support.ts";

const UNIT = "\t";
const WIDTH = 116;

function packageName(key: string): string {
  return new Names().fresh(key);
}

/** Where a program is declared. */
interface Package {
  readonly name: string;
  /** What is declared in it so far. */
  readonly names: Names;
}

/** Go names of what the program's file declares. */
interface FileNames extends ProgramNames {
  /** The exported variable that a batch runs. */
  readonly exported: string;
  readonly main: string;
  /** Sets the shared cells. */
  readonly reset: string;
}

function namesOf(program: Program, params: ParamValues, names: Names): FileNames {
  const own = {
    exported: names.fresh("Program"),
    main: names.fresh("program"),
    reset: program.shared.length > 0 ? names.fresh("reset") : "",
  };
  const types = new ProgramTypes(program);
  const failures = new Failures(program);
  const fresh = <Declared extends { readonly name: string }>(
    declared: readonly Declared[],
  ): Map<string, string> => new Map(declared.map(({ name }) => [name, names.fresh(name)]));
  const procs = fresh(Object.keys(program.procs).map((name) => ({ name })));
  const goParams = fresh(program.params);
  const services = fresh(program.services);
  const cells = fresh(program.shared);
  return {
    ...own,
    types,
    style: {
      records: new Map(Object.keys(program.records ?? {}).map((name) => [name, names.fresh(name)])),
      procTypes: new Map(Object.keys(program.procTypes ?? {}).map((name) => [name, names.fresh(name)])),
      cancels: failures.cancels,
      timedMutexes: has(program, "lockFor"),
      timedConds: has(program, "condWaitFor"),
      lockFairness: program.policies.lockFairness ?? "native",
      sharedLists: sharesGrowingLists(program),
    },
    failures,
    recursive: recursive(program),
    nativeSelect: program.policies.selectPolicy === "random",
    procs,
    params: new Map([...goParams].map(([name, go]) => [name, { go, value: params[name]! }])),
    services,
    cells,
  };
}

function has(program: Program, op: Stmt["op"]): boolean {
  let found = false;
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (stmt) => {
      if (stmt.op === op) found = true;
    });
  return found;
}

/** A program in a package of its own. */
function source(entry: Entry): Source {
  return sourceIn({ name: packageName(entry.key), names: new Names() }, entry);
}

function sourceIn(home: Package, { key, program, params }: Entry): Source & { readonly exported: string } {
  const names = namesOf(program, params, home.names);
  const body = new Emitter(UNIT);
  declarations(body, program, names);
  for (const [proc, { args, body: block, returns }] of Object.entries(program.procs)) {
    const slots = names.types.argsOf(proc);
    body.line();
    writeProcedure(body, names, {
      proc,
      go: names.procs.get(proc)!,
      args: args.map(({ name }, index) => ({ name, slot: slots[index]! })),
      result: returns === undefined ? null : names.types.resultOf(proc),
      fails: names.failures.inProc(proc),
      body: block,
    } satisfies Signature);
  }
  body.line();
  writeProcedure(body, names, {
    proc: "main",
    go: names.main,
    args: [],
    result: null,
    fails: true,
    body: program.main,
  });
  const code = body.text.replaceAll(/"(\\.|[^"\\])*"|\/\/.*/g, "");
  const used = ["runtime", "time"].filter((name) => new RegExp(`\\b${name}\\.`).test(code));
  const head = new Emitter(UNIT);
  doc(head, program.doc);
  head.line(`package ${home.name}`);
  head.line();
  head.line("import (");
  head.indented(() => {
    for (const path of used) head.line(quote(path));
    if (used.length > 0) head.line();
    head.line('"batch/orrery"');
  });
  head.line(")");
  head.line();
  const before = head.text.split("\n").length - 1;
  const lines = Object.fromEntries(Object.entries(body.lineOf).map(([id, line]) => [id, line + before]));
  const path = `${home.name}/${packageName(key)}.go`;
  return { file: { path, text: head.text + settleSpaces(body.text) }, lines, exported: names.exported };
}

function doc(out: Emitter, text: string): void {
  let line = "//";
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length >= WIDTH) {
      out.line(line);
      line = "//";
    }
    line += ` ${word}`;
  }
  out.line(line);
}

/** Parameters as constants, services, shared cells, and the program itself. */
function declarations(out: Emitter, program: Program, names: FileNames): void {
  for (const { name, type, doc: text } of program.params) {
    const { go, value } = names.params.get(name)!;
    const shown = type === "dur" ? durationLiteral(value as number, "orrery").text : JSON.stringify(value);
    if (text !== "") doc(out, `${go}: ${text}.`);
    out.line(`const ${go} = ${shown}`);
    out.line();
  }
  for (const { name, servers, queueLimit, latency, failPerMillion } of program.services) {
    const time =
      "param" in latency
        ? `orrery.Constant(${names.params.get(latency.param)!.go})`
        : distribution(latency, "ns");
    const fails =
      typeof failPerMillion === "number"
        ? String(failPerMillion)
        : names.params.get(failPerMillion.param)!.go;
    const fields = [
      `Name: ${quote(name)}`,
      `Servers: ${servers ?? -1}`,
      `QueueLimit: ${queueLimit ?? -1}`,
      `Latency: ${time}`,
      ...(fails === "0" ? [] : [`FailPerMillion: ${fails}`]),
    ];
    out.line(`var ${names.services.get(name)} = &orrery.Service{${fields.join(", ")}}`);
    out.line();
  }
  records(out, program, names);
  procTypes(out, program, names);
  cells(out, program, names);
  const { end, selectPolicy, onDetachedFailure } = program.policies;
  const statements: Stmt[] = [];
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (stmt) => statements.push(stmt));
  const uses = (...ops: readonly Stmt["op"][]): boolean => statements.some(({ op }) => ops.includes(op));
  const sizes = filesOf(statements, names);
  const fields = [
    ["Main", names.main],
    ...(program.shared.length > 0 ? [["Cells", names.reset]] : []),
    ...(sizes.length > 0 ? [["Files", `[]int{${sizes.join(", ")}}`]] : []),
    ...(uses("cpu", "offload") ? [["Computes", "true"]] : []),
    ...(uses("callService") ? [["Calls", "true"]] : []),
    ...(end === "main" ? [["End", "orrery.WithMain"]] : []),
    ...(selectPolicy === "random"
      ? []
      : [["Select", `orrery.${selectPolicy === "first" ? "First" : "Rotating"}`]]),
    ...(onDetachedFailure === "ignore" ? [["OnFailure", "orrery.Ignore"]] : []),
  ].map(([name, text]) => `${name}: ${text}`);
  out.line(`// ${names.exported} is what a batch runs.`);
  out.line(`var ${names.exported} = orrery.Program{${fields.join(", ")}}`);
}

/** Sizes of files that are known before the run. */
function filesOf(statements: readonly Stmt[], names: ProgramNames): readonly string[] {
  const sizes = statements.flatMap((stmt) => {
    if (stmt.op !== "fileRead") return [];
    if ("lit" in stmt.bytes) return [String(stmt.bytes.lit)];
    return "param" in stmt.bytes ? [names.params.get(stmt.bytes.param)!.go] : [];
  });
  return [...new Set(sizes)];
}

function records(out: Emitter, program: Program, { types, style }: FileNames): void {
  for (const [record, fields] of Object.entries(program.records ?? {})) {
    const go = style.records.get(record)!;
    const all = Object.keys(fields).map((field) => ({ field, go: fieldName(field) }));
    const width = Math.max(...all.map((each) => each.go.length));
    out.line(`type ${go} struct {`);
    out.indented(() => {
      for (const each of all)
        out.line(`${each.go.padEnd(width)} ${goSlot(types.field(record, each.field), style)}`);
    });
    out.line("}");
    out.line();
    out.line(`func (r *${go}) String() string {`);
    const shown = all.map((each) => `${quote(each.field)}, r.${each.go}`).join(", ");
    out.indented(() => out.line(`return orrery.Fields(${shown})`));
    out.line("}");
    out.line();
  }
}

/** Functions, and beside each the name of its procedure where tasks are started by it. */
function procTypes(out: Emitter, program: Program, { types, style, failures }: FileNames): void {
  for (const [type, go] of style.procTypes) {
    const { args, returns } = program.procTypes![type]!;
    const slots = types.references.argsOf(type);
    const taken = args.map((_, index) => `, ${goSlot(slots[index]!, style)}`).join("");
    const given = [
      ...(returns === undefined ? [] : [goSlot(types.references.resultOf(type), style)]),
      ...(failures.inType(type) ? ["error"] : []),
    ];
    const result = given.length > 1 ? ` (${given.join(", ")})` : given.map((each) => ` ${each}`).join("");
    const func = `func(*orrery.Task${taken})${result}`;
    out.line(`type ${go} ${types.references.isSpawned(type) ? `= *orrery.Named[${func}]` : func}`);
    out.line();
  }
}

function cells(out: Emitter, program: Program, names: FileNames): void {
  if (program.shared.length === 0) return;
  const all = program.shared.map((cell) => {
    const { length } = cell;
    const count =
      length === undefined
        ? null
        : typeof length === "number"
          ? String(length)
          : names.params.get(length.param)!.go;
    return {
      ...cell,
      count,
      go: names.cells.get(cell.name)!,
      type: goSlot(names.types.cell(cell.name), names.style),
    };
  });
  for (const { go, type, count } of all) out.line(`var ${go} ${count === null ? "" : "[]"}${type}`);
  out.line();
  out.line(`func ${names.reset}() {`);
  out.indented(() => {
    for (const { go, type, count, init } of all) {
      const isMap = type.startsWith("map[");
      const value = isMap ? `${type}{}` : init === null ? "nil" : JSON.stringify(init);
      if (count === null) out.line(`${go} = ${value}`);
      else {
        out.line(`${go} = make([]${type}, ${count})`);
        if (init === null || init === 0 || init === false || init === "") continue;
        out.line(`for i := range ${go} {`);
        out.indented(() => out.line(`${go}[i] = ${value}`));
        out.line("}");
      }
    }
  });
  out.line("}");
  out.line();
}

/** The main that runs a list of programs, one after the other: by key the variable of each. */
function batchSource(exported: ReadonlyMap<string, string>): string {
  const out = new Emitter(UNIT);
  out.line("package main");
  out.line();
  out.line("import (");
  out.indented(() => {
    out.line('"batch/orrery"');
    out.line(quote(`batch/${PROGRAMS}`));
  });
  out.line(")");
  out.line();
  out.line("func main() {");
  out.indented(() => {
    out.line("orrery.Main(map[string]*orrery.Program{");
    out.indented(() => {
      const width = Math.max(0, ...[...exported.keys()].map((key) => key.length)) + 3;
      for (const [key, go] of exported) out.line(`${`${quote(key)}:`.padEnd(width)} &${PROGRAMS}.${go},`);
    });
    out.line("})");
  });
  out.line("}");
  return out.text;
}

const supportFile = { path: supportPath, text: support };

/** The package of all programs of a batch: one run of Go's compiler, an eighth of what a package each would take. */
const PROGRAMS = "programs";

function batch(entries: readonly Entry[]): Batch {
  const home: Package = { name: PROGRAMS, names: new Names() };
  const sources = entries.map((entry) => sourceIn(home, entry));
  const exported = new Map(sources.map((each, index) => [entries[index]!.key, each.exported]));
  return {
    files: [
      { path: "go.mod", text: "module batch\n\ngo 1.26\n" },
      supportFile,
      ...sources.map(({ file }) => file),
      { path: "main.go", text: batchSource(exported) },
    ],
    // Without cgo, which blinds Go to deadlocks.
    build: [["go", "build", "-trimpath", "-tags", "netgo,osusergo", "-o", "batch", "."]],
    run: ["./batch"],
    // Each run is to find the scheduler as a plain program's main does, without goroutines that an earlier run left: the
    // process becomes a new one of the same number.
    shareable: false,
    renewable: true,
  };
}

export const goTarget: Target = { language: "go", runtime: "go", support: [supportFile], source, batch };
