/**
 * What stands on a goroutine's stack between the program's own function and the runtime, by what it does: functions and places
 * of go1.26.8 for linux/amd64, as its tracebacks print them (test/diagnostics.test.ts runs it). Arguments are not known here.
 */

const GOROOT = "/usr/local/go/src";

/** One call on a stack. */
export interface Frame {
  /** With its brackets: `time.Sleep(...)`. */
  readonly call: string;
  /** File, line and offset in the function: `/x/y.go:7 +0x1d`. */
  readonly place: string;
}

function frame(call: string, place: string): Frame {
  return { call, place: `${GOROOT}/${place}` };
}

const MUTEX_LOCK: readonly Frame[] = [
  frame("internal/sync.runtime_SemacquireMutex(...)", "runtime/sema.go:95 +0x25"),
  frame("internal/sync.(*Mutex).lockSlow(...)", "internal/sync/mutex.go:149 +0x15d"),
  frame("internal/sync.(*Mutex).Lock(...)", "internal/sync/mutex.go:70"),
  frame("sync.(*Mutex).Lock(...)", "sync/mutex.go:46"),
];

/** By wait reason; those that are missing have no frame that is shown. */
const WAITS: Readonly<Record<string, readonly Frame[]>> = {
  sleep: [frame("time.Sleep(...)", "runtime/time.go:363 +0x165")],
  "sync.Mutex.Lock": MUTEX_LOCK,
  "sync.RWMutex.RLock": [
    frame("sync.runtime_SemacquireRWMutexR(...)", "runtime/sema.go:100 +0x25"),
    frame("sync.(*RWMutex).RLock(...)", "sync/rwmutex.go:74"),
  ],
  "sync.RWMutex.Lock": [
    frame("sync.runtime_SemacquireRWMutex(...)", "runtime/sema.go:105 +0x25"),
    frame("sync.(*RWMutex).Lock(...)", "sync/rwmutex.go:155 +0x6b"),
  ],
  "sync.Cond.Wait": [
    frame("sync.runtime_notifyListWait(...)", "runtime/sema.go:617 +0x1b3"),
    frame("sync.(*Cond).Wait(...)", "sync/cond.go:71 +0x73"),
  ],
  "sync.WaitGroup.Wait": [
    frame("sync.runtime_SemacquireWaitGroup(...)", "runtime/sema.go:114 +0x2e"),
    frame("sync.(*WaitGroup).Wait(...)", "sync/waitgroup.go:206 +0x85"),
  ],
  "IO wait": [
    frame("internal/poll.runtime_pollWait(...)", "runtime/netpoll.go:351 +0x85"),
    frame("internal/poll.(*pollDesc).wait(...)", "internal/poll/fd_poll_runtime.go:84 +0x27"),
    frame("internal/poll.(*pollDesc).waitRead(...)", "internal/poll/fd_poll_runtime.go:89"),
    frame("internal/poll.(*FD).Read(...)", "internal/poll/fd_unix.go:165 +0x2ae"),
    frame("os.(*File).read(...)", "os/file_posix.go:30"),
    frame("os.(*File).Read(...)", "os/file.go:144 +0x4f"),
  ],
  coroutine: [frame("iter.Pull[...].func2()", "iter/iter.go:317 +0x5f")],
};

/** Of a wait for the mutex in a RWMutex, which is where writers queue. */
const RWMUTEX_QUEUE: readonly Frame[] = [
  ...MUTEX_LOCK,
  frame("sync.(*RWMutex).Lock(...)", "sync/rwmutex.go:150 +0x32"),
];

export function waitFrames(reason: string, inRWMutex: boolean): readonly Frame[] {
  return inRWMutex ? RWMUTEX_QUEUE : (WAITS[reason] ?? []);
}

export const GOSCHED: readonly Frame[] = [frame("runtime.Gosched(...)", "runtime/proc.go:391")];

export const SYSCALL_READ: readonly Frame[] = [
  frame("syscall.Syscall(...)", "syscall/syscall_linux.go:74 +0x25"),
  frame("syscall.read(...)", "syscall/zsyscall_linux_amd64.go:736 +0x38"),
  frame("syscall.Read(...)", "syscall/syscall_unix.go:183"),
];

/** Who started a goroutine where that is not the program's own `go`. */
export interface Starter {
  /** In `created by`. */
  readonly name: string;
  readonly place: string;
  /** What it puts below the program's function. */
  readonly below: readonly Frame[];
}

export const WAITGROUP_GO: Starter = {
  name: "sync.(*WaitGroup).Go",
  place: `${GOROOT}/sync/waitgroup.go:238 +0x73`,
  below: [frame("sync.(*WaitGroup).Go.func1()", "sync/waitgroup.go:258 +0x4a")],
};

export const TIME_GOFUNC: Starter = {
  name: "time.goFunc",
  place: `${GOROOT}/time/sleep.go:215 +0x2d`,
  below: [],
};

export const ITER_PULL: Starter = {
  name: "iter.Pull[...]",
  place: `${GOROOT}/iter/iter.go:271 +0x90`,
  below: [frame("iter.Pull[...].func1()", "iter/iter.go:301 +0xe5")],
};

/** Of a panic that WaitGroup.Go has seen: it panics again, so that nobody further down recovers. */
export const WAITGROUP_REPANIC: readonly Frame[] = [
  frame("sync.(*WaitGroup).Go.func1.1()", "sync/waitgroup.go:251 +0x45"),
  frame("panic(...)", "runtime/panic.go:860 +0x13a"),
];

export const PULL_PANIC: readonly Frame[] = [frame("iter.Pull[...].func2()", "iter/iter.go:326 +0xd3")];

const WAITGROUP_ADD = frame("sync.(*WaitGroup).Add(...)", "sync/waitgroup.go:118 +0x23a");
export const NEGATIVE_ADD: readonly Frame[] = [WAITGROUP_ADD];
export const NEGATIVE_DONE: readonly Frame[] = [
  WAITGROUP_ADD,
  frame("sync.(*WaitGroup).Done(...)", "sync/waitgroup.go:156"),
];

/** By the text of a fatal error. */
const FATALS: Readonly<Record<string, readonly Frame[]>> = {
  "sync: unlock of unlocked mutex": [
    frame("internal/sync.fatal(...)", "runtime/panic.go:1191 +0x18"),
    frame("internal/sync.(*Mutex).unlockSlow(...)", "internal/sync/mutex.go:204 +0x35"),
    frame("internal/sync.(*Mutex).Unlock(...)", "internal/sync/mutex.go:198"),
    frame("sync.(*Mutex).Unlock(...)", "sync/mutex.go:65"),
  ],
  "sync: RUnlock of unlocked RWMutex": [
    frame("sync.fatal(...)", "runtime/panic.go:1161 +0x18"),
    frame("sync.(*RWMutex).rUnlockSlow(...)", "sync/rwmutex.go:132 +0x2f"),
    frame("sync.(*RWMutex).RUnlock(...)", "sync/rwmutex.go:122"),
  ],
  "sync: Unlock of unlocked RWMutex": [
    frame("sync.fatal(...)", "runtime/panic.go:1161 +0x18"),
    frame("sync.(*RWMutex).Unlock(...)", "sync/rwmutex.go:212 +0x45"),
  ],
};

export function fatalFrames(text: string): readonly Frame[] {
  return FATALS[text] ?? [];
}
