import { connect } from "node:net";
import { expect, test } from "vitest";
import { startReferenceServer } from "@orrery/verify";

/** One request on a connection of its own: the answer and how long it took. */
function call(address: string, request: string): Promise<{ readonly answer: string; readonly ms: number }> {
  const [host, port] = address.split(":");
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const socket = connect(Number(port), host!, () => socket.write(`${request}\n`));
    socket.once("data", (data) => {
      socket.destroy();
      resolve({ answer: data.toString(), ms: performance.now() - start });
    });
    socket.once("error", reject);
  });
}

test("a service serves so many at a time, queues so many more, refuses the rest, and fails when told to", async () => {
  using server = await startReferenceServer();
  const request = "db 1 1 40000000 0";
  const answers = await Promise.all([1, 2, 3].map(() => call(server.address, request)));
  expect(answers.map(({ answer }) => answer).toSorted()).toEqual(["no\n", "ok\n", "ok\n"]);
  const served = answers.filter(({ answer }) => answer === "ok\n").map(({ ms }) => ms);
  expect(Math.max(...served)).toBeGreaterThanOrEqual(75); // one after the other
  expect((await call(server.address, "other -1 -1 1000000 1")).answer).toBe("no\n");
});
