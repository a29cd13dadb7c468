// then() of a thenable is called in a job of its own.
const log = console.log;

const t = {
  then(ok) {
    log("then called");
    ok("v");
  },
};
Promise.resolve(t).then((v) => log("resolved", v));
(async () => log("awaited", await t))();
Promise.resolve()
  .then(() => log("1"))
  .then(() => log("2"))
  .then(() => log("3"));
log("main");
