/**
 * The support file of every Java program: what Orrery's language has and Java has not. Kept as text so that it can be written
 * beside generated source anywhere, a browser included.
 */
export const supportPath = "orrery/Orrery.java";

export const support = String.raw`package orrery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * What Orrery's programs have and Java has not: Go's channels and select, a wait group, locks and conditions without owners,
 * scopes, deadlines and shields with the language's rules, timers, draws, calibrated processor time, and the books of a run (tasks by path, the log, samples). A program's log is a list in
 * memory whose order is the order of the calls; it is printed when the run is over. Nothing here does I/O during a run that the
 * program did not ask for, and nothing but the program's own waits can suspend a task.
 */
public final class Orrery {
    private Orrery() {}

    // ---- programs and their policies

    /** A procedure with a result. */
    public interface Body<T> {
        T run() throws InterruptedException;
    }

    /** A procedure without one. */
    public interface Action {
        void run() throws InterruptedException;
    }

    /** When the program is over: when no task can go on, or with the end of main. */
    public enum End { QUIESCENT, MAIN }

    /** Which of several ready cases a select takes. */
    public enum SelectPolicy { RANDOM, FIRST, ROTATING }

    /** What the failure of a detached task does. */
    public enum OnFailure { NATIVE, IGNORE, ABORT }

    /** A program to run: its class, whose static fields are its shared cells, and its main. */
    public record Program(Class<?> cells, Action main, End end, SelectPolicy select, OnFailure onFailure) {
        public Program(Class<?> cells, Action main) {
            this(cells, main, End.QUIESCENT, SelectPolicy.RANDOM, OnFailure.ABORT);
        }

        public Program ending(End end) {
            return new Program(cells, main, end, select, onFailure);
        }

        public Program selecting(SelectPolicy select) {
            return new Program(cells, main, end, select, onFailure);
        }

        public Program failing(OnFailure onFailure) {
            return new Program(cells, main, end, select, onFailure);
        }
    }

    // ---- errors

    /** An error of the program. Cancellation is InterruptedException, {@code none} where a value is needed NullPointerException. */
    public static final class Fault extends RuntimeException {
        public final String kind;

        public Fault(String kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }

        public Fault(String kind) {
            this(kind, kind);
        }
    }

    /** The language's name for what was thrown. */
    public static String kindOf(Throwable error) {
        return switch (error) {
            case Fault fault -> fault.kind;
            case InterruptedException _ -> "Cancelled";
            case ArithmeticException _ -> "Overflow";
            case StackOverflowError _ -> "DepthExceeded";
            case NullPointerException _ -> "NoneDeref";
            case IndexOutOfBoundsException _ -> "NoneDeref";
            case ClassCastException _ -> "NoneDeref"; // a value of another type than the statement needs
            default -> error.getClass().getSimpleName();
        };
    }

    public static boolean isOneOf(Throwable error, String... kinds) {
        return Arrays.asList(kinds).contains(kindOf(error));
    }

    /** The exception of a cancelled task; a request to cancel that is still pending is answered by it. */
    public static InterruptedException cancelled() {
        self().heard();
        return new InterruptedException("Cancelled");
    }

    /** A cancellation point: throws if the task was asked to stop. */
    public static void checkCancelled() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException("Cancelled");
    }

    public static void check(boolean condition, String message) {
        if (!condition) throw new Fault("AssertFailed", message);
    }

    /** A rehearsal that has seen enough; no program catches it. */
    private static final class Abandoned extends Error {
        Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    // ---- tasks

    private static final ScopedValue<Task<?>> CURRENT = ScopedValue.newInstance();

    private enum State { LIVE, COMPLETED, FAILED, CANCELLED }

    /** A virtual thread that runs a procedure, and what became of it. */
    public static final class Task<T> {
        private final Run run;
        private final Task<?> parent;
        private final String procedure;
        private final int index;
        private final boolean detached;
        private final Scope scope;
        private final long hash;
        private Thread thread;
        private volatile State state = State.LIVE;
        private T value;
        private Throwable error;
        private int depth;
        /** Completed by the task itself, right before its thread ends. */
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        /** Tasks spawned by procedure, draws by stream; touched by the task alone. */
        private final Map<String, Integer> spawned = new HashMap<>(4);
        private final Map<String, Long> draws = new HashMap<>(4);
        private final Deque<Scope> scopes = new ArrayDeque<>(2);
        /** The innermost block that can be cancelled by itself. This, like the next two, is guarded by the task. */
        private Region region;
        private int shields;
        /** A request to stop that a shield keeps out. */
        private boolean asked;

        private Task(Run run, Task<?> parent, String procedure, boolean detached) {
            this(run, parent, procedure, parent == null ? 0 : parent.nextIndex(procedure), detached, parent == null || detached ? null : parent.scopes.peek());
        }

        private Task(Run run, Task<?> parent, String procedure, int index, boolean detached, Scope scope) {
            this.run = run;
            this.parent = parent;
            this.procedure = procedure;
            this.index = index;
            this.detached = detached;
            this.scope = scope;
            this.hash = parent == null ? mix(run.seed) : word(parent.hash ^ nameHash(procedure), index);
        }

        private void start(Body<T> body) {
            run.taskStarts(this);
            if (scope != null) scope.children.add(this);
            if (scope != null) scope.live.incrementAndGet();
            thread = run.threads.get().name(procedure).unstarted(() -> ScopedValue.where(CURRENT, this).run(() -> live(body)));
            thread.start();
        }

        /** The next place among the tasks of a procedure that this one starts. */
        private synchronized int nextIndex(String procedure) {
            return spawned.merge(procedure, 1, Integer::sum) - 1;
        }

        private void live(Body<T> body) {
            State outcome = State.COMPLETED;
            if (scope != null && scope.isDecided()) thread.interrupt(); // it came after the others were cancelled
            try {
                value = body.run();
            } catch (InterruptedException cancelled) {
                error = cancelled;
                outcome = State.CANCELLED;
            } catch (Abandoned abandoned) {
                run.end("completed", null);
                return;
            } catch (RuntimeException | StackOverflowError failure) {
                error = failure;
                outcome = State.FAILED;
            }
            state = outcome;
            run.taskEnds(this);
            ended.complete(null);
        }

        /** Runs a handler in the current thread. Its result; what it throws is the promise's. */
        private T runHere(Body<T> body) {
            boolean interrupted = Thread.interrupted(); // the thread's own task hears of it later
            run.taskStarts(this);
            thread = Thread.currentThread();
            ScopedValue.where(CURRENT, this).run(() -> live(body));
            if (interrupted) thread.interrupt();
            if (state == State.COMPLETED) return value;
            throw new Fault(kindOf(error), error.getMessage());
        }

        /** Asks the task to stop, at its next cancellation point. */
        public synchronized void cancel() {
            for (Region each = region; each != null; each = each.outer) each.overtaken = true;
            interrupt();
        }

        private void interrupt() {
            if (shields > 0) asked = true;
            else if (state == State.LIVE && !thread.isInterrupted()) thread.interrupt();
        }

        private synchronized boolean isAsked() {
            return asked || thread.isInterrupted();
        }

        /** A request to stop is answered. Called by the task. */
        private synchronized void heard() {
            asked = false;
            Thread.interrupted();
        }

        /** Waits for the end; the result, or TaskFailed. */
        public T join() throws InterruptedException {
            checkCancelled();
            thread.join();
            return result();
        }

        private T result() {
            if (state == State.COMPLETED) return value;
            throw new Fault("TaskFailed", this + ": " + (error == null ? state : error.getMessage()));
        }

        /** {@code main/worker[2]} */
        @Override
        public String toString() {
            return parent == null ? procedure : parent + "/" + procedure + "[" + index + "]";
        }
    }

    private static Task<?> self() {
        Task<?> task = CURRENT.get();
        if (task.run.over && task.run.rehearsal) throw new Abandoned();
        return task;
    }

    /** Starts a task that runs {@code body}, in the innermost scope that is open. */
    public static <T> Task<T> spawn(String procedure, Body<T> body) {
        return spawn(procedure, false, body);
    }

    public static <T> Task<T> spawn(String procedure, Action body) {
        return spawn(procedure, false, valued(body));
    }

    /** Starts a task that no scope waits for. */
    public static void detach(String procedure, Action body) {
        spawn(procedure, true, valued(body));
    }

    private static <T> Task<T> spawn(String procedure, boolean detached, Body<T> body) {
        Task<?> parent = self();
        Task<T> task = new Task<>(parent.run, parent, procedure, detached);
        task.start(body);
        return task;
    }

    /** Starts a task that nobody joins. */
    public static void execute(String procedure, Action body) {
        Task<?> parent = self();
        new Task<>(parent.run, parent, procedure, parent.nextIndex(procedure), false, null).start(valued(body));
    }

    private static <T> Body<T> valued(Action body) {
        return () -> {
            body.run();
            return null;
        };
    }

    /** Index of this task among those of the same procedure that the same parent has spawned. */
    public static long taskIndex() {
        return self().index;
    }

    private static final int MAX_CALL_DEPTH = 10_000;

    /** Begins a call of a procedure that calls itself. */
    public static void enterCall() {
        if (++self().depth <= MAX_CALL_DEPTH) return;
        throw new Fault("DepthExceeded", "more than " + MAX_CALL_DEPTH + " nested calls");
    }

    public static void leaveCall() {
        CURRENT.get().depth--;
    }

    /** The first task to end; TaskFailed if it failed. */
    public static <T> T joinAny(List<Task<T>> tasks) throws InterruptedException {
        return firstToEnd(tasks, _ -> true).result();
    }

    /** The first task to complete; TaskFailed once all have failed. */
    public static <T> T joinFirstSuccess(List<Task<T>> tasks) throws InterruptedException {
        Task<T> first = firstToEnd(tasks, task -> task.state == State.COMPLETED);
        if (first == null) throw new Fault("TaskFailed", "every task failed");
        return first.result();
    }

    /** All results in order; TaskFailed as soon as one fails. */
    public static <T> List<T> joinAll(List<Task<T>> tasks) throws InterruptedException {
        Task<T> failed = firstToEnd(tasks, task -> task.state != State.COMPLETED);
        if (failed != null) failed.result();
        List<T> results = new ArrayList<>();
        for (Task<T> task : tasks) results.add(task.result());
        return results;
    }

    /** Waits for all; what became of each. */
    public static <T> List<Result<T>> settleAll(List<Task<T>> tasks) throws InterruptedException {
        checkCancelled();
        for (Task<T> task : tasks) task.thread.join();
        List<Result<T>> results = new ArrayList<>();
        for (Task<T> task : tasks)
            results.add(new Result<>(task.state == State.COMPLETED, task.value, task.error == null ? null : kindOf(task.error)));
        return results;
    }

    /** The first of the tasks to end that {@code wanted} accepts; null once all have ended otherwise. */
    private static <T> Task<T> firstToEnd(List<Task<T>> tasks, java.util.function.Predicate<Task<T>> wanted)
            throws InterruptedException {
        checkCancelled();
        List<Task<T>> live = new ArrayList<>();
        for (Task<T> task : tasks) {
            if (!task.ended.isDone()) live.add(task);
            else if (wanted.test(task)) return task;
        }
        if (live.isEmpty()) return null;
        CompletableFuture<Task<T>> first = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(live.size());
        for (Task<T> task : live)
            task.ended.thenAccept(_ -> {
                int others = left.decrementAndGet();
                if (wanted.test(task)) first.complete(task);
                else if (others == 0) first.complete(null);
            });
        try {
            return first.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What became of a task. */
    public record Result<T>(boolean ok, T value, String error) {
        @Override
        public String toString() {
            return ok ? "ok(" + show(value) + ")" : "failed(" + error + ")";
        }
    }

    // ---- scopes

    /** Tasks that end before the block that started them does: {@code try { ... } finally { scope.close(); }}. */
    public static final class Scope {
        private final Task<?> owner = self();
        private final boolean race;
        private final boolean cancelSiblings;
        private final boolean leaveLosers;
        private final List<Task<?>> children = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger live = new AtomicInteger();
        private final AtomicReference<Task<?>> firstFailure = new AtomicReference<>();
        private final AtomicReference<Task<?>> winner = new AtomicReference<>();
        private volatile boolean closing;
        private volatile CountDownLatch over;
        private Throwable raised;

        private Scope(boolean race, boolean cancelSiblings, boolean leaveLosers) {
            this.race = race;
            this.cancelSiblings = cancelSiblings;
            this.leaveLosers = leaveLosers;
            owner.scopes.push(this);
        }

        /** Waits for all its tasks. */
        public static Scope waitAll() {
            return new Scope(false, false, false);
        }

        /** The first failure cancels the others and the block. */
        public static Scope cancelSiblings() {
            return new Scope(false, true, false);
        }

        /** The first to complete wins, the others are cancelled and waited for. */
        public static Scope race() {
            return new Scope(true, false, false);
        }

        /** The first to complete wins, the others are cancelled and left. */
        public static Scope raceLeavingLosers() {
            return new Scope(true, false, true);
        }

        /** The block failed: its tasks will be cancelled. */
        public void failed(Throwable error) {
            raised = error;
        }

        /** Result of the race's winner, null if it had no tasks. */
        @SuppressWarnings("unchecked")
        public <T> T winner() {
            return winner.get() == null ? null : (T) winner.get().value;
        }

        /** Waits for the tasks, passing on a cancellation that comes meanwhile; throws what replaces the block's own end. */
        public void close() throws InterruptedException {
            owner.scopes.pop();
            if (raised instanceof Abandoned) return;
            closing = true;
            InterruptedException interrupted = null;
            if (raised != null) cancelChildren(owner);
            else if (firstFailure.get() != null) owner.heard(); // it was the scope's own
            while (!isOver()) {
                over = new CountDownLatch(1);
                if (isOver()) break;
                try {
                    over.await();
                } catch (InterruptedException cancelled) {
                    interrupted = cancelled;
                    cancelChildren(owner);
                }
            }
            Throwable failure = interrupted != null ? interrupted : raised;
            if (race) {
                if (failure == null && winner.get() == null && !children.isEmpty())
                    throw new Fault("TaskFailed", "no task of the race completed");
            } else if (firstFailure.get() != null && (failure == null || failure instanceof InterruptedException)) {
                Task<?> first = firstFailure.get();
                throw new Fault("TaskFailed", first + ": " + first.error.getMessage());
            }
            if (interrupted != null) throw interrupted;
        }

        private boolean isDecided() {
            return race ? winner.get() != null : cancelSiblings && firstFailure.get() != null;
        }

        private boolean isOver() {
            return live.get() == 0 || (leaveLosers && winner.get() != null);
        }

        private void cancelChildren(Task<?> by) {
            for (Task<?> child : children.toArray(new Task<?>[0])) if (child != by) child.cancel();
        }

        /** Called by the child. */
        private void childEnds(Task<?> child) {
            live.decrementAndGet();
            if (child.state == State.COMPLETED) {
                if (race && winner.compareAndSet(null, child)) cancelChildren(child);
            } else if (child.state == State.FAILED && firstFailure.compareAndSet(null, child) && cancelSiblings) {
                cancelChildren(child);
                if (!closing) owner.cancel();
            }
            if (over != null && isOver()) over.countDown();
        }
    }

    // ---- cancellation

    /** Whether this task has been asked to stop and has not heard of it yet. */
    public static boolean isCancelled() {
        return self().isAsked();
    }

    /** No cancellation is delivered from here to {@code unshield}. */
    public static void shield() {
        Task<?> task = self();
        synchronized (task) {
            if (task.shields++ == 0) task.asked = Thread.interrupted();
        }
    }

    public static void unshield() {
        Task<?> task = CURRENT.get();
        synchronized (task) {
            if (--task.shields > 0 || !task.asked) return;
            task.asked = false;
            Thread.currentThread().interrupt();
        }
    }

    /** A block that is cancelled by itself: {@code try { ... } finally { region.close(); }}. */
    public static final class Region {
        private final Task<?> owner = self();
        private final Region outer;
        private Alarm alarm;
        private Token token;
        private boolean fired;
        private boolean closed;
        /** Somebody else wants the task to stop, too. */
        private boolean overtaken;

        private Region() {
            synchronized (owner) {
                outer = owner.region;
                owner.region = this;
            }
        }

        /** A block that may take so long. */
        public static Region deadline(long ns) {
            Region region = new Region();
            region.alarm = new Alarm("deadline", ns, _ -> {
                region.expire();
                return NEVER;
            });
            return region;
        }

        /** A block that is cancelled with the token. */
        public static Region under(Token token) {
            Region region = new Region();
            region.token = token;
            if (!token.adds(region)) region.expire();
            return region;
        }

        private void expire() {
            synchronized (owner) {
                if (closed || fired || overtaken) return;
                fired = true;
                for (Region inner = owner.region; inner != this; inner = inner.outer) inner.overtaken = true;
                owner.interrupt();
            }
        }

        /** What leaves the block when it was cancelled: Timeout if it was cancelled for its time alone. */
        public InterruptedException cancelled(InterruptedException error) {
            synchronized (owner) {
                if (fired && !overtaken) throw new Fault("Timeout", "deadline");
                return error;
            }
        }

        /** Ends the block; a cancellation of its own that it did not meet is over with it. */
        public void close() {
            synchronized (owner) {
                closed = true;
                owner.region = outer;
                if (fired && !overtaken) owner.heard();
            }
            if (alarm != null) alarm.stop();
            if (token != null) token.regions.remove(this);
        }
    }

    /** Cancels the blocks that run under it. */
    public static final class Token {
        private final Signal signal = new Signal();
        private final Set<Region> regions = Collections.synchronizedSet(new LinkedHashSet<>());
        private volatile boolean cancelled;

        private boolean adds(Region region) {
            synchronized (regions) {
                return !cancelled && regions.add(region);
            }
        }

        public void cancel() {
            Region[] all;
            synchronized (regions) {
                cancelled = true;
                all = regions.toArray(new Region[0]);
                regions.clear();
            }
            for (Region region : all) region.expire();
            signal.raise();
        }
    }

    /** Blocks to run at the end of a procedure, the last first: {@code try { ... } finally { deferred.run(); }}. */
    public static final class Deferred {
        private final Deque<Action> blocks = new ArrayDeque<>();

        public void add(Action block) {
            blocks.push(block);
        }

        public void run() throws InterruptedException {
            while (!blocks.isEmpty()) {
                Action block = blocks.pop();
                try {
                    block.run();
                } finally {
                    run();
                }
            }
        }
    }

    /** A local that a deferred block shares with its procedure. */
    public static final class Local<T> {
        public T value;
    }

    // ---- channels: Go's semantics, direct hand-over to the longest waiter

    /** What a receive gave. */
    public sealed interface Received<T> {
        default boolean ok() {
            return this instanceof Item;
        }

        /** The item, null if the channel was closed. */
        default T orNone() {
            return this instanceof Item<T>(T value) ? value : null;
        }
    }

    public record Item<T>(T value) implements Received<T> {}

    public record Closed<T>() implements Received<T> {}

    /** A task parked in a queue of this file. Whoever claims it fills in the result, then wakes it. */
    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private final AtomicBoolean claimed = new AtomicBoolean();
        private volatile boolean done;
        private int arm;
        private Object value;
        private boolean ok;

        private boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        private boolean complete(int arm, Object value, boolean ok) {
            if (!claim()) return false;
            this.arm = arm;
            this.value = value;
            this.ok = ok;
            done = true;
            LockSupport.unpark(thread);
            return true;
        }

        private void await(Runnable forget) throws InterruptedException {
            await(forget, Long.MAX_VALUE);
        }

        /** Parks until it is completed, or for so long. Cancelled or out of time it leaves its queue and takes nothing. */
        private boolean await(Runnable forget, long timeoutNs) throws InterruptedException {
            boolean timed = timeoutNs != Long.MAX_VALUE;
            long deadline = System.nanoTime() + timeoutNs;
            boolean interrupted = false;
            while (!done) {
                if (timed && deadline - System.nanoTime() <= 0) {
                    if (claim()) {
                        forget.run();
                        return false;
                    }
                } else if (Thread.interrupted()) {
                    if (claim()) {
                        forget.run();
                        throw new InterruptedException("Cancelled");
                    }
                    interrupted = true;
                }
                if (timed) LockSupport.parkNanos(this, Math.max(1, deadline - System.nanoTime()));
                else LockSupport.park(this);
            }
            if (interrupted) Thread.currentThread().interrupt();
            return true;
        }
    }

    private record Parked(Waiter waiter, int arm, Object value) {}

    private static final AtomicLong SOURCES = new AtomicLong();

    /** What a select waits at. */
    private abstract static class Source {
        /** The order in which a select locks. */
        final long id = SOURCES.getAndIncrement();
        final ReentrantLock lock = new ReentrantLock();

        /** Takes a waiter that gave up out of the queues. */
        abstract void forget(Waiter waiter);
    }

    /** The selects that wait for a promise, a token or an event. */
    private static final class Signal extends Source {
        private static final Map<CompletableFuture<?>, Signal> OF_PROMISES = Collections.synchronizedMap(new WeakHashMap<>());

        private final ArrayDeque<Parked> parked = new ArrayDeque<>();

        /** That of a promise is made when the first select waits for it. */
        static Signal of(CompletableFuture<?> promise) {
            return OF_PROMISES.computeIfAbsent(promise, _ -> {
                Signal signal = new Signal();
                promise.whenComplete((_, _) -> signal.raise());
                return signal;
            });
        }

        /** It has happened. */
        void raise() {
            lock.lock();
            try {
                for (Parked each; (each = parked.poll()) != null; ) each.waiter.complete(each.arm, null, true);
            } finally {
                lock.unlock();
            }
        }

        @Override
        void forget(Waiter waiter) {
            lock.lock();
            try {
                parked.removeIf(each -> each.waiter == waiter);
            } finally {
                lock.unlock();
            }
        }
    }

    /** A latch of one that a select can wait for. */
    public static final class Event extends CountDownLatch {
        private final Signal signal = new Signal();

        public Event() {
            super(1);
        }

        public void set() {
            countDown();
            signal.raise();
        }
    }

    public static final class Channel<T> extends Source {
        private final long capacity;
        private final ArrayDeque<Object> buffer = new ArrayDeque<>();
        private final ArrayDeque<Parked> receivers = new ArrayDeque<>();
        private final ArrayDeque<Parked> senders = new ArrayDeque<>();
        private boolean closed;

        public Channel(long capacity) {
            check(capacity >= 0, "a channel of capacity " + capacity);
            this.capacity = capacity;
        }

        /** The channel, or for none one that nobody can use. */
        @SuppressWarnings("unchecked")
        public static <T> Channel<T> orNone(Channel<T> channel) {
            return channel == null ? (Channel<T>) NONE : channel;
        }

        public void send(T value) throws InterruptedException {
            checkCancelled();
            if (this == NONE) parkForEver();
            Waiter waiter;
            lock.lock();
            try {
                if (offer(value)) return;
                waiter = new Waiter();
                senders.add(new Parked(waiter, 0, box(value)));
            } finally {
                lock.unlock();
            }
            waiter.await(() -> forget(waiter));
            if (!waiter.ok) throw new Fault("ChannelClosed", "send on closed channel");
        }

        /** The next item, null if the channel was closed. */
        public T recv() throws InterruptedException {
            return receive().orNone();
        }

        public Received<T> receive() throws InterruptedException {
            checkCancelled();
            if (this == NONE) parkForEver();
            Waiter waiter;
            lock.lock();
            try {
                Received<T> received = poll();
                if (received != null) return received;
                waiter = new Waiter();
                receivers.add(new Parked(waiter, 0, null));
            } finally {
                lock.unlock();
            }
            waiter.await(() -> forget(waiter));
            return received(waiter);
        }

        private static <T> Received<T> received(Waiter waiter) {
            return waiter.ok ? new Item<>(Orrery.<T>unbox(waiter.value)) : new Closed<>();
        }

        /** True if the item went to a receiver or into the buffer. */
        public boolean trySend(T value) {
            if (this == NONE) return false;
            lock.lock();
            try {
                return offer(value);
            } finally {
                lock.unlock();
            }
        }

        /** An item that was there, or Closed if nothing was. */
        public Received<T> tryRecv() {
            if (this == NONE) return new Closed<>();
            lock.lock();
            try {
                Received<T> received = poll();
                return received == null ? new Closed<>() : received;
            } finally {
                lock.unlock();
            }
        }

        public void close() {
            if (this == NONE) throw new Fault("CloseOfNone", "close of none channel");
            lock.lock();
            try {
                if (closed) throw new Fault("CloseOfClosed", "close of closed channel");
                closed = true;
                for (Parked parked; (parked = receivers.poll()) != null; ) parked.waiter.complete(parked.arm, null, false);
                for (Parked parked; (parked = senders.poll()) != null; ) parked.waiter.complete(parked.arm, null, false);
            } finally {
                lock.unlock();
            }
        }

        public long length() {
            if (this == NONE) throw new NullPointerException();
            lock.lock();
            try {
                return buffer.size();
            } finally {
                lock.unlock();
            }
        }

        public long capacity() {
            if (this == NONE) throw new NullPointerException();
            return capacity;
        }

        private boolean offer(Object value) {
            if (closed) throw new Fault("ChannelClosed", "send on closed channel");
            for (Parked parked; (parked = receivers.poll()) != null; )
                if (parked.waiter.complete(parked.arm, box(value), true)) return true;
            if (buffer.size() >= capacity) return false;
            buffer.add(box(value));
            return true;
        }

        private Received<T> poll() {
            Object value = buffer.poll();
            for (Parked parked; (parked = senders.poll()) != null; ) {
                if (!parked.waiter.complete(parked.arm, null, true)) continue;
                if (value == null) return new Item<>(Orrery.<T>unbox(parked.value));
                buffer.add(parked.value);
                break;
            }
            if (value != null) return new Item<>(Orrery.<T>unbox(value));
            return closed ? new Closed<>() : null;
        }

        @Override
        void forget(Waiter waiter) {
            lock.lock();
            try {
                receivers.removeIf(parked -> parked.waiter == waiter);
                senders.removeIf(parked -> parked.waiter == waiter);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Stands for none in a channel's place. */
    private static final Channel<Object> NONE = new Channel<>(0);

    private static final Object NULL = new Object();

    private static Object box(Object value) {
        return value == null ? NULL : value;
    }

    @SuppressWarnings("unchecked")
    private static <T> T unbox(Object value) {
        return value == NULL ? null : (T) value;
    }

    private static void parkForEver() throws InterruptedException {
        for (;;) {
            checkCancelled();
            LockSupport.park();
        }
    }

    /** Go's select: {@code switch (select.await())} with the cases in the order in which they were added. */
    public static final class Select {
        /** What {@code await} and {@code poll} give when no case was taken. */
        public static final int NOTHING = -1;

        private sealed interface Arm {
            Source source();
        }

        private record Recv(Channel<?> source) implements Arm {}

        private record Send(Channel<?> source, Object value) implements Arm {}

        /** Ready once it has happened, with the value that there is then. */
        private record On(Signal source, BooleanSupplier hasHappened, CompletableFuture<?> promise) implements Arm {}

        private final List<Arm> arms = new ArrayList<>();
        private Object value;
        private boolean ok;

        public Select recv(Channel<?> channel) {
            arms.add(new Recv(Channel.orNone(channel)));
            return this;
        }

        public <T> Select send(Channel<T> channel, T value) {
            arms.add(new Send(Channel.orNone(channel), value));
            return this;
        }

        public Select settled(CompletableFuture<?> promise) {
            arms.add(new On(Signal.of(promise), promise::isDone, promise));
            return this;
        }

        public Select cancelled(Token token) {
            arms.add(new On(token.signal, () -> token.cancelled, null));
            return this;
        }

        public Select set(Event event) {
            arms.add(new On(event.signal, () -> event.getCount() == 0, null));
            return this;
        }

        /** The item of the case that was taken, null if the channel was closed; the value of its promise. */
        public <T> T value() {
            return Orrery.<T>unbox(box(value));
        }

        public boolean ok() {
            return ok;
        }

        /** Takes a ready case or none. */
        public int poll() throws InterruptedException {
            checkCancelled();
            List<ReentrantLock> locks = lockAll();
            int arm;
            try {
                arm = ready();
            } finally {
                for (ReentrantLock lock : locks) lock.unlock();
            }
            return taken(arm);
        }

        public int await() throws InterruptedException {
            return await(Long.MAX_VALUE);
        }

        public int await(Duration timeout) throws InterruptedException {
            return await(Math.max(0, timeout.toNanos()));
        }

        private int await(long timeoutNs) throws InterruptedException {
            checkCancelled();
            Waiter waiter;
            List<ReentrantLock> locks = lockAll();
            try {
                int arm = ready();
                if (arm != NOTHING) return taken(arm);
                waiter = new Waiter();
                for (int i = 0; i < arms.size(); i++) {
                    if (arms.get(i).source() == NONE) continue;
                    switch (arms.get(i)) {
                        case Recv(var channel) -> channel.receivers.add(new Parked(waiter, i, null));
                        case Send(var channel, var sent) -> channel.senders.add(new Parked(waiter, i, box(sent)));
                        case On(var signal, _, _) -> signal.parked.add(new Parked(waiter, i, null));
                    }
                }
            } finally {
                for (ReentrantLock lock : locks) lock.unlock();
            }
            if (!waiter.await(() -> forget(waiter), timeoutNs)) return NOTHING;
            forget(waiter);
            value = Orrery.unbox(box(waiter.value));
            ok = waiter.ok;
            if (!ok && arms.get(waiter.arm) instanceof Send) throw new Fault("ChannelClosed", "send on closed channel");
            return taken(waiter.arm);
        }

        /** Takes what the promise of the case gives, or throws its error. */
        private int taken(int arm) throws InterruptedException {
            if (arm != NOTHING && arms.get(arm) instanceof On(_, _, var promise) && promise != null) value = outcome(promise);
            return arm;
        }

        /** Commits to the first ready case in the order of the program's policy. */
        private int ready() {
            for (int i : self().run.selectOrder(arms.size())) {
                if (arms.get(i).source() != NONE && isReady(arms.get(i))) return i;
            }
            return NOTHING;
        }

        private boolean isReady(Arm arm) {
            ok = true;
            return switch (arm) {
                case Send(var channel, var sent) -> channel.offer(sent);
                case On(_, var hasHappened, _) -> hasHappened.getAsBoolean();
                case Recv(var channel) -> {
                    Received<?> received = channel.poll();
                    if (received == null) yield false;
                    value = received.orNone();
                    ok = received.ok();
                    yield true;
                }
            };
        }

        private List<ReentrantLock> lockAll() {
            List<ReentrantLock> locks = arms.stream()
                    .map(Arm::source)
                    .distinct()
                    .sorted(Comparator.comparingLong(source -> source.id))
                    .map(source -> source.lock)
                    .toList();
            for (ReentrantLock lock : locks) lock.lock();
            return locks;
        }

        private void forget(Waiter waiter) {
            for (Arm arm : arms) if (arm.source() != NONE) arm.source().forget(waiter);
        }
    }

    // ---- groups, locks, conditions, promises

    /** Tasks that wait, oldest first, under a lock. */
    private abstract static class Waiting {
        final ReentrantLock lock = new ReentrantLock();

        /** Waits in the queue unless {@code goesOn}, which is asked under the lock. */
        final boolean await(BooleanSupplier goesOn, ArrayDeque<Waiter> queue, long timeoutNs) throws InterruptedException {
            Waiter waiter;
            lock.lock();
            try {
                if (goesOn.getAsBoolean()) return true;
                waiter = new Waiter();
                queue.add(waiter);
            } finally {
                lock.unlock();
            }
            return waiter.await(() -> locked(() -> {
                queue.remove(waiter);
                gaveUp();
            }), timeoutNs);
        }

        /** What a waiter kept out may go on when it is gone. */
        void gaveUp() {}

        final void locked(Runnable body) {
            lock.lock();
            try {
                body.run();
            } finally {
                lock.unlock();
            }
        }

        /** Wakes who waits longest; false if nobody does. */
        static boolean wake(ArrayDeque<Waiter> queue) {
            for (Waiter waiter; (waiter = queue.poll()) != null; ) if (waiter.complete(0, null, true)) return true;
            return false;
        }

        static void wakeAll(ArrayDeque<Waiter> queue) {
            for (int left = queue.size(); left > 0 && wake(queue); left--) {}
        }
    }

    /** Go's WaitGroup: reaching zero wakes everybody, in order of arrival. */
    public static final class Group extends Waiting {
        private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
        private long count;

        public void add(long by) {
            locked(() -> {
                if (count + by < 0) throw new Fault("NegativeGroup", "negative count of a group");
                count += by;
                if (count == 0) wakeAll(queue);
            });
        }

        public void done() {
            add(-1);
        }

        public void await() throws InterruptedException {
            checkCancelled();
            await(() -> count == 0, queue, Long.MAX_VALUE);
        }
    }

    /**
     * Many readers or one writer, as Go's RWMutex has them: a reader that comes while a writer waits lets it pass, and a writer that
     * leaves lets all readers in that came meanwhile, then the next writer. No task owns it and no reader enters twice.
     */
    public static final class RwLock extends Waiting {
        private final ArrayDeque<Waiter> readers = new ArrayDeque<>();
        private final ArrayDeque<Waiter> writers = new ArrayDeque<>();
        private int reading;
        private boolean writing;

        public void lockRead() throws InterruptedException {
            checkCancelled();
            await(() -> {
                if (writing || !writers.isEmpty()) return false;
                reading++;
                return true;
            }, readers, Long.MAX_VALUE);
        }

        public void unlockRead() {
            locked(() -> {
                if (reading == 0) throw new Fault("UnlockOfUnlocked", "runlock of an unlocked rwlock");
                reading--;
                admitWriter();
            });
        }

        public void lockWrite() throws InterruptedException {
            checkCancelled();
            await(() -> {
                if (writing || reading > 0 || !writers.isEmpty()) return false;
                writing = true;
                return true;
            }, writers, Long.MAX_VALUE);
        }

        public void unlockWrite() {
            locked(() -> {
                if (!writing) throw new Fault("UnlockOfUnlocked", "wunlock of an unlocked rwlock");
                writing = false;
                admitReaders();
                admitWriter();
            });
        }

        private void admitReaders() {
            for (int left = readers.size(); left > 0 && wake(readers); left--) reading++;
        }

        private void admitWriter() {
            if (!writing && reading == 0) writing = wake(writers);
        }

        @Override
        void gaveUp() {
            if (!writing && writers.isEmpty()) admitReaders();
            admitWriter();
        }
    }

    /** A condition of a mutex that needs no owner: any task may signal, with or without it. */
    public static final class Cond extends Waiting {
        private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
        private final Semaphore mutex;

        public Cond(Semaphore mutex) {
            this.mutex = Objects.requireNonNull(mutex);
        }

        public void await() throws InterruptedException {
            await(Long.MAX_VALUE);
        }

        /** True if it was signalled in time. */
        public boolean await(Duration timeout) throws InterruptedException {
            return await(Math.max(0, timeout.toNanos()));
        }

        private boolean await(long timeoutNs) throws InterruptedException {
            checkCancelled();
            if (mutex.availablePermits() > 0) throw new Fault("UnlockOfUnlocked", "wait without the mutex");
            try {
                return await(() -> {
                    mutex.release();
                    return false;
                }, queue, timeoutNs);
            } finally {
                mutex.acquireUninterruptibly();
            }
        }

        /** Wakes who waits longest. */
        public void signal() {
            locked(() -> wake(queue));
        }

        public void signalAll() {
            locked(() -> wakeAll(queue));
        }
    }

    /** Lets its waiters go, oldest first, when all parties have come, again and again; who is cancelled has not come. */
    public static final class Barrier extends Waiting {
        private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
        private final long parties;

        public Barrier(long parties) {
            this.parties = parties;
        }

        public void await() throws InterruptedException {
            checkCancelled();
            await(() -> {
                if (queue.size() + 1 < parties) return false;
                wakeAll(queue);
                return true;
            }, queue, Long.MAX_VALUE);
        }
    }

    /** The first to come runs the action; who comes meanwhile waits until it has ended, well or not. */
    public static final class Once {
        private final Semaphore lock = new Semaphore(1);
        private volatile boolean done;

        public void run(Action action) throws InterruptedException {
            if (done) return;
            lock.acquireUninterruptibly();
            try {
                if (!done) action.run();
            } finally {
                done = true;
                lock.release();
            }
        }
    }

    /**
     * A lock with an owner and a condition: that of an object, for {@code synchronized}, or a ReentrantLock with its Condition. {@code
     * Object.wait} does not say whether it was notified or its time was over, so that who waits leaves a note.
     */
    public static final class Monitor {
        private final ReentrantLock lock;
        private final Condition condition;
        private final boolean pins;
        private final ArrayDeque<Note> notes = new ArrayDeque<>();

        private static final class Note {
            boolean signalled;
        }

        private Monitor(ReentrantLock lock, boolean pins) {
            this.lock = lock;
            this.condition = lock == null ? null : lock.newCondition();
            this.pins = pins;
        }

        /** For {@code synchronized}. */
        public Monitor() {
            this(null, false);
        }

        /** A ReentrantLock and a Condition. */
        public static Monitor juc() {
            return new Monitor(new ReentrantLock(), false);
        }

        /** For {@code synchronized} as under a native frame: who blocks inside holds the carrier. */
        public static Monitor nativeFrame() {
            return new Monitor(null, true);
        }

        /** Before the synchronized block, if there is more than that. */
        public void enter() {
            if (lock != null) lock.lock();
            if (pins) Pins.run(Pins.PIN);
        }

        public void exit() {
            if (lock != null) lock.unlock();
            if (pins) Pins.run(Pins.UNPIN);
        }

        /** What to synchronize on in a program that has monitors of several kinds. */
        public Object guard() {
            return lock == null ? this : new Object();
        }

        public void await() throws InterruptedException {
            checkCancelled();
            checkOwner();
            if (lock == null) await(false, 0);
            else condition.await();
        }

        /** True if it was signalled in time. */
        public boolean await(Duration timeout) throws InterruptedException {
            checkCancelled();
            checkOwner();
            if (lock == null) return await(true, timeout.toNanos());
            return condition.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }

        private boolean await(boolean timed, long ns) throws InterruptedException {
            Note note = new Note();
            long deadline = System.nanoTime() + ns;
            try {
                do {
                    notes.remove(note); // a notification went to one whose time was over: the next in turn
                    notes.add(note);
                    wait(timed ? Math.max(1, Math.ceilDiv(deadline - System.nanoTime(), MS)) : 0);
                } while (!note.signalled && (!timed || deadline - System.nanoTime() > 0));
            } catch (InterruptedException cancelled) {
                if (!note.signalled) throw cancelled;
                Thread.currentThread().interrupt(); // signalled first
            } finally {
                notes.remove(note);
            }
            return note.signalled;
        }

        /** Wakes who waits longest. */
        public void signal() {
            checkOwner();
            if (lock != null) {
                condition.signal();
                return;
            }
            Note first = notes.poll();
            if (first == null) return;
            first.signalled = true;
            notify();
        }

        public void signalAll() {
            checkOwner();
            if (lock != null) {
                condition.signalAll();
                return;
            }
            for (Note note : notes) note.signalled = true;
            notes.clear();
            notifyAll();
        }

        private void checkOwner() {
            if (lock == null ? Thread.holdsLock(this) : lock.isHeldByCurrentThread()) return;
            throw new Fault("UnlockOfUnlocked", "not the owner of a monitor");
        }
    }

    /** Pinning without a native frame in the way: what class initialisation does. Needs --add-exports of jdk.internal.vm. */
    private static final class Pins {
        static final MethodHandle PIN = find("pin");
        static final MethodHandle UNPIN = find("unpin");

        private static MethodHandle find(String name) {
            try {
                Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
                return MethodHandles.lookup().findStatic(continuation, name, MethodType.methodType(void.class));
            } catch (ReflectiveOperationException error) {
                throw new IllegalStateException(error);
            }
        }

        static void run(MethodHandle pinning) {
            try {
                pinning.invokeExact();
            } catch (Throwable error) {
                throw new IllegalStateException(error);
            }
        }
    }

    /** Locks a fair mutex if it is free and nobody waits; {@code tryAcquire} alone would barge. */
    public static boolean tryLock(Semaphore mutex) {
        return !mutex.hasQueuedThreads() && mutex.tryAcquire();
    }

    /** Unlocks a mutex, a {@code Semaphore(1)}: any task may, but only if it is locked. */
    public static void unlock(Semaphore mutex) {
        if (mutex.availablePermits() > 0) throw new Fault("UnlockOfUnlocked", "unlock of an unlocked mutex");
        mutex.release();
    }

    /** The promise's value, or the error that it was rejected with. */
    public static <T> T await(CompletableFuture<T> promise) throws InterruptedException {
        checkCancelled();
        return outcome(promise);
    }

    private static <T> T outcome(CompletableFuture<T> promise) throws InterruptedException {
        try {
            return promise.get();
        } catch (ExecutionException rejected) {
            Throwable cause = rejected.getCause();
            if (kindOf(cause).equals("Cancelled")) throw cancelled();
            throw new Fault(kindOf(cause), cause.getMessage());
        }
    }

    /** A handler of a promise's value with a result. */
    public interface Handler<T, R> {
        R apply(T value) throws InterruptedException;
    }

    /** A handler without one. */
    public interface Acceptor<T> {
        void accept(T value) throws InterruptedException;
    }

    /** For {@code thenCompose}, where the handler may return no promise. */
    public static <T, R> Function<T, CompletableFuture<R>> composer(String procedure, Handler<T, CompletableFuture<R>> handler) {
        Function<T, CompletableFuture<R>> given = handler(procedure, handler);
        return given.andThen(promise -> promise == null ? CompletableFuture.completedFuture(null) : promise);
    }

    /** For {@code thenApply} and {@code thenCompose}: the handler, a task of its own in the thread that completes the promise. */
    public static <T, R> Function<T, R> handler(String procedure, Handler<T, R> handler) {
        Task<?> parent = self();
        int index = parent.nextIndex(procedure);
        return value -> new Task<R>(parent.run, parent, procedure, index, false, null).runHere(() -> handler.apply(value));
    }

    /** For {@code thenAccept}. */
    public static <T> Consumer<T> acceptor(String procedure, Acceptor<T> acceptor) {
        Function<T, Void> handler = handler(procedure, value -> {
            acceptor.accept(value);
            return null;
        });
        return handler::apply;
    }

    // ---- time

    private static final long NEVER = Long.MIN_VALUE;

    /** A virtual thread that sleeps until something is due. */
    private static final class Alarm {
        private final Run run = self().run;
        private final LongUnaryOperator ring;
        private final Thread thread;
        private final AtomicBoolean over = new AtomicBoolean();

        /** {@code ring} gets the time that it was due at and gives when it is due again, or NEVER. */
        Alarm(String name, long ns, LongUnaryOperator ring) {
            this.ring = ring;
            long due = System.nanoTime() + Math.max(0, ns);
            thread = run.threads.get().name(name).unstarted(() -> sleepUntil(due));
            run.alarms.add(this);
            thread.start();
        }

        private void sleepUntil(long first) {
            for (long due = first; due != NEVER; ) {
                long left = due - System.nanoTime();
                try {
                    if (left > 0) Thread.sleep(Duration.ofNanos(left));
                } catch (InterruptedException stopped) {
                    return;
                }
                if (over.get()) return;
                try {
                    due = ring.applyAsLong(due);
                } catch (Abandoned abandoned) {
                    run.end("completed", null);
                    return;
                }
            }
            if (over.compareAndSet(false, true)) run.alarms.remove(this);
        }

        /** True if it will not ring again and would have. */
        boolean stop() {
            if (!over.compareAndSet(false, true)) return false;
            run.alarms.remove(this);
            thread.interrupt();
            return true;
        }
    }

    /** What a ticker that is late does: leaves out what it missed, makes up for each, or counts from when it fired. */
    public enum CatchUp { DROP, BURST, DRIFT }

    /** A channel that gets one value after so long. */
    public static Channel<Long> after(long ns) {
        return new Timer(ns).channel();
    }

    /** Starts a task after so long. */
    public static Timer afterFunc(long ns, String procedure, Action body) {
        return new Timer(ns, procedure, body);
    }

    /** Sends to a channel with room for one how often it has fired, or starts a task. */
    public static final class Timer {
        private final Task<?> owner = self();
        private final Channel<Long> channel;
        private final CatchUp catchUp;
        private final String procedure;
        private final Action body;
        private volatile long period;
        private volatile Alarm alarm;
        private long fired;
        /** Place of its next task among those of the procedure. */
        private volatile int index;

        private Timer(Channel<Long> channel, long period, CatchUp catchUp, String procedure, Action body) {
            this.channel = channel;
            this.period = period;
            this.catchUp = catchUp;
            this.procedure = procedure;
            this.body = body;
        }

        public Timer(long ns) {
            this(new Channel<>(1), 0, null, null, null);
            start(ns);
        }

        private Timer(long ns, String procedure, Action body) {
            this(null, 0, null, procedure, body);
            callIsDue();
            start(ns);
        }

        /** Fires again and again, as often as scheduleAtFixedRate would. */
        public static Timer ticker(long ns) {
            return ticker(ns, CatchUp.BURST);
        }

        public static Timer ticker(long ns, CatchUp catchUp) {
            Timer timer = new Timer(new Channel<>(1), Math.max(1, ns), catchUp, null, null);
            timer.start(timer.period);
            return timer;
        }

        public Channel<Long> channel() {
            return channel;
        }

        private void start(long ns) {
            alarm = new Alarm("timer", ns, this::fire);
        }

        /** The program is not over before the call. */
        private void callIsDue() {
            index = owner.nextIndex(procedure);
            owner.run.live.incrementAndGet();
        }

        private long fire(long due) {
            fired++;
            if (channel == null) {
                new Task<>(owner.run, owner, procedure, index, false, null).start(valued(body));
                owner.run.live.decrementAndGet();
                return NEVER;
            }
            try {
                channel.trySend(fired);
            } catch (Fault closed) {
                return NEVER;
            }
            if (period == 0) return NEVER;
            long now = System.nanoTime();
            return switch (catchUp) {
                case DROP -> due + period * (1 + Math.max(0, now - due) / period);
                case BURST -> due + period;
                case DRIFT -> now + period;
            };
        }

        /** True if it had not fired. */
        public boolean stop() {
            if (!alarm.stop()) return false;
            if (channel == null) owner.run.live.decrementAndGet();
            return true;
        }

        /** Starts it anew with an empty channel; true if it had not fired. */
        public boolean reset(long ns) {
            boolean pending = alarm.stop();
            if (channel != null) channel.tryRecv();
            else if (!pending) callIsDue();
            if (period > 0) period = Math.max(1, ns);
            start(ns);
            return pending;
        }
    }

    // ---- processor time, calls that block, input and output

    /** Keeps the processor busy for so long on an idle machine: a count of iterations, never a look at the clock. */
    public static void cpu(long ns) {
        if (self().run.rehearsal) return;
        burn(Math.round(Math.max(0, ns) * Calibration.PER_NS));
    }

    private static volatile long sink;

    private static void burn(long iterations) {
        long x = sink | 1;
        for (long i = 0; i < iterations; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        sink = x;
    }

    /** Iterations of {@code burn} per ns: the median of several rounds, once it is compiled. */
    private static final class Calibration {
        static final double PER_NS = measure();

        private static double measure() {
            for (int i = 0; i < 20; i++) burn(20_000);
            double[] rounds = new double[15];
            for (int i = 0; i < rounds.length; i++) {
                long start = System.nanoTime();
                burn(200_000);
                rounds[i] = 200_000.0 / (System.nanoTime() - start);
            }
            Arrays.sort(rounds);
            return rounds[rounds.length / 2];
        }
    }

    /** A call into C that sleeps in the kernel: the carrier is blocked and not replaced. */
    public static void block(long ns) {
        long wanted = self().run.rehearsal ? Math.min(ns, 1000) : Math.max(0, ns);
        try {
            int _ = (int) NativeSleep.USLEEP.invokeExact((int) (wanted / 1000));
        } catch (Throwable error) {
            throw new IllegalStateException(error);
        }
    }

    private static final class NativeSleep {
        static final MethodHandle USLEEP = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("usleep"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /** Work on a pool of as many platform threads as there are processors. */
    public static void offload(long ns) throws InterruptedException {
        offload(ns, Runtime.getRuntime().availableProcessors());
    }

    /** Work on the pool of that many platform threads. */
    public static void offload(long ns, long workers) throws InterruptedException {
        Run run = self().run;
        ExecutorService pool = run.pools.computeIfAbsent((int) Math.max(1, workers), Executors::newFixedThreadPool);
        long iterations = run.rehearsal ? 0 : Math.round(Math.max(0, ns) * Calibration.PER_NS);
        run.external.incrementAndGet();
        try {
            pool.submit(() -> burn(iterations)).get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            run.external.decrementAndGet();
        }
    }

    // ---- connections

    /** Takes connections on the loopback; backlog + 1 of them wait for somebody to accept them. */
    public static final class Listener {
        private final ServerSocket socket;

        public Listener(long backlog) {
            Run run = self().run;
            if (run.rehearsal) { // the pollers must not be those of its scheduler
                run.usesServices = true;
                throw new Abandoned();
            }
            try {
                // A backlog of 0 stands for the default.
                socket = new ServerSocket(0, (int) Math.max(1, backlog), InetAddress.getLoopbackAddress());
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }

        public Connection accept() throws InterruptedException {
            return waiting(() -> new Connection(socket.accept()));
        }

        public Connection connect() throws InterruptedException {
            Run run = self().run;
            run.external.incrementAndGet(); // a full backlog lets it wait for a second with nobody at work
            try {
                return waiting(() -> new Connection(new Socket(InetAddress.getLoopbackAddress(), socket.getLocalPort())));
            } finally {
                run.external.decrementAndGet();
            }
        }

        /** Who waits for a connection gets Rejected. */
        public void close() {
            closing(socket);
        }
    }

    /** One end of a connection. Its bytes are counted only. */
    public static final class Connection {
        private final Socket socket;
        private byte[] buffer = {};

        Connection(Socket socket) {
            this.socket = socket;
        }

        /** How many bytes were there to read, at most so many: 0 at the end. */
        public long read(long bytes) throws InterruptedException {
            if (buffer.length < bytes) buffer = new byte[(int) bytes];
            return Math.max(0, waiting(() -> socket.getInputStream().read(buffer, 0, (int) bytes)));
        }

        /** Returns when all the bytes are taken. */
        public void write(long bytes) throws InterruptedException {
            waiting(() -> {
                socket.getOutputStream().write(new byte[(int) bytes]);
                return null;
            });
        }

        /** Who waits on this end gets Rejected. */
        public void close() {
            closing(socket);
        }
    }

    /** An operation on a socket that may wait; an interrupt closes the socket. */
    private static <T> T waiting(Callable<T> operation) throws InterruptedException {
        checkCancelled();
        try {
            return operation.call();
        } catch (IOException error) {
            if (Thread.interrupted()) throw new InterruptedException("Cancelled");
            throw new Fault("Rejected", error.getMessage());
        } catch (RuntimeException error) {
            throw error;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void closing(java.io.Closeable socket) {
        try {
            socket.close();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** A service behind a socket. {@code servers} and {@code queueLimit} are -1 if unlimited. */
    public record Service(String name, long servers, long queueLimit, Distribution latency, long failPerMillion) {
        /** One request; Rejected if the service refuses or fails. */
        public void call() throws InterruptedException {
            checkCancelled();
            Run run = self().run;
            long serviceNs = draw("service." + name + ".latency", latency);
            boolean fails = failPerMillion > 0 && below("service." + name + ".fails", 1_000_000) < failPerMillion;
            if (run.rehearsal) {
                run.usesServices = true;
                return;
            }
            run.external.incrementAndGet();
            String reply;
            try {
                reply = exchange(HOST, PORT, name + " " + servers + " " + queueLimit + " " + serviceNs + " " + (fails ? 1 : 0));
            } catch (IOException error) {
                if (Thread.interrupted()) throw new InterruptedException("Cancelled"); // it closed the socket
                throw new UncheckedIOException(error);
            } finally {
                run.external.decrementAndGet();
            }
            if (!"ok".equals(reply)) throw new Fault("Rejected", "service " + name + " refused or failed");
        }

        /** One line there, one line back, over a connection of its own. */
        private static String exchange(InetAddress host, int port, String request) throws IOException {
            try (Socket socket = new Socket(host, port)) {
                socket.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
                return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
            }
        }

        /**
         * Makes a few calls from a virtual thread to a platform thread. It starts the pollers, virtual threads of the default
         * scheduler, whose first start costs tens of milliseconds; its carrier is idle again when the run begins.
         */
        private static void warmUp() throws IOException, InterruptedException {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        for (;;) {
                            Socket socket = server.accept();
                            Thread.sleep(1); // long enough for the caller to park
                            socket.getOutputStream().write("ok\n".getBytes(StandardCharsets.UTF_8));
                        }
                    } catch (IOException | InterruptedException closed) {
                        // the end of the warm-up
                    }
                });
                Thread caller = Thread.startVirtualThread(() -> {
                    try {
                        for (int i = 0; i < 3; i++) exchange(server.getInetAddress(), server.getLocalPort(), "warm-up " + i);
                    } catch (IOException error) {
                        throw new UncheckedIOException(error);
                    }
                });
                caller.join();
            }
        }

        private static final InetAddress HOST;
        private static final int PORT;

        static {
            String address = Optional.ofNullable(System.getenv("ORRERY_SERVICES")).orElse("127.0.0.1:1");
            int colon = address.lastIndexOf(':');
            try {
                HOST = InetAddress.getByName(address.substring(0, colon));
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
            PORT = Integer.parseInt(address.substring(colon + 1));
        }
    }

    private static final Path DIRECTORY = Path.of(Optional.ofNullable(System.getenv("ORRERY_DIR")).orElse("."));

    /** The path of a file of that size; it is written if need be, which a rehearsal does before the run. */
    public static Path file(long bytes) {
        Path path = DIRECTORY.resolve("file-" + bytes);
        try {
            if (!Files.exists(path) || Files.size(path) != bytes) Files.write(path, new byte[(int) bytes]);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        return path;
    }

    /** Reads a whole file. */
    public static void readFile(long bytes) {
        readFile(bytes, 0);
    }

    /** Reads a whole file from a disk that takes {@code stallNs} longer than usual. */
    public static void readFile(long bytes, long stallNs) {
        Path path = self().run.files.computeIfAbsent(bytes, Orrery::file);
        if (stallNs > 0) block(stallNs);
        try {
            Files.readAllBytes(path);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Looks a path up. */
    public static boolean statFile() {
        return Files.exists(DIRECTORY);
    }

    // ---- numbers and lists

    public static final long US = 1_000;
    public static final long MS = 1_000_000;
    public static final long S = 1_000_000_000;

    private static final long MAX_INT = (1L << 53) - 1;

    private static long exact(long value) {
        if (value > MAX_INT || value < -MAX_INT) throw new ArithmeticException("integer beyond 2^53-1");
        return value;
    }

    /** a + b, within 2^53-1. */
    public static long add(long a, long b) {
        return exact(a + b);
    }

    public static long subtract(long a, long b) {
        return exact(a - b);
    }

    public static long multiply(long a, long b) {
        return exact(Math.multiplyExact(a, b));
    }

    /** For a value that can't be null in Java. */
    public static boolean isNone(Object value) {
        return value == null;
    }

    /** For a condition that may be none, which is false. */
    public static boolean isTrue(Object value) {
        return Boolean.TRUE.equals(value);
    }

    /** The condition itself, opaque to the compiler's search for unreachable code. */
    public static boolean holds(boolean condition) {
        return condition;
    }

    @SafeVarargs
    public static <T> List<T> listOf(T... items) {
        return new ArrayList<>(Arrays.asList(items));
    }

    public static long length(List<?> items) {
        return items.size();
    }

    /** A map of keys and values in turn. */
    @SuppressWarnings("unchecked")
    public static <K, V> Map<K, V> mapOf(Object... entries) {
        Map<K, V> map = new TreeMap<>();
        for (int i = 0; i < entries.length; i += 2) map.put((K) entries[i], (V) entries[i + 1]);
        return map;
    }

    public static long length(Map<?, ?> map) {
        return map.size();
    }

    /** The item at an index, null outside the list. */
    public static <T> T at(List<T> items, long index) {
        return at(items, index, null);
    }

    public static <T> T at(List<T> items, long index, T otherwise) {
        return index >= 0 && index < items.size() ? items.get((int) index) : otherwise;
    }

    // ---- observations: never a scheduling point

    private record Line(Line before, String statement, Task<?> task, String text, long timeNs) {}

    private record Sample(Sample before, String name, long value) {}

    /** Logs a line; {@code {0}} stands for the first argument. */
    public static void log(String statement, String text, Object... args) {
        Task<?> task = self();
        String shown = args.length == 0 ? text : interpolate(text, args);
        if (task.run.over) return;
        task.run.progress++;
        Line line;
        do line = new Line(task.run.lines.get(), statement, task, shown, task.run.now());
        while (!task.run.lines.compareAndSet(line.before, line));
    }

    private static String interpolate(String text, Object[] args) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int open; (open = text.indexOf('{', from)) >= 0; ) {
            int close = open + 1;
            while (close < text.length() && Character.isDigit(text.charAt(close))) close++;
            out.append(text, from, open);
            boolean isHole = close > open + 1 && close < text.length() && text.charAt(close) == '}';
            int index = isHole ? Integer.parseInt(text, open + 1, close, 10) : args.length;
            if (index < args.length) out.append(show(args[index]));
            else out.append(text, open, isHole ? close + 1 : open + 1);
            from = isHole ? close + 1 : open + 1;
        }
        return out.append(text, from, text.length()).toString();
    }

    private static String show(Object value) {
        if (value == null) return "none";
        if (value instanceof Map<?, ?> map) {
            StringJoiner joiner = new StringJoiner(" ", "{", "}");
            map.forEach((key, each) -> joiner.add(key + ": " + show(each)));
            return joiner.toString();
        }
        if (value instanceof Record record && !(value instanceof Result<?>)) return fieldsOf(record);
        if (!(value instanceof List<?> list)) return value.toString();
        StringJoiner joiner = new StringJoiner(" ", "[", "]");
        for (Object each : list) joiner.add(show(each));
        return joiner.toString();
    }

    /** The fields of a record of the program, by the names that they have there. */
    private static String fieldsOf(Record record) {
        StringJoiner joiner = new StringJoiner(" ", "{", "}");
        for (RecordComponent each : record.getClass().getRecordComponents())
            try {
                Method field = each.getAccessor();
                field.setAccessible(true);
                joiner.add(each.getName().replaceFirst("_$", "") + ": " + show(field.invoke(record)));
            } catch (ReflectiveOperationException error) {
                throw new IllegalStateException(error);
            }
        return joiner.toString();
    }

    public static void mark(String name) {
        sample(name, now());
    }

    /** The time since {@code from}. */
    public static void mark(String name, long from) {
        sample(name, now() - from);
    }

    public static void measure(String name, long value) {
        sample(name, value);
    }

    private static void sample(String name, long value) {
        Run run = self().run;
        if (run.over) return;
        Sample sample;
        do sample = new Sample(run.samples.get(), name, value);
        while (!run.samples.compareAndSet(sample.before, sample));
    }

    public static void count(String name) {
        count(name, 1);
    }

    public static void count(String name, long by) {
        Run run = self().run;
        if (!run.over) run.countOf(name).addAndGet(by);
    }

    public static void gauge(String name, long value) {
        Run run = self().run;
        if (!run.over) run.countOf(name).set(value);
    }

    /** Notes a condition that does not hold; the program goes on. */
    public static void expect(boolean condition, String message) {
        if (!condition && !self().run.rehearsal) System.err.println(self() + ": " + message);
    }

    /** Nanoseconds since the program's main began. */
    public static long now() {
        return self().run.now();
    }

    // ---- draws: value n of a stream in a task is a function of (seed, stream, task, n) alone

    public interface Distribution {
        long value(long stream, long n);
    }

    /** The task's next value of a stream. */
    public static long draw(String stream, Distribution from) {
        return from.value(streamOf(stream), drawsBefore(stream));
    }

    /** A choice in 0..n-1. */
    public static long choose(long n) {
        check(n >= 1, "choose among " + n);
        return below("choose", n);
    }

    private static long below(String stream, long limit) {
        return below(limit, streamOf(stream), drawsBefore(stream));
    }

    private static long streamOf(String stream) {
        return mix(self().hash ^ nameHash(stream));
    }

    private static long drawsBefore(String stream) {
        return self().draws.merge(stream, 1L, Long::sum) - 1;
    }

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    /** round(ln(2) * 2^32) */
    private static final long LN2 = 2_977_044_472L;

    /** The finalizer of SplitMix64. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Output n of SplitMix64 seeded with {@code hash}. */
    private static long word(long hash, long n) {
        return mix(hash + (n + 1) * GOLDEN);
    }

    /** FNV-1a of the UTF-8 bytes. */
    private static long nameHash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        return hash;
    }

    private static long below(long limit, long stream, long n) {
        return Math.unsignedMultiplyHigh(word(stream, n), limit);
    }

    public static Distribution constant(long value) {
        return (_, _) -> value;
    }

    public static Distribution uniform(long low, long high) {
        return (stream, n) -> low + below(high - low + 1, stream, n);
    }

    public static Distribution exponential(long mean) {
        return (stream, n) -> times(mean, times(LN2, minusLog2(word(stream, n))));
    }

    public static Distribution erlang(long k, long mean) {
        return (stream, n) -> {
            long seed = word(stream, n);
            long sum = 0;
            for (long i = 0; i < k; i++) sum += minusLog2(word(seed, i));
            return times(mean, times(LN2, sum / k));
        };
    }

    public static Distribution lognormal(long median, long sigmaPerMille) {
        return (stream, n) ->
                timesPowerOfTwo(median, (long) ((double) normal(word(stream, n)) * (double) sigmaPerMille / 1000.0));
    }

    public static Distribution pareto(long scale, long shapePerMille) {
        return (stream, n) ->
                timesPowerOfTwo(scale, (long) Math.floor((double) minusLog2(word(stream, n)) * 1000.0 / shapePerMille));
    }

    public static Distribution twoPoint(long fast, long slow, long slowPerMillion) {
        return (stream, n) -> below(1_000_000, stream, n) < slowPerMillion ? slow : fast;
    }

    public static Distribution table(long... values) {
        return (stream, n) -> values[(int) below(values.length, stream, n)];
    }

    /** round(whole * fixed / 2^32), at most 2^53-1. */
    private static long times(long whole, long fixed) {
        long high = Math.multiplyHigh(whole, fixed);
        long low = whole * fixed;
        if (high >= 1L << 21) return MAX_INT;
        return Math.min(MAX_INT, (high << 32 | low >>> 32) + (low >>> 31 & 1));
    }

    /** round(whole * 2^(exponent / 2^32)), at most 2^53-1. */
    private static long timesPowerOfTwo(long whole, long exponent) {
        long octaves = exponent >> 32;
        long power = interpolate(Tables.POWER, exponent & 0xffffffffL);
        if (octaves >= 53) return whole == 0 ? 0 : MAX_INT;
        if (octaves >= 0) return times(whole > MAX_INT >> octaves ? MAX_INT : whole << octaves, power);
        return (long) Math.floor(times(whole, power) / Math.pow(2, -octaves) + 0.5);
    }

    /** -log2(value / 2^64) in units of 2^-32. */
    private static long minusLog2(long value) {
        int zeros = Long.numberOfLeadingZeros(value);
        if (zeros == 64) return 64L << 32;
        return ((zeros + 1L) << 32) - interpolate(Tables.LOG, fractionAfter(value, zeros));
    }

    /** The 32 bits after the leading one, which {@code zeros} zeros precede. */
    private static long fractionAfter(long value, int zeros) {
        return zeros >= 63 ? 0 : value << (zeros + 1) >>> 32;
    }

    /** log2(e) times a standard normal variable, in units of 2^-32. */
    private static long normal(long value) {
        int zeros = Math.min(Integer.numberOfLeadingZeros((int) (value >>> 32)), Tables.OCTAVES - 1);
        long position = (0xffffffffL - fractionAfter(value, zeros)) * Tables.STEPS;
        long size = between(Tables.NORMAL, (int) (zeros * Tables.STEPS + (position >>> 32)), position & 0xffffffffL) * 512;
        return (value & 1) == 1 ? -size : size;
    }

    private static long interpolate(long[] table, long fraction) {
        long position = fraction << 8;
        return between(table, (int) (position >>> 32), position & 0xffffffffL);
    }

    private static long between(long[] table, int index, long part) {
        long low = table[index];
        long high = index + 1 < table.length ? table[index + 1] : low;
        return low + ((high - low) * (part >>> 8) >> 24);
    }

    /** The fixed-point tables behind draws; no entry is near where rounding turns, so every machine computes the same. */
    private static final class Tables {
        static final int STEPS = 32;
        static final int OCTAVES = 32;
        static final long[] LOG = new long[257];
        static final long[] POWER = new long[257];
        static final long[] NORMAL = new long[STEPS * OCTAVES + 1];

        static {
            double one = 4_294_967_296.0;
            for (int i = 0; i <= 256; i++) {
                LOG[i] = Math.round(Math.log(1 + i / 256.0) / Math.log(2) * one);
                POWER[i] = Math.round(Math.pow(2, i / 256.0) * one);
            }
            double z = 0;
            for (int i = 0; i < NORMAL.length; i++) {
                double probability = Math.pow(2, -(i / STEPS)) * (1 - i % STEPS / (2.0 * STEPS));
                z = quantile(probability / 2, z);
                NORMAL[i] = Math.round(z * 8_388_608 / Math.log(2));
            }
        }

        /** The z with that upper tail, by Newton's method from a smaller z. */
        private static double quantile(double tail, double start) {
            double z = start;
            for (int step = 0; step < 60; step++) {
                double next = z + (upperTail(z) - tail) / density(z);
                if (Math.abs(next - z) < 1e-15 * (1 + z)) return next;
                z = next;
            }
            return z;
        }

        private static double density(double z) {
            return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        }

        private static double upperTail(double z) {
            if (z >= 3) {
                double fraction = z;
                for (int n = 200; n >= 1; n--) fraction = z + n / fraction;
                return density(z) / fraction;
            }
            double term = z;
            double sum = z;
            for (int n = 3; term > sum * 1e-17; n += 2) {
                term *= z * z / n;
                sum += term;
            }
            return 0.5 - density(z) * sum;
        }
    }

    // ---- runs

    private static final class Run {
        final Program program;
        final long seed;
        final boolean rehearsal;
        final Supplier<Thread.Builder.OfVirtual> threads;
        final CountDownLatch end = new CountDownLatch(1);
        final AtomicReference<Line> lines = new AtomicReference<>();
        final AtomicReference<Sample> samples = new AtomicReference<>();
        final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
        final Map<Integer, ExecutorService> pools = new ConcurrentHashMap<>();
        final Map<Long, Path> files = new ConcurrentHashMap<>();
        final Set<Task<?>> tasks = ConcurrentHashMap.newKeySet();
        /** Tasks that wait for something outside: a service, a pool. */
        final AtomicInteger external = new AtomicInteger();
        final Set<Alarm> alarms = ConcurrentHashMap.newKeySet();
        final AtomicInteger live = new AtomicInteger();
        final AtomicInteger spawned = new AtomicInteger();
        final AtomicInteger[] ended = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        final AtomicInteger selects = new AtomicInteger();
        final AtomicLong random;
        volatile int progress;
        volatile boolean over;
        volatile boolean usesServices;
        volatile long mainEndedNs = -1;
        volatile long lastEndedNs = -1;
        String outcome;
        String detail;
        long beganNs;
        Task<Void> main;

        Run(Program program, long seed, boolean rehearsal, Supplier<Thread.Builder.OfVirtual> threads) {
            this.program = program;
            this.seed = seed;
            this.rehearsal = rehearsal;
            this.threads = threads;
            this.random = new AtomicLong(seed);
        }

        void start() {
            main = new Task<>(this, null, "main", false);
            beganNs = System.nanoTime();
            main.start(valued(program.main));
        }

        long now() {
            return System.nanoTime() - beganNs;
        }

        AtomicLong countOf(String name) {
            AtomicLong count = counts.get(name);
            return count != null ? count : counts.computeIfAbsent(name, _ -> new AtomicLong());
        }

        int[] selectOrder(int arms) {
            int[] order = new int[arms];
            if (program.select == SelectPolicy.RANDOM) {
                for (int i = 1; i < arms; i++) {
                    int j = (int) below(i + 1, random.get(), random.incrementAndGet());
                    order[i] = order[j];
                    order[j] = i;
                }
                return order;
            }
            int first = program.select == SelectPolicy.ROTATING ? selects.getAndIncrement() % arms : 0;
            for (int i = 0; i < arms; i++) order[i] = (first + i) % arms;
            return order;
        }

        /** A rehearsal needs to see the program's code, not all its tasks. */
        private static final int REHEARSED_TASKS = 300;

        void taskStarts(Task<?> task) {
            if (rehearsal && spawned.get() == REHEARSED_TASKS) throw new Abandoned();
            spawned.incrementAndGet();
            live.incrementAndGet();
            tasks.add(task);
            progress++;
        }

        /** Runs in the task's own thread, as the last thing it does. */
        void taskEnds(Task<?> task) {
            progress++;
            tasks.remove(task);
            if (!over) ended[task.state.ordinal()].incrementAndGet();
            lastEndedNs = now();
            int left = live.decrementAndGet();
            if (task.scope != null) task.scope.childEnds(task);
            if (task.state == State.FAILED && (task == main || task.detached)) uncaught(task);
            if (task == main) mainEndedNs = now();
            if (mainEndedNs >= 0 && (left == 0 || (task == main && program.end == End.MAIN))) end("completed", null);
        }

        private void uncaught(Task<?> task) {
            if (task == main || program.onFailure == OnFailure.ABORT)
                end("failed", task + ": " + task.error.getMessage() + " (exit status " + (task == main ? 1 : 0) + ")");
        }

        synchronized void end(String outcome, String detail) {
            if (over) return;
            this.outcome = outcome;
            this.detail = detail;
            if (mainEndedNs < 0) lastEndedNs = now();
            over = true;
            end.countDown();
        }

        /** Watches from a platform thread: a run in which every task waits, for nothing outside, will never go on. */
        void watch(Duration tick) {
            int before = -1;
            int rounds = 0;
            while (!over) {
                try {
                    Thread.sleep(tick);
                } catch (InterruptedException stopped) {
                    return;
                }
                int now = progress;
                rounds = now == before && allWait() ? rounds + 1 : 0;
                before = now;
                if (rounds == 3) end(mainEndedNs < 0 ? "deadlocked" : "completed", null);
            }
        }

        private boolean allWait() {
            if (external.get() > 0 || !alarms.isEmpty()) return false;
            for (Task<?> task : tasks) {
                Thread.State state = task.thread == null ? Thread.State.NEW : task.thread.getState();
                if (state != Thread.State.WAITING && state != Thread.State.BLOCKED) return false;
            }
            return true;
        }

        /** Timers that nobody has stopped. */
        void stopAlarms() throws InterruptedException {
            for (Alarm alarm : alarms) {
                alarm.stop();
                alarm.thread.join();
            }
        }

        String json(String key) {
            long makespan = mainEndedNs < 0 ? lastEndedNs : program.end == End.MAIN ? mainEndedNs : Math.max(mainEndedNs, lastEndedNs);
            Deque<Line> log = new ArrayDeque<>();
            for (Line line = lines.get(); line != null; line = line.before) log.push(line);
            StringJoiner logged = new StringJoiner(",", "[", "]");
            for (Line line : log)
                logged.add("[" + quote(line.statement) + "," + quote(line.task.toString()) + "," + quote(line.text) + "," + line.timeNs + "]");
            Map<String, Deque<Long>> byName = new TreeMap<>();
            for (Sample sample = samples.get(); sample != null; sample = sample.before)
                byName.computeIfAbsent(sample.name, _ -> new ArrayDeque<>()).push(sample.value);
            StringJoiner sampled = new StringJoiner(",", "{", "}");
            byName.forEach((name, values) -> sampled.add(quote(name) + ":" + values));
            StringJoiner counted = new StringJoiner(",", "{", "}");
            new TreeMap<>(counts).forEach((name, value) -> counted.add(quote(name) + ":" + value));
            return "{\"key\":" + quote(key) + ",\"seed\":" + seed + ",\"outcome\":" + quote(outcome)
                    + ",\"detail\":" + (detail == null ? "null" : quote(detail)) + ",\"makespanNs\":" + makespan
                    + ",\"log\":" + logged + ",\"samples\":" + sampled + ",\"counts\":" + counted
                    + ",\"tasks\":{\"spawned\":" + spawned + ",\"completed\":" + ended[1] + ",\"failed\":" + ended[2]
                    + ",\"cancelled\":" + ended[3] + "}}";
        }

        private static String quote(String text) {
            StringBuilder out = new StringBuilder("\"");
            for (char each : text.toCharArray()) {
                if (each == '"' || each == '\\') out.append('\\').append(each);
                else if (each < ' ') out.append(String.format("\\u%04x", (int) each));
                else out.append(each);
            }
            return out.append('"').toString();
        }
    }

    private static final PrintStream OUT = System.out;

    /** A program on its own: {@code java ... Program [seed]}. Without --add-opens as in a batch it is not rehearsed. */
    public static void launch(Program program, String... args) throws Exception {
        run(program.cells.getName(), args.length == 0 ? 1 : Long.parseLong(args[0]), program);
        OUT.flush();
        Runtime.getRuntime().halt(0);
    }

    /** Rehearses the program, runs it, and prints what happened as one line of JSON. */
    public static void run(String key, long seed, Program program) throws Exception {
        rehearse(program, seed);
        Run run = new Run(program, seed, false, Thread::ofVirtual);
        Thread.ofPlatform().daemon().name("watchdog").start(() -> run.watch(Duration.ofMillis(25)));
        run.start();
        run.end.await();
        String json = run.json(key);
        OUT.println(json);
        OUT.flush();
        for (ExecutorService pool : run.pools.values()) pool.shutdownNow();
        leftBehind = run.live.get() > 0;
        if (!leftBehind) run.stopAlarms();
    }

    private static boolean leftBehind;

    /**
     * Runs the programs of a list, each of its lines {@code KEY SEED}, each as a process of its own would; or, where only time
     * counts (ORRERY_TIMED), one after the other in the same warm process. Ends early after a run that leaves something behind.
     */
    public static void runAll(String list, Function<String, Program> programOf) throws Exception {
        AtomicInteger probes = privateField(ThreadLocalRandom.class, "probeGenerator");
        int probesBefore = probes.get();
        boolean timed = System.getenv("ORRERY_TIMED") != null;
        boolean first = true;
        for (String line : Files.readAllLines(Path.of(list))) {
            if (!first && !timed && !renewScheduler(probes, probesBefore)) break;
            first = false;
            String[] words = line.split(" ");
            FutureTask<Void> run = new FutureTask<>(() -> {
                run(words[0], Long.parseLong(words[1]), programOf.apply(words[0]));
                return null;
            });
            Thread.ofPlatform().name("main").start(run);
            run.get();
            if (leftBehind && !timed) break;
        }
        Runtime.getRuntime().halt(0); // tasks left behind have nothing more to say
    }

    /**
     * Makes the default scheduler what it is at the start of a process: it is shut down, gets the fields of a new one, and no
     * thread has a probe. It stays the same object, since starting a thread asks for that (VirtualThread.DEFAULT_SCHEDULER).
     * False if something goes on running on it: a poller that is shut down between two looks would never look again.
     */
    private static boolean renewScheduler(AtomicInteger probes, int probesBefore) throws Exception {
        Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
        ForkJoinPool scheduler = privateField(virtualThread, "DEFAULT_SCHEDULER");
        for (int looks = 0; !scheduler.isQuiescent(); looks++) {
            if (looks == 1000) return false;
            Thread.sleep(1);
        }
        Thread timer = (Thread) accessible(ForkJoinPool.class.getDeclaredField("delayScheduler")).get(scheduler);
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        scheduler.shutdownNow();
        // The last of them still closes the scheduler's container after it has told of the end.
        if (timer != null) timer.join();
        for (Thread thread : threads) if (thread instanceof ForkJoinWorkerThread carrier && carrier.getPool() == scheduler) carrier.join();
        Object renewed = accessible(virtualThread.getDeclaredMethod("createDefaultScheduler")).invoke(null);
        for (Field field : ForkJoinPool.class.getDeclaredFields())
            if (!Modifier.isStatic(field.getModifiers())) accessible(field).set(scheduler, field.get(renewed));
        probes.set(probesBefore);
        Field probe = accessible(Thread.class.getDeclaredField("threadLocalRandomProbe"));
        for (Thread thread : threads) probe.setInt(thread, 0);
        return true;
    }

    private static <T extends AccessibleObject> T accessible(T member) {
        member.setAccessible(true);
        return member;
    }

    /**
     * Runs the program once, on a scheduler of its own and without its processor time and its services, so that the run
     * itself meets no class that has yet to be loaded and no lambda that has yet to be linked: either holds the carrier for
     * milliseconds. The default scheduler stays untouched: not even the numbering of its threads' probes moves.
     */
    private static void rehearse(Program program, long seed) throws Exception {
        if (!Object.class.getModule().isOpen("java.lang", Orrery.class.getModule())) return;
        AtomicInteger probes = privateField(ThreadLocalRandom.class, "probeGenerator");
        Constructor<?> builders = accessible(
                Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder").getDeclaredConstructor(Executor.class));
        int probesBefore = probes.get();
        AtomicBoolean usesServices = new AtomicBoolean();
        Runnable restore = snapshot(program.cells);
        Thread stage = Thread.ofPlatform().name("rehearsal").unstarted(() -> {
            ForkJoinPool pool = new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
            Run run = new Run(program, seed, true, () -> {
                try {
                    return (Thread.Builder.OfVirtual) builders.newInstance(pool);
                } catch (ReflectiveOperationException error) {
                    throw new IllegalStateException(error);
                }
            });
            Thread watchdog = Thread.ofPlatform().daemon().start(() -> run.watch(Duration.ofMillis(5)));
            try {
                run.start();
                run.end.await(150, TimeUnit.MILLISECONDS);
                run.end("completed", null);
                run.json("");
                watchdog.interrupt();
                for (Alarm alarm : run.alarms) alarm.stop();
                pool.shutdownNow();
                pool.awaitTermination(150, TimeUnit.MILLISECONDS);
                for (ExecutorService each : run.pools.values()) each.shutdownNow();
                usesServices.set(run.usesServices);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        stage.start();
        stage.join();
        restore.run();
        if (Calibration.PER_NS <= 0) throw new IllegalStateException("a clock that does not move");
        probes.set(probesBefore);
        if (usesServices.get()) Service.warmUp();
    }

    @SuppressWarnings("unchecked")
    private static <T> T privateField(Class<?> owner, String name) throws ReflectiveOperationException {
        return (T) accessible(owner.getDeclaredField(name)).get(null);
    }

    /** Remembers the static cells of a program; what it returns puts them back. */
    private static Runnable snapshot(Class<?> cells) throws IllegalAccessException {
        List<Runnable> restores = new ArrayList<>();
        for (Field field : cells.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) continue;
            field.setAccessible(true);
            Object value = field.get(null);
            if (value != null && value.getClass().isArray()) {
                int length = Array.getLength(value);
                Object copy = Array.newInstance(value.getClass().getComponentType(), length);
                System.arraycopy(value, 0, copy, 0, length);
                restores.add(() -> System.arraycopy(copy, 0, value, 0, length));
            } else if (!Modifier.isFinal(field.getModifiers())) {
                Map<?, ?> held = value instanceof Map<?, ?> map ? new TreeMap<>(map) : null;
                restores.add(() -> {
                    try {
                        field.set(null, held == null ? value : held);
                    } catch (IllegalAccessException error) {
                        throw new IllegalStateException(error);
                    }
                });
            }
        }
        return () -> restores.forEach(Runnable::run);
    }
}
`;
