/**
 * Programs as pseudo-code: `orrery show --as program`. The same program always prints the same text. `x = ` binds a new
 * local, `x := ` changes one, `<-` is where a value goes.
 */
import { formatDuration } from "./duration.ts";
import { printExpr, printLiteral } from "./print-expression.ts";
import { sourceOf } from "./shape.ts";
import {
  type Block,
  type Distribution,
  type Expr,
  isMap,
  type Param,
  type ProcType,
  type Program,
  type SelectCase,
  type ServiceDecl,
  type SharedDecl,
  type Stmt,
} from "./tree.ts";

export interface PrintOptions {
  /** Puts the id of each statement at the right; the program must have its ids. */
  readonly ids?: boolean;
}

/** A printed line, and the id of the statement it begins. */
interface Line {
  readonly text: string;
  readonly id?: string;
}

export function print(program: Program, options: PrintOptions = {}): string {
  const lines: Line[] = [
    { text: `program ${program.name}` },
    ...program.doc.split("\n").map((text) => ({ text: `  ${text}`.trimEnd() })),
    ...section("params", table(program.params.map(paramRow))),
    ...section("services", table(program.services.map(serviceRow))),
    ...section("shared", table(program.shared.map(sharedRow))),
    ...section("records", Object.entries(program.records ?? {}).map(recordRow)),
    ...section("procedure types", Object.entries(program.procTypes ?? {}).map(procTypeRow)),
    ...section("policies", [policies(program)]),
  ];
  for (const [name, proc] of Object.entries(program.procs)) {
    lines.push({ text: "" }, ...braced(`proc ${procTypeRow([name, proc])}`, proc.body));
  }
  lines.push({ text: "" }, ...braced("main", program.main));
  return `${options.ids === true ? withIdColumn(lines) : lines.map((line) => line.text).join("\n")}\n`;
}

function withIdColumn(lines: readonly Line[]): string {
  const width = Math.max(0, ...lines.filter((line) => line.id !== undefined).map((line) => line.text.length));
  return lines.map(({ text, id }) => (id === undefined ? text : `${text.padEnd(width)}  # ${id}`)).join("\n");
}

// Declarations

function section(title: string, rows: readonly string[]): readonly Line[] {
  if (rows.length === 0) return [];
  return [{ text: "" }, { text: title }, ...rows.map((row) => ({ text: `  ${row}` }))];
}

