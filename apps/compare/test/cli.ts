/** Runs the command line in this process, with buffers for its output. */
import * as NodeServices from "@effect/platform-node/NodeServices";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { orrery } from "../src/orrery.ts";
import { Shell } from "../src/shell.ts";
import { coloured, plain } from "../src/text.ts";

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export async function cli(
  line: string,
  { input = "", colour = false }: { readonly input?: string; readonly colour?: boolean } = {},
): Promise<Said> {
  let out = "";
  let err = "";
  const shell = Layer.succeed(Shell, {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    input: Effect.succeed(input),
    paint: colour ? coloured : plain,
    draws: false,
  });
  const args = line.split(" ").filter((word) => word !== "");
  const status = await Effect.runPromise(
    orrery(args).pipe(Effect.provide(Layer.merge(NodeServices.layer, shell))),
  );
  return { status, out, err };
}
