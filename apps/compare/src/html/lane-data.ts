/** Lanes as the page draws them: columns of numbers, small enough to embed. */
import { kindNames } from "@orrery/simulator";
import { type Lane, OPEN } from "../folds/lanes.ts";
import { occupants } from "../folds/occupants.ts";
import type { Run } from "../study.ts";

/** A slice that stands for several short ones next to each other. */
export const MANY = 3;

/** One lane; the columns have one number per slice. Times are ns. */
export interface LaneData {
  readonly label: string;
  /** Since the end of the slice before. */
  readonly gap: readonly number[];
  readonly ns: readonly number[];
  /** Index in `tasks`; of a merged slice, how many there are in it. */
  readonly task: readonly number[];
  readonly state: readonly number[];
  /** Indices in `reasons`; of a merged slice `why` is the time in it that was busy, `end` the task that had most of it. */
  readonly why: readonly number[];
  readonly end: readonly number[];
}

export interface LanesData {
  readonly runtime: string;
  readonly title: string;
  readonly endNs: number;
  readonly tasks: readonly string[];
  readonly reasons: readonly string[];
  readonly lanes: readonly LaneData[];
  /** Slices of the trace, and slices kept: fewer when short neighbours are merged. */
  readonly slices: number;
  readonly kept: number;
  /** Shorter slices than this may be merged; 0 when none are. */
  readonly mergedBelowNs: number;
}

/** Stands among the tasks for callbacks of the runtime. */
const CALLBACK = "callback";

/** Index of each different text, in order of first use. */
class Texts {
  readonly all: string[] = [];
  private readonly ids = new Map<string, number>();

  id(text: string): number {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.all.length;
      this.ids.set(text, id);
      this.all.push(text);
    }
    return id;
  }
}

/** The lanes of a run in at most about `most` slices. */
export function lanesData({ model, result, lanes, names, threads, endNs }: Run, most: number): LanesData {
  const used = lanes.filter((lane) => lane.length > 0);
  const slices = used.reduce((sum, lane) => sum + lane.length, 0);
  const mergedBelowNs = slices <= most ? 0 : Math.ceil((endNs * used.length) / (most / 2));
  const tasks = new Texts();
  const taskName = (task: number): string => (task < 0 ? CALLBACK : names.path(task));
  const reasons = new Texts();
  const data = used.map((lane): LaneData => {
    const label =
      lane.kind === "processor"
        ? `${model.processor} ${lane.index}`
        : (threads[lane.index] ?? `thread ${lane.index}`);
    const gap: number[] = [];
    const lasts: number[] = [];
    const taskIds: number[] = [];
    const states: number[] = [];
    const why: number[] = [];
    const end: number[] = [];
    let lastNs = 0;
    const push = (
      start: number,
      ns: number,
      task: number,
      state: number,
      because: number,
      ended: number,
    ): void => {
      gap.push(start - lastNs);
      lasts.push(ns);
      taskIds.push(task);
      states.push(state);
      why.push(because);
      end.push(ended);
      lastNs = start + ns;
    };
    for (const [from, to] of groups(lane, mergedBelowNs)) {
      const start = lane.starts.at(from);
      if (to - from > 1) {
        const shares = occupants([lane], start, lane.ends.at(to - 1));
        const busy = shares.reduce((sum, { ns }) => sum + ns, 0);
        const most = tasks.id(taskName(shares[0]?.task ?? -1));
        push(start, lane.ends.at(to - 1) - start, to - from, MANY, busy, most);
        continue;
      }
      const slice = lane.at(from);
      const ended = slice.ended === OPEN ? "end of the run" : `${kindNames[slice.ended]!}: ${slice.endWhy}`;
      push(
        start,
        slice.endNs - start,
        tasks.id(taskName(slice.task)),
        slice.state,
        reasons.id(slice.why),
        reasons.id(ended),
      );
    }
    return { label, gap, ns: lasts, task: taskIds, state: states, why, end };
  });
  return {
    runtime: result.runtime,
    title: model.title,
    endNs,
    tasks: tasks.all,
    reasons: reasons.all,
    lanes: data,
    slices,
    kept: data.reduce((sum, lane) => sum + lane.ns.length, 0),
    mergedBelowNs,
  };
}

/** Ranges of slices: one alone, or short neighbours that together are no longer than `belowNs`. */
function* groups(lane: Lane, belowNs: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < lane.length; ) {
    let to = from + 1;
    while (to < lane.length && lane.ends.at(to) - lane.starts.at(from) <= belowNs) to++;
    yield [from, to];
    from = to;
  }
}
