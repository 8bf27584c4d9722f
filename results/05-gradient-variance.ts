import {
  actorCritic,
  CartPole,
  collect,
  discountedReturns,
  episodeAdvantages,
  episodeGradient,
  estimateAdvantages,
  gradientVariance,
  mean,
  playEpisode,
  ppoUpdate,
  Rng,
  VectorEnvironment,
} from "../lib/index";
import { summary, type Recipe } from "./recipe";

export const recipe: Recipe = {
  title: "How much the gradients of single episodes scatter",
  about:
    "CartPole-v1, policies after 8,000 steps of PPO (not annealed); 200 episodes each. Variance of the gradient that one episode votes " +
    "for (trace of the covariance), relative to that with the whole episode's return as weight.",
  seeds: { smoke: 1, quick: 5, full: 30 },
  run(seed) {
    const rng = new Rng(`variance ${seed}`);
    const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
    const { policy, critic } = actorCritic(worlds, rng);
    for (let update = 0; update < 8000 / 256; update++) {
      const batch = collect(worlds, policy, 32, rng);
      const options = { learningRate: 3e-3, rng };
      ppoUpdate(policy, critic, batch, estimateAdvantages(batch, critic), options);
    }
    const act = (o: number[]) => policy.act(o, rng).actions[0];
    const seen = Array.from({ length: 200 }, () => playEpisode(new CartPole(), act, rng));
    const toGo = seen.map(({ rewards }) => discountedReturns(rewards, 0.99));
    const usual = mean(toGo.flatMap((g) => [...g]));
    const scatter = (psi: Float64Array[]): number =>
      gradientVariance(seen.map((episode, i) => episodeGradient(policy, episode, psi[i])));
    const whole = scatter(toGo.map((g) => g.map(() => g[0])));
    const gae = (lambda: number): number =>
      scatter(seen.map((episode) => episodeAdvantages(episode, critic, { lambda }))) / whole;
    return {
      toGo: scatter(toGo) / whole,
      lessConstant: scatter(toGo.map((g) => g.map((x) => x - usual))) / whole,
      gae100: gae(1),
      gae95: gae(0.95),
      gae80: gae(0.8),
    };
  },
  report: (rows) =>
    summary(rows, {
      toGo: { title: "reward to go", digits: 3, atMost: 0.5 },
      lessConstant: { title: "reward to go − constant", digits: 3 },
      gae100: { title: "GAE, λ = 1", digits: 3 },
      gae95: { title: "GAE, λ = 0.95", digits: 3 },
      gae80: { title: "GAE, λ = 0.8", digits: 3 },
    }),
};
