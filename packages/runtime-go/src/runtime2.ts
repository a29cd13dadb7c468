/**
 * The scheduler's state: G, M, P and sched, after src/runtime/runtime2.go of Go 1.26 (linux/amd64, cgo off, no race
 * detector). Left out: stacks, the garbage collector and its workers, the race detector's shuffling, bubbles of
 * testing/synctest, profiling. Locks of the runtime itself are free: whatever happens between two waits of an M is atomic.
 */
import type { Steps, Task, WorldHooks } from "@orrery/runtime";
import { Descriptor, Epoll, type Machine, type Thread, type ThreadBody } from "@orrery/simulator";
import type { Coro } from "./coro.ts";
import type { GoCosts } from "./costs.ts";
import type { Starter } from "./frames.ts";
import { Timers, type Timer } from "./timers.ts";

/** `len(p.runq)` (runtime2.go). */
export const RUNQ_LEN = 256;
/** proc.go `schedule`: every 61st tick looks at the global queue first. */
export const GLOBAL_QUEUE_TICKS = 61;
/** proc.go `_GoidCacheBatch`. */
const GOID_CACHE_BATCH = 16;
/** First goroutine that a program starts, with one P and with several (ran on go1.26.8): the runtime's own come before. */
const FIRST_USER_GOID_ONE_P = 7;
const FIRST_USER_GOID = 19;
/** Ticks that P0 has behind it when main.main starts (ran on go1.26.8: the phase of the 61 rule). */
const SCHEDTICK_AT_MAIN = 7;

/**
 * So many Gs stay in a megabyte of cache:
 * a yield in turn takes go1.26 60 ns among 200, 170 among 2,000, 540 among 5,000 and 1,090 among 20,000.
 */
const CACHED_GS = 3_000;

/** Goroutine status numbers, as `scheddetail` prints them. */
export const Gstatus = { idle: 0, runnable: 1, running: 2, syscall: 3, waiting: 4, dead: 6 } as const;
export type Gstatus = (typeof Gstatus)[keyof typeof Gstatus];

/** What a goroutine's body yields to its M instead of a number of ns. */
export const Leave = {
  /** gopark: `gp.waitreason` says why, `gp.unlockf` runs once it is off its M. */
  park: -1,
  gosched: -2,
  goyield: -3,
  /** A system call: `gp.syscall` is what the thread does in the kernel. */
  syscall: -4,
  goexit: -5,
  /** The process has died under it. */
  dead: -6,
  /** On the M's own stack: `gp.syscall` runs there with the P, and the goroutine goes on. */
  systemstack: -9,
  /** To the other end of `gp.coroarg`, past the scheduler. */
  coroswitch: -7,
  coroexit: -8,
} as const;

export type UnlockF = (rt: Runtime, gp: G) => boolean;

/** How to take a parked goroutine out of whatever it waits for: cancellation of the portable language. */
export interface Abandon {
  abandon(rt: Runtime, gp: G): void;
}

export class G {
  readonly goid: number;
  readonly parentGoid: number;
  /** Task id in traces: the program's, or the goid in native programs. */
  readonly id: number;
  /** Name of the function it runs, for dumps. */
  readonly name: string;
  /** That of who started it, "" of main. */
  readonly parentName: string;
  /** What of the library started it, null for the program's own `go`. */
  starter: Starter | null = null;
  /** Its place in `allgs`, which one that has exited leaves to the next. */
  readonly slot: number;
  /** How it left its M last: one of `Leave`, 0 before it ran and after it was preempted. */
  left = 0;
  status: Gstatus = Gstatus.runnable;
  body: Steps<unknown>;
  m: M | null = null;
  /** The P that made it or ran it last: on another one its stack is in no near cache. */
  lastp: P;
  lockedm: M | null = null;
  schedlink: G | null = null;
  waitreason = "";
  waitsince = 0;
  param: Sudog | null = null;
  /** Its sudogs while it waits in channel operations, in lock order. */
  waiting: Sudog | null = null;
  selectDone = false;
  /** Its sudog at the timer that may end the wait that it is in. */
  limit: Sudog | null = null;
  preempt = false;
  timer: Timer | null = null;
  unlockf: UnlockF | null = null;
  syscall: ThreadBody | null = null;
  /** What is left of a burn that preemption cut short, ns. */
  remainingNs = 0;
  abandon: Abandon | null = null;
  /** Coroutine whose other end it is about to switch to. */
  coroarg: Coro | null = null;
  /** It was taken out of its wait by a cancellation. */
  cancelled = false;
  readonly task: Task | null;
  /** runtime.Goexit: 1 asked for, 2 its deferred calls run. */
  goexiting: 0 | 1 | 2 = 0;
  /** The turn in which it last ran. */
  touched = 0;
  /** Goroutines that had exited when it had, itself included. */
  exitOrder = 0;
  /** What the storey above keeps with a goroutine. */
  local: unknown = null;
  allnext: G | null = null;
  allprev: G | null = null;

