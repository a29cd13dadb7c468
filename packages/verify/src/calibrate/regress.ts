/**
 * Costs from measurements: the bounded least-squares fit of a linear model, by cyclic coordinate descent. Where the rows say
 * little of an unknown it stays near where it was (a ridge around the start), and no unknown becomes negative.
 */

export interface Row {
  /** How much the result grows with each unknown. */
  readonly slopes: readonly number[];
  /** What is to be reached beyond what all unknowns being 0 gives. */
  readonly value: number;
  /** Of the squared error of this row. */
  readonly weight: number;
}

const SWEEPS = 20_000;
const CLOSE = 1e-9;

/** `pull[j]`: weight of unknown j's squared distance from `start[j]`. */
export function fitBounded(
  rows: readonly Row[],
  start: readonly number[],
  pull: readonly number[],
): readonly number[] {
  const x = [...start];
  const residuals = rows.map(
    ({ slopes, value }) => value - slopes.reduce((sum, slope, j) => sum + slope * x[j]!, 0),
  );
  const curvature = x.map(
    (_, j) => pull[j]! + rows.reduce((sum, { slopes, weight }) => sum + weight * slopes[j]! ** 2, 0),
  );
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (let j = 0; j < x.length; j++) {
      if (curvature[j] === 0) continue;
      let descent = pull[j]! * (start[j]! - x[j]!);
      for (const [i, { slopes, weight }] of rows.entries()) descent += weight * slopes[j]! * residuals[i]!;
      const next = Math.max(0, x[j]! + descent / curvature[j]!);
      const step = next - x[j]!;
      if (step === 0) continue;
      x[j] = next;
      for (const [i, { slopes }] of rows.entries()) residuals[i]! -= slopes[j]! * step;
      moved = Math.max(moved, Math.abs(step) / (1 + next));
    }
    if (moved < CLOSE) break;
  }
  return x;
}
