/**
 * The policy gradient where everything about it can be written down: a bandit with K arms, of which
 * arm a always pays r_a, and a policy π = softmax(z) with one preference z_a an arm.
 *
 *   J(z) = Σ_a π_a·r_a
 *
 * Williams 1992, Machine Learning 8:229–256; Sutton & Barto 2018 (2nd ed.), section 2.8.
 */
import { checkFinite, checkInteger, checkSameLength } from "../core/checks";
import { softmax } from "../core/statistics";

/** J(z) = Σ_a π_a·r_a, the reward that softmax(preferences) earns a pull on average. */
export function banditReturn(preferences: ArrayLike<number>, rewards: ArrayLike<number>): number {
  checkSameLength("banditReturn", { preferences, rewards });
  return softmax(preferences).reduce((total, p, a) => total + p * rewards[a], 0);
}

/**
 * The gradient, exactly.
 *
 *   ∂J/∂z_a = π_a·(r_a − J)
 *
 * @returns [K]
 */
export function banditGradient(
  preferences: ArrayLike<number>,
  rewards: ArrayLike<number>,
): Float64Array {
  const J = banditReturn(preferences, rewards);
  return softmax(preferences).map((p, a) => p * (rewards[a] - J));
}

/**
 * The gradient as one pull of an arm shows it; its mean over pulls is `banditGradient`, whatever the
 * baseline.
 *
 *   g = (r_a − b)·∇log π_a,   ∂log π_a/∂z_j = 1(j = a) − π_j
 *
 * @param arm      a, the arm that was pulled
 * @param reward   r_a, what it paid
 * @param baseline b
 * @returns [K]
 */
export function sampledBanditGradient(
  preferences: ArrayLike<number>,
  arm: number,
  reward: number,
  baseline = 0,
): Float64Array {
  checkInteger("sampledBanditGradient: arm", arm, 0, preferences.length - 1);
  checkFinite("sampledBanditGradient: baseline", baseline);
  return softmax(preferences).map((p, j) => (reward - baseline) * ((j === arm ? 1 : 0) - p));
}

/**
 * Variance of that one-pull gradient, summed over its components, by going through all arms.
 *
 *   E‖g − ∇J‖² = Σ_a π_a·(r_a − b)²·‖∇log π_a‖² − ‖∇J‖²
 */
export function banditGradientVariance(
  preferences: ArrayLike<number>,
  rewards: ArrayLike<number>,
  baseline = 0,
): number {
  const exact = banditGradient(preferences, rewards);
  return softmax(preferences).reduce((total, p, a) => {
    const sample = sampledBanditGradient(preferences, a, rewards[a], baseline);
    return total + p * sample.reduce((sum, g, j) => sum + (g - exact[j]) ** 2, 0);
  }, 0);
}

/**
 * The baseline with the least variance: the rewards' mean, each arm weighted by how hard it pulls.
 *
 *   b* = Σ_a π_a·‖∇log π_a‖²·r_a / Σ_a π_a·‖∇log π_a‖²
 *
 * Greensmith, Bartlett & Baxter 2004, JMLR 5:1471–1530.
 */
export function bestBanditBaseline(
  preferences: ArrayLike<number>,
  rewards: ArrayLike<number>,
): number {
  checkSameLength("bestBanditBaseline", { preferences, rewards });
  let [weighted, weights] = [0, 0];
  softmax(preferences).forEach((p, a) => {
    const score = sampledBanditGradient(preferences, a, 1);
    const weight = p * score.reduce((total, g) => total + g * g, 0);
    weighted += weight * rewards[a];
    weights += weight;
  });
  return weighted / weights;
}
