/** The conformance programs of Node and their ports to the model's library. */
import type { Conformance } from "@orrery/runtime";
import { errors } from "./errors.ts";
import { idioms } from "./idioms.ts";
import { io } from "./io.ts";
import { loop } from "./loop.ts";
import { exitText, run } from "./prelude.ts";
import { promises } from "./promises.ts";
import type { Version } from "../versions.ts";
import { queues } from "./queues.ts";
import { timers } from "./timers.ts";

const programs = [...loop, ...timers, ...queues, ...promises, ...errors, ...io, ...idioms];

export const conformance = {
  folder: new URL("../../conformance/", import.meta.url),
  build: [],
  programs: programs.map((program) => {
    const { name, pins, module = false, port } = program;
    return {
      name,
      pins,
      run: ["node", `${name}.${module ? "mjs" : "cjs"}`],
      port:
        typeof port === "function"
          ? (seed = 1, version: Version = "24"): string => run(program, port, seed, version)
          : port,
    };
  }),
  exitText,
} satisfies Conformance;
