/**
 * One Java compiler for all batches. A new `javac` spends three quarters of its time on becoming warm: this one stays, and
 * compiles what it is sent in a thread of its own for each.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { atEnd } from "./at-end.ts";

/** Reads lines `NUMBER WORD ...` with tabs between, and answers each with `NUMBER STATUS MESSAGE`. */
const SERVER = String.raw`import java.io.*;
import java.util.*;
import javax.tools.*;

public class Compiler {
  public static void main(String[] none) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var words = line.split("\t");
      Thread.ofPlatform().daemon().start(() -> answer(words));
    }
  }

  private static void answer(String[] words) {
    var told = new ByteArrayOutputStream();
    var status = "1";
    try {
      var arguments = Arrays.copyOfRange(words, 1, words.length);
      status = Integer.toString(ToolProvider.getSystemJavaCompiler().run(null, told, told, arguments));
    } catch (Throwable failure) {
      failure.printStackTrace(new PrintStream(told, true));
    }
    var message = told.toString().replace("\t", " ").replaceAll("\\R", "\t");
    synchronized (Compiler.class) {
      System.out.println(words[0] + "\t" + status + "\t" + message);
    }
  }
}
`;

interface Compiled {
  readonly status: number | null;
  readonly killed: "time" | null;
  readonly stderr: string;
}

interface Compiler {
  readonly child: ChildProcess;
  readonly waiting: Map<string, (compiled: Compiled) => void>;
}

/** By path of the java that runs it. */
const compilers = new Map<string, Compiler>();
let asked = 0;

/**
 * Compiles in a folder: `words` are those of a javac command, its sources relative to the folder. Never throws: a compiler
 * that can't be started or dies gives status 127, and one that takes longer than `timeMs` is killed.
 */
export function compile(
  java: string,
  folder: string,
  words: readonly string[],
  timeMs: number,
): Promise<Compiled> {
  return new Promise((resolve) => {
    const { child, waiting } = compilers.get(java) ?? start(java);
    const number = String(asked++);
    const timer = setTimeout(() => {
      waiting.delete(number);
      child.kill("SIGKILL");
      resolve({ status: null, killed: "time", stderr: "" });
    }, timeMs);
    waiting.set(number, (compiled) => {
      clearTimeout(timer);
      resolve(compiled);
    });
    hold(child, waiting);
    child.stdin!.write(`${[number, ...inFolder(words, folder)].join("\t")}\n`);
  });
}

/** Options of the compiler's own JVM fall away; `-d` and the sources become whole paths. */
function inFolder(words: readonly string[], folder: string): readonly string[] {
  return words
    .filter((word) => !word.startsWith("-J"))
    .map((word, index, all) =>
      all[index - 1] === "-d" || word.endsWith(".java") ? join(folder, word) : word,
    );
}

function start(java: string): Compiler {
  const folder = mkdtempSync(join(tmpdir(), "orrery-javac-"));
  const source = join(folder, "Compiler.java");
  writeFileSync(source, SERVER);
  const child = spawn(java, ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g", source], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting = new Map<string, (compiled: Compiled) => void>();
  const compiler: Compiler = { child, waiting };
  compilers.set(java, compiler);
  const clean = (): void => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  const forget = atEnd(clean);
  const end = (why: string): void => {
    if (compilers.get(java) !== compiler) return;
    compilers.delete(java);
    forget();
    clean();
    for (const tell of waiting.values()) tell({ status: 127, killed: null, stderr: why });
    waiting.clear();
  };
  child.once("error", (error) => end(error.message));
  child.once("exit", () => end("the compiler ended"));
  child.stdin!.on("error", () => end("the compiler ended"));
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const [number = "", status, ...message] = line.split("\t");
    waiting.get(number)?.({ status: Number(status), killed: null, stderr: message.join("\n") });
    waiting.delete(number);
    hold(child, waiting);
  });
  return compiler;
}

/** While it has nothing to do the compiler does not keep this process from ending. */
function hold(child: ChildProcess, waiting: ReadonlyMap<string, unknown>): void {
  const change = waiting.size > 0 ? "ref" : "unref";
  child[change]();
  for (const pipe of [child.stdin, child.stdout]) (pipe as Socket)[change]();
}
