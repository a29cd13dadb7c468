/** Streams, beside what the conformance programs show: Node 24.21.0 prints what is expected here. */
import { expect, test } from "vitest";
import { prints } from "./run.ts";

test("for await over a stream goes on a tick and three turns after a push", () => {
  expect(
    prints(function* ({ stream, async, setTimeout, process, Promise, log }) {
      const r = stream.readable({ objectMode: true });
      yield* async(function* () {
        const iterator = stream.iterator(r);
        for (;;) {
          const { value, done }: IteratorResult<unknown> = yield yield* iterator.next();
          if (done === true) break;
          log("got", value);
        }
        log("done");
      })();
      setTimeout(() => {
        r.push(1);
        log("pushed");
        process.nextTick(() => {
          log("tick");
          Promise.resolve()
            .then(() => log("t1"))
            .then(() => log("t2"))
            .then(() => log("t3"))
            .then(() => log("t4"));
        });
      }, 5);
      setTimeout(() => {
        r.push(2);
        r.push(null);
      }, 10);
      r.on("close", () => log("close")).on("end", () => log("end"));
    }),
  ).toBe("pushed ¶ tick ¶ t1 ¶ t2 ¶ got 1 ¶ t3 ¶ t4 ¶ got 2 ¶ end ¶ close ¶ done");
});

test("high-water marks: each stream of a pipeline pauses the one before it", () => {
  expect(
    prints(({ stream, setImmediate, log }) => {
      let n = 0;
      const src = stream.readable({
        highWaterMark: 2,
        objectMode: true,
        read(self) {
          log("_read", n);
          self.push(n < 3 ? n++ : null);
        },
      });
      const mid = stream.transform({
        objectMode: true,
        highWaterMark: 1,
        transform(chunk, callback) {
          log("t", chunk);
          callback(null, Number(chunk) * 10);
        },
      });
      const dst = stream.writable({
        objectMode: true,
        highWaterMark: 1,
        write(chunk, callback) {
          log("write", chunk);
          setImmediate(callback);
        },
      });
      for (const [name, each] of Object.entries({ src, mid, dst }))
        for (const event of ["end", "finish", "close", "pause", "resume", "drain", "prefinish"])
          each.on(event, () => log(name, event));
      stream.pipeline(src, mid, dst, (error) => log("callback", error === null));
    }),
  ).toBe(
    "_read 0 ¶ src resume ¶ _read 1 ¶ t 0 ¶ write 0 ¶ mid pause ¶ _read 2 ¶ t 1 ¶ src pause ¶ mid resume ¶ _read 3 ¶ dst drain ¶ mid resume ¶ mid drain ¶ write 10 ¶ mid pause ¶ src resume ¶ t 2 ¶ src pause ¶ src end ¶ src close ¶ dst drain ¶ mid resume ¶ mid prefinish ¶ write 20 ¶ mid pause ¶ mid finish ¶ mid end ¶ mid close ¶ dst prefinish ¶ dst finish ¶ dst close ¶ callback true",
  );
});
