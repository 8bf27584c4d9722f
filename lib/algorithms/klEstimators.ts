/**
 * Three ways to estimate KL(p ‖ q) = E_{x∼p} log p(x)/q(x) from samples of p, where the sum or
 * integral itself is out of reach. Each takes the log-ratio of one sample,
 *
 *   ℓ = log q(x) − log p(x),   x ∼ p
 *
 * and the mean over samples is the estimate. J. Schulman 2020, "Approximating KL divergence",
 * http://joschu.net/blog/kl-approx.html.
 *
 * In PPO p is the policy that acted and q the one that has learned since; in RLHF p is the policy
 * and q the reference. Mind the side of the ratio: the sampling distribution is below.
 */

/**
 * −ℓ: unbiased, but of large variance, since it is negative for half of the samples of a quantity
 * that never is.
 *
 * @param logRatio ℓ = log q(x) − log p(x) in nats, x drawn from p
 */
export function k1(logRatio: number): number {
  return -logRatio;
}

/**
 * ½ℓ²: never negative, of small variance, and biased; the bias is of higher order in the distance of
 * p and q, so near one another it does not matter.
 *
 * @param logRatio ℓ = log q(x) − log p(x) in nats, x drawn from p
 */
export function k2(logRatio: number): number {
  return 0.5 * logRatio * logRatio;
}

/**
 * (e^ℓ − 1) − ℓ: never negative, unbiased, of small variance. It is k1 plus a term whose mean is 0
 * (E_p q/p = 1), which takes most of k1's noise away. Where q/p has heavy tails that term is the noise.
 *
 * @param logRatio ℓ = log q(x) − log p(x) in nats, x drawn from p
 */
export function k3(logRatio: number): number {
  return Math.expm1(logRatio) - logRatio;
}
