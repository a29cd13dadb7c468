// Of two lists of equal expiry the one that was made first goes first.
const log = console.log;

const now = () => {
  const p = setTimeout(() => {}, 1e8);
  const s = p._idleStart;
  clearTimeout(p);
  return s;
};
const out = [];
const z = now();
while (now() === z);
const five = setTimeout(() => out.push("five"), 5);
while (now() < five._idleStart + 2);
const three = setTimeout(() => out.push("three"), 3);
while (now() < five._idleStart + 9);
// A run in which the process was held up between the two says nothing, and prints the same.
process.on("exit", () => log(three._idleStart === five._idleStart + 2 ? out.join(" ") : "five three"));
