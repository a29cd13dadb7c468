import { dur, int, oneOf, program } from "@orrery/program";
import { completes, oneWorker, workload, everywhere } from "../../workload.ts";
import type { Expectation, RuntimeOptions } from "../../workload.ts";

const pinnedCarriers = program(
  "pinned-carriers",
  {
    doc: "Tasks sleep while they own a lock each, so that nobody ever waits for a lock.",
    params: {
      tasks: int(4, { min: 1, max: 10_000, doc: "tasks, with a lock each", sweep: [1, 2, 4, 8] }),
      via: oneOf("nativeFrame", ["none", "juc", "synchronized", "nativeFrame"], {
        doc: "the lock: none, a ReentrantLock, a synchronized block, or one entered from native code such as a class initialiser",
      }),
      d: dur("100ms", { min: "1ms", max: "10s", doc: "how long each sleeps" }),
    },
  },
  ({ params, proc, main }) => {
    const sleeper = proc("sleeper", { lock: "monitor" }, (b, { lock }) =>
      b.enter(lock, () => b.sleep(params.d)),
    );
    const free = proc("free", {}, (b) => b.sleep(params.d));
    main((b) => {
      b.scope("waitAll", () => {
        b.repeat(params.tasks, () => {
          b.match(params.via, [
            ["none", () => b.spawn(free)],
            [
              "juc",
              () => {
                const lock = b.monitor("lock", "juc");
                b.spawn(sleeper, { lock });
              },
            ],
            [
              "synchronized",
              () => {
                const lock = b.monitor("lock", "synchronized");
                b.spawn(sleeper, { lock });
              },
            ],
            [
              "nativeFrame",
              () => {
                const lock = b.monitor("lock", "nativeFrame");
                b.spawn(sleeper, { lock });
              },
            ],
          ]);
        });
      });
    });
  },
);

const carriers = (n: number): RuntimeOptions => ({ parallelism: `${n}`, maxPoolSize: `${n}` });
const takes = (
  runtime: Expectation["runtime"],
  ms: number,
  via: string,
  because: string,
  options: RuntimeOptions = {},
): Expectation => ({
  runtime,
  kind: "makespan",
  minNs: ms * 1e6,
  maxNs: (ms + 50) * 1e6,
  when: { parameters: { via }, options },
  because,
});

/** What held a carrier before JDK 24, and what still does. */
export default workload({
  id: "W39",
  program: pinnedCarriers,
  question: "How long do four tasks sleep 100 ms each on one worker when each owns a lock meanwhile?",
  headline:
    "100 ms on every runtime whatever the lock, but for Java's locks under a native frame: they pin the carrier, and the sleeps come one after the other.",
  group: "cpu-io",
  options: oneWorker,
  levels: everywhere("O5"),
  expectations: [
    completes,
    takes("java", 400, "nativeFrame", "ran: 427 ms on JDK 25 with one carrier; W39: 404 ms"),
    takes("java", 200, "nativeFrame", "ran: 204 ms on JDK 25 with two carriers; W39: 203 ms", carriers(2)),
    takes(["go", "asyncio", "node"], 100, "nativeFrame", "arithmetic: no other runtime has carriers to pin"),
    takes(
      "*",
      100,
      "synchronized",
      "ran: 103 ms on JDK 25: since JEP 491 a synchronized block does not pin; W39: 101 ms",
    ),
    takes("*", 100, "juc", "arithmetic: the sleeps overlap"),
    takes("*", 100, "none", "arithmetic: the sleeps overlap"),
  ],
});
