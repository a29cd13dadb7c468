// Requests of an async generator queue, and return() runs finally in its place.
const log = console.log;

async function* g() {
  try {
    log("start");
    yield 1;
    yield 2;
  } finally {
    log("cleanup");
  }
}
const it = g();
const show = (r) => log(JSON.stringify(r));
it.next().then(show);
it.next().then(show);
it.return("r").then(show);
it.next().then(show);
log("main");
