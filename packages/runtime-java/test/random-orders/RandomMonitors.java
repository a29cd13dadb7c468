// The real arm of random-monitors.test.ts: runs one program of monitors.txt (the argument) and prints what it logged.
//   while read -r program; do
//     java -Djdk.virtualThreadScheduler.parallelism=1 -Djdk.virtualThreadScheduler.maxPoolSize=1 \
//         -XX:TieredStopAtLevel=1 RandomMonitors "$program"
//   done < monitors.txt > monitors-temurin-25.0.3.txt
// A JVM for each, because the order of a worker's scan depends on all its earlier scans. Threads are separated by
// semicolons, instructions by commas. After each monitor exit the thread burns 2 ms, so that the unblocker has submitted
// the heir before the next scan. Programs whose three runs differed were dropped.

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

public class RandomMonitors {
  static final long QUIET_MS = 60; // a program is over when it has logged nothing for so long
  static final StringBuffer out = new StringBuffer();
  static final Object[] monitors = {new Object(), new Object()};
  static Thread[] threads;

  static void log(String text) {
    out.append(text).append(' ');
  }

  static void burn() {
    long end = System.nanoTime() + 2_000_000;
    while (System.nanoTime() < end) {}
  }

  /** Runs from `pc` to the end, or to the `x` that leaves the innermost monitor; returns where to go on. */
  static int run(int self, String[] program, int pc, List<Integer> held) {
    while (pc < program.length) {
      String[] words = program[pc++].split(" ");
      int a = Integer.parseInt(words[1]);
      String at = self + "." + pc;
      try {
        switch (words[0]) {
          case "m" -> {
            List<Integer> inside = new ArrayList<>(held);
            inside.add(a);
            synchronized (monitors[a]) {
              log(at + "m");
              pc = run(self, program, pc, inside);
            }
            burn();
            log(at + "x");
          }
          case "x" -> { if (!held.isEmpty()) return pc; }
          case "w" -> { if (held.contains(a)) { monitors[a].wait(); log(at + "w"); } }
          case "n" -> { if (held.contains(a)) monitors[a].notify(); }
          case "N" -> { if (held.contains(a)) monitors[a].notifyAll(); }
          case "Y" -> { Thread.yield(); log(at + "y"); }
          case "S" -> { if (threads[a].getState() == Thread.State.NEW) threads[a].start(); }
          case "P" -> { LockSupport.park(); log(at + "p"); }
          case "U" -> LockSupport.unpark(threads[a]);
          case "I" -> threads[a].interrupt();
          case "B" -> burn();
          default -> throw new AssertionError(words[0]);
        }
      } catch (InterruptedException e) {
        log(at + "IE");
      }
    }
    return pc;
  }

  public static void main(String[] args) throws InterruptedException {
    String[] programs = args[0].split(";");
    threads = new Thread[programs.length];
    for (int k = 0; k < threads.length; k++) {
      int self = k;
      threads[k] =
          Thread.ofVirtual()
              .unstarted(
                  () -> {
                    run(self, programs[self].split(","), 0, List.of());
                    log(self + "end");
                  });
    }
    threads[0].start();
    int length;
    do {
      length = out.length();
      Thread.sleep(QUIET_MS);
    } while (out.length() != length);
    System.out.println(out.toString().trim());
    Runtime.getRuntime().halt(0);
  }
}
