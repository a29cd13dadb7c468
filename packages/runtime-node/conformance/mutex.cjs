// A mutex of promises: direct hand-off, first come, first served, no barging.
const log = console.log;

class Mutex {
  #held = false;
  #q = [];
  lock() {
    if (!this.#held) {
      this.#held = true;
      return Promise.resolve();
    }
    return new Promise((r) => this.#q.push(r));
  }
  unlock() {
    const next = this.#q.shift();
    if (next) next();
    else this.#held = false;
  }
}
const m = new Mutex();
const task = async (name, n) => {
  for (let i = 0; i < n; i++) {
    await m.lock();
    log(name, i);
    await null;
    m.unlock();
  }
};
task("A", 2);
task("B", 2);
task("C", 1);
