import type { Policies } from "@orrery/program";
import type { DecisionSource } from "@orrery/simulator";

/** The order in which a select looks at its arms, by the program's `selectPolicy`. */
export class SelectOrder {
  private readonly policy: Policies["selectPolicy"];
  private readonly decisions: DecisionSource;
  private readonly point: string;
  private turn = 0;

  /** `point` names the decision point of random orders, such as `go.select`. */
  constructor(policy: Policies["selectPolicy"], decisions: DecisionSource, point: string) {
    this.policy = policy;
    this.decisions = decisions;
    this.point = point;
  }

  /**
   * Indices of `arms` arms: a uniform permutation (inside-out shuffle, as runtime/select.go makes its pollorder), the
   * program's order, or that order begun one arm further each time.
   */
  next(arms: number): number[] {
    if (this.policy === "random") {
      const order: number[] = [];
      for (let i = 0; i < arms; i++) {
        const j = i === 0 ? 0 : this.decisions.choose(this.point, i + 1);
        order.push(i);
        order[i] = order[j]!;
        order[j] = i;
      }
      return order;
    }
    const first = this.policy === "rotating" ? this.turn++ % arms : 0;
    return Array.from({ length: arms }, (_, i) => (first + i) % arms);
  }
}
