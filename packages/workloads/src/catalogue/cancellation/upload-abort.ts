import { cell, dur, eq, int, mod, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const uploadAbort = program(
  "upload-abort",
  {
    doc: "A large file is read piece by piece and processed; after a while the user aborts the upload.",
    params: {
      heeds: oneOf("nothing", ["nothing", "flag", "token"], {
        doc: "how the upload hears of the abort: not at all, by a flag looked at now and then, or by a token that cancels its waits",
      }),
      pieces: int(60, { min: 1, max: 100_000, doc: "pieces of the file" }),
      size: int(50, { min: 1, max: 10_000, doc: "size of a piece", unit: "MB" }),
      read: dur("2ms", { min: "1ms", max: "10s", doc: "time to read a piece" }),
      process: dur("2ms", { min: "1ms", max: "10s", doc: "time to process it" }),
      abort: dur("50ms", { min: "1ms", max: "60s", doc: "when the user aborts" }),
      every: int(10, {
        min: 1,
        max: 100_000,
        doc: "pieces between two looks at the flag",
        sweep: [1, 10, 60],
      }),
    },
    shared: { aborted: cell(false) },
  },
  ({ params, shared, proc, main }) => {
    const upload = proc("upload", {}, (b) => {
      b.repeat(params.pieces, "piece", (piece) => {
        b.if(eq(params.heeds, "flag"), () =>
          b.if(eq(mod(piece, params.every), 0), () => {
            const stop = b.load("stop", shared.aborted);
            b.if(stop, () => b.return());
          }),
        );
        b.sleep(params.read);
        b.sleep(params.process);
        b.count("MB", params.size);
        const late = b.load("late", shared.aborted);
        b.if(late, () => b.count("MB too late", params.size));
      });
    });
    const guarded = proc("guarded", { abort: "token" }, (b, { abort }) => {
      b.withToken(abort, () => b.call(upload));
    });
    main((b) => {
      const abort = b.token("abort");
      const t = b.spawn("t", guarded, { abort });
      b.sleep(params.abort);
      const asked = b.now("asked");
      b.store(shared.aborted, true);
      b.if(eq(params.heeds, "token"), () => b.cancelToken(abort));
      b.settleAll([t]);
      b.mark("end after abort", asked);
    });
  },
);

const tooLate = (min: number, max: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "MB too late",
  min,
  max,
  when: { parameters },
  because,
});

/** The upload of 3 GB that nobody wanted any more. */
export default workload({
  id: "W60",
  program: uploadAbort,
  question: "How much of a 3 GB upload is still processed after the user has aborted it?",
  headline:
    "Without a signal all the rest, with a flag what lies between two looks at it, with a token that cancels the wait hardly a piece, on every runtime.",
  group: "cancellation",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "MB",
      min: 3000,
      max: 3000,
      when: { profile: "any" },
      because: "arithmetic: 60 pieces of 50 MB, whatever the user wants",
    },
    tooLate(2350, 2750, {}, "arithmetic: of 60 pieces of 50 MB at most 12 are done after 50 ms of 4 ms each"),
    tooLate(0, 500, { heeds: "flag" }, "arithmetic: at most ten pieces until the next look"),
    tooLate(0, 50, { heeds: "flag", every: 1 }, "arithmetic: at most the piece under way"),
    tooLate(0, 50, { heeds: "token" }, "ran: nothing, or on Go the piece that is done at this very moment"),
  ],
});
