/** Finds the real runtimes: on the PATH, and JDKs where Linux distributions put them. */
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";

export interface Toolchain {
  /** go, asyncio, java, node. */
  readonly runtime: string;
  readonly version: string;
  /** Path of each tool that a batch may name: go, python, javac, java, node. */
  readonly tools: Readonly<Record<string, string>>;
}

export interface Missing {
  readonly runtime: string;
  /** `no go on PATH`, `java is 17, virtual threads need 21`. */
  readonly why: string;
  readonly get: string;
}

interface Wanted {
  readonly runtime: string;
  /** The tool that is asked for its version, and the others that must stand beside it. */
  readonly tool: string;
  readonly command: string;
  readonly beside: readonly string[];
  readonly argument: string;
  readonly version: RegExp;
  /** Least major version. */
  readonly least: number;
  readonly get: string;
}

const WANTED: readonly Wanted[] = [
  {
    runtime: "go",
    tool: "go",
    command: "go",
    beside: [],
    argument: "version",
    version: /go(\d[\w.]*)/,
    least: 1,
    get: "https://go.dev/dl, or apt install golang",
  },
  {
    runtime: "asyncio",
    tool: "python",
    command: "python3",
    beside: [],
    argument: "--version",
    version: /Python (\S+)/,
    least: 3,
    get: "https://www.python.org/downloads, or apt install python3",
  },
  {
    runtime: "java",
    tool: "java",
    command: "java",
    beside: ["javac"],
    argument: "-version",
    version: /version "([^"]+)"/,
    least: 25,
    get: "https://adoptium.net: JDK 25",
  },
  {
    runtime: "node",
    tool: "node",
    command: "node",
    beside: [],
    argument: "--version",
    version: /v(\S+)/,
    least: 20,
    get: "https://nodejs.org",
  },
];

const JVM_FOLDER = "/usr/lib/jvm";
const PATIENCE_MS = 10_000;

/** The toolchain of a runtime, or why there is none. */
export async function findToolchain(runtime: string): Promise<Toolchain | Missing> {
  const wanted = WANTED.find((each) => each.runtime === runtime);
  if (wanted === undefined) throw new Error(`no such runtime: ${runtime}`);
  const { get } = wanted;
  let tooOld: string | null = null;
  for (const folder of await foldersOf(wanted)) {
    const path = join(folder, wanted.command);
    const version = wanted.version.exec(await said(path, wanted.argument))?.[1];
    if (version === undefined) continue;
    if (Number.parseInt(version, 10) < wanted.least) {
      tooOld ??= `${wanted.command} is ${version}, ${wanted.least} is needed`;
      continue;
    }
    const tools = Object.fromEntries([
      [wanted.tool, path],
      ...wanted.beside.map((tool) => [tool, join(folder, tool)]),
    ]) as Record<string, string>;
    return { runtime, version, tools };
  }
  return { runtime, why: tooOld ?? `no ${wanted.command} on PATH`, get };
}

export const isMissing = (found: Toolchain | Missing): found is Missing => "why" in found;

/**
 * Folders of the PATH; before them for Node that of the Node that runs this, which is the modelled one; after them for Java
 * those of the JDKs, the newest name first.
 */
async function foldersOf({ command }: Wanted): Promise<readonly string[]> {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  if (command === "node") return [dirname(process.execPath), ...path];
  if (command !== "java") return path;
  const jdks = await readdir(JVM_FOLDER).catch(() => []);
  return [
    ...path,
    ...jdks
      .toSorted()
      .toReversed()
      .map((jdk) => join(JVM_FOLDER, jdk, "bin")),
  ];
}

/** What a command says, on either stream; empty when it can't be run. */
function said(path: string, argument: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(path, [argument], { timeout: PATIENCE_MS }, (error, stdout, stderr) => {
      resolve(error === null ? `${stdout}\n${stderr}` : "");
    });
  });
}
