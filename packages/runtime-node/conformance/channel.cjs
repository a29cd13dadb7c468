// A bounded channel hands to a waiting receiver, and refills its buffer from a waiting sender.
const log = console.log;

class Channel {
  #cap;
  #buf = [];
  #rq = [];
  #sq = [];
  #closed = false;
  constructor(cap) {
    this.#cap = cap;
  }
  send(v) {
    if (this.#closed) return Promise.reject(new Error("closed"));
    const r = this.#rq.shift();
    if (r) {
      r({ value: v, done: false });
      return Promise.resolve();
    }
    if (this.#buf.length < this.#cap) {
      this.#buf.push(v);
      return Promise.resolve();
    }
    return new Promise((res, rej) => this.#sq.push({ v, res, rej }));
  }
  next() {
    if (this.#buf.length) {
      const value = this.#buf.shift();
      const s = this.#sq.shift();
      if (s) {
        this.#buf.push(s.v);
        s.res();
      }
      return Promise.resolve({ value, done: false });
    }
    const s = this.#sq.shift();
    if (s) {
      s.res();
      return Promise.resolve({ value: s.v, done: false });
    }
    return this.#closed
      ? Promise.resolve({ value: undefined, done: true })
      : new Promise((r) => this.#rq.push(r));
  }
  close() {
    this.#closed = true;
    for (const r of this.#rq.splice(0)) r({ value: undefined, done: true });
    for (const s of this.#sq.splice(0)) s.rej(new Error("closed"));
  }
  [Symbol.asyncIterator]() {
    return this;
  }
}
const ch = new Channel(1);
(async () => {
  for (let i = 0; i < 4; i++) {
    await ch.send(i);
    log("sent", i);
  }
  ch.close();
  log("closed");
})();
(async () => {
  for await (const v of ch) log("got", v);
  log("end");
  await ch.send(9).catch((e) => log(e.message));
})();
log("main");