  constructor(
    goid: number,
    parent: G | null,
    slot: number,
    id: number,
    name: string,
    body: Steps<unknown>,
    task: Task | null,
    pp: P,
  ) {
    this.lastp = pp;
    this.goid = goid;
    this.parentGoid = parent === null ? 0 : parent.goid;
    this.parentName = parent === null ? "" : parent.name;
    this.slot = slot;
    this.id = id;
    this.name = name;
    this.body = body;
    this.task = task;
  }
}

/** A goroutine's place in a wait queue (runtime2.go `sudog`). Pooled. */
export class Sudog {
  g: G | null = null;
  next: Sudog | null = null;
  prev: Sudog | null = null;
  /** The value sent or received; for a semaphore the semaphore. */
  elem: unknown = null;
  /** The channel or semaphore it is queued at. */
  c: unknown = null;
  isSelect = false;
  success = false;
  ticket = 0;
  waitlink: Sudog | null = null;
}

export class M {
  readonly id: number;
  thread!: Thread;
  curg: G | null = null;
  p: P | null = null;
  nextp: P | null = null;
  oldp: P | null = null;
  spinning = false;
  lockedg: G | null = null;
  /** Calls of LockOSThread less those of UnlockOSThread. */
  lockedExt = 0;
  syscalltick = 0;
  /** runqget's verdict on the G that findRunnable returned. */
  inheritTime = false;
  /** Why findRunnable returned it: the rule, for the trace. */
  why = "";

  constructor(id: number) {
    this.id = id;
  }
}

/** P status numbers, as `scheddetail` prints them. */
export const Pstatus = { idle: 0, running: 1, gcstop: 3, dead: 4 } as const;

export class P {
  readonly id: number;
  status: number = Pstatus.idle;
  schedtick = 0;
  syscalltick = 0;
  readonly sysmontick = { schedtick: 0, schedwhen: 0, syscalltick: 0, syscallwhen: 0 };
  m: M | null = null;
  preempt = false;
  runnext: G | null = null;
  readonly runq: (G | null)[] = new Array<G | null>(RUNQ_LEN).fill(null);
  runqhead = 0;
  runqtail = 0;
  readonly timers = new Timers();
  goidcache = 0;
  goidcacheend = 0;
  /** Reasons that name this P, made once. */
  readonly stealReason: string;
  readonly runnextTheft: string;

  constructor(id: number) {
    this.id = id;
    this.stealReason = `runqsteal: half of P${id}`;
    this.runnextTheft = `runqsteal: runnext of P${id}`;
  }
}

/** A queue of goroutines linked through `schedlink` (proc.go `gQueue`). */
export class GQueue {
  head: G | null = null;
  tail: G | null = null;
  size = 0;

  pushBack(gp: G): void {
    gp.schedlink = null;
    if (this.tail === null) this.head = gp;
    else this.tail.schedlink = gp;
    this.tail = gp;
    this.size++;
  }

  pushFront(gp: G): void {
    gp.schedlink = this.head;
    this.head = gp;
    this.tail ??= gp;
    this.size++;
  }

  pop(): G | null {
    const gp = this.head;
    if (gp === null) return null;
    this.head = gp.schedlink;
    if (this.head === null) this.tail = null;
    gp.schedlink = null;
    this.size--;
    return gp;
  }

  /** Appends all of `q` and leaves it empty. */
  pushBackAll(q: GQueue): void {
    if (q.head === null) return;
    if (this.tail === null) this.head = q.head;
    else this.tail.schedlink = q.head;
    this.tail = q.tail;
    this.size += q.size;
    q.head = null;
    q.tail = null;
    q.size = 0;
  }
}

