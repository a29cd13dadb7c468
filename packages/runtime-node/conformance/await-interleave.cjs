// Awaits of async functions interleave with chains of then turn by turn.
const log = console.log;

async function a() {
  log("a1");
  await b();
  log("a2");
  await null;
  log("a3");
}
async function b() {
  log("b1");
}
async function c() {
  log("c1");
  return Promise.resolve(1);
}
a();
(async () => {
  await c();
  log("after c");
})();
Promise.resolve()
  .then(() => log("t1"))
  .then(() => log("t2"))
  .then(() => log("t3"))
  .then(() => log("t4"));
log("main");
