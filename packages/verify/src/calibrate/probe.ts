/** How a probe is written: one primitive, `n` times. */
import { type Body, int, type Program, program, type Writer } from "@orrery/program";

/** How long a probe is to take: enough for a clock, short enough for many rounds. */
export const PROBE_NS = 2_000_000;

type Params = { readonly n: ReturnType<typeof int> };
type Write = (writer: Writer<Params, Record<never, never>, Record<never, never>>) => void;

/** Turns that the fastest probe needs, and as many as leave something behind: lines, samples. */
export const TURNS = 50_000;
export const NOTES = 2_000;

export const probe = (name: string, doc: string, write: Write, max = TURNS): Program =>
  program(name, { doc, params: { n: int(Math.min(100, max), { min: 1, max, doc: "turns" }) } }, write);

/** A loop of `n` turns in main. */
export const loop = (name: string, doc: string, body: (b: Body) => void, max = TURNS): Program =>
  probe(name, doc, ({ params, main }) => main((b) => b.repeat(params.n, () => body(b))), max);

export const spawned = <T>(count: number, spawn: (name: string) => T): T[] =>
  Array.from({ length: count }, (_, i) => spawn(`t${i}`));