/** `lastpoll` while an M is blocked in netpoll (the real field is 0 then; virtual time starts at 0). */
export const POLLING = -1;

/** Variables of GODEBUG (runtime1.go `debug`). */
export interface Godebug {
  /** Only calls are preemption points. */
  readonly asyncpreemptoff: boolean;
  /** ms between two lines of the monitor about the scheduler, 0 for none. */
  readonly schedtrace: number;
  readonly scheddetail: boolean;
}

/** The process: what Go keeps in `sched` and in global variables. */
export class Runtime {
  readonly machine: Machine;
  readonly costs: GoCosts;
  readonly world: WorldHooks;
  gomaxprocs = 0;
  readonly debug: Godebug;

  readonly allp: P[] = [];
  readonly allm: M[] = [];
  /** The M of each thread of the machine, by thread id. */
  readonly mOfThread: (M | null)[] = [];
  allgs: G | null = null;
  private lastg: G | null = null;
  main: G | null = null;
  /** main.main has returned: the real process would be gone. */
  mainEnded = false;
  goroutines = 0;
  /** The dead, each as the turn in which it was last touched. */
  readonly gFree: number[] = [];
  /** And the place in `allgs` that it has left. */
  private readonly freeSlots: number[] = [];
  /** That of the goroutine which is made next. */
  private slot = 0;
  private allglen = 1; // main's
  /** A turn is a goroutine begun or put on an M. */
  private turns = 0;
  private exits = 0;

  // sched
  goidgen: number;
  readonly runq = new GQueue();
  readonly pidle: P[] = [];
  readonly midle: M[] = [];
  nmidlelocked = 0;
  /** Id of the next M. */
  mnext = 0;
  /** Ms whose thread has ended. */
  nmfreed = 0;
  nmspinning = 0;
  needspinning = false;
  /** Bits of `idlepMask` and `timerpMask`. */
  readonly idlepMask: boolean[] = [];
  readonly timerpMask: boolean[] = [];
  readonly coprimes: number[] = [];
  /** Somebody stops the world: Ps that have not stopped yet, and the thread that waits for them. */
  gcwaiting = false;
  stopwait = 0;
  stopper: Thread | null = null;
  sysmonwait = false;
  /** sysmon's rounds without work in a row, and how long it naps between two, ns. */
  readonly sysmontick = { idle: 0, delay: 0 };
  sysmon: Thread | null = null;
  /** Set by whoever ends sysmon's deep sleep. */
  sysmonnote = false;

  // netpoll
  readonly epoll: Epoll;
  readonly netpollEventFd: Descriptor;
  netpollInited = false;
  netpollWakeSig = false;
  netpollWaiters = 0;
  lastpoll = 0;
  pollUntil = 0;
  pollingNet = false;

  /** checkdead's verdict, null while the process is alive. */
  fatalError: string | null = null;
  /** The last deferred call of every goroutine of the program, run on its way out. */
  deferred: ((rt: Runtime, gp: G) => void) | null = null;
  /** What a new M runs; set at boot. */
  mstart!: (rt: Runtime, mp: M) => ThreadBody;

  readonly sudogcache: Sudog[] = [];
  readonly counts = {
    goroutinesCreated: 0,
    switches: 0,
    goscheds: 0,
    preemptions: 0,
    preemptRequests: 0,
    steals: 0,
    stolenGoroutines: 0,
    stealPasses: 0,
    wakeps: 0,
    startms: 0,
    stopms: 0,
    handoffps: 0,
    retakes: 0,
    sysmonLooks: 0,
    syscalls: 0,
    netpolls: 0,
    netpollBreaks: 0,
    timersFired: 0,
    runqOverflows: 0,
    globalQueueTicks: 0,
  };

  constructor(machine: Machine, costs: GoCosts, world: WorldHooks, gomaxprocs: number, debug: Godebug) {
    this.machine = machine;
    this.costs = costs;
    this.world = world;
    this.debug = debug;
    this.epoll = new Epoll(machine);
    this.netpollEventFd = new Descriptor(machine, "eventfd");
    for (let id = 0; id < gomaxprocs; id++) this.addP();
    this.resetStealOrder();
    const first = gomaxprocs === 1 ? FIRST_USER_GOID_ONE_P : FIRST_USER_GOID;
    this.goidgen = Math.ceil(first / GOID_CACHE_BATCH) * GOID_CACHE_BATCH;
    const p0 = this.allp[0]!;
    p0.goidcache = first;
    p0.goidcacheend = this.goidgen + 1;
    p0.schedtick = SCHEDTICK_AT_MAIN - 1; // main's own execute is the last of them
  }

