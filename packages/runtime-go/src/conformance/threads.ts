/** Preemption, system calls, polling, locked threads, several Ps: the ports of threads.go. */
import { MS, type Program } from "./prelude.ts";

export const threads: readonly Program[] = [
  {
    name: "cpu_hog_is_preempted",
    pins: "On one P sysmon preempts a busy goroutine after 10 ms, and a short sleep beside it ends that late",
    *port({ go, say }) {
      let stop = false;
      yield* go.go(function* () {
        while (!stop) yield* go.spin();
      });
      const t = go.now();
      yield* go.sleep(MS);
      const d = go.now() - t;
      stop = true;
      say(`${d >= 9 * MS}`);
    },
  },
  {
    name: "hog_goes_to_global_tail",
    pins: "A preempted goroutine queues behind the one that is in the global queue already",
    *port({ go, say, yields }) {
      let stop = false;
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* go.go(function* () {
        while (!stop) yield* go.spin();
        say("hog-end");
        yield* wg.done();
      });
      yield* yields(1); // the hog runs and is preempted; main is in the global queue before it
      say("main");
      yield* go.go(function* () {
        say("late");
        stop = true;
        yield* wg.done();
      });
      yield* wg.wait();
    },
  },
  {
    name: "blocking_syscall_frees_p",
    pins: "sysmon takes the P of a goroutine that stays in a system call, and another thread goes on with it",
    *port({ go, say, yields }) {
      const p = go.rawPipe();
      const done = go.make<boolean>();
      yield* go.go(function* () {
        const b = yield* p.read();
        say(`read-${b}`);
        yield* done.close();
      });
      yield* yields(1);
      say("main-runs");
      yield* p.write("x");
      yield* done.recv();
    },
  },
  {
    name: "syscall_return_without_p_goes_global",
    pins: "A goroutine that returns from a system call and finds no P goes to the global queue",
    *port({ go, say, yields }) {
      const p = go.rawPipe();
      const wg = go.waitGroup();
      yield* wg.add(3);
      yield* go.go(function* () {
        yield* p.read();
        say("S");
        yield* wg.done();
      });
      yield* yields(1);
      yield* p.write("x"); // S's thread wakes
      for (const n of ["A", "B"])
        yield* go.go(function* () {
          say(n);
          yield* wg.done();
        });
      yield* go.burn(4 * MS);
      yield* wg.wait();
    },
  },
  {
    name: "short_syscall_does_not_switch",
    pins: "A goroutine keeps its P through short system calls",
    *port({ go, say, yields }) {
      yield* go.go(function* () {
        say("other");
      });
      for (let i = 0; i < 100; i++) yield* go.getppid();
      say("main");
      yield* yields(1);
    },
  },
  {
    name: "read_deadline",
    pins: "A read that waits on the poller ends with an error at its deadline",
    *port({ go, say }) {
      const t = go.now();
      const r = go.pipe();
      yield* r.setReadDeadline(2 * MS);
      const data = yield* r.read();
      say(`${data === null} ${go.now() - t >= 2 * MS}`);
    },
  },
  {
    name: "pipe_read_parks_on_netpoll",
    pins: "A reader of a pollable pipe parks, and holds no thread; a write wakes it through the poller",
    *port({ go, say, yields }) {
      const p = go.pipe();
      const done = go.make<boolean>();
      yield* go.go(function* () {
        const b = yield* p.read();
        say(`read-${b}`);
        yield* done.close();
      });
      yield* yields(1);
      say("main-runs");
      yield* p.write("x");
      say("written");
      yield* done.recv();
    },
  },
  {
    name: "lock_os_thread_keeps_order",
    pins: "A locked goroutine runs on its own thread, at its normal place in the queues",
    *port({ go, say }) {
      const wg = go.waitGroup();
      yield* wg.add(3);
      yield* go.go(function* () {
        yield* go.lockOSThread();
        say("L1");
        yield* go.gosched();
        say("L2");
        yield* wg.done();
      });
      for (const n of ["a", "b"])
        yield* go.go(function* () {
          say(`${n}1`);
          yield* go.gosched();
          say(`${n}2`);
          yield* wg.done();
        });
      yield* wg.wait();
    },
  },
  {
    name: "timer_served_by_other_p_p2",
    pins: "An idle P waits for the earliest timer of any P and takes it from a busy one",
    gomaxprocs: 2,
    *port({ go, say }) {
      let stop = false;
      yield* go.go(function* () {
        while (!stop) yield* go.spin();
      });
      const t = go.now();
      yield* go.sleep(MS);
      const d = go.now() - t;
      stop = true;
      say(`${d < 9 * MS}`);
    },
  },
  {
    name: "steal_half_run_last_p2",
    pins: "A thief takes the older half of a ring, rounded up, and runs the last of it first; runnext it takes last of all",
    gomaxprocs: 2,
    *port({ go, say }) {
      let up = false;
      let start = false;
      let left = 8;
      const o: number[] = [];
      yield* go.go(function* () {
        up = true;
        while (!start) yield* go.spin();
      });
      while (!up) yield* go.spin();
      for (let i = 0; i < 8; i++)
        yield* go.go(function* () {
          o.push(i);
          left--;
        });
      start = true;
      while (left > 0) yield* go.spin();
      say(`[${o.join(" ")}]`);
    },
  },
  {
    name: "locked_exit_ends_thread",
    pins: "A goroutine that exits while it is locked takes its thread along, but for the process's first one, which sleeps for ever",
    *port({ go, say }) {
      const tid = go.make<number>();
      const first = go.rt.allm[0]!.thread.id;
      for (let i = 0; i < 3; i++) {
        yield* go.go(function* () {
          yield* go.lockOSThread();
          yield* tid.send(go.gettid());
        });
        const id = yield* tid.recv();
        yield* go.sleep(5 * MS);
        say(`first=${id === first} gone=${!go.rt.allm.some(({ thread }) => thread.id === id)}`);
      }
    },
  },
  {
    name: "lock_os_thread_nests",
    pins: "Calls of LockOSThread nest: the goroutine stays on its thread until the last UnlockOSThread",
    *port({ go, say }) {
      const p = go.rawPipe();
      yield* go.lockOSThread();
      yield* go.lockOSThread();
      yield* go.unlockOSThread();
      const tid = go.gettid();
      yield* go.go(function* () {
        yield* p.read();
      });
      let same = true;
      for (let i = 0; i < 20; i++) {
        yield* go.sleep(MS);
        same &&= go.gettid() === tid;
      }
      say(`${same}`);
    },
  },
  {
    name: "stw_keeps_local_order",
    pins: "Stopping the world and starting it again leaves the queue of the P that does it as it is",
    *port({ go, say, yields }) {
      for (let i = 0; i < 4; i++)
        yield* go.go(function* () {
          say(`${i}`);
        });
      yield* go.readMemStats();
      say("main");
      yield* yields(1);
    },
  },
  {
    name: "gomaxprocs_shrinks_p2",
    pins: "GOMAXPROCS gives the former number; below 1 it changes nothing. With one P less, who ran there goes on later",
    gomaxprocs: 2,
    *port({ go, say, yields }) {
      let up = false;
      let stop = false;
      let end = false;
      yield* go.go(function* () {
        up = true;
        while (!stop) yield* go.spin();
        end = true;
      });
      while (!up) yield* go.spin();
      say(`${yield* go.gomaxprocs(1)} ${yield* go.gomaxprocs(0)}`);
      stop = true;
      say(`${end}`);
      yield* yields(1);
      say(`${end}`);
    },
  },
];
