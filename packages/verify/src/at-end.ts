/** What has to be gone when this process ends, however it ends: real processes and their folders. */
const cleanups = new Set<() => void>();
let watching = false;

/** Calls `cleanup` when this process exits or is told to; the returned function takes it back. */
export function atEnd(cleanup: () => void): () => void {
  cleanups.add(cleanup);
  if (!watching) watch();
  return () => {
    cleanups.delete(cleanup);
  };
}

function watch(): void {
  watching = true;
  process.on("exit", clean);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      clean();
      process.kill(process.pid, signal); // now as if nobody had listened
    });
}

function clean(): void {
  for (const cleanup of cleanups) cleanup();
  cleanups.clear();
}
