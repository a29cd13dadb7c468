import { bool, dur, int, program, sub } from "@orrery/program";
import { everywhere, workload } from "../../workload.ts";
import type { Expectation, RuntimeOptions } from "../../workload.ts";

const netflixLock = program(
  "netflix-lock",
  {
    doc: "An ordinary task waits first for a fair lock. Its owner and others, who keep their worker while they wait, come for it after that: the owner lets it go and asks again.",
    params: {
      pinned: int(2, {
        min: 1,
        max: 1000,
        doc: "tasks that ask for the lock under a native frame, the owner among them",
        sweep: [1, 2, 3, 4],
      }),
      native: bool(true, { doc: "whether there is a native frame at all" }),
      pause: dur("10ms", { min: "1ms", max: "1s", doc: "time for the ordinary task to ask for the lock" }),
      hold: dur("5ms", { min: 0, max: "1s", doc: "processor time of the owner before it lets go" }),
    },
  },
  ({ params, proc, main }) => {
    const take = proc("take", { lock: "sem" }, (b, { lock }) => {
      b.acquire(lock);
      b.count("owners");
      b.release(lock);
    });
    const pinned = proc("pinned", { lock: "sem" }, (b, { lock }) => {
      const frame = b.monitor("frame", "nativeFrame");
      b.enter(frame, () => b.call(take, { lock }));
    });
    const takeAgain = proc("takeAgain", { lock: "sem" }, (b, { lock }) => {
      b.cpu(params.hold);
      b.release(lock);
      b.call(take, { lock });
    });
    main((b) => {
      const lock = b.sem("lock", 1);
      b.acquire(lock);
      b.scope("waitAll", () => {
        b.spawn(take, { lock });
        b.sleep(params.pause);
        b.if(
          params.native,
          () => {
            b.repeat(sub(params.pinned, 1), () => b.spawn(pinned, { lock }));
            const frame = b.monitor("frame", "nativeFrame");
            b.enter(frame, () => b.call(takeAgain, { lock }));
          },
          () => {
            b.repeat(sub(params.pinned, 1), () => b.spawn(take, { lock }));
            b.call(takeAgain, { lock });
          },
        );
      });
    });
  },
);

const carriers = (n: number): RuntimeOptions => ({ parallelism: `${n}`, maxPoolSize: `${n}` });
const ends = (
  runtime: Expectation["runtime"],
  is: "completed" | "deadlocked",
  native: boolean,
  because: string,
  options: RuntimeOptions = {},
): Expectation => ({ runtime, kind: "outcome", is, when: { parameters: { native }, options }, because });

/** Everybody waits for a lock that is free. */
export default workload({
  id: "W40",
  program: netflixLock,
  question: "Can a free lock be one that nobody ever gets?",
  headline:
    "On Java two pinned waiters deadlock with one or two carriers, for the task whose turn it is finds none, and not with three; elsewhere waiting pins nothing.",
  group: "cpu-io",
  options: { java: carriers(2) },
  levels: everywhere("O5"),
  expectations: [
    ends(
      "java",
      "deadlocked",
      true,
      "ran on JDK 25: jcmd Thread.vthread_scheduler tells of one task and no free carrier, jstack of a waiter on each; W40",
    ),
    ends("java", "deadlocked", true, "ran on JDK 25: the same with the owner alone; W40", carriers(1)),
    ends("java", "completed", true, "ran on JDK 25: the third carrier is the first task's; W40", carriers(3)),
    ends("java", "completed", false, "arithmetic: every waiter gives up its carrier"),
    ends(["go", "asyncio", "node"], "completed", true, "arithmetic: no waiter keeps its worker"),
  ],
});
