/** Legal Python names for a program's own: keywords, builtins and what the support file brings are avoided. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const keywords = words(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with",
);
const reserved = words(
  `${[...keywords].join(" ")} match case type _ ` +
    "len min max range sorted print str int bool list dict set object Exception asyncio main PROGRAM __name__",
);

/** What generated source imports from the support file when it uses it. */
export const exported = words(
  "ANY_ERROR MS NONE_DEREF S US AssertFailed Atomic Barrier BargingMutex BargingSemaphore CancelledError Cells Channel ChannelClosed CloseOfClosed " +
    "CloseOfNone Condition DepthExceeded Event Fault Group Monitor Mutex NegativeGroup NoneDeref Once Overflow Program " +
    "Connection Listener Promise Race Rejected Result RwLock Scope Semaphore Service TaskFailed Timeout Token UnlockOfUnlocked add after at " +
    "block call_later call_soon cancel cancelled channel check check_cancelled choose constant count cpu deadline detach " +
    "divide draw erlang expect exponential gauge is_cancelled is_set is_settled is_token_cancelled join_all join_any join_first_success key launch log lognormal " +
    "mark measure multiply nested_call now offload pareto poll read_file recv_from remainder run_after run_batch same " +
    "select send_to set_at settle_all shield sleep spawn start_ticker start_timer stat_file subtract table task_index " +
    "two_point under uniform AsyncExitStack dataclass partial replace",
);

/** Modules of the standard library that a program's file must not hide. */
const modules = words(
  "abc argparse ast asyncio base64 bisect calendar codecs collections concurrent contextlib contextvars copy copyreg ctypes dataclasses " +
    "datetime decimal dis email encodings enum errno fractions functools gc genericpath glob hashlib heapq hmac http importlib inspect io itertools " +
    "json keyword linecache locale logging math numbers opcode operator orrery os pathlib pickle posix posixpath pprint queue " +
    "random re reprlib secrets select selectors shutil signal site socket ssl stat statistics string struct subprocess sys " +
    "tempfile textwrap threading time timeit token tokenize traceback types typing unicodedata uuid warnings weakref xml zipfile zlib batch",
);

/** Names of one scope: each is given once. */
export class Names {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** `wanted`, or the nearest free name. */
  fresh(wanted: string): string {
    const isReserved = reserved.has(wanted) || exported.has(wanted);
    let name = isReserved ? `${wanted}_` : wanted;
    for (let n = 2; this.taken.has(name); n++) name = `${wanted}${n}`;
    this.taken.add(name);
    return name;
  }

  get all(): Iterable<string> {
    return this.taken;
  }
}

/** The name of a program's module. */
export function moduleName(key: string): string {
  return modules.has(key) ? `${key}_` : key;
}

/** A record's field as an attribute. */
export const fieldName = (field: string): string => (keywords.has(field) ? `${field}_` : field);

/** `maxWait` -> `MAX_WAIT` */
export function constantCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

/** A text as Python writes it: JSON's escapes are Python's. */
export const quote = (text: string): string => JSON.stringify(text);
