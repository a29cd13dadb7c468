/**
 * The schema of programs that come from outside: files, URLs, an editor. `parseProgram` says where the JSON is not a
 * program; what a well-formed program means is the checker's. Keys that the language does not have are refused.
 */
import * as Exit from "effect/Exit";
import * as Schema from "effect/Schema";
import { ProgramError } from "./problem.ts";
import { schemaProblems } from "./schema-problems.ts";
import { type Block, type Expr, type Program, type Stmt, typeNames } from "./tree.ts";

const { Boolean, Int, Null, String } = Schema;
const optional = Schema.optionalKey;
const yes = optional(Schema.Literal(true));

// Values and expressions

const TypeNameSchema = Schema.Union([
  Schema.Literals(typeNames),
  Schema.TemplateLiteral(["record:", String]),
  Schema.TemplateLiteral(["proc:", String]),
]);
const LiteralSchema = Schema.Union([Int, Boolean, String, Null]);
const ParamRef = Schema.Struct({ param: String });

const E: Schema.Codec<Expr> = Schema.suspend(() => ExprSchema);
export const ExprSchema = Schema.Union([
  Schema.Struct({ lit: LiteralSchema, unit: optional(Schema.Literal("ns")) }),
  Schema.Struct({ var: String }),
  ParamRef,
  Schema.Struct({ unary: Schema.Literals(["not", "neg", "len", "isNone", "isOk"]), arg: E }),
  Schema.Struct({
    binary: Schema.Literals([
      "+",
      "-",
      "*",
      "/",
      "%",
      "==",
      "!=",
      "<",
      "<=",
      ">",
      ">=",
      "and",
      "or",
      "min",
      "max",
    ]),
    left: E,
    right: E,
  }),
  Schema.Struct({ at: E, index: E, otherwise: optional(E) }),
  Schema.Struct({ list: Schema.Array(E) }),
  Schema.Struct({ map: Schema.Array(Schema.Tuple([E, E])), keys: Schema.Literals(["int", "str"]) }),
  Schema.Struct({ get: E, key: E, otherwise: optional(E) }),
  Schema.Struct({ has: E, key: E }),
  Schema.Struct({ record: String, fields: Schema.Record(String, E) }),
  Schema.Struct({ field: String, of: E, record: String }),
  Schema.Struct({ with: E, fields: Schema.Record(String, E), record: String }),
  Schema.Struct({ procRef: String, type: String, args: Schema.Array(E) }),
  Schema.Struct({ self: Schema.Literal("index") }),
]);

const errKinds = [
  "Cancelled",
  "Timeout",
  "ChannelClosed",
  "CloseOfClosed",
  "CloseOfNone",
  "NegativeGroup",
  "NoneDeref",
  "UnlockOfUnlocked",
  "Overflow",
  "AssertFailed",
  "Rejected",
  "TaskFailed",
  "DepthExceeded",
] as const;
const UserErr = Schema.TemplateLiteral(["User:", String]);
const ErrKindSchema = Schema.Union([Schema.Literals(errKinds), UserErr]);

const DistributionSchema = Schema.Union([
  Schema.Struct({ dist: Schema.Literal("constant"), value: Int }),
  Schema.Struct({ dist: Schema.Literal("uniform"), low: Int, high: Int }),
  Schema.Struct({ dist: Schema.Literal("exponential"), mean: Int }),
  Schema.Struct({ dist: Schema.Literal("erlang"), k: Int, mean: Int }),
  Schema.Struct({ dist: Schema.Literal("lognormal"), median: Int, sigmaPerMille: Int }),
  Schema.Struct({ dist: Schema.Literal("pareto"), scale: Int, shapePerMille: Int }),
  Schema.Struct({ dist: Schema.Literal("twoPoint"), fast: Int, slow: Int, slowPerMillion: Int }),
  Schema.Struct({ dist: Schema.Literal("table"), values: Schema.Array(Int) }),
]);

// Statements

const B: Schema.Codec<Block> = Schema.Array(Schema.suspend((): Schema.Codec<Stmt> => StmtSchema));
const label = optional(String);
const bind = optional(String);

