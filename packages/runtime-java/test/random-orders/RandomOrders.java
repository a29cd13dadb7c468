// The real arm of random-orders.test.ts: runs the programs of programs.txt on the real JDK, one line of output each.
//   java -Djdk.virtualThreadScheduler.parallelism=1 -Djdk.virtualThreadScheduler.maxPoolSize=1 \
//       RandomOrders.java programs.txt > temurin-25.0.3.txt
// A program is one line per thread, instructions separated by commas; thread 0 is started by main, "---" ends a program.

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

public class RandomOrders {
  static final long QUIET_MS = 15; // a program is over when it has logged nothing for so long

  final StringBuffer out = new StringBuffer();
  final List<Thread> threads = new ArrayList<>();
  final List<Semaphore> semaphores =
      List.of(new Semaphore(1), new Semaphore(1, true), new Semaphore(0), new Semaphore(2, true));
  final List<ReentrantLock> locks = List.of(new ReentrantLock(), new ReentrantLock(true));
  final List<Condition> conditions = List.of(locks.get(0).newCondition(), locks.get(1).newCondition());
  final List<CountDownLatch> latches = List.of(new CountDownLatch(1), new CountDownLatch(2));
  final List<SynchronousQueue<String>> handOvers =
      List.of(new SynchronousQueue<>(), new SynchronousQueue<>(true));
  final List<BlockingQueue<String>> queues =
      List.of(
          new ArrayBlockingQueue<>(1),
          new ArrayBlockingQueue<>(2),
          new LinkedBlockingQueue<>(),
          new LinkedBlockingQueue<>(1));
  final List<CompletableFuture<String>> futures =
      List.of(new CompletableFuture<>(), new CompletableFuture<>());

  void log(String text) {
    out.append(text).append(' ');
  }

  void body(int self, String[] instructions) {
    for (int i = 0; i < instructions.length; i++) {
      String at = self + "." + (i + 1);
      try {
        step(instructions[i].split(" "), at);
      } catch (InterruptedException e) {
        log(at + "IE");
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      }
    }
    log(self + "end");
  }

  void step(String[] words, String at) throws InterruptedException, ExecutionException {
    int a = Integer.parseInt(words[1]);
    switch (words[0]) {
      case "L" -> log(at);
      case "Y" -> { Thread.yield(); log(at + "y"); }
      case "B" -> { Thread.sleep(0); log(at + "z"); }
      case "S" -> { if (threads.get(a).getState() == Thread.State.NEW) threads.get(a).start(); }
      case "J" -> { if (threads.get(a).getState() != Thread.State.NEW) { threads.get(a).join(); log(at + "j"); } }
      case "P" -> { LockSupport.park(); log(at + "p"); }
      case "U" -> LockSupport.unpark(threads.get(a));
      case "I" -> threads.get(a).interrupt();
      case "F" -> log(at + "f" + Thread.interrupted());
      case "A" -> { semaphores.get(a).acquire(Integer.parseInt(words[2])); log(at + "a"); }
      case "R" -> semaphores.get(a).release(Integer.parseInt(words[2]));
      case "T" -> log(at + "t" + semaphores.get(a).tryAcquire(Integer.parseInt(words[2])));
      case "l" -> { locks.get(a).lock(); log(at + "l"); }
      case "i" -> { locks.get(a).lockInterruptibly(); log(at + "i"); }
      case "u" -> { while (locks.get(a).isHeldByCurrentThread()) locks.get(a).unlock(); }
      case "w" -> {
        locks.get(a).lock();
        try { conditions.get(a).await(); log(at + "w"); } finally { locks.get(a).unlock(); }
      }
      case "n" -> { locks.get(a).lock(); conditions.get(a).signal(); locks.get(a).unlock(); }
      case "N" -> { locks.get(a).lock(); conditions.get(a).signalAll(); locks.get(a).unlock(); }
      case "C" -> latches.get(a).countDown();
      case "c" -> { latches.get(a).await(); log(at + "c"); }
      case "q+" -> { handOvers.get(a).put(at); log(at + "+"); }
      case "q-" -> log(at + "-" + handOvers.get(a).take());
      case "b+" -> { queues.get(a).put(at); log(at + "+"); }
      case "b-" -> log(at + "-" + queues.get(a).take());
      case "g" -> log(at + "g" + futures.get(a).get());
      case "G" -> futures.get(a).complete(at);
      case "h" -> futures.get(a).thenAccept(v -> log(at + "h"));
      default -> throw new AssertionError(words[0]);
    }
  }

  String run(List<String> lines) throws InterruptedException {
    for (String line : lines) {
      int self = threads.size();
      threads.add(Thread.ofVirtual().unstarted(() -> body(self, line.split(","))));
    }
    threads.get(0).start();
    int length;
    do {
      length = out.length();
      Thread.sleep(QUIET_MS);
    } while (out.length() != length);
    return out.toString().trim();
  }

  public static void main(String[] args) throws Exception {
    new RandomOrders().run(List.of("Y 0,Y 0")); // classes are loaded by now
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[0])))
      if (line.equals("---")) {
        System.out.println(new RandomOrders().run(lines));
        lines = new ArrayList<>();
      } else lines.add(line);
  }
}
