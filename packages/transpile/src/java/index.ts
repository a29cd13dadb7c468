/** Java 25 with virtual threads: a class per program, and `Batch` that runs them. */
import { isMap, type ParamValues, type Program } from "@orrery/program";
import { Emitter } from "../emitter.ts";
import type { Batch, Entry, Source, Target } from "../target.ts";
import { Interruptions, monitorsOf, recursive } from "./exits.ts";
import { durationLiteral } from "./expressions.ts";
import { ProgramTypes } from "../infer-types.ts";
import { constantCase, Names, quote } from "./names.ts";
import { distribution, ProcedureWriter, type ProgramNames } from "./procedure.ts";
import { support, supportPath } from "./support.ts";
import { Slot } from "../types.ts";
import { componentName, isPrimitive, javaType, recordClass } from "./types.ts";

const UNIT = "    ";
const WIDTH = 116;

/** Classes that a program may need, with the import that brings each. */
const imports = [
  ["Duration", "java.time.Duration"],
  ["ArrayList", "java.util.ArrayList"],
  ["Arrays", "java.util.Arrays"],
  ["List", "java.util.List"],
  ["Map", "java.util.Map"],
  ["Objects", "java.util.Objects"],
  ["TreeMap", "java.util.TreeMap"],
  ["CompletableFuture", "java.util.concurrent.CompletableFuture"],
  ["Semaphore", "java.util.concurrent.Semaphore"],
  ["TimeUnit", "java.util.concurrent.TimeUnit"],
  ["AtomicLong", "java.util.concurrent.atomic.AtomicLong"],
] as const;

function className({ key, program }: Entry): string {
  return new Names(
    [...Object.keys(program.records ?? {}), ...Object.keys(program.procTypes ?? {})].map(recordClass),
  ).fresh(key, "type");
}

function namesOf(className: string, program: Program, params: ParamValues): ProgramNames {
  const constants = new Names(["PROGRAM"]);
  const methods = new Names();
  const types = new ProgramTypes(program);
  return {
    className,
    types,
    interruptions: new Interruptions(program),
    recursive: recursive(program),
    monitors: monitorsOf(program),
    fairMutexes: program.policies.lockFairness === "fifo",
    params: new Map(
      program.params.map(({ name }) => [
        name,
        { java: constants.fresh(constantCase(name), "local"), value: params[name]! },
      ]),
    ),
    services: new Map(
      program.services.map(({ name }) => [name, constants.fresh(constantCase(name), "local")]),
    ),
    cells: new Map(program.shared.map(({ name }) => [name, constants.fresh(name, "local")])),
    procs: new Map(Object.keys(program.procs).map((name) => [name, methods.fresh(name, "method")])),
  };
}

