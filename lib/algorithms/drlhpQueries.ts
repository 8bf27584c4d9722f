/**
 * Which segments to ask about, and when: Christiano et al. 2017 (arXiv:1706.03741), §2.2.2, §2.2.4
 * and the appendix.
 */
import { checkInteger, checkNotEmpty, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";
import { mean } from "../core/statistics";
import type { Pair } from "../feedback/labeller";
import { segmentPreference, type Segment } from "./drlhp";
import type { RewardEnsemble } from "./drlhpReward";

/**
 * Pairs of different segments, drawn at random.
 *
 * @param segments the pool, at least two
 * @param count    number of pairs
 */
export function randomQueries(
  segments: readonly Segment[],
  count: number,
  rng: Rng,
): Pair<Segment>[] {
  checkNotEmpty("randomQueries: segments", segments, 2);
  checkInteger("randomQueries: count", count, 0);
  return Array.from({ length: count }, () => {
    const i = rng.integer(segments.length);
    const j = (i + 1 + rng.integer(segments.length - 1)) % segments.length;
    return { first: segments[i], second: segments[j] };
  });
}

/**
 * Of many random pairs those on which the members of the ensemble disagree most.
 *
 *   disagreement(σ¹, σ²) = Var over members of P̂_e(σ¹ ≻ σ²)
 *
 * Christiano et al. 2017, §2.2.4, who call it a crude approximation and find that on some tasks it
 * does worse than chance.
 *
 * @param candidates pairs looked at for each one chosen. Default 10, as in the paper.
 */
export function disagreementQueries(
  reward: RewardEnsemble,
  segments: readonly Segment[],
  count: number,
  rng: Rng,
  { candidates = 10, errorRate = 0.1 } = {},
): Pair<Segment>[] {
  checkInteger("disagreementQueries: candidates", candidates, 1);
  const pairs = randomQueries(segments, candidates * count, rng);
  const scores = disagreements(reward, pairs, errorRate);
  const order = scores.map((_, i) => i).sort((i, j) => scores[j] - scores[i]);
  return order.slice(0, count).map((i) => pairs[i]);
}

/** [pairs] Var over members of P̂_e(σ¹ ≻ σ²). */
export function disagreements(
  reward: RewardEnsemble,
  pairs: readonly Pair<Segment>[],
  errorRate = 0.1,
): number[] {
  if (pairs.length === 0) return [];
  const sums = reward.memberSums(pairs.flatMap(({ first, second }) => [first, second]));
  return pairs.map((_, k) => {
    const chances = sums.map((s) => segmentPreference(s[2 * k] - s[2 * k + 1], errorRate));
    const center = mean(chances);
    return mean(chances.map((p) => (p - center) ** 2));
  });
}

/**
 * How many labels to ask for in each round: a share before training, the rest in rounds that ask for
 * less and less, since what the policy does changes most at first.
 *
 *   n₀ = share · total,   n_k ∝ 1/(k + 1) for k = 1 … rounds − 1
 *
 * @param total   labels in all
 * @param rounds  ≥ 1; with 1 all are asked before training
 * @param upFront share of the labels in the first round; 0.25 in the paper
 * @returns [rounds] whole numbers that add to `total`
 */
export function labelSchedule(total: number, rounds: number, upFront = 0.25): number[] {
  checkInteger("labelSchedule: total", total, 0);
  checkInteger("labelSchedule: rounds", rounds, 1);
  checkRange("labelSchedule: upFront", upFront, 0, 1);
  if (rounds === 1) return [total];
  const weights = Array.from({ length: rounds - 1 }, (_, k) => 1 / (k + 2));
  const whole = weights.reduce((sum, w) => sum + w, 0);
  const shares = [upFront, ...weights.map((w) => ((1 - upFront) * w) / whole)];
  let [due, asked] = [0, 0];
  return shares.map((part, k) => {
    due = k === rounds - 1 ? total : due + part * total;
    const now = Math.round(due) - asked;
    asked += now;
    return now;
  });
}

/** The segments of late, from which questions are drawn and rewards normalised. */
export class SegmentPool {
  readonly segments: Segment[] = [];

  /** @param capacity how many steps are kept; older segments are dropped. Default 10,000. */
  constructor(readonly capacity = 10_000) {
    checkInteger("SegmentPool: capacity", capacity, 1);
  }

  add(segments: readonly Segment[]): void {
    this.segments.push(...segments);
    let steps = this.segments.reduce((total, { states }) => total + states.length, 0);
    let old = 0;
    while (steps > this.capacity) steps -= this.segments[old++].states.length;
    this.segments.splice(0, old);
  }
}
