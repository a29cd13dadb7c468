/**
 * The support file of every JavaScript program: what Orrery's language has and Node has not. Kept as text so that it can be
 * written beside generated source anywhere, a browser included.
 */
export const supportPath = "orrery.cjs";

export const support = String.raw`'use strict';

/**
 * What Orrery's programs have and Node has not: Go's channels, select and timers, locks and conditions, a wait group, scopes and
 * cancellation with the language's rules, draws, calibrated processor time, and the books of a run (tasks by path, the log,
 * samples). The log is a list in memory whose order is the order of the calls; it is printed when the run is over.
 *
 * Functions that may wait return a promise or, if they need not wait, a value: either way an await of it takes one turn of the
 * microtask queue. Few of them are async functions, whose own promise costs another turn.
 */
const { execFileSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const timers = require('node:timers/promises');
const { Worker } = require('node:worker_threads');

Promise.withResolvers ??= () => {
  const own = {}; // Node 20
  own.promise = new Promise((resolve, reject) => Object.assign(own, { resolve, reject }));
  return own;
};

// ---- errors

/** An error of the program. */
class Fault extends Error {
  constructor(kind, message = kind, cause = undefined) {
    super(message);
    this.kind = kind;
    this.cause = cause;
  }
}

/** The language's name for what was thrown. */
function kindOf(error) {
  if (error instanceof Fault) return error.kind;
  if (error instanceof AggregateError) return 'TaskFailed'; // of Promise.any
  if (error instanceof TypeError) return 'NoneDeref'; // a method of null, of undefined
  if (error instanceof RangeError) return /call stack/.test(error.message) ? 'DepthExceeded' : 'Overflow';
  // No error of the program.
  console.error(error);
  process.exit(70);
}

function isOneOf(error, ...kinds) {
  return kinds.includes(kindOf(error));
}

function check(condition, message) {
  if (!condition) throw new Fault('AssertFailed', message);
}

/** The function under its procedure's name, by which tasks are known. */
const named = (name, body) => Object.defineProperty(body, 'name', { value: name });

/** The value, which must not be none. */
function some(value) {
  if (value == null) throw new Fault('NoneDeref', 'none where a value is needed');
  return value;
}

// ---- tasks

const MAX_CALL_DEPTH = 10_000;

/** A run of an async function, and what became of it. It is the function's first argument. */
class Task {
  constructor(run, parent, name, isDetached, index = parent?.nextIndex(name) ?? 0) {
    this.run = run;
    this.parent = parent;
    this.name = name;
    if (isDetached) this.isDetached = true;
    /** Its place among the tasks of the same function that the same parent has spawned. */
    this.index = index;
    run.spawned++;
    run.live++;
  }

  /** The next place among the tasks of a function that this one starts. */
  nextIndex(name) {
    this.children ??= new Map();
    const index = this.children.get(name) ?? 0;
    this.children.set(name, index + 1);
    return index;
  }

  get path() {
    return this.parent === null ? this.name : this.parent.path + '/' + this.name + '[' + this.index + ']';
  }

  // ---- other tasks

  child(body, isDetached = false) {
    const child = new Task(this.run, this, body.name, isDetached);
    if (!isDetached) this.scopes?.at(-1)?.add(child);
    return child;
  }

  /** Calls an async function as a task of its own: its body runs at once, up to its first await. The task is the promise. */
  spawn(body, ...args) {
    return body(this.child(body), ...args);
  }

  /** The body begins in a microtask of its own. */
  spawnLater(body, ...args) {
    const child = this.child(body);
    child.own = Promise.withResolvers();
    queueMicrotask(() => body(child, ...args));
    return child.own.promise;
  }

  /** As spawn and spawnLater, with an object that stands for the task. */
  start(body, ...args) {
    const child = this.child(body);
    body(child, ...args);
    return child;
  }

  startLater(body, ...args) {
    const child = this.child(body);
    queueMicrotask(() => body(child, ...args));
    return child;
  }

  /** Starts a task that nobody waits for. */
  detach(body, ...args) {
    body(this.child(body, true), ...args);
  }

  /** A new task after so long, unless the timer is stopped before. */
  afterFunc(ns, body, ...args) {
    return new Timer(ns, new Call(this, body, args));
  }

  /** What is put into one of Node's queues to call a function, which never waits, as a task of its own. */
  callback(body, ...args) {
    const call = new Call(this, body, args);
    call.due();
    return () => {
      call.dropped();
      try {
        call.run();
      } catch {
        // The task has noted it.
      }
    };
  }

  /** As then of a promise: calls a function, which never waits, as a task of its own. */
  onResolve(promise, body, ...args) {
    const { run } = this;
    const call = new Call(this, body, args);
    run.reactions++;
    const handle = (value) => {
      run.reactions--;
      return call.run(value);
    };
    const skip = (error) => {
      run.reactions--;
      throw error;
    };
    if (promise instanceof Future) return promise.chain(handle, skip);
    const derived = promise.promise.then((value) => {
      const result = handle(value);
      return result?.promise instanceof Promise ? result.promise : result;
    }, skip);
    return { promise: derived, resolve() {}, reject() {} };
  }

  /** The first task to end, whatever its end. */
  joinAny(tasks) {
    return this.joined(tasks, (parked) => (task) => task.tell(parked));
  }

  /** The first task to complete; TaskFailed once all have failed. */
  joinFirstSuccess(tasks) {
    let left = tasks.length;
    const none = () => new Fault('TaskFailed', 'every task failed');
    return this.joined(
      tasks,
      (parked) => (task) => {
        if (task.state === 'completed') parked.resolve(task.value);
        else if (--left === 0) parked.reject(none());
      },
      (parked) => parked.reject(none()),
    );
  }

  /** All results in order; TaskFailed as soon as one fails. */
  joinAll(tasks) {
    let left = tasks.length;
    const all = (parked) => parked.resolve(tasks.map((task) => task.value));
    return this.joined(
      tasks,
      (parked) => (task) => {
        if (task.state !== 'completed') task.tell(parked);
        else if (--left === 0) all(parked);
      },
      all,
    );
  }

  /** Waits for all; what became of each. */
  settleAll(tasks) {
    let left = tasks.length;
    const all = (parked) => parked.resolve(tasks.map((task) => task.result));
    return this.joined(
      tasks,
      (parked) => () => {
        if (--left === 0) all(parked);
      },
      all,
    );
  }

  /** Waits as Promise.all and its like do: a microtask for each task that ends, one more for the result. */
  joined(tasks, reaction, empty = () => {}) {
    this.point();
    for (const task of tasks) some(task);
    const parked = new Parked(this);
    const react = reaction(parked);
    for (const task of tasks) task.whenEnded(() => react(task));
    if (tasks.length === 0) empty(parked);
    return parked.promise;
  }

  /** Waits for one task, as an await of its promise does. */
  join(task) {
    this.point();
    some(task);
    const parked = new Parked(this);
    if (task.state === 'live') (task.waiters ??= []).push(() => task.tell(parked));
    else task.tell(parked);
    return parked.promise;
  }

  /** Passes on what it ended with. */
  tell(parked) {
    if (this.state === 'completed') parked.resolve(this.value);
    else parked.reject(this.failure);
  }

  whenEnded(reaction) {
    if (this.state === 'live') (this.waiters ??= []).push(() => queueMicrotask(reaction));
    else queueMicrotask(reaction);
  }

  // ---- its own end

  /** A call that may nest without end: given to the called function in the task's place. */
  calls() {
    if (this.depth >= MAX_CALL_DEPTH)
      throw new Fault('DepthExceeded', 'more than ' + MAX_CALL_DEPTH + ' nested calls');
    this.depth++;
    return this;
  }

  /** Notes the task's result; of a call it is passed on. */
  returns(value) {
    if (this.depth === 0) this.value = value;
    return value;
  }

  /** Notes the task's error, and gives what those who join it get to see. */
  failed(error) {
    if (this.depth > 0) return error;
    kindOf(error);
    this.error = error;
    return this.failure;
  }

  get failure() {
    return new Fault('TaskFailed', this.path + ': ' + this.error.message, this.error);
  }

  get result() {
    return new Result(this.state === 'completed', this.value, this.error === null ? null : kindOf(this.error));
  }

  /** The function is at its end. */
  ended() {
    if (this.depth > 0) {
      this.depth--;
      return;
    }
    const { run, error } = this;
    this.state = error === null ? 'completed' : kindOf(error) === 'Cancelled' ? 'cancelled' : 'failed';
    if (run.over) return;
    run[this.state]++;
    run.live--;
    this.inScope?.childEnded(this);
    run.taskEnded(this);
    if (this.own !== null) {
      if (error === null) this.own.resolve(this.value);
      else this.own.reject(this.failure);
    }
    if (this.waiters !== null) for (const waiter of this.waiters) waiter();
    this.waiters = null;
  }

  // ---- cancellation

  /** A request to stop: ends what the task waits for, or else the next wait. */
  cancel() {
    if (this.state !== 'live') return;
    for (const region of this.regions) region.isOvertaken = true;
    if (this.cancelRequested) return;
    this.cancelRequested = true;
    if (this.shields === 0) this.interrupt();
  }

  /** Ends what it waits for. */
  interrupt() {
    if (this.parked !== null && !this.parked.isSettled) this.parked.cancel();
  }

  /** A cancellation point. */
  point() {
    if (!this.cancelRequested || this.shields > 0) return;
    this.cancelRequested = false;
    throw new Fault('Cancelled');
  }

  /** What a task throws that gives up; a request that is still pending is answered by it. */
  cancelled() {
    this.cancelRequested = false;
    return new Fault('Cancelled');
  }

  /** No cancellation is delivered before unshield. */
  shield() {
    this.shields++;
  }

  unshield() {
    this.shields--;
  }

  /** Opens a block that is cancelled when it takes longer. */
  deadline(ns) {
    const region = new Region(this, 'Timeout');
    const timer = setTimeout(() => region.expire(), Math.max(0, ns) / MS);
    region.forget = () => clearTimeout(timer);
    return region;
  }

  /** Opens a block that is cancelled when the token is. */
  under(token) {
    const { regions } = token;
    const region = new Region(this, 'Cancelled');
    if (token.isCancelled) region.expire();
    else regions.add(region);
    region.forget = () => regions.delete(region);
    return region;
  }

  scope(kind) {
    const scope = new Scope(this, kind);
    (this.scopes ??= []).push(scope);
    return scope;
  }

  // ---- waiting

  /** As setTimeout of node:timers/promises, but ended by a cancellation. */
  sleep(ns) {
    this.point();
    const parked = new Parked(this, () => clearTimeout(timer));
    const timer = setTimeout(() => parked.resolve(), Math.max(0, ns) / MS);
    return parked.promise;
  }

  /** Go's select: waits for the first of the cases that can go on, at most so long. */
  select(arms, timeoutNs = null) {
    this.point();
    const ready = this.ready(arms);
    if (ready !== null) return ready;
    let timer = null;
    const forget = () => {
      for (const { channel } of arms) channel.forget(waiter);
      if (timer !== null) clearTimeout(timer);
    };
    const waiter = new Waiter(this, forget, (done) => done.resolve(new Chosen(arms, done, forget)));
    arms.forEach(({ channel, isSend, value }, arm) => {
      if (channel !== NONE) (isSend ? channel.senders : channel.receivers).push({ waiter, arm, value });
    });
    if (timeoutNs !== null)
      timer = setTimeout(() => waiter.resolve(new Chosen(arms, waiter, forget)), Math.max(0, timeoutNs) / MS);
    return waiter.promise;
  }

  /** Takes a case that can go on now, or none. */
  trySelect(arms) {
    this.point();
    return this.ready(arms) ?? new Chosen(arms, null, null);
  }

  ready(arms) {
    for (const arm of this.run.selectOrder(arms.length)) {
      const { channel, isSend, value } = arms[arm];
      if (channel === NONE) continue;
      if (isSend) {
        if (channel.offer(value)) return new Chosen(arms, { done: true, arm, value: null, ok: true }, null);
      } else {
        const received = channel.poll();
        if (received !== null) return new Chosen(arms, { done: true, arm, ...received }, null);
      }
    }
    return null;
  }

  // ---- observations: never a scheduling point

  now() {
    return this.run.now();
  }

  log(statement, text) {
    const { run } = this;
    if (!run.over) run.log.push([statement, this, text, run.now()]);
  }

  /** The time of this instant, or since another. */
  mark(name, from = 0) {
    this.measure(name, this.run.now() - from);
  }

  measure(name, value) {
    const { samples } = this.run;
    const known = samples.get(name);
    if (known === undefined) samples.set(name, [value]);
    else known.push(value);
  }

  count(name, by = 1) {
    const { counts } = this.run;
    counts.set(name, (counts.get(name) ?? 0) + by);
  }

  gauge(name, value) {
    this.run.counts.set(name, value);
  }

  /** Notes a condition that does not hold; the program goes on. */
  expect(condition, message) {
    if (!condition) this.run.unmet.push(this.path + ': ' + message);
  }

  // ---- draws: value n of a stream in a task is a function of (seed, stream, task, n) alone

  /** The task's next value of a stream. */
  draw(stream, from) {
    this.draws ??= new Map();
    const n = this.draws.get(stream) ?? 0;
    this.draws.set(stream, n + 1);
    return from(mix(xor(this.ownHash, nameHash(stream))), n);
  }

  /** A choice in 0..n-1. */
  choose(n) {
    check(n >= 1, 'choose among ' + n);
    return this.draw('choose', (stream, index) => below(n, stream, index));
  }

  get ownHash() {
    return (this.hash ??=
      this.parent === null
        ? mix(fromWhole(this.run.seed))
        : word(xor(this.parent.ownHash, nameHash(this.name)), this.index));
  }
}

/** What few tasks need is not kept in each. */
Object.assign(Task.prototype, {
  isDetached: false,
  state: 'live',
  value: null,
  error: null,
  /** Counted calls that are under way. */
  depth: 0,
  cancelRequested: false,
  /** Blocks that no cancellation reaches, and those that can be cancelled by themselves, that it is inside of. */
  shields: 0,
  regions: [],
  /** What it waits for, if a cancellation can end that. */
  parked: null,
  /** Called when it has ended. */
  waiters: null,
  /** Resolvers of its promise, if that is not its function's own. */
  own: null,
  inScope: null,
  scopes: null,
  /** How many of its tasks run each function, draws so far by stream. */
  children: null,
  draws: null,
  hash: null,
});

/** What became of a task. */
class Result {
  constructor(ok, value, error) {
    this.ok = ok;
    this.value = value;
    this.error = error;
  }
}

/** The result in what Promise.allSettled says of a task. */
function resultOf({ status, value, reason }) {
  return status === 'fulfilled' ? new Result(true, value ?? null, null) : new Result(false, null, kindOf(reason.cause));
}

/** A wait of a task: a promise that is settled once, by whoever comes first. */
class Parked {
  constructor(task, withdraw = null) {
    this.task = task;
    this.withdraw = withdraw;
    this.isSettled = false;
    this.own = Promise.withResolvers();
    if (task !== undefined) task.parked = this;
  }

  get promise() {
    return this.own.promise;
  }

  resolve(value) {
    if (this.isSettled) return;
    this.isSettled = true;
    this.own.resolve(value);
  }

  reject(error) {
    if (this.isSettled) return;
    this.isSettled = true;
    this.own.reject(error);
  }

  /** The request is answered when the task goes on. */
  cancel() {
    this.withdraw?.();
    queueMicrotask(() => {
      this.task.cancelRequested = false;
    });
    this.reject(new Fault('Cancelled'));
  }
}

/** Tasks that end before the block that spawned them does. */
class Scope {
  constructor(owner, kind) {
    this.owner = owner;
    this.isRace = kind.startsWith('race');
    this.leavesLosers = kind === 'raceLeavingLosers';
    this.cancelsSiblings = kind === 'cancelSiblings';
    this.children = [];
    this.firstFailure = null;
    this.first = null;
    this.isClosing = false;
    this.raised = null;
    this.own = null;
  }

  add(child) {
    child.inScope = this;
    this.children.push(child);
    child.cancelRequested = this.isRace ? this.first !== null : this.cancelsSiblings && this.firstFailure !== null;
  }

  /** Result of the race's winner. */
  get winner() {
    return this.first === null ? null : this.first.value;
  }

  /** The block failed: its tasks will be cancelled. */
  failed(error) {
    this.raised = error;
    return error;
  }

  childEnded(child) {
    if (child.state === 'completed') {
      if (!this.isRace || this.first !== null) return;
      this.first = child;
      this.cancelAll(child);
    } else if (child.state === 'failed' && this.firstFailure === null) {
      this.firstFailure = child;
      if (!this.cancelsSiblings) return;
      this.cancelAll(child);
      if (!this.isClosing) this.owner.cancel();
    }
  }

  cancelAll(by) {
    for (const child of this.children) if (child !== by) child.cancel();
  }

  /** The end of the block: waits for its tasks, then throws what replaces the block's own end. */
  close() {
    const { owner } = this;
    owner.scopes.pop();
    this.isClosing = true;
    this.own = Promise.withResolvers();
    if (this.raised !== null) this.cancelAll(owner);
    else if (owner.cancelRequested && this.firstFailure !== null) owner.cancelRequested = false; // it was the scope's own
    this.wait(this.raised);
    return this.own.promise;
  }

  /** As Promise.allSettled; a race that leaves its losers as Promise.any. */
  wait(blockRaised) {
    const { owner } = this;
    const wait = { isSettled: false, cancel: () => {} };
    const over = () => {
      wait.isSettled = true;
      const failure = this.failure();
      if (failure === null || failure === blockRaised) this.own.resolve();
      else this.own.reject(failure);
    };
    // A cancellation is passed on, and the wait begins anew.
    wait.cancel = () => {
      wait.isSettled = true;
      queueMicrotask(() => {
        this.raised = owner.cancelled();
        this.cancelAll(owner);
        this.wait(blockRaised);
      });
    };
    owner.parked = wait;
    let left = this.children.length;
    for (const child of this.children)
      child.whenEnded(() => {
        left--;
        if (!wait.isSettled && (left === 0 || (this.leavesLosers && child.state === 'completed'))) over();
      });
    if (left === 0) over();
  }

  failure() {
    const { raised, firstFailure } = this;
    if (this.isRace) {
      if (raised !== null || this.first !== null || this.children.length === 0) return raised;
      return new Fault('TaskFailed', 'no task of the race completed');
    }
    if (firstFailure !== null && (raised === null || kindOf(raised) === 'Cancelled')) return firstFailure.failure;
    return raised;
  }
}

/**
 * A block that is cancelled by itself: its task gets Cancelled at its next cancellation point, and the end of the block knows
 * whose cancellation it was: the innermost block's that wanted it, unless a block around it or a request to the task came too.
 */
class Region {
  constructor(owner, raises) {
    this.owner = owner;
    this.raises = raises;
    this.isFired = false;
    this.isOvertaken = false;
    /** Takes it away from what cancels it. */
    this.forget = null;
    if (owner.regions.length === 0) owner.regions = [];
    owner.regions.push(this);
  }

  /** The time is over, or the token cancelled. */
  expire() {
    const { owner } = this;
    if (this.isFired || this.isOvertaken) return;
    this.isFired = true;
    for (const inner of owner.regions.slice(owner.regions.indexOf(this) + 1)) inner.isOvertaken = true;
    if (owner.cancelRequested) return;
    owner.cancelRequested = true;
    if (owner.shields === 0) owner.interrupt();
  }

  /** What the block throws, given what was thrown in it. */
  failed(error) {
    if (!this.isFired || this.isOvertaken || kindOf(error) !== 'Cancelled') return error;
    this.owner.cancelRequested = false;
    this.isOvertaken = true;
    return new Fault(this.raises);
  }

  /** The end of the block. A cancellation that it did not meet is over with it. */
  close() {
    this.owner.regions.pop();
    this.forget();
    if (this.isFired && !this.isOvertaken) this.owner.cancelRequested = false;
  }
}

/** Cancels every block that runs under it, as AbortController does what takes its signal. */
class Token {
  constructor() {
    this.isCancelled = false;
    this.regions = new Set();
    this.receivers = new Fifo();
  }

  cancel() {
    this.isCancelled = true;
    for (const region of this.regions) region.expire();
    this.regions.clear();
    happens(this);
  }

  /** A case of a select, ready once it is cancelled. */
  receiving() {
    return { channel: this, isSend: false, value: null };
  }

  poll() {
    return this.isCancelled ? new Received(null, true) : null;
  }

  forget(waiter) {
    this.receivers.forget(waiter);
  }
}

/** A call that comes later: a task whose place among its parent's is taken already. */
class Call {
  constructor(parent, body, args) {
    this.parent = parent;
    this.body = body;
    this.args = args;
    this.again();
  }

  /** Another call of the same. */
  again() {
    this.index = this.parent.nextIndex(this.body.name);
  }

  /** Nothing but time stands before it: the program is not at its end. */
  due() {
    this.parent.run.later++;
  }

  dropped() {
    this.parent.run.later--;
  }

  get task() {
    return new Task(this.parent.run, this.parent, this.body.name, false, this.index);
  }

  /** Calls a function that tells its task of its end. */
  start() {
    this.body(this.task, ...this.args);
  }

  /** Calls a plain function, and tells the task. */
  run(...more) {
    const { task } = this;
    task.depth = 1; // a function that counts its calls ends one of them
    try {
      task.value = this.body(task, ...this.args, ...more) ?? null;
      return task.value;
    } catch (error) {
      task.depth = 0;
      task.failed(error);
      throw error;
    } finally {
      task.depth = 0;
      task.ended();
    }
  }
}

/** Blocks to run at the end of a function, the last first. */
class Deferred {
  constructor() {
    this.blocks = [];
  }

  add(block) {
    this.blocks.push(block);
  }

  run() {
    while (this.blocks.length > 0) {
      const block = this.blocks.pop();
      try {
        block();
      } finally {
        this.run();
      }
    }
  }

  /** For blocks that await. */
  async runInTurn() {
    while (this.blocks.length > 0) {
      const block = this.blocks.pop();
      try {
        await block();
      } finally {
        if (this.blocks.length > 0) await this.runInTurn();
      }
    }
  }
}

/** Promise.withResolvers() whose waits a cancellation can end, and that a select can wait for. */
class Future {
  constructor() {
    this.waiting = [];
    this.receivers = new Fifo();
    this.isSettled = false;
    this.value = null;
    this.error = null;
  }

  resolve(value) {
    this.settle(value, null);
  }

  reject(error) {
    this.settle(null, error);
  }

  settle(value, error) {
    if (this.isSettled) return;
    this.isSettled = true;
    this.value = value;
    this.error = error;
    happens(this);
    for (const parked of this.waiting) this.tell(parked);
    this.waiting = [];
  }

  tell(parked) {
    if (this.error === null) parked.resolve(this.value);
    else parked.reject(this.error);
  }

  /** A case of a select, ready once it is settled. */
  receiving() {
    return { channel: this, isSend: false, value: null };
  }

  poll() {
    return this.isSettled ? new Received(this.value ?? null, true) : null;
  }

  forget(waiter) {
    this.receivers.forget(waiter);
  }

  wait(task) {
    task.point();
    return this.parked(task);
  }

  parked(task = undefined) {
    const parked = new Parked(task);
    if (this.isSettled) this.tell(parked);
    else this.waiting.push(parked);
    return parked.promise;
  }

  /** As then of a promise, in as many turns. */
  chain(onResolved, onRejected) {
    const derived = new Future();
    const reaction = (handler) => (argument) => {
      try {
        derived.follow(handler(argument));
      } catch (error) {
        derived.reject(error);
      }
    };
    this.parked().then(reaction(onResolved), reaction(onRejected));
    return derived;
  }

  /** As the resolving function of a promise: what is a promise itself is waited for from a job of its own. */
  follow(value) {
    if (!(value instanceof Future)) return this.resolve(value);
    queueMicrotask(() =>
      value.parked().then(
        (settled) => this.resolve(settled),
        (error) => this.reject(error),
      ),
    );
  }
}

// ---- channels: Go's semantics, direct hand-over to the longest waiter

/** A task parked in a channel, a select, a lock or a group. Whoever completes it fills in the result. */
class Waiter extends Parked {
  constructor(task, forget, wake) {
    super(task, () => {
      this.done = true;
      forget(this);
    });
    this.wake = wake;
    this.done = false;
    this.arm = 0;
    this.value = null;
    this.ok = false;
  }

  /** False if somebody else was first. */
  complete(arm, value, ok) {
    if (this.done) return false;
    this.done = true;
    this.arm = arm;
    this.value = value;
    this.ok = ok;
    this.wake(this);
    return true;
  }

  /** Waits no longer than that; then it is resolved with false. */
  giveUpAfter(ns) {
    const { wake, withdraw } = this;
    const timer = setTimeout(() => {
      if (this.done) return;
      withdraw();
      this.resolve(false);
    }, Math.max(0, ns) / MS);
    this.wake = () => {
      clearTimeout(timer);
      wake(this);
    };
    this.withdraw = () => {
      clearTimeout(timer);
      withdraw();
    };
  }
}

/** A queue in an array with a moving head. */
class Fifo {
  constructor() {
    this.items = [];
    this.head = 0;
  }

  get length() {
    return this.items.length - this.head;
  }

  push(item) {
    this.items.push(item);
  }

  peek() {
    return this.items[this.head];
  }

  shift() {
    if (this.head === this.items.length) return undefined;
    const item = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head >= 32 && this.head * 2 >= this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  forget(waiter) {
    this.items = this.items.slice(this.head).filter((item) => item.waiter !== waiter);
    this.head = 0;
  }
}

/** What a receive gave; as next() of an iterator gives it. */
class Received {
  constructor(value, ok) {
    this.value = value;
    this.ok = ok;
  }

  get done() {
    return !this.ok;
  }
}

class Channel {
  constructor(capacity) {
    check(capacity >= 0, 'a channel of capacity ' + capacity);
    this.capacity = capacity;
    this.isClosed = false;
    this.buffer = new Fifo();
    this.receivers = new Fifo();
    this.senders = new Fifo();
  }

  /** The channel, or for none one that nobody can use. */
  static orNone(channel) {
    return channel ?? NONE;
  }

  get length() {
    return this.buffer.length;
  }

  send(value, task = undefined) {
    task?.point();
    if (this === NONE) return new Parked(task).promise;
    if (this.offer(value)) return undefined;
    const waiter = new Waiter(
      task,
      () => this.forget(waiter),
      () => (waiter.ok ? waiter.resolve() : waiter.reject(new Fault('ChannelClosed', 'send on closed channel'))),
    );
    this.senders.push({ waiter, arm: 0, value });
    return waiter.promise;
  }

  /** The next item, null if the channel is closed. */
  recv(task = undefined) {
    return this.take(task, ({ value }) => value);
  }

  receive(task = undefined) {
    return this.take(task, ({ value, ok }) => new Received(value, ok));
  }

  take(task, give) {
    task?.point();
    if (this === NONE) return new Parked(task).promise;
    const received = this.poll();
    if (received !== null) return give(received);
    const waiter = new Waiter(
      task,
      () => this.forget(waiter),
      () => waiter.resolve(give(waiter)),
    );
    this.receivers.push({ waiter, arm: 0, value: null });
    return waiter.promise;
  }

  /** The items until the channel is closed, for await: each takes the turn of a receive. */
  items(task = undefined) {
    return { [Symbol.asyncIterator]: () => ({ next: () => this.receive(task) }) };
  }

  [Symbol.asyncIterator]() {
    return { next: () => this.receive() };
  }

  /** True if the item went to a receiver or into the buffer. */
  trySend(value) {
    return this !== NONE && this.offer(value);
  }

  tryRecv() {
    return (this === NONE ? null : this.poll()) ?? new Received(null, false);
  }

  close() {
    if (this === NONE) throw new Fault('CloseOfNone', 'close of none channel');
    if (this.isClosed) throw new Fault('CloseOfClosed', 'close of closed channel');
    this.isClosed = true;
    for (const queue of [this.receivers, this.senders])
      for (let parked = queue.shift(); parked !== undefined; parked = queue.shift())
        parked.waiter.complete(parked.arm, null, false);
  }

  /** A case of a select. */
  receiving() {
    return { channel: this, isSend: false, value: null };
  }

  sending(value) {
    return { channel: this, isSend: true, value };
  }

  offer(value) {
    if (this.isClosed) throw new Fault('ChannelClosed', 'send on closed channel');
    for (let parked = this.receivers.shift(); parked !== undefined; parked = this.receivers.shift())
      if (parked.waiter.complete(parked.arm, value, true)) return true;
    if (this.buffer.length >= this.capacity) return false;
    this.buffer.push(value);
    return true;
  }

  /** What was received, null if nothing is there yet. */
  poll() {
    const isBuffered = this.buffer.length > 0;
    const value = isBuffered ? this.buffer.shift() : null;
    for (let parked = this.senders.shift(); parked !== undefined; parked = this.senders.shift()) {
      if (!parked.waiter.complete(parked.arm, null, true)) continue;
      if (!isBuffered) return new Received(parked.value, true);
      this.buffer.push(parked.value);
      break;
    }
    if (isBuffered) return new Received(value, true);
    return this.isClosed ? new Received(null, false) : null;
  }

  forget(waiter) {
    this.receivers.forget(waiter);
    this.senders.forget(waiter);
  }
}

/** Stands for none in a channel's place. */
const NONE = new Channel(0);

/** Completes the selects that wait for a promise or a token. */
function happens(signal) {
  const { receivers } = signal;
  for (let parked = receivers.shift(); parked !== undefined; parked = receivers.shift())
    parked.waiter.complete(parked.arm, signal.poll().value, true);
}

/** The outcome of a select, looked at when its task goes on: until then the timeout can lose to a case. */
class Chosen {
  constructor(arms, waiter, forget) {
    this.arms = arms;
    this.waiter = waiter;
    this.forget = forget;
  }

  /** Index of the case, -1 for none. */
  arm() {
    this.forget?.();
    if (this.waiter === null || !this.waiter.done) {
      if (this.waiter !== null) this.waiter.done = true;
      return -1;
    }
    const { arm, ok } = this.waiter;
    const { channel, isSend } = this.arms[arm];
    if (!ok && isSend) throw new Fault('ChannelClosed', 'send on closed channel');
    if (channel instanceof Future && channel.error !== null) throw channel.error;
    return arm;
  }

  get value() {
    return this.waiter.value;
  }

  get ok() {
    return this.waiter.ok;
  }
}

// ---- timers

/** Sends how often it has fired to a channel with room for one value, or calls. */
class Timer {
  constructor(ns, call = null) {
    this.call = call;
    this.channel = call === null ? new Channel(1) : null;
    this.fired = 0;
    this.timeout = null;
    if (ns !== null) this.start(ns);
  }

  start(ns) {
    this.call?.due();
    this.timeout = setTimeout(() => {
      this.timeout = null;
      this.fire();
    }, Math.max(0, ns) / MS);
  }

  fire() {
    this.fired++;
    if (this.call !== null) {
      this.call.dropped();
      this.call.start();
    } else if (!this.channel.isClosed && this.channel.length === 0) this.channel.offer(this.fired);
  }

  /** True if it had not fired. */
  stop() {
    if (this.timeout === null) return false;
    clearTimeout(this.timeout);
    this.timeout = null;
    this.call?.dropped();
    return true;
  }

  /** Starts it anew, without what nobody has taken out of its channel. */
  reset(ns) {
    const wasPending = this.stop();
    if (!wasPending) this.call?.again();
    this.channel?.poll();
    this.start(ns);
    return wasPending;
  }
}

/** Fires again and again. One that is late drifts, as setInterval does, or keeps to its grid: it drops what it missed, or makes up for it in a burst. */
class Ticker extends Timer {
  constructor(ns, catchUp = 'drift') {
    super(null);
    this.catchUp = catchUp;
    this.start(ns);
  }

  start(ns) {
    this.periodMs = Math.max(1, ns) / MS;
    if (this.catchUp === 'drift') this.timeout = setInterval(() => this.fire(), this.periodMs);
    else this.tickAt(performance.now() + this.periodMs);
  }

  tickAt(whenMs) {
    const { periodMs } = this;
    const tick = () => {
      this.fire();
      const missed = this.catchUp === 'drop' ? Math.floor(Math.max(0, performance.now() - whenMs) / periodMs) : 0;
      this.tickAt(whenMs + periodMs * (1 + missed));
    };
    this.timeout = setTimeout(tick, Math.max(1, Math.round(whenMs - performance.now())));
  }
}

/** A channel that gets one value after so long. */
function after(ns) {
  return new Timer(ns).channel;
}

// ---- locks and groups

/** A counting semaphore, first come first served: permits are handed over by the releaser. */
class Semaphore {
  constructor(permits) {
    this.permits = permits;
    this.queue = new Fifo();
  }

  acquire(count = 1, task = undefined) {
    task?.point();
    if (this.tryAcquire(count)) return undefined;
    const forget = () => {
      this.queue.forget(waiter);
      this.grant();
    };
    const waiter = new Waiter(task, forget, () => waiter.resolve());
    this.queue.push({ waiter, count });
    return waiter.promise;
  }

  acquireFor(ns, count = 1, task = undefined) {
    task?.point();
    if (this.tryAcquire(count)) return true;
    const forget = () => {
      this.queue.forget(waiter);
      this.grant();
    };
    const waiter = new Waiter(task, forget, () => waiter.resolve(true));
    this.queue.push({ waiter, count });
    waiter.giveUpAfter(ns);
    return waiter.promise;
  }

  tryAcquire(count) {
    if (this.queue.length > 0 || this.permits < count) return false;
    this.permits -= count;
    return true;
  }

  release(count = 1) {
    this.permits += count;
    this.grant();
  }

  grant() {
    for (let first = this.queue.peek(); first !== undefined && first.count <= this.permits; first = this.queue.peek()) {
      this.queue.shift();
      if (first.waiter.complete(0, null, true)) this.permits -= first.count;
    }
  }
}

/** Its permits go to whoever comes to take them: who waits longest is woken, one at a time, to try again. */
class BargingSemaphore {
  constructor(permits) {
    this.permits = permits;
    this.places = [];
  }

  acquire(count = 1, task = undefined) {
    return this.acquireFor(null, count, task);
  }

  async acquireFor(ns, count = 1, task = undefined) {
    task?.point();
    if (this.tryAcquire(count)) return true;
    const place = { parked: new Parked(task) };
    let isLate = false;
    const giveUp = () => {
      isLate = true;
      place.parked.resolve();
    };
    const timer = ns === null ? undefined : setTimeout(giveUp, Math.max(0, ns) / MS);
    this.places.push(place);
    try {
      for (;;) {
        await place.parked.promise;
        if (this.tryAcquire(count)) return true;
        if (isLate) return false;
        task?.point();
        place.parked = new Parked(task);
      }
    } finally {
      clearTimeout(timer);
      this.places = this.places.filter((each) => each !== place);
      this.wakeFirst();
    }
  }

  tryAcquire(count) {
    if (this.permits < count) return false;
    this.permits -= count;
    return true;
  }

  release(count = 1) {
    this.permits += count;
    this.wakeFirst();
  }

  wakeFirst() {
    if (this.permits > 0) this.places[0]?.parked.resolve();
  }
}

/** Any task may unlock it. */
class Mutex {
  constructor(semaphore = new Semaphore(1)) {
    this.semaphore = semaphore;
  }

  lock(task = undefined) {
    return this.semaphore.acquire(1, task);
  }

  lockFor(ns, task = undefined) {
    return this.semaphore.acquireFor(ns, 1, task);
  }

  tryLock() {
    return this.semaphore.tryAcquire(1);
  }

  unlock() {
    if (this.semaphore.permits > 0) throw new Fault('UnlockOfUnlocked', 'unlock of an unlocked mutex');
    this.semaphore.release();
  }
}

/** Go's WaitGroup: reaching zero wakes everybody, in order of arrival. */
class Group {
  constructor() {
    this.count = 0;
    this.queue = new Fifo();
  }

  add(by) {
    if (this.count + by < 0) throw new Fault('NegativeGroup', 'negative count of a group');
    this.count += by;
    if (this.count > 0) return;
    for (let parked = this.queue.shift(); parked !== undefined; parked = this.queue.shift())
      parked.waiter.complete(0, null, true);
  }

  done() {
    this.add(-1);
  }

  wait(task = undefined) {
    task?.point();
    if (this.count === 0) return undefined;
    const waiter = new Waiter(
      task,
      () => this.queue.forget(waiter),
      () => waiter.resolve(),
    );
    this.queue.push({ waiter });
    return waiter.promise;
  }
}

/** Many readers or one writer, as Go's RWMutex has them: a reader lets a writer that waits pass, and a writer all readers that came meanwhile. */
class RwLock {
  constructor() {
    this.readers = 0;
    this.isWriting = false;
    this.waitingReaders = new Fifo();
    this.waitingWriters = new Fifo();
  }

  rlock(task = undefined) {
    task?.point();
    if (this.isWriting || this.waitingWriters.length > 0) return this.park(this.waitingReaders, task);
    this.readers++;
    return undefined;
  }

  wlock(task = undefined) {
    task?.point();
    if (this.isWriting || this.readers > 0 || this.waitingWriters.length > 0) return this.park(this.waitingWriters, task);
    this.isWriting = true;
    return undefined;
  }

  park(queue, task) {
    const forget = () => {
      queue.forget(waiter);
      if (!this.isWriting && this.waitingWriters.length === 0) this.admitReaders();
      this.admitWriter();
    };
    const waiter = new Waiter(task, forget, () => waiter.resolve());
    queue.push({ waiter });
    return waiter.promise;
  }

  runlock() {
    if (this.readers === 0) throw new Fault('UnlockOfUnlocked', 'runlock of an unlocked rwlock');
    this.readers--;
    this.admitWriter();
  }

  wunlock() {
    if (!this.isWriting) throw new Fault('UnlockOfUnlocked', 'wunlock of an unlocked rwlock');
    this.isWriting = false;
    this.admitReaders();
    this.admitWriter();
  }

  admitReaders() {
    for (let left = this.waitingReaders.length; left > 0; left--)
      if (this.waitingReaders.shift().waiter.complete(0, null, true)) this.readers++;
  }

  admitWriter() {
    while (!this.isWriting && this.readers === 0 && this.waitingWriters.length > 0)
      this.isWriting = this.waitingWriters.shift().waiter.complete(0, null, true);
  }
}

/** Tasks that wait for a signal, oldest first. */
class Waiters {
  constructor() {
    this.queue = new Fifo();
  }

  get length() {
    return this.queue.length;
  }

  /** A wait, at most so long; it tells whether the signal came. */
  park(task = undefined, ns = null) {
    const waiter = new Waiter(
      task,
      () => this.queue.forget(waiter),
      () => waiter.resolve(true),
    );
    this.queue.push({ waiter });
    if (ns !== null) waiter.giveUpAfter(ns);
    return waiter;
  }

  signal() {
    for (let parked = this.queue.shift(); parked !== undefined; parked = this.queue.shift())
      if (parked.waiter.complete(0, null, true)) return;
  }

  broadcast() {
    while (this.length > 0) this.signal();
  }
}

/** Waits for a signal and then for the lock, which it takes however the wait ended. */
async function signalled(waiter, lock) {
  try {
    const came = await waiter.promise;
    await lock.acquire();
    return came;
  } catch (error) {
    const { task } = waiter;
    task.cancelRequested = true; // until it hears of it
    await lock.acquire();
    queueMicrotask(() => {
      task.cancelRequested = false;
    });
    throw error;
  }
}

/** A condition of a mutex. */
class Condition {
  constructor(mutex) {
    this.mutex = some(mutex);
    this.waiters = new Waiters();
  }

  wait(task = undefined) {
    return this.waitFor(null, task);
  }

  /** False if no signal came in time. */
  waitFor(ns, task = undefined) {
    task?.point();
    const { semaphore } = this.mutex;
    if (semaphore.permits > 0) throw new Fault('UnlockOfUnlocked', 'wait without the mutex');
    const waiter = this.waiters.park(task, ns);
    semaphore.release();
    return signalled(waiter, semaphore);
  }

  signal() {
    this.waiters.signal();
  }

  broadcast() {
    this.waiters.broadcast();
  }
}

/** A lock with a condition, owned by the task that entered it, which may enter it again. */
class Monitor {
  constructor() {
    this.lock = new Semaphore(1);
    this.waiters = new Waiters();
    this.owner = null;
    this.depth = 0;
  }

  enter(task) {
    const entered = () => {
      this.owner = task;
      this.depth++;
    };
    const waiting = this.owner === task ? undefined : this.lock.acquire();
    if (waiting === undefined) entered();
    else waiting.then(entered);
    return waiting;
  }

  exit() {
    if (--this.depth > 0) return;
    this.owner = null;
    this.lock.release();
  }

  wait(task) {
    return this.waitFor(null, task);
  }

  /** False if nobody notified it in time. */
  waitFor(ns, task) {
    task.point();
    this.check(task);
    const { depth } = this;
    const again = () => {
      this.owner = task;
      this.depth = depth;
    };
    const waiter = this.waiters.park(task, ns);
    this.depth = 1;
    this.exit();
    const waiting = signalled(waiter, this.lock);
    waiting.then(again, again);
    return waiting;
  }

  notify(task) {
    this.check(task);
    this.waiters.signal();
  }

  notifyAll(task) {
    this.check(task);
    this.waiters.broadcast();
  }

  check(task) {
    if (this.owner !== task) throw new Fault('UnlockOfUnlocked', 'a monitor of somebody else');
  }
}

/** What is done once: those who come meanwhile wait until it has ended, well or not. */
class Once {
  constructor() {
    this.state = 'new';
    this.waiters = new Waiters();
  }

  async do(body) {
    if (this.state === 'running') await this.waiters.park().promise;
    if (this.state === 'done') return;
    this.state = 'running';
    try {
      const call = body();
      if (call instanceof Promise) await call;
    } finally {
      this.state = 'done';
      this.waiters.broadcast();
    }
  }
}

/** Lets its waiters go when so many have come, again and again. */
class Barrier {
  constructor(parties) {
    this.parties = parties;
    this.waiters = new Waiters();
  }

  wait(task = undefined) {
    task?.point();
    if (this.waiters.length + 1 < this.parties) return this.waiters.park(task).promise;
    this.waiters.broadcast();
    return undefined;
  }
}

// ---- processor time, calls that block, input and output

const US = 1_000;
const MS = 1_000_000;
const S = 1_000_000_000;

const ROUNDS = 15;
const CHUNK = 1_000_000;

let sink = 1;

/** Keeps the processor busy: a count of iterations, never a look at the clock. */
function burn(iterations) {
  let x = sink | 1;
  for (let left = iterations; left > 0; left -= CHUNK) {
    const n = left < CHUNK ? left : CHUNK;
    for (let i = 0; i < n; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
    }
  }
  sink = x;
}

/** Hashing on a thread of libuv's pool. */
const HASH = ['password', 'salt'];

/** Median time of one iteration, ns, over several rounds once it is compiled. */
function calibrated(iterations, run) {
  for (let i = 0; i < ROUNDS; i++) run(iterations / 10);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run(iterations);
    return ((performance.now() - start) * MS) / iterations;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
}

let burnNs = 0;
const calibrateBurn = () => (burnNs ||= calibrated(200_000, burn));
let hashNs = 0;
const hash = (iterations) => crypto.pbkdf2Sync(...HASH, iterations, 32, 'sha256');
const calibrateHash = () => (hashNs ||= calibrated(500, hash));

/** Takes so much processor time on an idle machine. */
function cpu(ns) {
  burn(Math.round(Math.max(0, ns) / calibrateBurn()));
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** The thread sleeps in the kernel, and all of JavaScript with it. */
function block(ns) {
  Atomics.wait(cell, 0, 0, Math.max(0, ns) / MS);
}

/** Processor time on libuv's pool, or on a pool of so many Workers. */
function offload(ns, workers = 0) {
  if (workers === 0) return onThreadpool(ns);
  const size = Math.max(1, workers);
  if (!pools.has(size)) pools.set(size, new WorkerPool(size));
  return pools.get(size).run(Math.round(Math.max(0, ns) / calibrateBurn()));
}

function onThreadpool(ns) {
  const iterations = Math.max(1, Math.round(ns / calibrateHash()));
  const { promise, resolve } = Promise.withResolvers();
  crypto.pbkdf2(...HASH, iterations, 32, 'sha256', () => resolve());
  return promise;
}

const pools = new Map();

const WORKER = [
  "const { parentPort } = require('node:worker_threads');",
  'let sink = 1;',
  'const CHUNK = ' + CHUNK + ';',
  burn.toString(),
  'for (let i = 0; i < 20; i++) burn(20_000);',
  "parentPort.on('message', (iterations) => {",
  '  burn(iterations);',
  '  parentPort.postMessage(null);',
  '});',
].join('\n');

/** Workers that take a job at a time. An idle one does not keep the process alive. */
class WorkerPool {
  constructor(size) {
    this.queue = new Fifo();
    this.idle = new Fifo();
    for (let i = 0; i < size; i++) {
      const worker = new Worker(WORKER, { eval: true });
      worker.unref();
      worker.on('message', () => {
        const { resolve } = worker.job;
        worker.unref();
        this.idle.push(worker);
        resolve();
        this.post();
      });
      this.idle.push(worker);
    }
  }

  run(iterations) {
    const { promise, resolve } = Promise.withResolvers();
    this.queue.push({ iterations, resolve });
    this.post();
    return promise;
  }

  post() {
    if (this.idle.length === 0 || this.queue.length === 0) return;
    const worker = this.idle.shift();
    worker.job = this.queue.shift();
    worker.ref();
    worker.postMessage(worker.job.iterations);
  }
}

/** A connection to the services that is kept alive: a line there, a line back. */
class Line {
  static idle = [];

  constructor() {
    const [host, port] = (process.env.ORRERY_SERVICES ?? '127.0.0.1:1').split(/:(?=\d+$)/);
    this.told = null;
    this.socket = net.connect({ host, port: Number(port), noDelay: true });
    this.socket.setEncoding('utf8');
    this.socket.on('data', (line) => {
      const { told } = this;
      this.told = null;
      this.socket.unref();
      Line.idle.push(this);
      told(line.trim());
    });
    this.socket.on('error', (error) => {
      if (this.told !== null) throw error;
    });
  }

  static ask(request, told) {
    const connection = Line.idle.pop() ?? new Line();
    connection.told = told;
    connection.socket.ref();
    connection.socket.write(request + '\n');
    return connection;
  }

  /** Gives up the answer. */
  close() {
    this.told = null;
    this.socket.destroy();
  }

  static async open(count) {
    const connections = Array.from({ length: count }, () => new Line());
    await Promise.all(connections.map(({ socket }) => new Promise((done) => socket.once('connect', done))));
    for (const { socket } of connections) socket.unref();
    Line.idle.push(...connections);
  }
}

/** A service outside of the process: so many requests at a time, so many more in its queue. */
class Service {
  constructor(name, servers, queueLimit, latency, failPerMillion) {
    this.name = name;
    this.limits = [servers, queueLimit].map((limit) => (limit === Infinity ? -1 : limit)).join(' ');
    this.latency = latency;
    this.failPerMillion = failPerMillion;
  }

  /** One request; Rejected if the service refuses or fails. */
  call(task) {
    task.point();
    const point = 'service.' + this.name;
    const serviceNs = task.draw(point + '.latency', this.latency);
    const fails = this.failPerMillion > 0 && task.draw(point + '.fails', uniform(0, 999_999)) < this.failPerMillion;
    const parked = new Parked(task, () => connection.close());
    const request = [this.name, this.limits, serviceNs, fails ? 1 : 0].join(' ');
    const connection = Line.ask(request, (answer) => {
      if (answer === 'ok') parked.resolve();
      else parked.reject(new Fault('Rejected', 'service ' + this.name + ' refused or failed'));
    });
    return parked.promise;
  }
}

// ---- connections

/** Tasks that wait for something to happen to a socket. */
class Waits {
  constructor() {
    this.parked = new Set();
  }

  /** A task that is cancelled here closes the socket. */
  next(task, close) {
    const parked = new Parked(task, () => {
      this.parked.delete(parked);
      close();
    });
    this.parked.add(parked);
    return parked;
  }

  wake() {
    for (const parked of this.parked) parked.resolve();
    this.parked.clear();
  }
}

/** Takes connections on the loopback; backlog + 1 of them wait for the loop to take them. */
class Listener {
  constructor() {
    this.connection = new Waits();
    this.accepted = [];
    this.isClosed = false;
    this.server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.accepted.push(new Conn(socket));
      this.connection.wake();
    });
  }

  static async listen(backlog) {
    const listener = new Listener();
    await new Promise((listening) => listener.server.listen(0, '127.0.0.1', backlog, listening));
    listener.port = listener.server.address().port;
    return listener;
  }

  async accept(task) {
    task.point();
    for (;;) {
      if (this.isClosed) throw new Fault('Rejected', 'the listener is closed');
      if (this.accepted.length > 0) return this.accepted.shift();
      await this.connection.next(task, () => this.close()).promise;
    }
  }

  async connect(task) {
    task.point();
    const conn = new Conn(net.connect({ host: '127.0.0.1', port: this.port, allowHalfOpen: true, noDelay: true }));
    conn.socket.once('connect', () => conn.writable.wake());
    await conn.writable.next(task, () => conn.close()).promise;
    if (conn.isFailed) throw new Fault('Rejected', 'connection refused');
    return conn;
  }

  /** Who waits for a connection gets Rejected. */
  close() {
    if (this.isClosed) return;
    this.isClosed = true;
    this.server.close();
    for (const conn of this.accepted.splice(0)) conn.close();
    this.connection.wake();
  }
}

/** One end of a connection. Its bytes are counted only. */
class Conn {
  constructor(socket) {
    this.socket = socket;
    this.readable = new Waits();
    this.writable = new Waits();
    this.isEnded = false;
    this.isFailed = false;
    socket.on('readable', () => this.readable.wake());
    socket.on('end', () => {
      this.isEnded = true;
      this.readable.wake();
    });
    socket.on('error', () => this.fail());
  }

  fail() {
    this.isFailed = true;
    this.readable.wake();
    this.writable.wake();
  }

  /** How many bytes were there to read, at most so many: 0 at the end. */
  async read(bytes, task) {
    task.point();
    for (;;) {
      const { socket } = this;
      const chunk = socket.readableLength > 0 ? socket.read(Math.min(bytes, socket.readableLength)) : socket.read();
      if (chunk !== null) return chunk.length;
      if (this.isFailed) throw new Fault('Rejected', 'connection reset or closed');
      if (this.isEnded) return 0;
      await this.readable.next(task, () => this.close()).promise;
    }
  }

  /** Goes on when all the bytes are taken. */
  async write(bytes, task) {
    task.point();
    if (this.isFailed) throw new Fault('Rejected', 'connection reset or closed');
    const parked = this.writable.next(task, () => this.close());
    this.socket.write(Buffer.alloc(bytes), () => parked.resolve());
    await parked.promise;
    if (this.isFailed) throw new Fault('Rejected', 'connection reset or closed');
  }

  /** Who waits on this end gets Rejected. */
  close() {
    if (this.socket.destroyed) return;
    this.socket.destroy();
    this.fail();
  }
}

const DIRECTORY = process.env.ORRERY_DIR ?? '.';
const files = new Map();

/** The path of a file of that size, which is written if need be. */
function file(bytes) {
  let name = files.get(bytes);
  if (name === undefined) {
    name = path.join(DIRECTORY, 'file-' + bytes);
    if (fs.statSync(name, { throwIfNoEntry: false })?.size !== bytes) fs.writeFileSync(name, Buffer.alloc(bytes));
    files.set(bytes, name);
  }
  return name;
}

/** Reads a whole file, from a disk that takes so much longer than usual. */
function readFile(name, stallNs = 0) {
  if (stallNs <= 0) return fs.promises.readFile(name);
  return Disk.stall(stallNs).then(() => fs.promises.readFile(name));
}

const PIPES = 16;

/**
 * A disk that hangs: a thread of libuv's pool sleeps in the kernel, from when it takes up the call. It writes more into a pipe
 * than fits; a Worker that gets the first bytes, which say how long, waits so long and then takes the rest.
 */
class Disk {
  static SIZE = 1 << 20;
  static idle = [];
  static worker = null;

  static stall(ns) {
    if (Disk.idle.length === 0) Disk.open();
    const pipe = Disk.idle.pop();
    const bytes = Buffer.alloc(Disk.SIZE);
    bytes.writeDoubleLE(ns / MS);
    const { promise, resolve } = Promise.withResolvers();
    fs.write(pipe, bytes, (error) => {
      if (error !== null) throw error;
      Disk.idle.push(pipe);
      resolve();
    });
    return promise;
  }

  /** Makes more pipes, and the Worker that reads them. */
  static open() {
    const { O_RDONLY, O_NONBLOCK, O_WRONLY } = fs.constants;
    const names = Array.from({ length: PIPES }, (_, i) => path.join(DIRECTORY, 'pipe-' + process.pid + '-' + i));
    execFileSync('mkfifo', names);
    const ends = names.map((name) => {
      const reading = fs.openSync(name, O_RDONLY | O_NONBLOCK);
      Disk.idle.push(fs.openSync(name, O_WRONLY));
      fs.unlinkSync(name);
      return reading;
    });
    if (Disk.worker === null) {
      Disk.worker = new Worker(DISK, { eval: true, workerData: Disk.SIZE });
      Disk.worker.unref();
    }
    Disk.worker.postMessage(ends);
  }

  /** The first pipes are there, and read. */
  static opened() {
    Disk.open();
    Disk.worker.ref();
    return new Promise((done) => Disk.worker.once('online', done)).then(() => Disk.worker.unref());
  }
}

const DISK = [
  "const { Socket } = require('node:net');",
  "const { setTimeout } = require('node:timers/promises');",
  "const { parentPort, workerData } = require('node:worker_threads');",
  'async function drain(fd) {',
  '  let left = 0;',
  '  for await (let bytes of new Socket({ fd, readable: true, writable: false })) {',
  '    while (bytes.length > 0) {',
  '      if (left === 0) {',
  '        await setTimeout(bytes.readDoubleLE());',
  '        left = workerData;',
  '      }',
  '      const taken = Math.min(left, bytes.length);',
  '      left -= taken;',
  '      bytes = bytes.subarray(taken);',
  '    }',
  '  }',
  '}',
  "parentPort.on('message', (ends) => ends.forEach(drain));",
].join('\n');

// ---- numbers, lists, texts

/** The number, which must be one. */
function int(value) {
  if (typeof value === 'number') return value;
  throw new Fault('NoneDeref', value == null ? 'none where a number is needed' : 'not a number');
}

function exact(value) {
  if (Number.isSafeInteger(value)) return value;
  throw new Fault('Overflow', 'integer beyond 2^53-1');
}

const add = (a, b) => exact(int(a) + int(b));
const subtract = (a, b) => exact(int(a) - int(b));
const multiply = (a, b) => exact(int(a) * int(b));
const divide = (a, b) => Math.trunc(int(a) / divisor(b));
const remainder = (a, b) => int(a) % divisor(b);

function divisor(value) {
  if (int(value) === 0) throw new Fault('Overflow', 'division by zero');
  return value;
}

/** The item at an index, or what stands for items outside of the list. */
function at(items, index, otherwise = null) {
  return int(index) >= 0 && index < items.length ? items[index] : otherwise;
}

/** The item at an index that must be inside. */
function get(items, index) {
  return items[inside(items, index)];
}

function set(items, index, value) {
  items[inside(items, index)] = value;
}

function inside(items, index) {
  if (int(index) >= 0 && index < items.length) return index;
  throw new Fault('NoneDeref', 'index ' + index + ' outside a list of ' + items.length);
}

/** What the map has under the key, none included, or what stands for keys that it has not. */
function found(map, key, otherwise) {
  return map.has(key) ? map.get(key) : otherwise;
}

/** What the map holds now, in the order of its keys. */
function entries(map) {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

const braces = (fields) => '{' + fields.map(([key, each]) => key + ': ' + show(each)).join(' ') + '}';

/** A copy of a record with other values in some of its fields. */
function copyWith(record, fields) {
  if (record == null) throw new Fault('NoneDeref', 'none where a record is needed');
  return Object.freeze({ ...record, ...fields });
}

/** How a value looks in the log. */
function show(value) {
  if (value == null) return 'none';
  if (Array.isArray(value)) return '[' + value.map(show).join(' ') + ']';
  if (value instanceof Map) return braces(entries(value));
  if (Object.getPrototypeOf(value) === Object.prototype) return braces(Object.entries(value));
  if (value instanceof Result) return value.ok ? 'ok(' + show(value.value) + ')' : 'failed(' + value.error + ')';
  return value instanceof Task ? value.path : String(value);
}

// ---- draws: SplitMix64 on pairs of 32-bit halves

const TWO_32 = 2 ** 32;
/** round(ln(2) * 2^32) */
const LN2 = 2_977_044_472;
const GOLDEN = { hi: 0x9e3779b9, lo: 0x7f4a7c15 };
const MIX_A = { hi: 0xbf58476d, lo: 0x1ce4e5b9 };
const MIX_B = { hi: 0x94d049bb, lo: 0x133111eb };
const FNV_OFFSET = { hi: 0xcbf29ce4, lo: 0x84222325 };
const FNV_PRIME = { hi: 0x100, lo: 0x1b3 };

const fromWhole = (whole) => ({ hi: (whole / TWO_32) | 0, lo: whole | 0 });
const xor = (a, b) => ({ hi: a.hi ^ b.hi, lo: a.lo ^ b.lo });

/** The upper half of the product of two uint32s. */
function multiplyHigh(a, b) {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** a * b modulo 2^64. */
function times64(a, b) {
  const hi = (multiplyHigh(a.lo, b.lo) + Math.imul(a.hi, b.lo) + Math.imul(a.lo, b.hi)) | 0;
  return { hi, lo: Math.imul(a.lo, b.lo) };
}

function plus64(a, b) {
  const lo = (a.lo >>> 0) + (b.lo >>> 0);
  return { hi: (a.hi + b.hi + (lo >= TWO_32 ? 1 : 0)) | 0, lo: lo | 0 };
}

/** z ^ (z >>> shift) */
function xorShifted(z, shift) {
  return { hi: z.hi ^ (z.hi >>> shift), lo: z.lo ^ ((z.lo >>> shift) | (z.hi << (32 - shift))) };
}

/** The finalizer of SplitMix64. */
function mix(z) {
  return xorShifted(times64(xorShifted(times64(xorShifted(z, 30), MIX_A), 27), MIX_B), 31);
}

/** Output n of SplitMix64 seeded with a hash. */
function word(hash, n) {
  return mix(plus64(hash, times64(fromWhole(n + 1), GOLDEN)));
}

const nameHashes = new Map();

/** FNV-1a of the UTF-8 bytes. */
function nameHash(text) {
  let hash = nameHashes.get(text);
  if (hash === undefined) {
    hash = FNV_OFFSET;
    for (const byte of Buffer.from(text)) hash = times64({ hi: hash.hi, lo: hash.lo ^ byte }, FNV_PRIME);
    nameHashes.set(text, hash);
  }
  return hash;
}

/** A whole number in 0..limit-1: word * limit / 2^64. */
function below(limit, stream, n) {
  const drawn = word(stream, n);
  const limitHigh = Math.floor(limit / TWO_32);
  const limitLow = limit >>> 0;
  const low = multiplyHigh(drawn.lo, limitLow) >>> 0;
  const cross = (Math.imul(drawn.lo, limitHigh) >>> 0) + (Math.imul(drawn.hi, limitLow) >>> 0) + low;
  const high = (multiplyHigh(drawn.lo, limitHigh) >>> 0) + (multiplyHigh(drawn.hi, limitLow) >>> 0);
  return (drawn.hi >>> 0) * limitHigh + high + Math.floor(cross / TWO_32);
}

const constant = (value) => () => value;
const uniform = (low, high) => (stream, n) => low + below(high - low + 1, stream, n);
const exponential = (mean) => (stream, n) => times(mean, times(LN2, minusLog2(word(stream, n))));
const erlang = (k, mean) => (stream, n) => {
  const drawn = word(stream, n);
  let sum = 0;
  for (let i = 0; i < k; i++) sum += minusLog2(word(drawn, i));
  return times(mean, times(LN2, Math.floor(sum / k)));
};
const lognormal = (median, sigmaPerMille) => (stream, n) =>
  timesPowerOfTwo(median, Math.trunc((normal(word(stream, n)) * sigmaPerMille) / 1000));
const pareto = (scale, shapePerMille) => (stream, n) =>
  timesPowerOfTwo(scale, Math.floor((minusLog2(word(stream, n)) * 1000) / shapePerMille));
const twoPoint = (fast, slow, slowPerMillion) => (stream, n) =>
  below(1_000_000, stream, n) < slowPerMillion ? slow : fast;
const table = (...values) => (stream, n) => values[below(values.length, stream, n)] ?? 0;

const saturate = (value) => Math.min(value, Number.MAX_SAFE_INTEGER);

/** round(whole * fixed / 2^32) */
function times(whole, fixed) {
  const [fixedHigh, fixedLow] = [Math.floor(fixed / TWO_32), fixed >>> 0];
  const [wholeHigh, wholeLow] = [Math.floor(whole / TWO_32), whole >>> 0];
  const low = (multiplyHigh(fixedLow, wholeLow) >>> 0) + (Math.imul(fixedLow, wholeLow) >>> 31);
  return saturate(fixedHigh * whole + (fixedLow * wholeHigh + low));
}

/** round(whole * 2^(exponent / 2^32)) */
function timesPowerOfTwo(whole, exponent) {
  const octaves = Math.floor(exponent / TWO_32);
  if (octaves >= 53) return whole === 0 ? 0 : Number.MAX_SAFE_INTEGER;
  const power = interpolate(POWERS, exponent - octaves * TWO_32);
  if (octaves >= 0) return times(saturate(whole * 2 ** octaves), power);
  return Math.floor(times(whole, power) / 2 ** -octaves + 0.5);
}

/** -log2 of z / 2^64, in 2^-32 units. */
function minusLog2(z) {
  const zeros = z.hi === 0 ? 32 + Math.clz32(z.lo) : Math.clz32(z.hi);
  return zeros === 64 ? 64 * TWO_32 : (zeros + 1) * TWO_32 - interpolate(LOGS, fractionAfter(z, zeros));
}

/** The 32 bits after the leading one, which so many zeros precede. */
function fractionAfter(z, zeros) {
  const shift = zeros + 1;
  if (shift >= 64) return 0;
  if (shift >= 32) return (z.lo << (shift - 32)) >>> 0;
  return ((z.hi << shift) | (z.lo >>> (32 - shift))) >>> 0;
}

/** log2(e) times a standard normal variable, in 2^-32 units. */
function normal(z) {
  const zeros = Math.min(Math.clz32(z.hi), NORMAL_OCTAVES - 1);
  const position = (TWO_32 - 1 - fractionAfter(z, zeros)) * NORMAL_STEPS;
  const index = zeros * NORMAL_STEPS + Math.floor(position / TWO_32);
  const size = between(NORMALS, index, position % TWO_32) * 512;
  return (z.lo & 1) === 1 ? -size : size;
}

function interpolate(entries, fraction) {
  const position = fraction * OCTAVE_STEPS;
  return between(entries, Math.floor(position / TWO_32), position % TWO_32);
}

function between(entries, index, part) {
  const low = entries[index];
  return low + Math.floor(((entries[index + 1] ?? low) - low) * (part >>> 8) / 2 ** 24);
}

// The tables of logarithms, powers and normal quantiles: no entry is near to where rounding turns, so that every machine has the same.

const OCTAVE_STEPS = 256;
const NORMAL_STEPS = 32;
const NORMAL_OCTAVES = 32;
const LOGS = Array.from({ length: OCTAVE_STEPS + 1 }, (_, i) => Math.round(Math.log2(1 + i / OCTAVE_STEPS) * TWO_32));
const POWERS = Array.from({ length: OCTAVE_STEPS + 1 }, (_, i) => Math.round(2 ** (i / OCTAVE_STEPS) * TWO_32));
const NORMALS = normalQuantiles();

function normalQuantiles() {
  let z = 0;
  return Array.from({ length: NORMAL_STEPS * NORMAL_OCTAVES + 1 }, (_, i) => {
    const tail = (2 ** -Math.floor(i / NORMAL_STEPS) * (1 - (i % NORMAL_STEPS) / (2 * NORMAL_STEPS))) / 2;
    for (let step = 0, last = -1; step < 60 && Math.abs(z - last) >= 1e-15 * (1 + z); step++) {
      last = z;
      z += (upperTail(z) - tail) / density(z);
    }
    return Math.round((z * 2 ** 23) / Math.LN2);
  });
}

function density(z) {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Probability of a standard normal variable above z. */
function upperTail(z) {
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 3; term > sum * 1e-17; n += 2) sum += term *= (z * z) / n;
    return 0.5 - density(z) * sum;
  }
  let fraction = z;
  for (let n = 200; n >= 1; n--) fraction = z + n / fraction;
  return density(z) / fraction;
}

// ---- runs

/** One run of a program, and what it says about itself. */
class Run {
  constructor(key, seed, program, whenOver) {
    this.key = key;
    this.seed = seed;
    this.program = program;
    this.whenOver = whenOver;
    this.log = [];
    this.samples = new Map();
    this.counts = new Map();
    this.unmet = [];
    this.spawned = 0;
    this.completed = 0;
    this.failed = 0;
    this.cancelled = 0;
    this.live = 0;
    /** Calls that are due and have not begun; reactions of promises, which may never come. */
    this.later = 0;
    this.reactions = 0;
    this.selects = 0;
    this.mainEndedNs = -1;
    this.lastEndedNs = -1;
    this.over = false;
    this.startMs = 0;
    this.main = null;
  }

  start() {
    this.main = new Task(this, null, 'main', false);
    this.startMs = performance.now();
    this.program.main(this.main);
  }

  /** ns since main began. */
  now() {
    return Math.round((performance.now() - this.startMs) * MS);
  }

  taskEnded(task) {
    const { end, onDetachedFailure } = this.program.policies;
    if (task === this.main) this.mainEndedNs = this.now();
    else if (this.mainEndedNs >= 0) this.lastEndedNs = this.now();
    const counts = task === this.main || (task.isDetached && onDetachedFailure !== 'ignore');
    if (task.state === 'failed' && counts)
      this.ends('failed', task.path + ': ' + task.error.message + ' (exit status 1)');
    else if (this.mainEndedNs >= 0) {
      if (end === 'main' || (this.isIdle && this.reactions === 0)) this.ends('completed', null);
      else if (this.isIdle) setImmediate(() => this.isIdle && this.ends('completed', null)); // after the reactions' turn
    }
  }

  get isIdle() {
    return this.live === 0 && this.later === 0;
  }

  /** Nothing keeps the loop alive any more. */
  drained() {
    if (this.mainEndedNs >= 0) this.ends('completed', null);
    else this.ends('deadlocked', this.live + ' tasks wait for ever');
  }

  /** The indices of a select's cases in the order in which they are looked at. */
  selectOrder(arms) {
    const order = Array.from({ length: arms }, (_, i) => i);
    const { selectPolicy } = this.program.policies;
    if (selectPolicy === 'rotating') {
      const first = this.selects++ % arms;
      return order.map((i) => (first + i) % arms);
    }
    if (selectPolicy === 'random')
      for (let i = arms - 1; i > 0; i--) {
        const j = Math.floor(Math.random() * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
    return order;
  }

  ends(outcome, detail) {
    if (this.over) return;
    this.over = true;
    const { mainEndedNs, lastEndedNs, program } = this;
    const last = program.policies.end === 'main' ? mainEndedNs : Math.max(mainEndedNs, lastEndedNs);
    this.whenOver({
      key: this.key,
      seed: this.seed,
      outcome,
      detail,
      makespanNs: mainEndedNs < 0 ? this.now() : last,
      log: this.log.map(([statement, task, text, timeNs]) => [statement, task.path, text, timeNs]),
      samples: Object.fromEntries(this.samples),
      counts: Object.fromEntries(this.counts),
      tasks: {
        spawned: this.spawned,
        completed: this.completed,
        failed: this.failed,
        cancelled: this.cancelled,
      },
    });
    for (const message of this.unmet) console.error(message);
  }
}

const CONNECTIONS = 8;

/** What a run needs is measured, connected, written and used once before it begins. */
async function prepared({ prepare, files }) {
  await timers.setImmediate();
  await timers.setTimeout(1);
  if (prepare.includes('cpu')) calibrateBurn();
  if (prepare.includes('hash')) calibrateHash();
  if (prepare.includes('threadpool')) await Promise.all([fs.promises.readFile(__filename), fs.promises.stat('.')]);
  if (prepare.includes('services') && Line.idle.length === 0) await Line.open(CONNECTIONS);
  if (prepare.includes('disk') && Disk.idle.length === 0) await Disk.opened();
  for (const bytes of files) file(bytes);
}

/** Runs a program in a macrotask of its own. */
function launchRun(key, seed, program) {
  const { promise, resolve } = Promise.withResolvers();
  const run = new Run(key, seed, program, resolve);
  const drained = () => run.drained();
  void prepared(program).then(() =>
    setImmediate(() => {
      process.once('beforeExit', drained);
      run.start();
    }),
  );
  return promise.finally(() => process.removeListener('beforeExit', drained));
}

// Those who join a task see its failure; a task that nobody joins has reported it.
process.on('unhandledRejection', kindOf);

/** Runs a program by itself and prints its log: node program.cjs [SEED] */
async function launch(program) {
  const run = await launchRun('', Number(process.argv[2] ?? 1), program);
  for (const [, task, text] of run.log) console.log(task.padEnd(24) + ' ' + text);
  if (run.outcome !== 'completed') console.error(run.outcome + ': ' + run.detail);
  process.exit(run.outcome === 'completed' ? 0 : 1);
}

/** For how long a short program runs again and again before the run that is timed. */
const WARMING_MS = 2;

/**
 * Runs the programs of a list, one after the other, and prints a line of JSON for each. Ends early after a run that leaves
 * something in the event loop. Where only time counts a module stays loaded, and with it what V8 has made of it, unless it
 * is one of the stateful ones.
 */
async function runList(list, modules, stateful) {
  const timed = 'ORRERY_TIMED' in process.env;
  const runOf = (key, seed) => {
    const module = require.resolve(modules[key]);
    if (!timed || stateful.includes(key)) delete require.cache[module]; // its shared cells begin anew
    return launchRun(key, Number(seed), require(module));
  };
  for (const line of fs.readFileSync(list, 'utf8').trim().split('\n')) {
    const [key, seed] = line.split(' ');
    let run = await runOf(key, seed);
    const warmMs = performance.now() + (timed ? WARMING_MS : 0);
    while (performance.now() < warmMs && !keepsLoop()) run = await runOf(key, seed);
    fs.writeSync(1, JSON.stringify(run) + '\n');
    if (keepsLoop() || (!timed && leavesTasks(run))) break;
  }
  process.exit(0);
}

const leavesTasks = ({ tasks: { spawned, completed, failed, cancelled } }) => spawned > completed + failed + cancelled;

/** Whether a timer is left, or a pool of Workers, which the next program is to start itself. */
function keepsLoop() {
  const left = process.getActiveResourcesInfo();
  return pools.size > 0 || left.includes('Timeout') || left.includes('Immediate');
}

module.exports = {
  Barrier,
  BargingSemaphore,
  Listener,
  Channel,
  Condition,
  Deferred,
  Fault,
  Future,
  Group,
  MS,
  Monitor,
  Mutex,
  Once,
  RwLock,
  S,
  Semaphore,
  Service,
  Ticker,
  Timer,
  Token,
  US,
  add,
  after,
  at,
  block,
  check,
  constant,
  copyWith,
  named,
  cpu,
  divide,
  entries,
  erlang,
  exponential,
  file,
  found,
  get,
  int,
  isOneOf,
  launch,
  lognormal,
  multiply,
  offload,
  pareto,
  readFile,
  remainder,
  resultOf,
  runList,
  set,
  show,
  some,
  subtract,
  table,
  twoPoint,
  uniform,
};
`;
