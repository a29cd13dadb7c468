/** Legal JavaScript names for a program's own: reserved words and what the support file brings are avoided. */

const reserved =
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function " +
  "if implements import in instanceof interface let new null package private protected public return static super switch this " +
  "throw true try typeof var void while with yield arguments eval undefined NaN Infinity async of";

/** What the support file exports. */
export const supportNames =
  "Barrier BargingSemaphore Listener Channel Condition Deferred Fault Future Group MS Monitor Mutex Once RwLock S Semaphore Service Ticker Timer Token US add " +
  "after at block check constant copyWith named cpu divide entries erlang exponential file found get int isOneOf launch lognormal multiply offload pareto readFile remainder resultOf set show some subtract table twoPoint uniform";

/** Other names that generated source refers to. */
const others =
  "Promise Map Math Object Array Atomics Error process require module exports main program self setImmediate setTimeout stat " +
  "queueMicrotask globalThis";

const forbidden: ReadonlySet<string> = new Set(`${reserved} ${supportNames} ${others}`.split(" "));

/** Names of one scope: each is given once. */
export class Names {
  private taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** `wanted`, or the nearest free name. */
  fresh(wanted: string): string {
    const base = forbidden.has(wanted) ? `${wanted}_` : wanted;
    let name = base;
    for (let n = 2; this.taken.has(name); n++) name = `${base}${n}`;
    this.taken.add(name);
    return name;
  }

  /** Frees the names given since: `within` is what a block declares. */
  scoped(within: () => void): void {
    const before = new Set(this.taken);
    within();
    this.taken = before;
  }
}

/** `maxWait` -> `MAX_WAIT` */
export function constantCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

export function quote(text: string): string {
  const json = JSON.stringify(text);
  return text.includes("'") ? json : `'${json.slice(1, -1).replaceAll('\\"', '"')}'`;
}
