/**
 * Random native programs: generated from a seed, run on the model here and on a real Go by real/random-programs/main.go.
 * A program is a text: procedures separated by `;`, operations by `,`. Operations: `s2` spawn procedure 2, `>1` `<1` send
 * and receive on channel 1 (of capacity 1), `x1` close, `?1` receive or default, `^1` send or default, `@1` select of two
 * receives, `L0` `U0` mutex, `R` `r` `V` `v` RWMutex, `w` `S` `B` condition, `g` Gosched, `z2` sleep 12 ms, `l` log, `W` wg.Wait.
 */
import { Sfc32 } from "@orrery/simulator";
import { type Go, GoPanic, runGo } from "../src/index.ts";

const SLEEP_UNIT_NS = 6_000_000;

/** What the program writes, with the exit status and first line of stderr if it fails. */
export function runOnModel(text: string, seed: number): string {
  const procs = text.split(";").map((proc) => proc.split(","));
  const { output, status, stderr } = runGo(
    function* (go, say): Go {
      for (let i = 0; i < 3; i++) yield* go.gosched();
      const chans = [0, 1, 2, 3].map((size) => go.make<number>(size));
      const mus = [go.mutex(), go.mutex()];
      const rw = go.rwMutex();
      const cmu = go.mutex();
      const cond = go.cond(cmu);
      const wg = go.waitGroup();
      const got = (n: string, v: unknown, ok: boolean): void => say(`${n}=${ok ? (v as number) : 0} ${ok}`);
      function* attempt(n: string, f: () => Go): Go {
        try {
          yield* f();
        } catch (error) {
          if (!(error instanceof GoPanic)) throw error;
          say(`${n}!${error.message}`);
        }
      }
      function* operation(op: string, n: string, i: number): Go {
        const k = Number(op[1] ?? 0);
        const c = chans[k]!;
        switch (op[0]) {
          case "s":
            yield* wg.add(1);
            yield* go.go(function* (): Go {
              yield* run(k, `${n}.`);
              yield* wg.done();
            });
            return;
          case ">":
            yield* attempt(n, function* (): Go {
              yield* c.send(i);
              say(n);
            });
            return;
          case "<": {
            const [v, ok] = yield* c.recv2();
            got(n, v, ok);
            return;
          }
          case "x":
            yield* attempt(n, () => c.close());
            return;
          case "?": {
            const { index, value, ok } = yield* go.select([c.onRecv], true);
            if (index < 0) say(`${n}d`);
            else got(n, value, ok);
            return;
          }
          case "@": {
            const { value, ok } = yield* go.select([c.onRecv, chans[(k + 1) % chans.length]!.onRecv]);
            got(n, value, ok);
            return;
          }
          case "^":
            yield* attempt(n, function* (): Go {
              const { index } = yield* go.select([c.onSend(i)], true);
              say(index < 0 ? `${n}d` : n);
            });
            return;
          case "L":
            yield* mus[k]!.lock();
            say(n);
            return;
          case "U":
            yield* mus[k]!.unlock();
            return;
          case "R":
            yield* rw.rlock();
            say(n);
            return;
          case "r":
            yield* rw.runlock();
            return;
          case "V":
            yield* rw.lock();
            say(n);
            return;
          case "v":
            yield* rw.unlock();
            return;
          case "w":
            yield* cmu.lock();
            yield* cond.wait();
            say(n);
            yield* cmu.unlock();
            return;
          case "S":
            yield* cond.signal();
            return;
          case "B":
            yield* cond.broadcast();
            return;
          case "g":
            yield* go.gosched();
            return;
          case "z":
            yield* go.sleep(k * SLEEP_UNIT_NS);
            say(n);
            return;
          case "l":
            say(n);
            return;
          case "W":
            yield* wg.wait();
            say(n);
            return;
          default:
            throw new Error(`no operation ${op}`);
        }
      }
      function* run(p: number, name: string): Go {
        for (const [i, op] of procs[p]!.entries()) yield* operation(op, `${name}${i}`, i);
      }
      yield* run(0, "m");
    },
    { gomaxprocs: 1, seed },
  );
  return (
    output.map((token) => `${token} `).join("") +
    (status === 0 ? "" : `[${status}: ${stderr.split("\n", 1)[0]}]`)
  );
}

const PLAIN = ["g", "l", ">", "<", ">", "<", "?", "^", "x", "LU", "RV", "cond", "s", "@"] as const;

/** A program of two to five procedures; about one in four ends, the others deadlock. */
export function randomProgram(seed: number): string {
  const random = new Sfc32(seed, "random-programs");
  const below = (n: number): number => random.below(n);
  const procs = 2 + below(4);
  const kinds: readonly string[] = below(3) === 0 ? [...PLAIN, "z"] : PLAIN;
  return Array.from({ length: procs }, (_, p) => {
    const ops: string[] = [];
    if (p === 0) for (let i = below(4); i >= 0; i--) ops.push(`s${1 + below(procs - 1)}`);
    for (let i = 3 + below(7); i > 0; i--)
      ops.push(...operations(kinds[below(kinds.length)]!, p, procs, below));
    if (p === 0) ops.push(below(2) === 0 ? "l" : "W");
    return ops.join(",");
  }).join(";");
}

function operations(kind: string, p: number, procs: number, below: (n: number) => number): string[] {
  const c = below(4);
  switch (kind) {
    case "LU": {
      const k = below(2);
      const inner = ["g", "l", `>${c}`, `<${c}`, `?${c}`];
      return [`L${k}`, ...Array.from({ length: below(3) }, () => inner[below(inner.length)]!), `U${k}`];
    }
    case "RV": {
      const [lock, unlock] = below(2) === 0 ? ["R", "r"] : ["V", "v"];
      return below(2) === 0 ? [lock!, unlock!] : [lock!, "g", unlock!];
    }
    case "cond":
      return [["w", "S", "B", "S"][below(4)]!];
    case "s":
      return p + 1 < procs ? [`s${p + 1 + below(procs - p - 1)}`] : [];
    case "x":
      return below(3) === 0 ? [`x${c}`] : [];
    case "z":
      return [`z${1 + below(5)}`];
    case "g":
    case "l":
      return [kind];
    default:
      return [kind + String(c)];
  }
}
