import type { OptionSpec } from "@orrery/runtime";

export const nodeOptions: readonly OptionSpec[] = [
  {
    name: "UV_THREADPOOL_SIZE",
    doc: "Threads of libuv's pool, which all file operations, dns.lookup, crypto and zlib share: with 4, a fifth blocked file operation waits for one of the first four. Sockets and timers never use it. 0 counts as 1.",
    type: "int",
    min: 0,
    max: 1024, // MAX_THREADPOOL_SIZE, src/threadpool.c
    default: "4",
  },
];
