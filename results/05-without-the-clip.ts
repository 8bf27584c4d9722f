import {
  actorCritic,
  CartPole,
  collect,
  estimateAdvantages,
  evaluatePolicy,
  mean,
  ppoUpdate,
  Rng,
  VectorEnvironment,
} from "../lib/index";
import { summary, type Recipe, type Values } from "./recipe";

/** Greedy updates; where they end. */
function hot(seed: number, clip: number): { score: number; kl: number; entropy: number } {
  const rng = new Rng(`hot ${seed}`);
  const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
  const { policy, critic } = actorCritic(worlds, rng, { maxNorm: Infinity });
  let [kl, entropy] = [0, 0];
  for (let steps = 256; steps <= 20_000; steps += 256) {
    const batch = collect(worlds, policy, 32, rng);
    const options = { learningRate: 1e-2, epochs: 20, clip, rng };
    const log = ppoUpdate(policy, critic, batch, estimateAdvantages(batch, critic), options);
    kl = Math.max(kl, log.approxKl);
    entropy = log.entropy;
  }
  const returns = evaluatePolicy(policy, new CartPole(), 30, rng, { greedy: true });
  return { score: mean(returns), kl, entropy };
}

export const recipe: Recipe = {
  title: "Greedy updates with and without PPO's clip",
  about:
    "CartPole-v1, 20,000 steps, step size 0.01 not annealed, 20 epochs, no cut of the gradient; ε = 0.2 against ε = ∞, the same seeds. " +
    "Mean return of 30 fresh episodes with the most likely actions; the largest KL of one update (k3); the entropy after the last.",
  seeds: { smoke: 1, quick: 5, full: 30 },
  run(seed): Values {
    const [held, free] = [hot(seed, 0.2), hot(seed, Infinity)];
    return {
      heldScore: held.score,
      freeScore: free.score,
      heldKl: held.kl,
      freeKl: free.kl,
      heldEntropy: held.entropy,
      freeEntropy: free.entropy,
    };
  },
  report: (rows) =>
    summary(rows, {
      heldScore: { title: "return, ε = 0.2", atLeast: 400 },
      freeScore: { title: "return, no clip", atLeast: 400 },
      heldKl: { title: "largest KL of an update (nats), ε = 0.2", digits: 2 },
      freeKl: { title: "largest KL of an update (nats), no clip", digits: 2 },
      heldEntropy: { title: "entropy at the end (nats), ε = 0.2", digits: 2 },
      freeEntropy: { title: "entropy at the end (nats), no clip", digits: 2 },
    }),
};
