/**
 * Reward against KL: what a policy gains, and how far it moved for it. The best that can be had at each distance
 * is a curve, and in a small world it is known.
 */
import { checkPositive, checkSameLength } from "../core/checks";
import { mean } from "../core/statistics";
import { expectation, klDivergence, tiltedPolicy } from "../environments/exactPolicy";

/** A policy's place: how far from the reference, and what for. */
export interface FrontierPoint {
  /** KL(π‖π_ref), nats, mean over prompts */
  kl: number;
  /** E_π r, mean over prompts */
  reward: number;
}

/**
 * Where a policy stands.
 *
 * @param logp          [X][Y] log π(y|x)
 * @param logpReference [X][Y] log π_ref(y|x)
 * @param rewards       [X][Y]
 */
export function frontierPoint(
  logp: readonly ArrayLike<number>[],
  logpReference: readonly ArrayLike<number>[],
  rewards: readonly ArrayLike<number>[],
): FrontierPoint {
  checkSameLength("frontierPoint", { logp, logpReference, rewards });
  return {
    kl: mean(logp.map((table, x) => klDivergence(table, logpReference[x]))),
    reward: mean(logp.map((table, x) => expectation(table, rewards[x]))),
  };
}

/**
 * The frontier: no policy has more reward at less KL than π* ∝ π_ref·exp(r/β), for each β.
 *
 * @param betas β > 0 of each point; small ones lie far out
 * @param options `judge`: [X][Y] a second reward by which the points are measured, when the tilt is by a
 *   learned reward (a proxy) and the gold reward is asked for
 */
export function optimalFrontier(
  logpReference: readonly ArrayLike<number>[],
  rewards: readonly ArrayLike<number>[],
  betas: readonly number[],
  { judge = rewards }: { judge?: readonly ArrayLike<number>[] } = {},
): (FrontierPoint & { beta: number })[] {
  return betas.map((beta) => ({
    beta,
    ...frontierPoint(tiltedPolicies(logpReference, rewards, beta), logpReference, judge),
  }));
}

/** π* ∝ π_ref·exp(r/β) for each prompt, [X][Y] nats; see `tiltedPolicy`. */
export function tiltedPolicies(
  logpReference: readonly ArrayLike<number>[],
  rewards: readonly ArrayLike<number>[],
  beta: number,
): Float64Array[] {
  checkSameLength("tiltedPolicies", { logpReference, rewards });
  return logpReference.map((table, x) => tiltedPolicy(table, rewards[x], beta));
}

/**
 * How far below the frontier a policy lies, in nats: KL(π‖π*). In units of reward it is β times that, exactly:
 *
 *   J* − J(π) = β·KL(π‖π*),   J(π) = E_π r − β·KL(π‖π_ref)
 *
 * @param beta > 0, which point of the frontier is aimed at
 */
export function distanceToOptimum(
  logp: readonly ArrayLike<number>[],
  logpReference: readonly ArrayLike<number>[],
  rewards: readonly ArrayLike<number>[],
  beta: number,
): number {
  checkPositive("distanceToOptimum: beta", beta);
  const best = tiltedPolicies(logpReference, rewards, beta);
  return mean(logp.map((table, x) => klDivergence(table, best[x])));
}
