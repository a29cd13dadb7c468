/**
 * Queueing systems as programs: what queueing theory knows the answer to, made of the language's operations, so that every
 * runtime model can be asked. Times of the theory's unit are seconds here, for Node's timers know whole milliseconds only. A
 * customer's time in the system counts from when it meant to arrive, however late the runtime got round to it.
 */
import {
  add,
  type Draws,
  type DurationText,
  exponential,
  int,
  lt,
  program,
  type Program,
  service,
  sub,
  twoPoint,
} from "@orrery/program";

/** What an arriving customer asks for. */
export interface Station {
  /** `service`: outside the runtime; `permits`: a semaphore and a sleep; `cpu`: the runtime's processors. */
  readonly at: "service" | "permits" | "cpu";
  readonly servers: number;
  /** Customers who may wait; the rest are turned away. Only of a service. */
  readonly room?: number;
  readonly demand: Draws<"dur">;
}

const customers = int(10_000, { min: 1, max: 10_000_000, doc: "customers that arrive" });

/**
 * An open system: customers arrive after `gap` each, whatever becomes of those before. Measures `sojourn` of each, counts
 * `turned away`, and `present`, how many each finds inside.
 */
export const openSystem = (name: string, gap: Draws<"dur">, station: Station): Program =>
  program(
    name,
    {
      doc: `An open queue: ${station.servers} servers of kind ${station.at}.`,
      params: { customers },
      services: {
        station: service({
          servers: station.servers === Infinity ? null : station.servers,
          queueLimit: station.room ?? null,
          latency: station.demand,
        }),
      },
    },
    ({ params, services, proc, main }) => {
      const customer = proc(
        "customer",
        { due: "dur", servers: "sem", inside: "atomic" },
        (b, { due, servers, inside }) => {
          b.atomicAdd(inside, 1);
          if (station.at === "service")
            b.try({
              body: () => {
                b.callService(services.station);
                measureSince(due);
              },
              catch: [{ kinds: "Rejected", body: () => b.count("turned away") }],
            });
          else {
            const demand = b.draw("demand", "demand", station.demand);
            if (station.at === "cpu") b.cpu(demand);
            else {
              if (station.servers !== Infinity) b.acquire(servers);
              b.sleep(demand);
              if (station.servers !== Infinity) b.release(servers);
            }
            measureSince(due);
          }
          b.atomicAdd(inside, -1);

          function measureSince(start: typeof due): void {
            const now = b.now("now");
            b.measure("sojourn", sub(now, start));
          }
        },
      );
      main((b) => {
        const servers = b.sem("servers", Math.min(station.servers, 1_000_000));
        const inside = b.atomic("inside");
        const due = b.let("due", "0ms");
        b.scope("waitAll", () =>
          b.repeat(params.customers, () => {
            const gapOf = b.draw("gap", "gap", gap);
            b.assign(due, add(due, gapOf));
            const now = b.now("now");
            b.if(lt(now, due), () => b.sleep(sub(due, now)));
            const found = b.atomicLoad("found", inside);
            b.measure("present", found);
            b.spawn(customer, { due, servers, inside });
          }),
        );
      });
    },
  );

/** A closed system: each of `users` thinks, then asks each of the queues in turn, again and again. Measures each `round`, and `at` what time it ended. */
export const closedSystem = (name: string, think: DurationText, queues: readonly DurationText[]): Program =>
  program(
    name,
    {
      doc: "A closed queueing network with think time.",
      params: {
        users: int(10, { min: 1, max: 10_000, doc: "users" }),
        rounds: int(1000, { min: 1, max: 10_000_000, doc: "rounds of each" }),
      },
      services: Object.fromEntries(
        queues.map((mean, i) => [`queue${i}`, service({ servers: 1, latency: exponential(mean) })]),
      ),
    },
    ({ params, services, proc, main }) => {
      const user = proc("user", {}, (b) => {
        b.repeat(params.rounds, () => {
          const pause = b.draw("pause", "think", exponential(think));
          b.sleep(pause);
          const start = b.now("start");
          for (const each of Object.values(services)) b.callService(each);
          const end = b.now("end");
          b.measure("round", sub(end, start));
          b.measure("at", end);
        });
      });
      main((b) => b.scope("waitAll", () => b.repeat(params.users, () => b.spawn(user))));
    },
  );

