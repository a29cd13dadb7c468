// sysmon's schedule, which no program can see from inside.
import { zeroMachineCosts } from "@orrery/simulator";
import { expect, it } from "vitest";
import { type Go, runGo, zeroGoCosts } from "../src/index.ts";

const MS = 1_000_000;

it("looks on the schedule of a fresh sysmon: the first preemption is at 11.22 ms", () => {
  const { trace } = runGo(
    function* (go): Go {
      for (let i = 0; i < 3; i++) yield* go.gosched();
      yield* go.burn(40 * MS);
    },
    { gomaxprocs: 1, cores: 2, costs: zeroGoCosts, machineCosts: zeroMachineCosts, trace: true },
  );
  const requests: number[] = [];
  for (let row = 0; row < trace.length; row++)
    if (trace.at(row).reason.startsWith("sysmon: preemptone")) requests.push(trace.at(row).timeNs / MS);
  expect(requests[0]).toBeCloseTo(11.22, 6);
  expect(requests[1]).toBeCloseTo(21.22 + 10, 6);
});
