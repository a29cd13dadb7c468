import type { OptionSpec } from "@orrery/runtime";
import { REJECTION_MODES, VERSIONS } from "./versions.ts";

export const nodeOptions: readonly OptionSpec[] = [
  {
    name: "UV_THREADPOOL_SIZE",
    doc: "Threads of libuv's pool, which all file operations, dns.lookup, crypto and zlib share: with 4, a fifth blocked file operation waits for one of the first four. Sockets and timers never use it. 0 counts as 1.",
    type: "int",
    min: 0,
    max: 1024, // MAX_THREADPOOL_SIZE, src/threadpool.c
    default: "4",
  },
  {
    name: "version",
    doc: "Version of Node: 24; 20; 11, where an await of a promise takes three turns and due timers come before the poll; 10, where ticks and microtasks run only after all due timers of a list, and after all immediates.",
    type: "enum",
    values: VERSIONS,
    default: "24",
  },
  {
    name: "unhandled-rejections",
    doc: "What a rejection does that nobody handles, as --unhandled-rejections: default is throw since 15, and warn before.",
    type: "enum",
    values: ["default", ...REJECTION_MODES],
    default: "default",
  },
];
