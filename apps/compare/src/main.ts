/** The command line. */
import * as NodeServices from "@effect/platform-node/NodeServices";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { orrery } from "./orrery.ts";
import { processShell } from "./shell.ts";

// A reader that has seen enough closes the pipe; that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const layer = Layer.merge(NodeServices.layer, processShell);
process.exitCode = await Effect.runPromise(orrery(process.argv.slice(2)).pipe(Effect.provide(layer)));
