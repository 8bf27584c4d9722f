import {
  bagOfCounts,
  centredRewards,
  drawReplyPairs,
  expectedReward,
  fitReplyReward,
  frontierPoint,
  Rng,
  tiltedPolicies,
} from "../lib/index";
import { type Figure, summary, type Recipe, type Values } from "./recipe";
import { replyRun } from "./replyRun";

const prices = [0, 0.1, 0.3];

export const recipe: Recipe = {
  title: "A judge that counts words is over-optimised when distance costs nothing",
  about:
    "Reply language; a bag of counts fitted by Bradley–Terry to 1,000 labels, drawn anew for each seed, and moved so that the reference earns 0. " +
    "PPO on it for 24 rounds of 256 replies, measured on all replies, beside the exact best policy of each price. Without a price the learned " +
    "reward is to end above 1.3 and the gold reward, 0.44 at the start, below −2.",
  seeds: { smoke: 1, quick: 5, full: 5 },
  run(seed): Values {
    const run = replyRun();
    const { gold, reference } = run;
    const pairs = drawReplyPairs(reference, gold, 1000, new Rng(`labels ${seed}`));
    const proxy = centredRewards(fitReplyReward(bagOfCounts, pairs).tables, reference);
    const values: Record<string, number> = {};
    for (const beta of prices) {
      run.train(proxy, beta, 24, new Rng(`${beta} ${seed}`));
      const logp = run.table();
      const { kl, reward } = frontierPoint(logp, reference, gold);
      values[`proxy ${beta}`] = expectedReward(logp, proxy);
      values[`gold ${beta}`] = reward;
      values[`kl ${beta}`] = kl;
      if (beta === 0) continue;
      const best = frontierPoint(tiltedPolicies(reference, proxy, beta), reference, gold);
      values[`best gold ${beta}`] = best.reward;
      values[`best kl ${beta}`] = best.kl;
    }
    return values;
  },
  report(rows) {
    const figures: Record<string, Figure> = {};
    for (const beta of prices) {
      const free = beta === 0;
      figures[`proxy ${beta}`] = { title: `β = ${beta}: learned reward`, digits: 2, ...(free && { atLeast: 1.3 }) }; // prettier-ignore
      figures[`gold ${beta}`] = { title: `β = ${beta}: gold reward`, digits: 2, ...(free && { atMost: -2 }) }; // prettier-ignore
      if (!free) figures[`best gold ${beta}`] = { title: `β = ${beta}: gold reward of the best policy for that judge`, digits: 2 }; // prettier-ignore
      figures[`kl ${beta}`] = { title: `β = ${beta}: KL(π‖π_ref) (nats)`, digits: 2 };
      if (!free) figures[`best kl ${beta}`] = { title: `β = ${beta}: KL of the best policy (nats)`, digits: 2 }; // prettier-ignore
    }
    return summary(rows, figures);
  },
};