/** Rows of cells, each column as wide as its widest cell. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function paramRow(param: Param): readonly string[] {
  const row = (value: string, range: string, extra = "") => [
    param.name,
    param.type,
    value,
    range,
    `${param.doc}${extra}`,
  ];
  switch (param.type) {
    case "int": {
      const unit = param.unit === undefined ? "" : ` (${param.unit})`;
      return row(
        String(param.default),
        `${param.min} to ${param.max}`,
        `${unit}${sweep(param.sweep?.map(String))}`,
      );
    }
    case "dur":
      return row(
        formatDuration(param.default),
        `${formatDuration(param.min)} to ${formatDuration(param.max)}`,
        sweep(param.sweep?.map(formatDuration)),
      );
    case "bool":
      return row(String(param.default), "true or false");
    case "enum":
      return row(param.default, param.values.join(" | "));
  }
}

function sweep(values: readonly string[] | undefined): string {
  return values === undefined ? "" : `; sweep ${values.join(", ")}`;
}

function serviceRow(service: ServiceDecl): readonly string[] {
  const { name, servers, queueLimit, latency, failPerMillion } = service;
  const fails = typeof failPerMillion === "number" ? String(failPerMillion) : printExpr(failPerMillion);
  return [
    name,
    `servers ${servers ?? "unlimited"}`,
    `queue ${queueLimit ?? "unlimited"}`,
    `latency ${"param" in latency ? printExpr(latency) : distribution(latency, formatDuration)}`,
    `fails ${fails} per million`,
  ];
}

function sharedRow(cell: SharedDecl): readonly string[] {
  const length =
    cell.length === undefined
      ? ""
      : `[${typeof cell.length === "number" ? cell.length : printExpr(cell.length)}]`;
  return [
    cell.name,
    `${cell.type}${length}`,
    isMap(cell.type) ? "= {}" : `= ${printLiteral(cell.init, cell.type === "dur" ? "ns" : undefined)}`,
  ];
}

function recordRow([name, fields]: readonly [string, Readonly<Record<string, string>>]): string {
  return `${name} {${Object.entries(fields)
    .map(([field, type]) => `${field}: ${type}`)
    .join(", ")}}`;
}

function procTypeRow([name, { args, returns }]: readonly [string, ProcType]): string {
  const taken = args.map((arg) => `${arg.name}: ${arg.type}`).join(", ");
  return `${name}(${taken})${returns === undefined ? "" : `: ${returns}`}`;
}

function policies({ policies: { lockFairness = "native", ...others } }: Program): string {
  const { end, selectPolicy, onDetachedFailure } = others;
  const mutexes = lockFairness === "native" ? "" : `, mutexes ${lockFairness}`;
  return `end ${end}, select ${selectPolicy}, detached failure ${onDetachedFailure}${mutexes}`;
}

function distribution(from: Distribution, value: (n: number) => string): string {
  switch (from.dist) {
    case "constant":
      return value(from.value);
    case "uniform":
      return `uniform(${value(from.low)} to ${value(from.high)})`;
    case "exponential":
      return `exponential(mean ${value(from.mean)})`;
    case "erlang":
      return `erlang(k ${from.k}, mean ${value(from.mean)})`;
    case "lognormal":
      return `lognormal(median ${value(from.median)}, sigma ${from.sigmaPerMille / 1000})`;
    case "pareto":
      return `pareto(scale ${value(from.scale)}, shape ${from.shapePerMille / 1000})`;
    case "twoPoint":
      return `twoPoint(fast ${value(from.fast)}, slow ${value(from.slow)} at ${from.slowPerMillion} per million)`;
    case "table":
      return `table(${from.values.map(value).join(", ")})`;
  }
}

// Statements

function braced(head: string, body: Block, id?: string): readonly Line[] {
  return [...opened(head, body, id), { text: "}" }];
}

/** The head of a construct with its body, without the closing brace. */
function opened(head: string, body: Block, id?: string): readonly Line[] {
  return [
    { text: `${head} {`, ...(id === undefined ? {} : { id }) },
    ...body.flatMap((statement) => indent(lines(statement))),
  ];
}

function indent(inner: readonly Line[]): readonly Line[] {
  return inner.map((line) => ({ ...line, text: `  ${line.text}` }));
}

