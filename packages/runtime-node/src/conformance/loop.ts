/** The phases of the loop. */
import { ms } from "../library.ts";
import type { Program } from "./prelude.ts";

export const loop: readonly Program[] = [
  {
    name: "io-check-timers",
    pins: "From the poll phase: ticks, microtasks, then the check phase, then timers",
    port({ fs, setTimeout, setImmediate, process, Promise, log }) {
      fs.stat(() => {
        setTimeout(() => log("timeout"), 0);
        setImmediate(() => log("immediate"));
        process.nextTick(() => log("tick"));
        Promise.resolve().then(() => log("micro"));
        log("io");
      });
    },
  },
  {
    name: "due-timer-first",
    pins: "uv_run runs timers once before the body of the loop",
    *port({ setImmediate, setTimeout, log }) {
      setImmediate(() => log("immediate"));
      setTimeout(() => log("timeout"), 1);
      yield ms(5);
    },
  },
  {
    name: "main-race",
    pins: "Without a busy wait the boundary of a millisecond decides between timeout 0 and immediate",
    port({ setTimeout, setImmediate, log }) {
      setTimeout(() => log("timeout"), 0);
      setImmediate(() => log("immediate"));
    },
  },
  {
    name: "close-between-check-and-timers",
    pins: "The closing phase sits between check and timers",
    port({ messageChannel, setImmediate, setTimeout, log }) {
      const { port1 } = messageChannel();
      port1.on("close", () => log("close"));
      setImmediate(function* () {
        log("immediate 1");
        setTimeout(() => log("timeout"), 1);
        setImmediate(() => log("immediate 2"));
        port1.close();
        yield ms(5);
      });
    },
  },
  {
    name: "closing-is-lifo",
    pins: "Closing handles are a stack, and every close callback drains ticks",
    port({ messageChannel, setImmediate, process, log }) {
      const channels = ["a", "b", "c"].map((name) => {
        const channel = messageChannel();
        channel.port1.on("close", () => {
          log("close", name);
          process.nextTick(() => log("tick", name));
        });
        return channel;
      });
      setImmediate(() => {
        for (const channel of channels) channel.port1.close();
        setImmediate(() => log("immediate"));
      });
    },
  },
  {
    name: "late-unref-timer",
    pins: "Since libuv 1.45 timers run once more before the check whether the loop is alive, unreferenced ones too",
    port({ setImmediate, setTimeout, process, log }) {
      setImmediate(function* () {
        setTimeout(() => log("unref timer ran"), 1).unref();
        yield ms(5);
        log("immediate");
      });
      process.on("exit", () => log("exit"));
    },
  },
  {
    name: "pending-before-poll",
    pins: "A pipe connect that fails at once is told in the pending phase, ahead of descriptors that are ready already",
    port({ setTimeout, setImmediate, fs, net, log }) {
      setTimeout(function* () {
        fs.stat(() => log("stat"));
        yield ms(15);
        net.connectMissingPipe((error) => log(error.code));
        setImmediate(() => log("immediate"));
        setTimeout(() => log("timeout"), 1);
        yield ms(3);
      }, 5);
    },
  },
  {
    name: "shutdown-in-pending",
    pins: "An end() inside poll finishes before check, in the pending rounds after poll; one inside check only after timers",
    port({ net, setImmediate, setTimeout, busy, log }) {
      const server = net.createServer(
        (s) =>
          s.on("data", (d) => {
            log("data", d);
            s.on("finish", () => log("finish (server)"));
            setImmediate(() => log("immediate"));
            setTimeout(() => log("timer"), 1);
            s.end();
            busy(4);
          }),
        { allowHalfOpen: true },
      );
      server.listen(() => {
        const c = net.connect(server, () => c.write("x"), { allowHalfOpen: true });
        c.resume();
        c.on("close", () => server.close());
        c.on("end", () =>
          setImmediate(() => {
            log("--");
            c.on("finish", () => log("finish (client)"));
            setTimeout(() => log("timer 2"), 1);
            setImmediate(() => log("immediate 2"));
            c.end();
            busy(4);
          }),
        );
      });
    },
  },
  {
    name: "poll-readiness-order",
    pins: "Descriptors are served in the order in which they became ready",
    port({ net, fs, setTimeout, setImmediate, log }) {
      const server = net.createServer((s) => {
        s.on("data", (d) => log("data", d));
        s.on("close", () => server.close());
        setTimeout(round1, 10);
      });
      server.listen();
      const c = net.connect(server);
      function* round1() {
        c.write("1");
        yield ms(5);
        fs.stat(() => log("stat 1"));
        yield ms(15);
        setTimeout(() => setImmediate(round2), 10);
      }
      function* round2() {
        fs.stat(() => log("stat 2"));
        yield ms(120);
        c.write("2");
        yield ms(5);
        setTimeout(() => c.end(), 10);
      }
    },
  },
  {
    name: "epoll-keeps-place",
    pins: "A descriptor that the last wait reported keeps its place ahead of those that became ready since",
    port({ net, fs, setTimeout, setImmediate, log }) {
      let n = 0;
      const server = net.createServer((s) => {
        s.on("close", () => server.close());
        setTimeout(() => c.write("1"), 20);
        s.on("data", (d) => {
          log("data", d);
          if (++n === 1)
            setImmediate(function* () {
              fs.stat(() => log("stat"));
              yield ms(120);
              c.write("2");
              yield ms(5);
              setTimeout(() => c.end(), 10);
            });
        });
      });
      server.listen();
      const c = net.connect(server);
    },
  },
  {
    name: "async-handles-fixed-order",
    pins: "Async handles share one eventfd and are visited in the order of their creation: pool, V8's platform, ports",
    port({ messageChannel, Atomics, setTimeout, setImmediate, fs, log }) {
      const { port1, port2 } = messageChannel();
      const ia = new Int32Array(new SharedArrayBuffer(4));
      port2.on("message", () => {
        log("message");
        port1.close();
      });
      setTimeout(function* () {
        const wait = Atomics.waitAsync(ia, 0, 0);
        if (wait.async) wait.value.then(() => log("waitAsync"));
        port1.postMessage(0);
        Atomics.notify(ia, 0);
        fs.stat(() => log("stat"));
        setImmediate(() => log("immediate"));
        yield ms(120);
      }, 5);
    },
  },
  {
    name: "post-from-pool-vs-tcp",
    pins: "What is posted inside the sweep of async handles is served in it; what a socket's callback posts, in the next poll",
    port({ messageChannel, net, fs, setImmediate, log }) {
      const { port1, port2 } = messageChannel();
      port2.on("message", (m) => {
        log("message", m);
        if (m === "tcp") port1.close();
      });
      const server = net.createServer((s) =>
        s.on("data", () => {
          log("data");
          setImmediate(() => log("immediate tcp"));
          port1.postMessage("tcp");
          s.end();
          server.close();
        }),
      );
      fs.stat(() => {
        log("stat");
        setImmediate(() => {
          log("immediate pool");
          server.listen(() => {
            const c = net.connect(server, () => c.write("x"));
            c.resume();
          });
        });
        port1.postMessage("pool");
      });
    },
  },
  {
    name: "signal-last-in-poll",
    pins: "The pipe of signals is dispatched after every other descriptor of the batch",
    port({ process, setTimeout, setImmediate, fs, log }) {
      process.on("SIGUSR2", () => log("signal"));
      setTimeout(function* () {
        process.kill("SIGUSR2");
        yield ms(10);
        fs.stat(() => log("stat"));
        setImmediate(() => log("immediate"));
        yield ms(120);
      }, 5);
    },
  },
  {
    name: "unref-immediate",
    pins: "An unreferenced immediate neither holds the loop nor keeps the poll from sleeping",
    port({ setImmediate, setTimeout, performance, log }) {
      const t0 = performance.now();
      setImmediate(() =>
        log("immediate", performance.now() - t0 > 15 ? "after the sleep" : "at once"),
      ).unref();
      setTimeout(() => log("timer"), 20);
    },
  },
];
