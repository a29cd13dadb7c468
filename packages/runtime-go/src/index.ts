export { goCosts, zeroGoCosts, type GoCosts } from "./costs.ts";
export * from "./library.ts";
export { Pipe } from "./library-pipe.ts";
export { Cond, Mutex, Once, RWMutex, WaitGroup } from "./library-sync.ts";
export { AfterFunc, Timer } from "./library-time.ts";
export { type Pull, type Seq } from "./coro.ts";
export { ErrGroup, type GoErrFunc } from "./errgroup.ts";
export { Pool } from "./pool.ts";
export { Singleflight } from "./singleflight.ts";
export { GoPanic } from "./panic.ts";
export { type GoRun, runGo, type RunGoOptions } from "./run.ts";
export { go } from "./model.ts";
export { goroutineProfile, metrics, waitReasons } from "./profile.ts";
export { schedtrace } from "./schedtrace.ts";
export { tracebackAll } from "./traceback.ts";
export {
  background,
  CANCELED,
  type CancelCauseFunc,
  type CancelFunc,
  Context,
  DEADLINE_EXCEEDED,
} from "./context.ts";