function lines(s: Stmt): readonly Line[] {
  switch (s.op) {
    case "if":
      return [
        ...opened(`if ${printExpr(s.cond)}`, s.then, s.id),
        ...(s.else === undefined ? [] : opened("} else", s.else)),
        { text: "}" },
      ];
    case "while": {
      const limit = s.bound === undefined ? " spin" : ` bound ${printExpr(s.bound)}`;
      return braced(
        `${labelled(s.label)}while ${printExpr(s.cond)}${s.spin === undefined && s.bound === undefined ? "" : limit}`,
        s.body,
        s.id,
      );
    }
    case "repeat":
      return braced(
        `${labelled(s.label)}repeat ${printExpr(s.count)}${s.bind === undefined ? "" : ` as ${s.bind}`}`,
        s.body,
        s.id,
      );
    case "forEach":
      return braced(
        `${labelled(s.label)}for ${s.key === undefined ? "" : `${s.key}, `}${s.bind} in ${printExpr(s.list)}`,
        s.body,
        s.id,
      );
    case "range":
      return braced(`${labelled(s.label)}for ${s.bind} received from ${printExpr(s.chan)}`, s.body, s.id);
    case "match":
      return [
        start(`match ${printExpr(s.value)} {`, s),
        ...s.cases.flatMap((each) => indent(braced(`case ${printLiteral(each.tag)}`, each.body))),
        ...(s.otherwise === undefined ? [] : indent(braced("otherwise", s.otherwise))),
        { text: "}" },
      ];
    case "try":
      return [
        ...opened("try", s.body, s.id),
        ...s.catches.flatMap((each) => opened(`} catch ${each.kinds.join(", ")}`, each.body)),
        ...(s.finally === undefined ? [] : opened("} finally", s.finally)),
        { text: "}" },
      ];
    case "select":
      return [
        start("select {", s),
        ...s.cases.flatMap((each) => {
          return indent(braced(`case ${caseHead(each)}`, each.body));
        }),
        ...(s.timeout === undefined
          ? []
          : indent(braced(`timeout ${printExpr(s.timeout.dur)}`, s.timeout.body))),
        ...(s.otherwise === undefined ? [] : indent(braced("otherwise", s.otherwise))),
        { text: "}" },
      ];
    case "defer":
    case "shield":
      return braced(s.op, s.body, s.id);
    case "deadline":
      return braced(words("deadline", s.dur), s.body, s.id);
    case "withToken":
      return braced(words("withToken", s.token), s.body, s.id);
    case "enter":
      return braced(words("enter", s.monitor), s.body, s.id);
    case "scope":
      return braced(`scope ${s.onError}`, s.body, s.id);
    case "scopeRace":
      return braced(
        `${binding(s.bind)}scopeRace${s.leaveLosers === true ? " leaveLosers" : ""}`,
        s.body,
        s.id,
      );
    default:
      return [start(simple(s), s)];
  }
}

function caseHead(each: SelectCase): string {
  const source = printExpr(sourceOf(each));
  switch (each.dir) {
    case "send":
      return `send ${source} <- ${printExpr(each.value)}`;
    case "recv":
      return `${binding(each.bind, each.ok)}recv ${source}`;
    case "promise":
      return `${binding(each.bind)}settled ${source}`;
    case "token":
      return `cancelled ${source}`;
    case "event":
      return `set ${source}`;
  }
}

function start(text: string, s: Stmt): Line {
  return { text, ...(s.id === undefined ? {} : { id: s.id }) };
}

type Compound =
  | "if"
  | "while"
  | "repeat"
  | "forEach"
  | "range"
  | "match"
  | "try"
  | "select"
  | "defer"
  | "shield"
  | "deadline"
  | "withToken"
  | "enter"
  | "scope"
  | "scopeRace";