function statement<const Op extends Stmt["op"], const Fields extends Schema.Struct.Fields>(
  op: Op,
  fields: Fields,
) {
  return Schema.Struct({ id: optional(String), op: Schema.Literal(op), ...fields });
}

const SelectCaseSchema = Schema.Union([
  Schema.Struct({ dir: Schema.Literal("recv"), chan: E, bind, ok: optional(String), body: B }),
  Schema.Struct({ dir: Schema.Literal("send"), chan: E, value: E, body: B }),
  Schema.Struct({ dir: Schema.Literal("promise"), promise: E, bind, body: B }),
  Schema.Struct({ dir: Schema.Literal("token"), token: E, body: B }),
  Schema.Struct({ dir: Schema.Literal("event"), event: E, body: B }),
]);

export const StmtSchema = Schema.Union([
  statement("let", { bind: String, value: E }),
  statement("assign", { name: String, value: E }),
  statement("push", { list: E, value: E }),
  statement("setAt", { list: E, index: E, value: E }),
  statement("put", { map: E, key: E, value: E, max: optional(E) }),
  statement("delete", { map: E, key: E }),
  // oxlint-disable-next-line unicorn/no-thenable -- a field of the tree, never awaited
  statement("if", { cond: E, then: B, else: optional(B) }),
  statement("while", { cond: E, bound: optional(E), spin: yes, label, body: B }),
  statement("repeat", { count: E, bind, label, body: B }),
  statement("forEach", { list: E, key: optional(String), bind: String, label, body: B }),
  statement("match", {
    value: E,
    cases: Schema.Array(Schema.Struct({ tag: LiteralSchema, body: B })),
    otherwise: optional(B),
  }),
  statement("break", { label }),
  statement("continue", { label }),
  statement("return", { value: optional(E) }),
  statement("call", { proc: String, args: Schema.Array(E), bind }),
  statement("callRef", { ref: E, type: String, args: Schema.Array(E), bind }),
  statement("defer", { body: B }),
  statement("try", {
    body: B,
    catches: Schema.Array(
      Schema.Struct({
        kinds: Schema.Array(Schema.Union([Schema.Literals([...errKinds, "*"]), UserErr])),
        body: B,
      }),
    ),
    finally: optional(B),
  }),
  statement("throw", { kind: ErrKindSchema, message: optional(String) }),
  statement("assert", { cond: E, message: String }),

  statement("spawn", { proc: String, args: Schema.Array(E), bind, deferred: yes }),
  statement("spawnRef", { ref: E, type: String, args: Schema.Array(E), bind }),
  statement("detach", { proc: String, args: Schema.Array(E) }),
  statement("join", { task: E, bind }),
  statement("joinAny", { tasks: E, firstSuccess: yes, bind }),
  statement("joinAll", { tasks: E, bind }),
  statement("settleAll", { tasks: E, bind }),
  statement("scope", { onError: Schema.Literals(["cancelSiblings", "waitAll"]), body: B }),
  statement("scopeRace", { bind, leaveLosers: yes, body: B }),
  statement("yield", {}),
  statement("yieldMicro", {}),
  statement("sleep", { dur: E }),

  statement("cpu", { dur: E }),
  statement("block", { dur: E }),
  statement("offload", { dur: E, workers: optional(E) }),

  statement("chan", { bind: String, cap: E }),
  statement("send", { chan: E, value: E }),
  statement("recv", { chan: E, bind }),
  statement("recvOk", { chan: E, bind, ok: String }),
  statement("range", { chan: E, bind: String, label, body: B }),
  statement("close", { chan: E }),
  statement("trySend", { chan: E, value: E, ok: String }),
  statement("tryRecv", { chan: E, bind, ok: String }),
  statement("chanLen", { chan: E, bind: String }),
  statement("chanCap", { chan: E, bind: String }),
  statement("select", {
    cases: Schema.Array(SelectCaseSchema),
    otherwise: optional(B),
    timeout: optional(Schema.Struct({ dur: E, body: B })),
  }),

  statement("mutex", { bind: String }),
  statement("lock", { mutex: E }),
  statement("unlock", { mutex: E }),
  statement("tryLock", { mutex: E, ok: String }),
  statement("sem", { bind: String, permits: E, fairness: optional(Schema.Literals(["fifo", "barging"])) }),
  statement("acquire", { sem: E, count: optional(E) }),
  statement("release", { sem: E, count: optional(E) }),
  statement("group", { bind: String }),
  statement("groupAdd", { group: E, count: E }),
  statement("groupDone", { group: E }),
  statement("groupWait", { group: E }),
  statement("lockFor", { mutex: E, dur: E, ok: String }),
  statement("acquireFor", { sem: E, count: optional(E), dur: E, ok: String }),

  statement("rwlock", { bind: String }),
  statement("rlock", { rwlock: E }),
  statement("runlock", { rwlock: E }),
  statement("wlock", { rwlock: E }),
  statement("wunlock", { rwlock: E }),
  statement("cond", { bind: String, mutex: E }),
  statement("condWait", { cond: E }),
  statement("condWaitFor", { cond: E, dur: E, ok: String }),
  statement("signal", { cond: E }),
  statement("broadcast", { cond: E }),
  statement("monitor", {
    bind: String,
    via: optional(Schema.Literals(["synchronized", "juc", "nativeFrame"])),
  }),
  statement("enter", { monitor: E, body: B }),
  statement("monitorWait", { monitor: E }),
  statement("monitorWaitFor", { monitor: E, dur: E, ok: String }),
  statement("notify", { monitor: E, all: yes }),

  statement("once", { bind: String }),
  statement("onceDo", { once: E, proc: String, args: Schema.Array(E) }),
  statement("event", { bind: String }),
  statement("eventSet", { event: E }),
  statement("eventWait", { event: E }),
  statement("barrier", { bind: String, parties: E }),
  statement("barrierWait", { barrier: E }),

  statement("after", { bind: String, dur: E }),
  statement("timer", { bind: String, channel: String, dur: E }),
  statement("ticker", {
    bind: String,
    channel: String,
    dur: E,
    catchUp: optional(Schema.Literals(["drop", "burst", "drift"])),
  }),
  statement("afterFunc", { dur: E, proc: String, args: Schema.Array(E), bind }),
  statement("stopTimer", { timer: E, ok: optional(String) }),
  statement("resetTimer", { timer: E, dur: E, ok: optional(String) }),
  statement("deadline", { dur: E, body: B }),

  statement("cancel", { task: E }),
  statement("isCancelled", { bind: String }),
  statement("check", {}),
  statement("shield", { body: B }),
  statement("token", { bind: String }),
  statement("cancelToken", { token: E }),
  statement("withToken", { token: E, body: B }),

  statement("load", { cell: String, index: optional(E), bind: String }),
  statement("store", { cell: String, index: optional(E), value: E }),
  statement("atomic", { bind: String, init: E }),
  statement("atomicLoad", { atomic: E, bind: String }),
  statement("atomicStore", { atomic: E, value: E }),
  statement("atomicAdd", { atomic: E, value: E, bind }),
  statement("atomicCas", { atomic: E, expect: E, value: E, ok: String }),

  statement("promise", { bind: String }),
  statement("resolve", { promise: E, value: E }),
  statement("reject", { promise: E, kind: ErrKindSchema }),
  statement("await", { promise: E, bind }),
  statement("onResolve", { promise: E, proc: String, args: Schema.Array(E), bind }),
  statement("callback", {
    queue: Schema.Literals(["micro", "next", "timer", "immediate"]),
    proc: String,
    args: Schema.Array(E),
  }),

  statement("callService", { service: String, args: optional(Schema.Array(E)) }),
  statement("fileRead", { bytes: E, stall: optional(E) }),
  statement("fileStat", {}),

  statement("listen", { bind: String, backlog: E }),
  statement("accept", { bind: String, listener: E }),
  statement("connect", { bind: String, listener: E }),
  statement("read", { conn: E, bytes: E, bind }),
  statement("write", { conn: E, bytes: E }),
  statement("closeConn", { conn: E }),
  statement("closeListener", { listener: E }),

  statement("log", { text: String, args: optional(Schema.Array(E)) }),
  statement("mark", { name: String, from: optional(E) }),
  statement("measure", { name: String, value: E }),
  statement("count", { name: String, by: optional(E) }),
  statement("gauge", { name: String, value: E }),
  statement("expect", { cond: E, message: String }),
  statement("now", { bind: String }),

  statement("draw", {
    stream: String,
    from: DistributionSchema,
    bind: String,
    unit: optional(Schema.Literal("ns")),
  }),
  statement("choose", { n: E, bind: String }),
]);

