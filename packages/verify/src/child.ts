/** Real processes under limits: killed with their children, and nothing left behind. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { atEnd } from "./at-end.ts";

export interface Limits {
  readonly timeMs: number;
  /** The time is for each line on standard output instead of for all together. */
  readonly perLine?: boolean;
  /** Resident memory, bytes. */
  readonly memoryBytes: number;
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status, or null when a signal ended it. */
  readonly status: number | null;
  /** Which limit ended it, null for none. */
  readonly killed: "time" | "memory" | "output" | null;
  readonly peakBytes: number;
}

/** More output than this is garbage. */
const MAX_OUTPUT = 256 * 1024 * 1024;
const WATCH_MS = 100;

/**
 * Runs a command in a folder, as the leader of a process group of its own, with nothing on its standard input. Never
 * throws: a command that can't be started ends with status 127 and says why on `stderr`.
 */
export function runChild(
  command: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<Ended> {
  return new Promise((resolve) => {
    const [program, ...args] = command;
    const child = spawn(program!, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const forget = atEnd(() => child.pid !== undefined && killGroup(child.pid));
    let killed: Ended["killed"] = null;
    let peakBytes = 0;
    let stdout = "";
    let stderr = "";
    const kill = (why: Ended["killed"]): void => {
      killed ??= why;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const collect = (text: string, more: string): string => {
      if (text.length + more.length > MAX_OUTPUT) kill("output");
      return text + more;
    };
    child.stdout.setEncoding("utf8").on("data", (data: string) => {
      stdout = collect(stdout, data);
      if (limits.perLine === true && data.includes("\n")) timer.refresh();
    });
    child.stderr.setEncoding("utf8").on("data", (data: string) => (stderr = collect(stderr, data)));
    const timer = setTimeout(() => kill("time"), limits.timeMs);
    const watch = setInterval(() => {
      void residentBytes(child.pid).then(({ now, peak }) => {
        peakBytes = Math.max(peakBytes, peak);
        if (now > limits.memoryBytes) kill("memory");
      });
    }, WATCH_MS);
    const end = (status: number | null): void => {
      forget();
      clearTimeout(timer);
      clearInterval(watch);
      if (child.pid !== undefined) killGroup(child.pid); // whatever it started and left
      resolve({ stdout, stderr, status, killed, peakBytes });
    };
    child.once("error", (error) => {
      stderr += error.message;
      end(127);
    });
    child.once("close", end);
  });
}

/** Kills a process and whatever it started; silent when they are gone already. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: nobody left
  }
}

/** VmRSS and VmHWM of a process (proc(5)); 0 where there is no /proc or it is gone. */
async function residentBytes(
  pid: number | undefined,
): Promise<{ readonly now: number; readonly peak: number }> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const field = (name: string): number =>
    1024 * Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1] ?? 0);
  return { now: field("VmRSS"), peak: field("VmHWM") };
}
