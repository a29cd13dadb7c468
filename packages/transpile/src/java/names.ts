/** Legal Java names for a program's own: keywords and what the support file brings are avoided. */

const keywords =
  "abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally " +
  "float for goto if implements import instanceof int interface long native new package private protected public return short " +
  "static strictfp super switch synchronized this throw throws transient try void volatile while true false null _";

/** Static methods of the support file, which a method of the same name would hide, and those of every object. */
const methods =
  "check checkCancelled isCancelled shield unshield execute handler composer acceptor after afterFunc isNone isOneOf kindOf cancelled spawn detach taskIndex enterCall leaveCall joinAny joinFirstSuccess joinAll settleAll tryLock unlock " +
  "await cpu block offload file readFile statFile add subtract multiply isTrue holds listOf mapOf length at log mark measure count " +
  "gauge expect now draw choose constant uniform exponential erlang lognormal pareto twoPoint table launch run main program";

/** Methods of every object. */
const objects = "wait notify notifyAll getClass finalize clone toString equals hashCode";

/** Types and constants that generated source refers to. */
const types =
  "Orrery Program Task Scope Deferred Local Received Item Closed Channel Select Group RwLock Cond Monitor Once Barrier Timer " +
  "Listener Connection Token Event Region CatchUp TimeUnit Fault Result Service Distribution End " +
  "SelectPolicy OnFailure Map TreeMap List ArrayList Arrays Objects Semaphore CompletableFuture AtomicLong Duration Thread Math String Long " +
  "Boolean Object Void InterruptedException RuntimeException Exception Throwable Batch PROGRAM US MS S Body Action Override";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const forbidden = {
  local: words(`${keywords} ${types}`),
  method: words(`${keywords} ${methods} ${objects} ${types}`),
  component: words(`${keywords} ${objects}`),
  type: words(types),
};

/** Names of one scope: each is given once. */
export class Names {
  private taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** `wanted`, or the nearest free name. */
  fresh(wanted: string, kind: keyof typeof forbidden): string {
    let name = wanted;
    for (let n = 2; forbidden[kind].has(name) || this.taken.has(name); n++)
      name = forbidden[kind].has(wanted) && n === 2 ? `${wanted}_` : `${wanted}${n}`;
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

export const quote = (text: string): string => JSON.stringify(text);
