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
import { summary, type Recipe } from "./recipe";

export const recipe: Recipe = {
  title: "PPO balances CartPole-v1 on every seed",
  about:
    "50,000 steps (8 worlds × 32), actor and critic 4-64-out with tanh, 5 epochs of minibatches of 64, γ 0.99, λ 0.95, Adam 3e-3 " +
    "and clip 0.2 annealed to 0. Mean return of 100 fresh episodes after training, with actions drawn and with the most likely " +
    "ones; 475 counts as solved, 500 is the most there is.",
  seeds: { smoke: 1, quick: 5, full: 40 },
  run(seed) {
    const rng = new Rng(seed);
    const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
    const { policy, critic } = actorCritic(worlds, rng);
    const updates = Math.floor(50_000 / 256);
    const returns: number[] = [];
    let solvedAt = 50_000;
    for (let update = 0; update < updates; update++) {
      const batch = collect(worlds, policy, 32, rng);
      const left = 1 - update / updates;
      const rates = { learningRate: 3e-3 * left, clip: 0.2 * left };
      ppoUpdate(policy, critic, batch, estimateAdvantages(batch, critic), { ...rates, rng });
      returns.push(...batch.episodes.map((episode) => episode.return));
      const solved = mean(returns.slice(-20)) >= 475;
      if (solved) solvedAt = Math.min(solvedAt, 256 * (update + 1));
    }
    const after = (greedy: boolean) =>
      mean(evaluatePolicy(policy, new CartPole(), 100, rng.split("after"), { greedy }));
    return { drawn: after(false), greedy: after(true), solvedAt };
  },
  report: (rows) =>
    summary(rows, {
      drawn: { title: "return, actions drawn", atLeast: 475 },
      greedy: { title: "return, most likely actions", atLeast: 475 },
      solvedAt: { title: "steps until the last 20 training episodes average 475", digits: 0 },
    }),
};
