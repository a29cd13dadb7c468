import { Sfc32 } from "./random.ts";

/**
 * Where every nondeterministic choice of a run comes from. Each is asked at a *named decision point*, such as
 * `go.stealOrder` or `service.db.latency`, so that a run's choices can be recorded, replayed, cut short and shrunk.
 */
export interface DecisionSource {
  /** An integer in 0..n-1 (n in 1..2^21). */
  choose(point: string, n: number): number;
  /** A number that the caller has drawn itself (a pure function of seed and place); a replay may put another in its place. */
  take(point: string, proposed: number): number;
  /** Decisions asked so far. */
  readonly count: number;
}

/** Each point has a generator of its own, split from the seed by the point's name. */
export class SeededDecisions implements DecisionSource {
  count = 0;
  private readonly seed: number;
  private readonly streams = new Map<string, Sfc32>();

  constructor(seed: number) {
    this.seed = seed;
  }

  choose(point: string, n: number): number {
    this.count++;
    let stream = this.streams.get(point);
    if (stream === undefined) {
      stream = new Sfc32(this.seed, point);
      this.streams.set(point, stream);
    }
    return stream.below(n);
  }

  take(_point: string, proposed: number): number {
    this.count++;
    return proposed;
  }
}

/** One decision of a recording: the point, how many ways there were (0 for `take`), and what was chosen. */
export type Decision = readonly [point: string, ways: number, chosen: number];

/** Hands on another source's decisions and writes them down. */
export class RecordingDecisions implements DecisionSource {
  readonly decisions: Decision[] = [];
  private readonly inner: DecisionSource;

  constructor(inner: DecisionSource) {
    this.inner = inner;
  }

  get count(): number {
    return this.inner.count;
  }

  choose(point: string, n: number): number {
    const chosen = this.inner.choose(point, n);
    this.decisions.push([point, n, chosen]);
    return chosen;
  }

  take(point: string, proposed: number): number {
    const chosen = this.inner.take(point, proposed);
    this.decisions.push([point, 0, chosen]);
    return chosen;
  }
}

/** The run asked something else than the recording holds: program, options or version are not those of the recording. */
export class ReplayDivergence extends Error {
  override readonly name = "ReplayDivergence";
}

/** Answers from a recording. Where the recording is cut short, `rest` goes on. */
export class ReplayingDecisions implements DecisionSource {
  count = 0;
  private readonly decisions: readonly Decision[];
  private readonly rest: DecisionSource | undefined;

  constructor(decisions: readonly Decision[], rest?: DecisionSource) {
    this.decisions = decisions;
    this.rest = rest;
  }

  choose(point: string, n: number): number {
    if (this.count >= this.decisions.length) return this.beyond(point).choose(point, n);
    const chosen = this.next(point, n);
    if (!Number.isInteger(chosen) || chosen < 0 || chosen >= n)
      throw new ReplayDivergence(`decision ${this.count - 1} (${point}): ${chosen} is not in 0..${n - 1}`);
    return chosen;
  }

  take(point: string, proposed: number): number {
    if (this.count >= this.decisions.length) return this.beyond(point).take(point, proposed);
    return this.next(point, 0);
  }

  private next(point: string, ways: number): number {
    const index = this.count++;
    const [recorded, recordedWays, chosen] = this.decisions[index]!;
    if (recorded !== point || recordedWays !== ways)
      throw new ReplayDivergence(
        `decision ${index}: the recording holds ${describe(recorded, recordedWays)}, the run asks ${describe(point, ways)}`,
      );
    return chosen;
  }

  private beyond(point: string): DecisionSource {
    if (this.rest === undefined)
      throw new ReplayDivergence(
        `the recording ends after ${this.decisions.length} decisions, the run asks ${point}`,
      );
    this.count++;
    return this.rest;
  }
}

const describe = (point: string, ways: number): string => (ways === 0 ? point : `${point} (1 of ${ways})`);
