/**
 * What a run was like and why, in sentences. Every one comes from what the trace holds: counted rules, measured spans,
 * tasks by name. Nothing here asks which runtime it was.
 */
import { Kind } from "@orrery/simulator";
import { episodeOf } from "./folds/episode.ts";
import { type Lane, State } from "./folds/lanes.ts";
import { latenciesOf } from "./folds/latency.ts";
import { occupants } from "./folds/occupants.ts";
import { type ReasonCount, reasonsOf, sumOf } from "./folds/reasons.ts";
import { longestSlice, longestTurn } from "./folds/stretch.ts";
import { syscallsOf } from "./folds/syscalls.ts";
import { waitsOf } from "./folds/waits.ts";
import { worstMark } from "./folds/worst-mark.ts";
import type { Run } from "./study.ts";
import { duration, percent, plural, whole } from "./text.ts";

/** A delay worth telling, as a part of the makespan; and never less than this. */
const NOTABLE = 0.02;
const NOTABLE_NS = 1000;
/** Holding a processor for longer than this without a break is worth a sentence. */
const HELD_NS = 1e6;
const NAMED_OCCUPANTS = 3;
const NAMED_REASONS = 2;
const EXPLAINED_MARKS = 2;

export function why(run: Run): readonly string[] {
  const notableNs = Math.max(NOTABLE_NS, run.result.makespanNs * NOTABLE);
  const marks = explainedMarks(run, notableNs);
  return [
    load(run),
    ...marks,
    preemption(run, notableNs),
    turns(run, notableNs),
    marks.length > 0 ? null : latency(run, notableNs),
    blocking(run, notableNs),
    beside(run),
    moves(run),
    waiting(run),
  ].filter((sentence) => sentence !== null);
}

const processorsOf = ({ lanes }: Pick<Run, "lanes">): readonly Lane[] =>
  lanes.filter(({ kind }) => kind === "processor");

/** How much of the time tasks and callbacks ran; scheduling itself is between the slices. */
function load({ lanes, result, model }: Run): string | null {
  const processors = processorsOf({ lanes }).filter(({ busyNs }) => busyNs > 0);
  if (processors.length === 0) return null;
  const busyNs = processors.reduce((sum, lane) => sum + lane.busyNs, 0);
  const average = busyNs / Math.max(1, result.makespanNs);
  const share = percent(busyNs, result.makespanNs * processors.length);
  const atATime =
    processors.length > 1 && average >= 0.05 ? `, ${average.toFixed(1)} at a time on average` : "";
  return `${plural(processors.length, model.processor)} ran tasks ${share} of the time${atATime}`;
}

/** The greatest samples of the workload's own measures: what their tasks waited for, and who ran instead. */
function explainedMarks(run: Run, notableNs: number): readonly string[] {
  return Object.keys(run.result.marks)
    .map((name) => ({ name, mark: worstMark(run.trace, name) }))
    .flatMap(({ name, mark }) => (mark === null || mark.value < notableNs ? [] : [{ name, ...mark }]))
    .sort((a, b) => b.value - a.value)
    .slice(0, EXPLAINED_MARKS)
    .map(({ name, task, timeNs, value }) => {
      const from = Math.max(0, timeNs - value);
      const { runningNs, readyNs, waits } = episodeOf(run.trace, task, from, timeNs);
      const parts = [
        ...waits.map(({ reason, ns }) => ({ what: `in ${reason}`, ns })),
        { what: "ready but not running", ns: readyNs },
        { what: "running", ns: runningNs },
      ]
        .filter(({ ns }) => ns > value * NOTABLE)
        .slice(0, NAMED_REASONS)
        .map(({ what, ns }) => `${what} ${duration(ns)}`);
      const who = others(run, from, timeNs, task);
      return `${name} up to ${duration(value)}: ${run.names.path(task)} was ${parts.join(", ")}${who}`;
    });
}

/** Forced switches, or the lack of them where one task computed for long. */
function preemption({ lanes, names, model, trace }: Run, notableNs: number): string | null {
  const slice = longestSlice(lanes, State.running);
  if (slice === null) return null;
  const who = names.path(slice.task);
  const preempted = reasonsOf(trace, Kind.preempt);
  if (preempted.length > 0)
    return `preempted ${plural(sumOf(preempted), "time")} (${ruled(preempted)}); the longest slice was ${duration(slice.busyNs)} (${who})`;
  return slice.busyNs > Math.max(notableNs, HELD_NS)
    ? `no preemption: ${who} held ${model.processor} ${slice.processor} for ${duration(slice.busyNs)}`
    : null;
}

