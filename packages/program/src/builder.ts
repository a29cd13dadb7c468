/**
 * The typed builder of programs: `program(name, declarations, ({ params, proc, main }) => ...)` yields the plain tree.
 * A complete example is in the tests (`test/builder.test.ts`). Names of locals are texts because they appear in the
 * printed program and in generated source. What the types cannot see, `check` reports.
 */
import { Body } from "./body.ts";
import type { Args, ProcRef, Returns } from "./body.ts";
import { sharedRef } from "./declarations.ts";
import type {
  CellsSpec,
  CellSpec,
  ParamSpec,
  ParamsOf,
  ServiceRef,
  ServiceSpec,
  SharedOf,
} from "./declarations.ts";
import { handle, local } from "./expressions.ts";
import type { E, Local } from "./expressions.ts";
import { declaredType, ProcTypeRef, type Signature } from "./proc-types.ts";
import { type Fields, RecordRef } from "./records.ts";
import { defaultPolicies } from "./tree.ts";
import type { Block, Param, Policies, Proc, Program, ServiceDecl, SharedDecl, TypeName } from "./tree.ts";

type Named<T> = Readonly<Record<string, T>>;

export interface Declarations<
  P extends Named<ParamSpec>,
  S extends Named<ServiceSpec>,
  H extends Named<CellSpec | CellsSpec>,
  R extends Named<Fields>,
  T extends Named<Signature> = Named<never>,
> {
  readonly doc: string;
  /** Types of references to procedures: what they take, and what they return. */
  readonly procTypes?: T;
  /** Fields of records and their types. */
  readonly records?: R;
  readonly params?: P;
  readonly services?: S;
  readonly shared?: H;
  readonly policies?: Partial<Policies>;
}

type ArgHandles<A extends Args> = { readonly [N in keyof A]: Local<A[N]> };
type ProcBody<A extends Args, R extends Returns> = (
  b: Body<R>,
  args: ArgHandles<A>,
  self: ProcRef<A, R>,
) => void;

/** What the writer of a program is given. */
export interface Writer<P, S, H, R = unknown, T = unknown> {
  readonly params: ParamsOf<P>;
  readonly services: { readonly [N in keyof S]: ServiceRef };
  readonly shared: SharedOf<H>;
  readonly records: {
    readonly [N in keyof R & string]: R[N] extends Fields ? RecordRef<N, R[N]> : never;
  };
  readonly procTypes: {
    readonly [N in keyof T & string]: T[N] extends Signature ? ProcTypeRef<N, T[N]> : never;
  };
  /** A procedure. Its own handle is the body's third argument, for recursion. */
  proc<const A extends Args>(name: string, args: A, body: ProcBody<A, undefined>): ProcRef<A, undefined>;
  proc<const A extends Args, R extends TypeName>(
    name: string,
    args: A,
    options: { readonly returns: R },
    body: ProcBody<A, R>,
  ): ProcRef<A, R>;
  /** A procedure to be used before `define` gives its body, for procedures that call each other. */
  declare<const A extends Args, R extends Returns = undefined>(
    name: string,
    args: A,
    options?: { readonly returns: R },
  ): ProcRef<A, R>;
  define<A extends Args, R extends Returns>(proc: ProcRef<A, R>, body: ProcBody<A, R>): void;
  main(body: (b: Body) => void): void;
}

/** Writes a program. Throws an Error when a procedure is left without a body, defined twice, or `main` is missing. */
export function program<
  const P extends Named<ParamSpec> = Named<never>,
  const S extends Named<ServiceSpec> = Named<never>,
  const H extends Named<CellSpec | CellsSpec> = Named<never>,
  const R extends Named<Fields> = Named<never>,
  const T extends Named<Signature> = Named<never>,
>(
  name: string,
  declarations: Declarations<P, S, H, R, T>,
  write: (writer: Writer<P, S, H, R, T>) => void,
): Program {
  const { doc, params = {} as P, services = {} as S, shared = {} as H } = declarations;
  const { records, procTypes, policies } = declarations;
  const procs = new Map<string, Proc | undefined>();
  let mainBody: Block | undefined;

  const declare = (procName: string, args: Args, returns: Returns): ProcRef => {
    if (procs.has(procName)) throw new Error(`${name}: the procedure ${procName} is declared twice`);
    procs.set(procName, undefined);
    return { proc: procName, args, returns };
  };
  const define = (proc: ProcRef, body: ProcBody<Args, Returns>): void => {
    if (procs.get(proc.proc) !== undefined)
      throw new Error(`${name}: the procedure ${proc.proc} is defined twice`);
    const b = new Body<Returns>(proc.proc);
    const args = Object.entries(proc.args).map(([argName, type]) => ({ name: argName, type }));
    body(b, Object.fromEntries(args.map((arg) => [arg.name, local(arg.type, arg.name)])), proc);
    procs.set(proc.proc, {
      args,
      body: b.finish(),
      ...(proc.returns === undefined ? {} : { returns: proc.returns }),
    });
  };

  const writer: Writer<
    Named<ParamSpec>,
    Named<ServiceSpec>,
    Named<CellSpec | CellsSpec>,
    Named<Fields>,
    Named<Signature>
  > = {
    params: mapValues(params, (spec, paramName) =>
      handle(spec.type === "enum" ? "str" : spec.type, { param: paramName }),
    ) as Named<E<never>>,
    services: mapValues(services, (_, serviceName) => ({ service: serviceName })),
    shared: mapValues(shared, (spec, sharedName) => sharedRef(sharedName, spec)) as Named<never>,
    records: mapValues(records ?? {}, (fields, recordName) => new RecordRef(recordName, fields)),
    procTypes: mapValues(procTypes ?? {}, (signature, type) => new ProcTypeRef(type, signature)),
    proc: (procName: string, args: Args, ...rest: readonly unknown[]): never => {
      const options = typeof rest[0] === "function" ? undefined : (rest[0] as { readonly returns: TypeName });
      const proc = declare(procName, args, options?.returns);
      define(proc, rest.at(-1) as ProcBody<Args, Returns>);
      return proc as never;
    },
    declare: (procName, args, options) => declare(procName, args, options?.returns) as never,
    define: (proc, body) => define(proc as never, body as never),
    main: (body) => {
      if (mainBody !== undefined) throw new Error(`${name}: main is written twice`);
      const b = new Body("main");
      body(b);
      mainBody = b.finish();
    },
  };
  write(writer as unknown as Writer<P, S, H, R, T>);

  if (mainBody === undefined) throw new Error(`${name}: there is no main`);
  return {
    name,
    doc,
    params: named(params) as readonly Param[],
    services: named(services) as readonly ServiceDecl[],
    shared: named(shared) as readonly SharedDecl[],
    ...(records === undefined ? {} : { records }),
    ...(procTypes === undefined ? {} : { procTypes: mapValues(procTypes, declaredType) }),
    procs: Object.fromEntries(
      [...procs].map(([procName, proc]) => [
        procName,
        defined(proc, `${name}: the procedure ${procName} has no body`),
      ]),
    ),
    main: mainBody,
    policies: { ...defaultPolicies, ...policies },
  };
}

function defined<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}

function mapValues<T, U>(record: Named<T>, map: (value: T, name: string) => U): Named<U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

function named<T extends object>(record: Named<T>): readonly (T & { readonly name: string })[] {
  return Object.entries(record).map(([name, value]) => Object.assign({ name }, value));
}