function source(entry: Entry): Source {
  const { program, params } = entry;
  const name = className(entry);
  const names = namesOf(name, program, params);
  const body = new Emitter(UNIT);
  doc(body, program.doc);
  body.line(`public final class ${name} {`);
  body.indented(() => {
    constants(body, program, names);
    for (const [proc, { args, body: block }] of Object.entries(program.procs)) {
      const slots = names.types.argsOf(proc);
      const writer = new ProcedureWriter(body, names, block);
      writer.write(
        names.procs.get(proc)!,
        args.map((arg, index) => ({ name: arg.name, slot: slots[index]! })),
        names.types.resultOf(proc),
        proc,
      );
      body.line();
    }
    new ProcedureWriter(body, names, program.main).write("program", [], Slot.of("void"), "main");
    body.line();
    body.line("public static void main(String[] args) throws Exception {");
    body.indented(() => body.line("launch(PROGRAM, args);"));
    body.line("}");
  });
  body.line("}");
  const used = imports.filter(([type]) =>
    new RegExp(`\\b${type}\\b`).test(body.text.replaceAll(/"(\\.|[^"\\])*"/g, '""')),
  );
  const head = [
    ...used.map(([, path]) => `import ${path};`),
    ...(used.length === 0 ? [] : [""]),
    "import static orrery.Orrery.*;",
    "",
    "",
  ];
  const lines = Object.fromEntries(
    Object.entries(body.lineOf).map(([id, line]) => [id, line + head.length - 1]),
  );
  return { file: { path: `${name}.java`, text: head.join("\n") + body.text }, lines };
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

/** Parameters, services and shared cells, as fields. */
function constants(out: Emitter, program: Program, names: ProgramNames): void {
  for (const param of program.params) {
    const { java, value } = names.params.get(param.name)!;
    const type = param.type === "bool" ? "boolean" : param.type === "enum" ? "String" : "long";
    const text =
      param.type === "dur"
        ? durationLiteral(value as number).text
        : param.type === "int"
          ? `${value}L`
          : JSON.stringify(value);
    const plain = param.type === "int" && Math.abs(value as number) < 2 ** 31 ? String(value) : text;
    const comment = param.doc === "" ? "" : ` // ${param.doc}`;
    out.line(`static final ${type} ${java} = ${plain};${comment}`);
  }
  for (const { name, servers, queueLimit, latency, failPerMillion } of program.services) {
    const time =
      "param" in latency ? `constant(${names.params.get(latency.param)!.java})` : distribution(latency, "ns");
    const fails =
      typeof failPerMillion === "number" ? failPerMillion : names.params.get(failPerMillion.param)!.java;
    out.line(
      `static final Service ${names.services.get(name)} = new Service(${[quote(name), servers ?? -1, queueLimit ?? -1, time, fails].join(", ")});`,
    );
  }
  for (const [record, fields] of Object.entries(program.records ?? {})) {
    const components = Object.keys(fields).map(
      (field) => `${javaType(names.types.field(record, field))} ${componentName(field)}`,
    );
    out.line(`record ${recordClass(record)}(${components.join(", ")}) {}`);
    out.line();
  }
  for (const [type, { args }] of Object.entries(program.procTypes ?? {})) {
    const { references } = names.types;
    const slots = references.argsOf(type);
    const inside = new Names();
    const taken = args.map(({ name }, index) => `${javaType(slots[index]!)} ${inside.fresh(name, "local")}`);
    const result = references.resultOf(type);
    const given = result.type.kind === "void" ? "void" : javaType(result);
    const throws = names.interruptions.inType(type) ? " throws InterruptedException" : "";
    const method = `${given} call(${taken.join(", ")})${throws};`;
    if (references.isSpawned(type)) {
      out.line(`record ${recordClass(type)}(String procedure, Body body) {`);
      out.indented(() => {
        out.line("interface Body {");
        out.indented(() => out.line(method));
        out.line("}");
      });
    } else {
      out.line(`interface ${recordClass(type)} {`);
      out.indented(() => out.line(method));
    }
    out.line("}");
    out.line();
  }
  for (const { name, type, init, length } of program.shared) {
    const java = names.cells.get(name)!;
    const slot = names.types.cell(name);
    const boxed = isMap(type)
      ? "new TreeMap<>()"
      : !isPrimitive(slot) && typeof init === "number"
        ? `${init}L`
        : typeof init === "number" && Math.abs(init) >= 2 ** 31
          ? `${init}L`
          : JSON.stringify(init);
    if (length === undefined) {
      out.line(`static ${javaType(slot)} ${java} = ${boxed};`);
      continue;
    }
    const count =
      typeof length === "number" ? String(length) : `(int) ${names.params.get(length.param)!.java}`;
    const raw = javaType(slot).replace(/<.*>/, "");
    if (raw !== javaType(slot)) out.line('@SuppressWarnings("unchecked")');
    out.line(
      `static final ${javaType(slot)}[] ${java} = ${raw === javaType(slot) ? "" : `(${javaType(slot)}[]) `}new ${raw}[${count}];`,
    );
    if (init === null || (init === 0 && isPrimitive(slot)) || (init === false && isPrimitive(slot))) continue;
    out.line();
    out.line("static {");
    out.indented(() => out.line(`Arrays.fill(${java}, ${boxed});`));
    out.line("}");
  }
  const { end, selectPolicy, onDetachedFailure } = program.policies;
  const policies = [
    ...(end === "quiescent" ? [] : [`.ending(End.${end.toUpperCase()})`]),
    ...(selectPolicy === "random" ? [] : [`.selecting(SelectPolicy.${selectPolicy.toUpperCase()})`]),
    ...(onDetachedFailure === "abort" ? [] : [`.failing(OnFailure.${onDetachedFailure.toUpperCase()})`]),
  ];
  if (program.params.length + program.services.length + program.shared.length > 0) out.line();
  out.line(
    `static final Program PROGRAM = new Program(${names.className}.class, ${names.className}::program)${policies.join("")};`,
  );
  out.line();
}

/** The class that runs a list of programs, one after the other. */
function batchSource(entries: readonly Entry[]): string {
  const out = new Emitter(UNIT);
  out.line("import orrery.Orrery;");
  out.line();
  out.line(
    "/** Runs the programs of a list, each of its lines `KEY SEED`, and prints a line of JSON for each. */",
  );
  out.line("public final class Batch {");
  out.indented(() => {
    out.line("public static void main(String[] args) throws Exception {");
    out.indented(() => out.line("Orrery.runAll(args[0], Batch::programOf);"));
    out.line("}");
    out.line();
    out.line("private static Orrery.Program programOf(String key) {");
    out.indented(() => {
      out.line("return switch (key) {");
      out.indented(() => {
        for (const entry of entries) out.line(`case ${quote(entry.key)} -> ${className(entry)}.PROGRAM;`);
        out.line('default -> throw new IllegalArgumentException("no program " + key);');
      });
      out.line("};");
    });
    out.line("}");
  });
  out.line("}");
  return out.text;
}

const supportFile = { path: supportPath, text: support };

/** For a process that ends before a second compiler pays. */
const QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

function batch(entries: readonly Entry[]): Batch {
  const classes = entries.map((entry) => source(entry).file);
  return {
    files: [supportFile, ...classes, { path: "Batch.java", text: batchSource(entries) }],
    build: [
      [
        "javac",
        ...QUICK.map((option) => `-J${option}`),
        "--release",
        "25",
        "-nowarn",
        "-Xlint:none",
        "-d",
        ".",
        supportPath,
        "Batch.java",
        ...classes.map(({ path }) => path),
      ],
    ],
    run: [
      "java",
      ...(entries.length > 1 ? QUICK : []), // of many programs the orders are asked, not the times
      "-Djdk.virtualThreadScheduler.parallelism=1",
      "-Djdk.virtualThreadScheduler.maxPoolSize=1",
      "-Xss32m", // ten thousand nested calls
      // The rehearsal looks into these packages; the C function behind `block` is native access.
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
      "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", // monitors that pin
      "--enable-native-access=ALL-UNNAMED",
      "-cp",
      ".",
      "Batch",
    ],
    shareable: false,
    renewable: true,
  };
}

export const javaTarget: Target = {
  language: "java",
  runtime: "java",
  support: [supportFile],
  source,
  batch,
};
