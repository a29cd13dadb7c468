// getaddrinfo is slow I/O: a second look-up goes behind the work queued after it.
const fs = require("node:fs");
const dns = require("node:dns");
const { pbkdf2 } = require("node:crypto");

const log = console.log;

process.env.UV_THREADPOOL_SIZE = "1";
pbkdf2("p", "s", 300000, 32, "sha256", () => log("pbkdf2"));
dns.lookup("localhost", () => log("lookup 1"));
dns.lookup("localhost", () => log("lookup 2"));
fs.stat(".", () => log("stat 1"));
fs.stat(".", () => log("stat 2"));
