/** Where a command speaks: data to `out`, everything else to `err`. Tests put buffers in its place. */
import { text } from "node:stream/consumers";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { badInput, type BadInput, messageOf } from "./errors.ts";
import { coloured, type Paint, plain } from "./text.ts";

export interface ShellService {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly input: Effect.Effect<string, BadInput>;
  readonly paint: Paint;
  /** True when `err` is a terminal on which a line can be drawn over. */
  readonly draws: boolean;
}

export class Shell extends Context.Service<Shell, ShellService>()("orrery/Shell") {}

/** https://no-color.org: any value but the empty one. */
const wantsColour = (): boolean => {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0") return true;
  return process.stdout.isTTY && TERM !== "dumb";
};

export const processShell = Layer.sync(Shell, () => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: Effect.tryPromise({
    try: () => text(process.stdin),
    catch: (error) => badInput(`standard input: ${messageOf(error)}`),
  }),
  paint: wantsColour() ? coloured : plain,
  draws: process.stderr.isTTY && process.env["TERM"] !== "dumb",
}));
