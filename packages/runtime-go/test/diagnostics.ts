/** The cases of real/diagnostics/main.go on the model's library, and what is left of a text without its numbers. */
import { type Go, goroutineProfile, type GoLibrary, metrics, runGo, tracebackAll } from "../src/index.ts";

const MS = 1_000_000;
const HOUR = 3_600_000 * MS;

type Main = (go: GoLibrary, print: (text: string) => void) => Go;

function* idle(): Go {
  // has nothing to do
}

function* deadlock(go: GoLibrary): Go {
  const mu = go.mutex();
  const rw = go.rwMutex();
  const wg = go.waitGroup();
  const c = go.make<number>();
  yield* mu.lock();
  yield* rw.rlock();
  yield* wg.add(1);
  yield* go.go(function* waiter(): Go {
    yield* c.recv();
  });
  yield* go.gosched();
  yield* go.go(() => go.make<number>().send(1));
  yield* go.go(() => mu.lock());
  yield* go.go(() => rw.lock());
  yield* go.gosched();
  yield* go.go(() => rw.lock());
  yield* go.go(() => rw.rlock());
  yield* go.go(function* () {
    const m = go.mutex();
    yield* m.lock();
    yield* go.cond(m).wait();
  });
  yield* go.go(() => wg.wait());
  yield* go.go(() => forever(go));
  yield* go.go(function* () {
    yield* go.nilChan<number>().recv();
  });
  yield* go.go(() => go.nilChan<number>().send(1));
  yield* go.go(function* () {
    yield* go.select([c.onRecv, go.make<number>().onRecv]);
  });
  yield* go.go(function* () {
    yield* go.lockOSThread();
    yield* go.make<number>().recv();
  });
  yield* go.go(function* () {
    yield* go.pull<number>(() => forever(go)).next();
  });
  yield* go.waitGroup().go(() => forever(go));
  yield* go.gosched();
  yield* go.go(() => idle());
  yield* go.gosched();
  yield* go.go(() => forever(go)); // in the place of the one before
  yield* go.make<number>().recv();
}

function* forever(go: GoLibrary): Go {
  yield* go.select([]);
}

function* crowd(go: GoLibrary): Go {
  const r = go.pipe();
  const p = go.rawPipe();
  yield* go.go(() => go.sleep(HOUR));
  yield* go.go(function* () {
    yield* r.read();
  });
  yield* go.go(function* () {
    yield* p.read();
  });
  yield* go.go(function* () {
    yield* go.after(HOUR).recv();
  });
  go.afterFunc(1, () => forever(go));
  yield* go.sleep(30 * MS);
  yield* go.go(function* () {
    for (;;) yield* go.gosched();
  });
  yield* go.gosched();
  yield* go.go(() => idle());
}

function* busy(go: GoLibrary): Go {
  const mu = go.mutex();
  yield* go.go(function* () {
    yield* go.lockOSThread();
    yield* forever(go);
  });
  for (let i = 0; i < 3; i++)
    yield* go.go(function* () {
      for (;;) {
        yield* mu.lock();
        yield* go.burn(MS);
        yield* mu.unlock();
        yield* go.gosched();
      }
    });
  yield* go.sleep(35 * MS);
}

export const cases: Readonly<Record<string, Main>> = {
  deadlock,
  *goexit(go) {
    yield* go.go(() => idle());
    yield* go.goexit();
  },
  *panic(go) {
    yield* go.go(function* () {
      go.panic("boom");
    });
    yield* forever(go);
  },
  *panic_in_group(go) {
    const wg = go.waitGroup();
    yield* wg.go(function* () {
      go.panic("boom");
    });
    yield* wg.wait();
  },
  *panic_in_timer(go) {
    go.afterFunc(1, function* () {
      go.panic("boom");
    });
    yield* forever(go);
  },
  *panic_in_sequence(go) {
    const { next } = go.pull<number>(function* () {
      go.panic("inside");
    });
    yield* next();
  },
  *negative_add(go) {
    yield* go.waitGroup().add(-1);
  },
  *negative_done(go) {
    yield* go.waitGroup().done();
  },
  *closed(go) {
    const c = go.make<number>();
    yield* go.go(() => c.close());
    yield* c.send(1);
  },
  *unlock(go) {
    yield* go.mutex().unlock();
  },
  *runlock(go) {
    yield* go.rwMutex().runlock();
  },
  *rwunlock(go) {
    yield* go.rwMutex().unlock();
  },
  *stacks(go, print) {
    yield* crowd(go);
    print(tracebackAll(go.rt));
  },
  *profile(go, print) {
    yield* crowd(go);
    print(goroutineProfile(go.rt));
  },
  *metrics(go, print) {
    print(Object.keys(metrics(go.rt)).toSorted().join("\n"));
    yield* go.gosched();
  },
  schedtrace: busy,
  scheddetail: busy,
};

/** GODEBUG of a case. */
export function godebug(name: string): string {
  if (name === "scheddetail") return "schedtrace=10,scheddetail=1";
  return name === "schedtrace" ? "schedtrace=10" : "";
}

export function modelText(name: string): string {
  const printed: string[] = [];
  const traced = godebug(name) !== "";
  const { stderr } = runGo((go) => cases[name]!(go, (text) => printed.push(text)), {
    gomaxprocs: 1,
    schedtrace: traced ? 10 : 0,
    scheddetail: name === "scheddetail",
  });
  return stderr + printed.join("\n");
}

/**
 * The lines of a text without numbers, addresses, arguments and folders. Of a profile the record of main is missing, which
 * writes it, and its others are sorted; of a trace there is one line of each kind.
 */
export function shape(name: string, text: string): readonly string[] {
  const plain = text
    .replaceAll(/0x[0-9a-f]+\??/g, "N")
    .replaceAll(/\([^()]*\)$/gm, "()")
    .replaceAll(/^(#?.*\t)\/.*\/(?=[a-z_0-9]+\.go:)/gm, "$1")
    .replaceAll(/(?<=\.go:)(\d+( \+N)?|\?)/g, "N")
    .replaceAll(/(?<==)-(?=\d)/g, "") // nmidlelocked=-1, for a moment
    .replaceAll(/\d+/g, "N")
    .trimEnd();
  switch (name) {
    case "profile":
      return plain
        .split("\n\n")
        .map((record) =>
          record
            .replace(/^goroutine profile.*\n/, "")
            .replaceAll(/\t+/g, "\t")
            .replace(/( N)+$/m, " N"),
        )
        .filter((record) => !/\tmain\.main\+/.test(record))
        .toSorted();
    case "schedtrace":
    case "scheddetail":
      return [
        ...new Set(
          plain
            .replaceAll(/\b(true|false|nil|N)\b/g, "N")
            .replaceAll(/(?<=status=N)\(.*\) /g, " ")
            .split("\n"),
        ),
      ].toSorted();
    default:
      return plain.split("\n");
  }
}