// Declarations

const named = { name: String, doc: String };
const range = { default: Int, min: Int, max: Int, sweep: optional(Schema.Array(Int)) };
const ParamSchema = Schema.Union([
  Schema.Struct({ ...named, type: Schema.Literal("int"), ...range, unit: optional(String) }),
  Schema.Struct({ ...named, type: Schema.Literal("dur"), ...range }),
  Schema.Struct({ ...named, type: Schema.Literal("bool"), default: Boolean }),
  Schema.Struct({ ...named, type: Schema.Literal("enum"), default: String, values: Schema.Array(String) }),
]);

/** The schema of a program; it is its own encoding. */
export const ProgramSchema = Schema.Struct({
  name: String,
  doc: String,
  params: Schema.Array(ParamSchema),
  services: Schema.Array(
    Schema.Struct({
      name: String,
      servers: Schema.Union([Int, Null]),
      queueLimit: Schema.Union([Int, Null]),
      latency: Schema.Union([DistributionSchema, ParamRef]),
      failPerMillion: Schema.Union([Int, ParamRef]),
    }),
  ),
  shared: Schema.Array(
    Schema.Struct({
      name: String,
      type: TypeNameSchema,
      init: LiteralSchema,
      length: optional(Schema.Union([Int, ParamRef])),
    }),
  ),
  records: optional(Schema.Record(String, Schema.Record(String, TypeNameSchema))),
  procTypes: optional(
    Schema.Record(
      String,
      Schema.Struct({
        args: Schema.Array(Schema.Struct({ name: String, type: TypeNameSchema })),
        returns: optional(TypeNameSchema),
      }),
    ),
  ),
  procs: Schema.Record(
    String,
    Schema.Struct({
      args: Schema.Array(Schema.Struct({ name: String, type: TypeNameSchema })),
      body: B,
      returns: optional(TypeNameSchema),
    }),
  ),
  main: B,
  policies: Schema.Struct({
    end: Schema.Literals(["quiescent", "main"]),
    selectPolicy: Schema.Literals(["random", "first", "rotating"]),
    onDetachedFailure: Schema.Literals(["native", "ignore", "abort"]),
    lockFairness: optional(Schema.Literals(["native", "fifo", "barging"])),
  }),
});

/** Lists and objects inside each other; a statement inside a block takes two, an operator one. Keeps every walk shallow. */
const greatestDepth = 400;

const decode = Schema.decodeUnknownExit(ProgramSchema, { onExcessProperty: "error" });

/**
 * The program that a value read from JSON is. Throws ProgramError when it is none; `at` of its problems is the path in
 * the JSON, such as `main[3].body[0].op`.
 */
export function parseProgram(json: unknown): Program {
  if (isDeeperThan(json, greatestDepth)) {
    const message = `lists and objects are nested more than ${greatestDepth} deep`;
    throw new ProgramError("this is not a program:", [{ severity: "error", at: "the program", message }]);
  }
  const result = decode(json);
  if (Exit.isSuccess(result)) return result.value;
  throw new ProgramError("this is not a program:", schemaProblems(ProgramSchema.ast, json));
}

function isDeeperThan(json: unknown, levels: number): boolean {
  if (typeof json !== "object" || json === null) return false;
  return levels === 0 || Object.values(json).some((inner) => isDeeperThan(inner, levels - 1));
}
