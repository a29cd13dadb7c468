import { add, gt, int, mod, ne, not, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, RuntimeName } from "../../workload.ts";

const primeSieve = program(
  "prime-sieve",
  {
    doc: "A chain of tasks, one for each prime: each lets pass what its prime does not divide, and the first number that passes all of them starts the next.",
    params: {
      limit: int(1_000, { min: 2, max: 100_000, doc: "numbers sieved", sweep: [300, 1_000, 3_000, 10_000] }),
      cap: int(0, { min: 0, max: 1_000, doc: "capacity of the channels", sweep: [0, 1, 16, 128] }),
    },
  },
  ({ params, proc, main }) => {
    const sieve = proc("sieve", { numbers: "chan" }, (b, { numbers }, self) => {
      const [prime, open] = b.recvOk("prime", "open", numbers);
      b.if(not(open), () => b.return());
      b.count("primes");
      const rest = b.chan("rest", params.cap);
      const next = b.spawn("next", self, { numbers: rest });
      b.range(numbers, "number", (number) => {
        b.if(ne(mod(number, prime), 0), () => b.send(rest, number));
      });
      b.close(rest);
      b.join(next);
    });
    main((b) => {
      const numbers = b.chan("numbers", params.cap);
      const first = b.spawn("first", sieve, { numbers });
      b.repeat(params.limit, "i", (i) => {
        b.if(gt(i, 0), () => b.send(numbers, add(i, 1)));
      });
      b.close(numbers);
      b.join(first);
    });
  },
);

const takes = (runtime: RuntimeName, minNs: number, maxNs: number, because: string): Expectation => ({
  runtime,
  kind: "makespan",
  minNs,
  maxNs,
  because,
});

/** Go's classic: a pipeline that grows by a task and a channel with each prime. */
export default workload({
  id: "W22",
  program: primeSieve,
  question: "How long does a pipeline of rendezvous take, when each stage passes on most of what it gets?",
  headline:
    "Go is made for this and needs a few milliseconds, Node and a cold JVM ten times as long, asyncio thirty times.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "primes",
      min: 168,
      max: 168,
      when: { profile: "any" },
      because: "arithmetic: there are 168 primes up to 1000",
    },
    takes("go", 0.5e6, 9e6, "ran: 2.6 to 3.0 ms on Go 1.26, two cores"),
    takes("asyncio", 20e6, 500e6, "ran: 83 to 170 ms on CPython 3.11"),
    takes("java", 0.8e6, 240e6, "ran: 25 to 82 ms on a cold JDK 25, two cores"),
    takes("node", 2e6, 100e6, "ran: 22 to 33 ms on Node 24"),
  ],
});