  addP(): void {
    this.allp.push(new P(this.allp.length));
    this.idlepMask.push(false);
    this.timerpMask.push(true);
  }

  /** `stealOrder.reset`: after the number of Ps has changed. */
  resetStealOrder(): void {
    const count = this.allp.length;
    this.gomaxprocs = count;
    this.idlepMask.length = count;
    this.timerpMask.length = count;
    this.coprimes.length = 0;
    for (let i = 1; i <= count; i++) if (gcd(i, count) === 1) this.coprimes.push(i);
  }

  /** One P less to wait for, for who stops the world. */
  pStopped(pp: P): void {
    pp.status = Pstatus.gcstop;
    this.stopwait--;
    if (this.stopwait === 0 && this.stopper !== null) this.machine.wake(this.stopper);
  }

  /** Ends sysmon's deep sleep. */
  wakeSysmon(): void {
    if (!this.sysmonwait) return;
    this.sysmonwait = false;
    this.sysmonnote = true;
    this.machine.wake(this.sysmon!);
  }

  /** Threads that the process has, sysmon's among them. */
  mcount(): number {
    return this.mnext - this.nmfreed;
  }

  /** getg().m: the M that acts right now. */
  getm(): M {
    return this.mOfThread[this.machine.current!.id]!;
  }

  /** The M that acts, null in sysmon and in the machine's own timers. */
  acting(): M | null {
    const { current } = this.machine;
    return current === null ? null : (this.mOfThread[current.id] ?? null);
  }

  getp(): P {
    return this.getm().p!;
  }

  newg(pp: P, parent: G | null, id: number | null, name: string, body: Steps<unknown>, task: Task | null): G {
    if (pp.goidcache === pp.goidcacheend) {
      pp.goidcache = this.goidgen + 1;
      this.goidgen += GOID_CACHE_BATCH;
      pp.goidcacheend = this.goidgen + 1;
    }
    const goid = this.main === null ? 1 : pp.goidcache++;
    const gp = new G(goid, parent, this.slot, id ?? goid, name, body, task, pp);
    gp.allprev = this.lastg;
    if (this.lastg === null) this.allgs = gp;
    else this.lastg.allnext = gp;
    this.lastg = gp;
    this.goroutines++;
    gp.touched = ++this.turns;
    this.counts.goroutinesCreated++;
    return gp;
  }

  gfree(gp: G): void {
    if (gp.allprev === null) this.allgs = gp.allnext;
    else gp.allprev.allnext = gp.allnext;
    if (gp.allnext === null) this.lastg = gp.allprev;
    else gp.allnext.allprev = gp.allprev;
    gp.allprev = null;
    gp.allnext = null;
    this.goroutines--;
    this.gFree.push(gp.touched);
    this.freeSlots.push(gp.slot);
    gp.exitOrder = ++this.exits;
  }

  /** gfget: what it takes to get a G. */
  gfget(): number {
    const touched = this.gFree.pop();
    this.slot = this.freeSlots.pop() ?? this.allglen++;
    if (touched === undefined) return this.costs.malg;
    return this.isCold(touched) ? this.costs.coldG : 0;
  }

  /** What it takes to run on with it. */
  touch(gp: G): number {
    const cold = this.isCold(gp.touched);
    gp.touched = ++this.turns;
    return cold ? this.costs.coldG : 0;
  }

  private isCold(touched: number): boolean {
    return this.turns - touched > CACHED_GS && this.goroutines + this.gFree.length > CACHED_GS;
  }

  acquireSudog(gp: G): Sudog {
    const sg = this.sudogcache.pop() ?? new Sudog();
    sg.g = gp;
    return sg;
  }

  releaseSudog(sg: Sudog): void {
    sg.g = null;
    sg.next = null;
    sg.prev = null;
    sg.elem = null;
    sg.c = null;
    sg.isSelect = false;
    sg.success = false;
    sg.ticket = 0;
    sg.waitlink = null;
    this.sudogcache.push(sg);
  }

  throw(text: string): never {
    throw new Error(`runtime-go: ${text}`);
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
