/**
 * The probes of java.util.concurrent.ThreadLocalRandom (JDK 25), which decide queue slots and seed the workers' scans.
 * Nothing else of that class schedules anything. A virtual thread shares its carrier's probe.
 */

/** `ThreadLocalRandom.PROBE_INCREMENT`: 2^32 over the golden ratio. */
const PROBE_INCREMENT = 0x9e3779b9;

/** Hands the n-th thread that asks n * PROBE_INCREMENT (mod 2^32): `localInit`. */
export class ProbeGenerator {
  private seeder = 0;

  next(): number {
    this.seeder = (this.seeder + PROBE_INCREMENT) | 0;
    return this.seeder === 0 ? 1 : this.seeder;
  }
}

/** One step of Marsaglia's xorshift32 (13, 17, 5): `advanceProbe`, and the scan seed of `ForkJoinPool.runWorker`. */
export function xorshift(r: number): number {
  r ^= r << 13;
  r ^= r >>> 17;
  return r ^ (r << 5);
}
