/**
 * What the model tells in Node's words, line by line beside what Node itself tells, numbers apart. The outputs are of Node 24.21.0, by the
 * command beside each; the Node that runs the test is asked again where it is a 24.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reportLibuv, runNode } from "../src/index.ts";

const is24 = process.version.startsWith("v24.");
const withoutNumbers = (text: string): string =>
  text.trimEnd().replaceAll(/\b(0x[0-9a-f]+|\d+(\.\d+)?(e-\d+)?)\b/g, "N");

function node(args: readonly string[], environment: Record<string, string> = {}, cwd = tmpdir()) {
  return spawnSync(process.execPath, args, {
    encoding: "utf8",
    cwd,
    env: { ...process.env, ...environment },
  });
}

// NODE_DEBUG=timer node -e "setTimeout(()=>{},20);setTimeout(()=>{},20);setTimeout(()=>{},60)"
const TIMER_LINES = `TIMER 1: no 20 list was found in insert, creating a new one
TIMER 1: no 60 list was found in insert, creating a new one
TIMER 1: process timer lists 45
TIMER 1: timeout callback 20
TIMER 1: 20 list empty
TIMER 1: process timer lists 85
TIMER 1: timeout callback 60
TIMER 1: 60 list empty`;

test("NODE_DEBUG=timer", () => {
  const { debug } = runNode(
    ({ setTimeout }) => {
      for (const ms of [20, 20, 60]) setTimeout(() => {}, ms);
    },
    { debugTimers: true },
  );
  const lines = (text: string): string => text.replaceAll(/(\d+)(?=: )|(?<=lists )\d+/g, "N").trimEnd();
  expect(lines(debug.join("\n"))).toBe(lines(TIMER_LINES));
});

test.skipIf(!is24)("NODE_DEBUG=timer of Node itself (skipped: no Node 24 on PATH)", () => {
  const script = "setTimeout(()=>{},20);setTimeout(()=>{},60)";
  const { stderr } = node(["-e", script], { NODE_DEBUG: "timer" });
  const { debug } = runNode(
    ({ setTimeout }) => {
      for (const ms of [20, 60]) setTimeout(() => {}, ms);
    },
    { debugTimers: true },
  );
  expect(withoutNumbers(debug.join("\n"))).toBe(withoutNumbers(stderr));
});

// node -e "…;console.log(process.getActiveResourcesInfo().join())", twice, the second time inside of the connect listener
test("process.getActiveResourcesInfo()", () => {
  const { lines } = runNode(
    ({ fs, dns, pbkdf2, messageChannel, net, setTimeout, setImmediate, process, log }) => {
      pbkdf2(1, () => {});
      fs.stat(() => {});
      dns.lookup(1, () => {});
      fs.promises.stat();
      const { port1 } = messageChannel();
      port1.on("message", () => {});
      const server = net.createServer(() => {});
      server.listen(() => {
        net.connect(server, () => {
          log(
            process
              .getActiveResourcesInfo()
              .filter((name) => /TCP|Port/.test(name))
              .join(),
          );
          process.exit();
        });
      });
      setTimeout(() => {}, 9);
      setImmediate(() => {});
      log(process.getActiveResourcesInfo().toSorted().join());
    },
  );
  expect(lines).toEqual([
    "FSReqCallback,FSReqPromise,GetAddrInfoReqWrap,Immediate,MessagePort,Timeout",
    "MessagePort,TCPServerWrap,TCPSocketWrap,TCPSocketWrap",
  ]);
});

test("performance.eventLoopUtilization() and uvMetricsInfo: a sleeping poll is idle, a busy callback is not", () => {
  const { lines } = runNode(({ setTimeout, busy, performance, log }) => {
    setTimeout(() => {
      busy(50);
      const { idle, active } = performance.eventLoopUtilization();
      log(Math.round(idle / 50), Math.round(active / 50));
      log(Object.keys(performance.nodeTiming.uvMetricsInfo).join());
    }, 100);
  });
  expect(lines).toEqual(["2 1", "loopCount,events,eventsWaiting"]);
});

/** Without the environment's own pair, its clean-up and the process's data. */
function traceLines(text: string): string {
  const { traceEvents } = JSON.parse(text) as { traceEvents: { ph: string; cat: string; name: string }[] };
  const loopStart = traceEvents.findIndex(({ name }) => name === "loopStart");
  const loopExit = traceEvents.findIndex(({ name }) => name === "loopExit");
  return traceEvents
    .slice(loopStart, loopExit + 1)
    .map((event) => withoutNumbers(JSON.stringify(event)))
    .join("\n");
}

test.skipIf(!is24)("trace events, beside those of Node itself (skipped: no Node 24 on PATH)", () => {
  const folder = mkdtempSync(join(tmpdir(), "orrery-trace-"));
  try {
    const flags = ["--trace-event-categories", "node.environment,node.bootstrap"];
    node([...flags, "-e", "setTimeout(()=>{},20);setImmediate(()=>{})"], {}, folder);
    const real = readFileSync(join(folder, "node_trace.1.log"), "utf8");
    const { traceEvents } = runNode(
      ({ setTimeout, setImmediate }) => {
        setTimeout(() => {}, 20);
        setImmediate(() => {});
      },
      { traceEvents: true },
    );
    const kinds = (text: string): string[] => [...new Set(traceLines(text).split("\n"))].toSorted();
    expect(kinds(traceEvents)).toEqual(kinds(real));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.skipIf(!is24)("handles, as process.report has them (skipped: no Node 24 on PATH)", () => {
  const script = `setTimeout(()=>{},1000);setImmediate(()=>{
    for (const h of process.report.getReport().libuv) console.log(JSON.stringify(h)); process.exit()})`;
  const { stdout } = node(["-e", script]);
  const { instance } = runNode(({ setTimeout, setImmediate, process }) => {
    setTimeout(() => {}, 1000);
    setImmediate(() => process.exit());
  });
  const model = reportLibuv(instance.env).map((handle) => JSON.stringify(handle));
  const kinds = (lines: readonly string[]): string[] =>
    [...new Set(lines.filter((line) => /"(timer|loop|async)"/.test(line)).map(withoutNumbers))].toSorted();
  expect(kinds(model)).toEqual(kinds(stdout.trimEnd().split("\n")));
});
