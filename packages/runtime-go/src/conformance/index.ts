/** The conformance programs of Go and their ports to the model's library. */
import type { Conformance } from "@orrery/runtime";
import { exitText, run } from "./prelude.ts";
import { programs } from "./programs.ts";

export const conformance: Conformance = {
  folder: new URL("../../conformance/", import.meta.url),
  build: [["go", "build", "-o", "conformance", "."]],
  programs: programs.map(({ name, pins, gomaxprocs = 1, port }) => ({
    name,
    pins,
    run: ["./conformance", name],
    environment: { GOMAXPROCS: `${gomaxprocs}` },
    port: typeof port === "function" ? (): string => run(port, gomaxprocs, 1) : port,
  })),
  exitText,
};
