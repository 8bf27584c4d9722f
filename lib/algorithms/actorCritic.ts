import { checkInteger } from "../core/checks";
import type { Rng } from "../core/rng";
import { playEpisode, type ActionSpace, type Environment } from "../environments/environment";
import { Mlp } from "../models/mlp";
import { GaussianPolicy } from "./gaussianPolicy";
import { CategoricalPolicy, type Policy } from "./policy";

/** Who acts, and who says what a state is worth. */
export interface ActorCritic {
  policy: Policy;
  /** O inputs, one output V(s). */
  critic: Mlp;
}

/**
 * A policy and a critic for a world, as PPO's authors made them: two separate tanh networks, weights
 * orthogonal with gain √2, the policy's last layer 0.01 (so that all actions start alike) and the
 * critic's 1, Adam with ε 1e-5.
 *
 * @param world    an environment, or several at once
 * @param hidden   widths of the hidden layers, default [64]
 * @param maxNorm  longest gradient of either network, default 0.5
 */
export function actorCritic(
  world: { observationSize: number; actions: ActionSpace },
  rng: Rng,
  { hidden = [64], maxNorm = 0.5 }: { hidden?: readonly number[]; maxNorm?: number } = {},
): ActorCritic {
  const { observationSize, actions } = world;
  const outputs = actions.kind === "discrete" ? actions.n : 1;
  const adam = { epsilon: 1e-5, maxNorm };
  const actor = new Mlp([observationSize, ...hidden, outputs], rng.split("actor"), {
    ...adam,
    outputGain: 0.01,
  });
  return {
    policy:
      actions.kind === "discrete" ? new CategoricalPolicy(actor) : new GaussianPolicy(actor, adam),
    critic: new Mlp([observationSize, ...hidden, 1], rng.split("critic"), adam),
  };
}

/**
 * Returns of fresh episodes, not discounted.
 *
 * @param episodes number of episodes
 * @param greedy   take the most likely action instead of drawing one; default false
 * @returns [episodes] sum of the rewards of each
 */
export function evaluatePolicy(
  policy: Policy,
  world: Environment,
  episodes: number,
  rng: Rng,
  { greedy = false } = {},
): Float64Array {
  checkInteger("evaluatePolicy: episodes", episodes, 1);
  const choose = (observation: number[]): number =>
    greedy ? policy.mode(observation) : policy.act(observation, rng).actions[0];
  return Float64Array.from({ length: episodes }, () =>
    playEpisode(world, choose, rng).rewards.reduce((total, reward) => total + reward, 0),
  );
}
