// readFile takes open, fstat, read and close: three stats overtake it.
const fs = require("node:fs");

const log = console.log;

process.env.UV_THREADPOOL_SIZE = "1";
let n = 0;
let done = false;
fs.readFile(__filename, () => {
  done = true;
  log("readFile after", n, "stats");
});
(function again() {
  fs.stat(".", () => {
    n++;
    if (!done) again();
  });
})();