/** A statement without a body, on one line. */
function simple(s: Exclude<Stmt, { readonly op: Compound }>): string {
  switch (s.op) {
    case "let":
      return `let ${s.bind} = ${printExpr(s.value)}`;
    case "assign":
      return `${s.name} := ${printExpr(s.value)}`;
    case "push":
      return `push ${printExpr(s.list)} <- ${printExpr(s.value)}`;
    case "setAt":
      return `${printExpr({ at: s.list, index: s.index })} := ${printExpr(s.value)}`;
    case "put":
      return `put ${printExpr({ get: s.map, key: s.key })} <- ${printExpr(s.value)}${s.max === undefined ? "" : ` max ${printExpr(s.max)}`}`;
    case "delete":
      return `delete ${printExpr({ get: s.map, key: s.key })}`;
    case "break":
    case "continue":
      return words(s.op, s.label);
    case "return":
      return words("return", s.value);
    case "call":
      return `${binding(s.bind)}call ${s.proc}(${printed(s.args)})`;
    case "callRef":
    case "spawnRef": {
      const how = s.op === "callRef" ? "call" : "spawn";
      return `${binding(s.bind)}${how} ${s.type} ${printExpr(s.ref)}(${printed(s.args)})`;
    }
    case "throw":
      return words("throw", s.kind, s.message === undefined ? undefined : printLiteral(s.message));
    case "assert":
    case "expect":
      return `${s.op} ${printExpr(s.cond)}, ${printLiteral(s.message)}`;
    case "spawn":
      return `${binding(s.bind)}spawn ${s.deferred === true ? "deferred " : ""}${s.proc}(${printed(s.args)})`;
    case "detach":
      return `detach ${s.proc}(${printed(s.args)})`;
    case "join":
      return bound(s.bind, "join", s.task);
    case "joinAny":
      return bound(s.bind, s.firstSuccess === true ? "joinAny firstSuccess" : "joinAny", s.tasks);
    case "joinAll":
    case "settleAll":
      return bound(s.bind, s.op, s.tasks);
    case "sleep":
    case "cpu":
    case "block":
      return words(s.op, s.dur);
    case "offload":
      return `${words("offload", s.dur)}${s.workers === undefined ? "" : ` workers ${printExpr(s.workers)}`}`;
    case "chan":
      return bound(s.bind, "chan", s.cap);
    case "send":
      return `send ${printExpr(s.chan)} <- ${printExpr(s.value)}`;
    case "recv":
      return bound(s.bind, "recv", s.chan);
    case "recvOk":
      return `${binding(s.bind, s.ok)}recv ${printExpr(s.chan)}`;
    case "close":
      return words("close", s.chan);
    case "trySend":
      return `${s.ok} = trySend ${printExpr(s.chan)} <- ${printExpr(s.value)}`;
    case "tryRecv":
      return `${binding(s.bind, s.ok)}tryRecv ${printExpr(s.chan)}`;
    case "chanLen":
    case "chanCap":
      return bound(s.bind, s.op, s.chan);
    case "mutex":
    case "group":
    case "promise":
    case "rwlock":
    case "once":
    case "event":
    case "token":
    case "isCancelled":
    case "now":
      return bound(s.bind, s.op);
    case "lockFor":
      return `${s.ok} = ${words("lockFor", s.mutex, s.dur)}`;
    case "acquireFor":
      return `${s.ok} = ${words("acquireFor", s.sem, s.count, "for", s.dur)}`;
    case "rlock":
    case "runlock":
    case "wlock":
    case "wunlock":
      return words(s.op, s.rwlock);
    case "cond":
      return bound(s.bind, "cond", s.mutex);
    case "condWait":
    case "signal":
    case "broadcast":
      return words(s.op, s.cond);
    case "condWaitFor":
      return `${s.ok} = ${words("condWaitFor", s.cond, s.dur)}`;
    case "monitor":
      return `${s.bind} = ${words("monitor", s.via)}`;
    case "monitorWait":
      return words(s.op, s.monitor);
    case "monitorWaitFor":
      return `${s.ok} = ${words("monitorWaitFor", s.monitor, s.dur)}`;
    case "notify":
      return words(s.all === true ? "notifyAll" : "notify", s.monitor);
    case "onceDo":
      return `${words("onceDo", s.once)} ${s.proc}(${printed(s.args)})`;
    case "eventSet":
    case "eventWait":
      return words(s.op, s.event);
    case "barrier":
      return bound(s.bind, "barrier", s.parties);
    case "barrierWait":
      return words(s.op, s.barrier);
    case "after":
      return bound(s.bind, "after", s.dur);
    case "timer":
    case "ticker":
      return `${s.bind}, ${s.channel} = ${words(s.op, s.dur)}${s.op === "ticker" && s.catchUp !== undefined ? ` ${s.catchUp}` : ""}`;
    case "afterFunc":
      return `${binding(s.bind)}${words("afterFunc", s.dur)} ${s.proc}(${printed(s.args)})`;
    case "stopTimer":
      return bound(s.ok, "stopTimer", s.timer);
    case "resetTimer":
      return `${binding(s.ok)}${words("resetTimer", s.timer, s.dur)}`;
    case "cancel":
      return words("cancel", s.task);
    case "cancelToken":
      return words("cancelToken", s.token);
    case "onResolve":
      return `${binding(s.bind)}${words("onResolve", s.promise)} ${s.proc}(${printed(s.args)})`;
    case "callback":
      return `callback ${s.queue} ${s.proc}(${printed(s.args)})`;
    case "lock":
    case "unlock":
      return words(s.op, s.mutex);
    case "tryLock":
      return bound(s.ok, "tryLock", s.mutex);
    case "sem":
      return `${bound(s.bind, "sem", s.permits)}${s.fairness === undefined ? "" : ` ${s.fairness}`}`;
    case "acquire":
    case "release":
      return words(s.op, s.sem, s.count);
    case "groupAdd":
      return words("groupAdd", s.group, s.count);
    case "groupDone":
    case "groupWait":
      return words(s.op, s.group);
    case "load":
      return `${s.bind} = load ${cell(s.cell, s.index)}`;
    case "store":
      return `store ${cell(s.cell, s.index)} <- ${printExpr(s.value)}`;
    case "atomic":
      return bound(s.bind, "atomic", s.init);
    case "atomicLoad":
      return bound(s.bind, "atomicLoad", s.atomic);
    case "atomicStore":
      return `atomicStore ${printExpr(s.atomic)} <- ${printExpr(s.value)}`;
    case "atomicAdd":
      return `${binding(s.bind)}atomicAdd ${printExpr(s.atomic)} + ${printExpr(s.value)}`;
    case "atomicCas":
      return `${s.ok} = atomicCas ${printExpr(s.atomic)} from ${printExpr(s.expect)} to ${printExpr(s.value)}`;
    case "resolve":
      return `resolve ${printExpr(s.promise)} <- ${printExpr(s.value)}`;
    case "reject":
      return `reject ${printExpr(s.promise)} <- ${s.kind}`;
    case "await":
      return bound(s.bind, "await", s.promise);
    case "callService":
      return `callService ${s.service}(${printed(s.args ?? [])})`;
    case "fileRead":
      return `${words("fileRead", s.bytes)}${s.stall === undefined ? "" : ` stall ${printExpr(s.stall)}`}`;
    case "listen":
      return bound(s.bind, "listen", s.backlog);
    case "accept":
    case "connect":
      return bound(s.bind, s.op, s.listener);
    case "read":
      return `${binding(s.bind)}${words("read", s.conn, s.bytes)}`;
    case "write":
      return words("write", s.conn, s.bytes);
    case "closeConn":
      return words(s.op, s.conn);
    case "closeListener":
      return words(s.op, s.listener);
    case "fileStat":
    case "yield":
    case "yieldMicro":
    case "check":
      return s.op;
    case "log":
      return [`log ${printLiteral(s.text)}`, ...(s.args ?? []).map(printExpr)].join(", ");
    case "mark":
      return `mark ${s.name}${s.from === undefined ? "" : ` from ${printExpr(s.from)}`}`;
    case "measure":
    case "gauge":
      return words(s.op, s.name, s.value);
    case "count":
      return `count ${s.name}${s.by === undefined ? "" : ` by ${printExpr(s.by)}`}`;
    case "draw":
      return `${s.bind} = draw ${s.stream} from ${distribution(s.from, s.unit === "ns" ? formatDuration : String)}`;
    case "choose":
      return bound(s.bind, "choose", s.n);
  }
}

function words(...parts: readonly (string | Expr | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined)
    .map((part) => (typeof part === "string" ? part : printExpr(part)))
    .join(" ");
}

function bound(bind: string | undefined, op: string, operand?: Expr): string {
  return `${binding(bind)}${words(op, operand)}`;
}

/** `x = `, `x, ok = `, `_, ok = ` or nothing. */
function binding(bind: string | undefined, ok?: string): string {
  if (ok !== undefined) return `${bind ?? "_"}, ${ok} = `;
  return bind === undefined ? "" : `${bind} = `;
}

function labelled(label: string | undefined): string {
  return label === undefined ? "" : `${label}: `;
}

function cell(name: string, index: Expr | undefined): string {
  return index === undefined ? name : `${name}[${printExpr(index)}]`;
}

function printed(args: readonly Expr[]): string {
  return args.map(printExpr).join(", ");
}
