// One promise, many waiters: they go on in one turn, in the order of their awaits.
const log = console.log;

let open;
const gate = new Promise((r) => {
  open = r;
});
const w = async (n) => {
  await gate;
  log("through", n);
  await null;
  log("second", n);
};
w(1);
w(2);
w(3);
setImmediate(() => {
  open();
  Promise.resolve().then(() => log("queued after open"));
  log("opened");
});
