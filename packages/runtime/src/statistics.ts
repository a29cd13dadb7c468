/** Summary of samples, ns or plain numbers: exact order statistics (nearest rank), mean rounded to an integer. */
export interface Summary {
  readonly count: number;
  readonly minNs: number;
  readonly meanNs: number;
  readonly p50Ns: number;
  readonly p90Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
  readonly maxNs: number;
}

export function summarize(samples: readonly number[]): Summary {
  const sorted = Float64Array.from(samples).sort();
  const count = sorted.length;
  const rank = (perMille: number): number =>
    sorted[Math.max(0, Math.ceil((count * perMille) / 1000) - 1)] ?? 0;
  let sum = 0;
  for (const sample of sorted) sum += sample;
  return {
    count,
    minNs: sorted[0] ?? 0,
    meanNs: count === 0 ? 0 : Math.round(sum / count),
    p50Ns: rank(500),
    p90Ns: rank(900),
    p99Ns: rank(990),
    p999Ns: rank(999),
    maxNs: sorted[count - 1] ?? 0,
  };
}
