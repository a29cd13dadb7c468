/** Distributions as cumulative curves in SVG: the share of samples that are at most so long. */
import { duration } from "../text.ts";
import { escape } from "./escape.ts";

export interface Series {
  readonly name: string;
  readonly samples: ArrayLike<number>;
}

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 44;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 30;
const POINTS = 200;

/** Quantiles of a series, evenly spaced: what the curve is drawn through. */
function quantiles(samples: ArrayLike<number>): readonly number[] {
  const sorted = Float64Array.from(samples).sort();
  const points = Math.min(POINTS, sorted.length);
  return Array.from({ length: points }, (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / points) - 1]!);
}

/** Null when there is nothing to draw: fewer than two samples everywhere. */
export function cdf(title: string, all: readonly Series[]): string | null {
  const series = all.map(({ name, samples }, index) => ({ name, index, points: quantiles(samples) }));
  const drawn = series.filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return null;
  const values = drawn.flatMap(({ points }) => points);
  const high = Math.max(1, ...values);
  const low = Math.max(1, Math.min(...values));
  const logarithmic = high / low > 50;
  const x = (ns: number): number => {
    const part = logarithmic ? Math.log(Math.max(ns, low) / low) / Math.log(high / low) : ns / high;
    return Math.round((LEFT + part * (WIDTH - LEFT - RIGHT)) * 10) / 10;
  };
  const y = (share: number): number =>
    Math.round((HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)) * 10) / 10;
  const curves = drawn.map(({ index, points }) => {
    let path = `M${x(points[0]!)} ${y(0)}`;
    points.forEach((ns, i) => (path += `H${x(ns)}V${y((i + 1) / points.length)}`));
    return `<path class="curve s${index}" d="${path}H${WIDTH - RIGHT}"/>`;
  });
  const ticks = (logarithmic ? decades(low, high) : quarters(high)).map(
    (ns) =>
      `<line class="grid" x1="${x(ns)}" x2="${x(ns)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>` +
      `<text x="${x(ns)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${duration(ns)}</text>`,
  );
  const shares = [0, 0.5, 0.9, 1].map(
    (share) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}"/>` +
      `<text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end">${Math.round(share * 100)} %</text>`,
  );
  const legend = drawn.map(
    ({ name, index }) => `<li><span class="key s${index}"></span>${escape(name)}</li>`,
  );
  const label = `${title}: share of samples that are at most so long, for ${drawn.map(({ name }) => name).join(", ")}`;
  return [
    `<figure><figcaption>${escape(title)}${logarithmic ? " (logarithmic)" : ""}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(label)}">`,
    ...ticks,
    ...shares,
    ...curves,
    "</svg>",
    `<ul class="legend">${legend.join("")}</ul></figure>`,
  ].join("\n");
}

function decades(low: number, high: number): readonly number[] {
  const ticks: number[] = [];
  for (let ns = 10 ** Math.ceil(Math.log10(low)); ns <= high; ns *= 10) ticks.push(ns);
  return ticks.length > 0 ? ticks : [low, high];
}

const quarters = (high: number): readonly number[] => [0, 0.25, 0.5, 0.75, 1].map((part) => part * high);
