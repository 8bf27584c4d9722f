/**
 * Reward shaping: rewards added by hand so that a learner finds its way sooner.
 *
 * Ng, Harada & Russell 1999, Policy invariance under reward transformations, ICML, pp. 278–287. A
 * shaping reward F(s, s') leaves every optimal policy optimal in every world if and only if it is a
 * difference of potentials, F(s, s') = γ·Φ(s') − Φ(s) (Eq. 2, Theorem 1), and then
 *
 *   Q*_shaped(s, a) = Q*(s, a) − Φ(s)      (Corollary 2)
 *
 * After the end of an episode the potential counts as 0: there the paper has an absorbing state s_0
 * with Φ(s_0) = 0. Forgetting it pays for (or charges) the arrival itself.
 */
import { checkFinite, checkRange } from "../core/checks";
import type { TabularModel } from "../environments/gridworld";

/** Φ(s): how promising a state looks, in units of return. */
export type Potential = (state: number) => number;

/**
 * F(s, s'): what is added to the reward of a step from s to s'.
 *
 * @param terminated whether the step ended the episode
 */
export type ShapingReward = (state: number, next: number, terminated: boolean) => number;

/**
 * The shaping reward of a potential.
 *
 *   F(s, s') = γ·Φ(s') − Φ(s),      Φ = 0 once the episode has ended
 *
 * Over an episode it adds up, discounted, to −Φ(s_0) whatever the path: nothing is to be earned by it.
 *
 * @param gamma γ in (0, 1], the learner's own
 */
export function potentialShaping(potential: Potential, gamma: number): ShapingReward {
  checkRange("potentialShaping: gamma", gamma, 0, 1);
  return (state, next, terminated) => {
    const after = terminated ? 0 : potential(next);
    return gamma * after - potential(state);
  };
}

/**
 * The same world with a shaping reward added to every step.
 *
 * @throws RangeError when the shaping reward of a possible step is not a finite number
 */
export function shapedModel(model: TabularModel, shaping: ShapingReward): TabularModel {
  return {
    states: model.states,
    actionCount: model.actionCount,
    transitions: (state, action) =>
      model.transitions(state, action).map((step) => {
        const added = shaping(state, step.next, step.terminated);
        checkFinite(`shapedModel: the shaping reward from ${state} to ${step.next}`, added);
        return { ...step, reward: step.reward + added };
      }),
  };
}
