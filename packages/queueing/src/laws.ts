/**
 * Queueing theory's answers, in closed form. Rates are per unit of time, times in the same unit; `rho` is a utilisation, 0 to 1.
 * Sources: Kleinrock, Queueing Systems I (1975); Erlang (1917); Reiser and Lavenberg, JACM 27 (1980), for the closed ones.
 */

/** M/M/1, first come first served: mean time in the system. */
export const mm1Sojourn = (lambda: number, mu: number): number => 1 / (mu - lambda);

/** M/M/1, first come first served: the time that a share `p` of customers stays below. */
export const mm1Quantile = (lambda: number, mu: number, p: number): number =>
  -Math.log(1 - p) / (mu - lambda);

/** M/M/c/c: the share of customers who find all `c` servers busy at an offered load of `a` erlangs. */
export function erlangB(c: number, a: number): number {
  let blocked = 1;
  for (let servers = 1; servers <= c; servers++) blocked = (a * blocked) / (servers + a * blocked);
  return blocked;
}

/** M/M/c: the share of customers who must wait. */
export function erlangC(c: number, a: number): number {
  const blocked = erlangB(c, a);
  return blocked / (1 - (a / c) * (1 - blocked));
}

/** M/M/c: mean wait before service. */
export const mmcWait = (lambda: number, mu: number, c: number): number =>
  erlangC(c, lambda / mu) / (c * mu - lambda);

/** M/G/1, first come first served (Pollaczek and Khinchine): mean wait, from the first two moments of service. */
export const mg1Wait = (lambda: number, mean: number, secondMoment: number): number =>
  (lambda * secondMoment) / (2 * (1 - lambda * mean));

/** M/G/1, processor sharing: mean time in the system, whatever the distribution of service. */
export const processorSharingSojourn = (lambda: number, mean: number): number => mean / (1 - lambda * mean);

/** M/M/1/K: the share of customers turned away when `k` fit in, the one in service included. */
export const mm1kBlocking = (rho: number, k: number): number =>
  rho === 1 ? 1 / (k + 1) : ((1 - rho) * rho ** k) / (1 - rho ** (k + 1));

/** What a closed system does with `n` customers: throughput, and mean time per round at each queue. */
export interface Closed {
  readonly throughput: number;
  readonly residences: readonly number[];
}

/** Exact mean value analysis: `n` customers think for `think` on average, then need `demands[i]` of each queue. */
export function meanValueAnalysis(n: number, think: number, demands: readonly number[]): Closed {
  let lengths = demands.map(() => 0);
  let closed: Closed = { throughput: 0, residences: demands };
  for (let customers = 1; customers <= n; customers++) {
    const residences = demands.map((demand, i) => demand * (1 + lengths[i]!));
    const throughput = customers / (think + residences.reduce((sum, each) => sum + each, 0));
    lengths = residences.map((residence) => throughput * residence);
    closed = { throughput, residences };
  }
  return closed;
}

/** M/M/c//n, machine repair: `n` machines run for `up` on average, then one of `c` repairers takes `repair`. */
export function machineRepair(
  n: number,
  c: number,
  up: number,
  repair: number,
): { readonly throughput: number; readonly broken: number; readonly sojourn: number } {
  const weights = [1];
  for (let k = 1; k <= n; k++) weights.push((weights[k - 1]! * (n - k + 1) * repair) / (Math.min(k, c) * up));
  const total = weights.reduce((sum, each) => sum + each, 0);
  const broken = weights.reduce((sum, each, k) => sum + (k * each) / total, 0);
  const throughput = (n - broken) / up;
  return { throughput, broken, sojourn: broken / throughput };
}

/** The share of roots that meet at least one slow leaf of `n`, each slow with probability `p`. */
export const anySlow = (n: number, p: number): number => 1 - (1 - p) ** n;

/** Mean of the greatest of `n` exponentials of this mean: the harmonic number times the mean. */
export function meanOfGreatest(n: number, mean: number): number {
  let harmonic = 0;
  for (let i = 1; i <= n; i++) harmonic += 1 / i;
  return harmonic * mean;
}

/** Up to `k` attempts that fail with probability `p`: the share that succeeds, and the mean number of attempts. */
export const retries = (p: number, k: number): { readonly succeeds: number; readonly attempts: number } => ({
  succeeds: 1 - p ** k,
  attempts: (1 - p ** k) / (1 - p),
});

/** Amdahl: a serial part and one that `workers` share. */
export const amdahl = (serial: number, parallel: number, workers: number): number =>
  serial + parallel / workers;

/**
 * Relative standard error of the mean number in an M/M/1 queue (and, by Little's law, of the mean time in it) over `customers`
 * customers: the asymptotic variance 2 rho (1+rho) / (1-rho)^4 over the time they take (Whitt, Management Science 35, 1989).
 */
export const mm1StandardError = (rho: number, customers: number): number =>
  Math.sqrt((2 * rho * (1 + rho) * rho) / (customers * (1 - rho) ** 4)) / (rho / (1 - rho));

/** Standard error of a share of `n` independent trials. */
export const binomialStandardError = (p: number, n: number): number => Math.sqrt((p * (1 - p)) / n);
