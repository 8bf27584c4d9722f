/**
 * The policy gradient by sampling: REINFORCE (Williams 1992, Machine Learning 8:229–256).
 *
 *   ∇J(θ) = E Σ_t Ψ_t·∇log π_θ(a_t|s_t)
 *
 * where Ψ_t may be the return of the whole episode, the reward still to come, that minus a baseline
 * b(s_t), or an advantage: all point the same way on average (an advantage as far as its critic is
 * right) and differ greatly in variance (Schulman et al. 2016, Eq. 1, arXiv:1506.02438).
 */
import { checkNotEmpty, checkSameLength } from "../core/checks";
import type { Episode } from "../environments/environment";
import type { Policy } from "./policy";

/**
 * The gradient that one episode votes for.
 *
 *   g = Σ_t Ψ_t·∇log π_θ(a_t|s_t)
 *
 * A sum over steps and no mean: J is the return of an episode, however long.
 *
 * @param weights [T] Ψ_t
 * @returns [P] an unbiased draw of ∇J
 */
export function episodeGradient(
  policy: Policy,
  episode: Pick<Episode, "observations" | "actions">,
  weights: ArrayLike<number>,
): Float64Array {
  evaluateEpisodes(policy, [episode], [weights]);
  return policy.backward(weights);
}

/**
 * One step of REINFORCE: Adam up the mean of the gradients that some episodes vote for.
 *
 * @param episodes n episodes that this policy has played
 * @param weights  [n][T] Ψ_t for every step of each
 * @returns the gradient's Euclidean norm before any clipping
 */
export function reinforceUpdate(
  policy: Policy,
  episodes: readonly Pick<Episode, "observations" | "actions">[],
  weights: readonly ArrayLike<number>[],
  learningRate: number,
): number {
  checkNotEmpty("reinforceUpdate: episodes", episodes);
  evaluateEpisodes(policy, episodes, weights);
  const loss = weights.flatMap((psi) => Array.from(psi, (w) => -w / episodes.length)); // of −J
  return policy.update(loss, 0, learningRate);
}

/** Shows the policy all steps of the episodes at once, for `backward` or `update`. */
function evaluateEpisodes(
  policy: Policy,
  episodes: readonly Pick<Episode, "observations" | "actions">[],
  weights: readonly ArrayLike<number>[],
): void {
  checkSameLength("REINFORCE", { episodes, weights });
  const observations = episodes.flatMap((episode, i) => {
    checkSameLength(`REINFORCE: episode ${i}`, { actions: episode.actions, weights: weights[i] });
    return episode.observations.slice(0, episode.actions.length).flat(); // without the last
  });
  policy.evaluate(
    observations,
    episodes.flatMap((episode) => episode.actions),
  );
}

/**
 * How much single gradients scatter: the trace of their covariance matrix, i.e. the mean squared
 * distance from their mean.
 *
 * @param gradients n ≥ 2 vectors of equal length
 */
export function gradientVariance(gradients: readonly Float64Array[]): number {
  checkNotEmpty("gradientVariance: gradients", gradients, 2);
  const n = gradients.length;
  let total = 0;
  for (let i = 0; i < gradients[0].length; i++) {
    let [sum, squares] = [0, 0];
    for (const gradient of gradients) sum += gradient[i];
    for (const gradient of gradients) squares += (gradient[i] - sum / n) ** 2;
    total += squares / (n - 1);
  }
  return total;
}
