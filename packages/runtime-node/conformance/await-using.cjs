// Resources are disposed of in reverse order at the end of their block, which goes on a turn after an await using.
const log = console.log;

(async () => {
  {
    await using _a = {
      async [Symbol.asyncDispose]() {
        log("dispose a");
      },
    };
    using _b = {
      [Symbol.dispose]() {
        log("dispose b");
      },
    };
    log("body");
  }
  log("after block");
})();
Promise.resolve()
  .then(() => log("turn 1"))
  .then(() => log("turn 2"));
log("main");