/**
 * Machines that run, break, and wait for one of `repairers`: a pool of connections, seen from the other side. Measures
 * how long each is `down`, and `at` what time it is repaired.
 */
export const repairShop = (
  name: string,
  up: DurationText,
  repair: DurationText,
  repairers: number,
): Program =>
  program(
    name,
    {
      doc: "The machine repair problem.",
      params: {
        machines: int(20, { min: 1, max: 10_000, doc: "machines" }),
        rounds: int(1000, { min: 1, max: 10_000_000, doc: "breakdowns of each" }),
      },
    },
    ({ params, proc, main }) => {
      const machine = proc("machine", { shop: "sem" }, (b, { shop }) => {
        b.repeat(params.rounds, () => {
          const works = b.draw("works", "up", exponential(up));
          b.sleep(works);
          const broke = b.now("broke");
          b.acquire(shop);
          const takes = b.draw("takes", "repair", exponential(repair));
          b.sleep(takes);
          b.release(shop);
          const now = b.now("now");
          b.measure("down", sub(now, broke));
          b.measure("at", now);
        });
      });
      main((b) => {
        const shop = b.sem("shop", repairers);
        b.scope("waitAll", () => b.repeat(params.machines, () => b.spawn(machine, { shop })));
      });
    },
  );

/** Rounds of `n` leaves at once, each slow with a probability; a round is as long as its longest leaf. */
export const fanOut = (name: string, n: number, leaf: Draws<"dur">): Program =>
  program(
    name,
    {
      doc: "A root that waits for all its leaves.",
      params: { rounds: int(1000, { min: 1, max: 10_000_000, doc: "roots" }) },
    },
    ({ params, proc, main }) => {
      const leafOf = proc("leaf", {}, (b) => {
        const takes = b.draw("takes", "leaf", leaf);
        b.sleep(takes);
      });
      main((b) =>
        b.repeat(params.rounds, () => {
          const start = b.now("start");
          b.scope("waitAll", () => b.repeat(n, () => b.spawn(leafOf)));
          const end = b.now("end");
          b.measure("root", sub(end, start));
        }),
      );
    },
  );

/**
 * Requests that are sent a second time when the first has not answered within `delay`. Measures `answer`, counts the `second`
 * requests.
 */
export const hedging = (name: string, delay: DurationText, latency: Draws<"dur">): Program =>
  program(
    name,
    {
      doc: "The first answer of two wins.",
      params: { requests: int(1000, { min: 1, max: 10_000_000, doc: "requests" }) },
    },
    ({ params, proc, main }) => {
      const request = proc("request", { wait: "dur" }, (b, { wait }) => {
        b.sleep(wait);
        b.if(lt("0ms", wait), () => b.count("second"));
        const takes = b.draw("takes", "latency", latency);
        b.sleep(takes);
      });
      main((b) =>
        b.repeat(params.requests, () => {
          const start = b.now("start");
          b.scopeRace(() => {
            b.spawn(request, { wait: "0ms" });
            b.spawn(request, { wait: delay });
          });
          const end = b.now("end");
          b.measure("answer", sub(end, start));
        }),
      );
    },
  );

/** Operations that fail `failPerMillion` times in a million and are tried at most `most` times. Counts `tried` and `succeeded`. */
export const retrying = (name: string, failPerMillion: number, most: number): Program =>
  program(
    name,
    {
      doc: "Tried until it succeeds.",
      params: { operations: int(1000, { min: 1, max: 10_000_000, doc: "operations" }) },
    },
    ({ params, main }) => {
      main((b) =>
        b.repeat(params.operations, () =>
          b.repeat(most, { bind: "attempt", label: "attempts" }, () => {
            b.count("tried");
            const fails = b.draw("fails", "fails", twoPoint(0, 1, failPerMillion));
            b.if(lt(fails, 1), () => {
              b.count("succeeded");
              b.break("attempts");
            });
          }),
        ),
      );
    },
  );