/** A loop that did much before it looked around again, more than its longest slice alone tells. */
function turns(run: Run, notableNs: number): string | null {
  const turn = longestTurn(run.trace, run.lanes);
  if (turn === null || turn.busyNs <= Math.max(notableNs, HELD_NS)) return null;
  const slices = [State.running, State.syscall].map((state) => longestSlice(run.lanes, state)?.busyNs ?? 0);
  if (turn.busyNs < 1.2 * Math.max(...slices)) return null;
  return `the ${run.model.processor} was busy for ${duration(turn.busyNs)} before it looked at timers and descriptors again`;
}

function latency(run: Run, notableNs: number): string | null {
  const { worst } = latenciesOf(run.trace);
  if (worst === null || worst.runNs - worst.readyNs <= notableNs) return null;
  return (
    `longest wait for a ${run.model.processor}: ${run.names.path(worst.task)}, ready at ${duration(worst.readyNs)}, ran ` +
    `${duration(worst.runNs - worst.readyNs)} later (${worst.run})${others(run, worst.readyNs, worst.runNs, worst.task)}`
  );
}

function blocking({ trace, lanes, model, names }: Run, notableNs: number): string | null {
  const { count, most } = syscallsOf(trace);
  if (count === 0) return null;
  const left = leftCalls(lanes);
  const held = longestSlice(lanes, State.syscall);
  const word = model.processor;
  return (
    `${plural(count, "blocking call")} (${ruled(reasonsOf(trace, Kind.syscallEnter))}), at most ${whole(most)} at a time` +
    (left > 0 ? `; ${whole(left)} outlasted their ${word}, which went to another thread` : "") +
    (left === 0 && held !== null && held.busyNs > notableNs
      ? `; ${names.path(held.task)} kept ${word} ${held.processor} for ${duration(held.busyNs)} in one`
      : "")
  );
}

/** System calls that went on in their thread when the processor had gone. */
function leftCalls(lanes: readonly Lane[]): number {
  let count = 0;
  for (const lane of lanes)
    if (lane.kind === "thread")
      for (let i = 0; i < lane.length; i++) if (lane.states.at(i) === State.syscall) count++;
  return count;
}

/** Work of the runtime's own threads beside its processors. */
function beside({ lanes }: Run): string | null {
  const works = lanes
    .filter(({ kind }) => kind === "thread")
    .map((lane) => Array.from({ length: lane.length }, (_, i) => lane.at(i)))
    .map((slices) => slices.filter(({ state }) => state === State.callback))
    .filter((slices) => slices.length > 0);
  if (works.length === 0) return null;
  const longest = works.flat().reduce((a, b) => (b.endNs - b.startNs > a.endNs - a.startNs ? b : a));
  return (
    `${plural(works.flat().length, "piece")} of work on ${plural(works.length, "thread")} of a pool, ` +
    `the longest ${duration(longest.endNs - longest.startNs)} (${longest.why})`
  );
}

function moves({ trace, model }: Run): string | null {
  const steals = reasonsOf(trace, Kind.steal);
  if (steals.length === 0) return null;
  return `work moved between ${model.processor}s ${plural(sumOf(steals), "time")} (${ruled(steals)})`;
}

function waiting({ trace, endNs }: Run): string | null {
  const waits = waitsOf(trace, endNs);
  const total = waits.reduce((sum, { totalNs }) => sum + totalNs, 0);
  if (total === 0) return null;
  const top = waits
    .slice(0, NAMED_REASONS)
    .filter(({ totalNs }) => totalNs > total * 0.05)
    .map(({ reason, count, totalNs }) => `${reason} ${whole(count)}x, ${duration(totalNs / count)} each`);
  return `tasks waited in ${top.join("; ")}`;
}

/** `; meanwhile main/hog[2] 10.2 ms, main/hog[0] 10.1 ms and 2 others`: who had the processors, but for one task. */
function others(run: Run, fromNs: number, toNs: number, but: number): string {
  const all = occupants(processorsOf(run), fromNs, toNs).filter(
    ({ task, ns }) => task !== but && ns > (toNs - fromNs) * NOTABLE,
  );
  if (all.length === 0) return "";
  const shown = all
    .slice(0, NAMED_OCCUPANTS)
    .map(({ task, ns }) => `${run.names.path(task)} ${duration(ns)}`)
    .join(", ");
  const rest = all.length - NAMED_OCCUPANTS;
  return `; meanwhile ${shown}${rest > 0 ? ` and ${plural(rest, "other")}` : ""}`;
}

function ruled(counts: readonly ReasonCount[]): string {
  const shown = counts.slice(0, NAMED_REASONS).map(({ reason, count }) => `${reason} ${whole(count)}x`);
  return counts.length > NAMED_REASONS ? `${shown.join(", ")}, ...` : shown.join(", ");
}
