import { distanceToOptimum, frontierPoint, Rng } from "../lib/index";
import { replyRun } from "./replyRun";
import { type Figure, summary, type Recipe, type Values } from "./recipe";

const moments = [0, 20, 40, 60];
const bars: Record<number, number> = { 40: 0.45, 60: 0.35 };

export const recipe: Recipe = {
  title: "PPO arrives a quarter of a nat from the best policy there is",
  about:
    "Reply language, gold reward, β = 0.5; 256 replies a round, 4 epochs of 2 minibatches, Adam 2e-3, clip 0.2, GAE 0.95. What the policy " +
    "misses of the optimum is β·KL(π‖π*), summed over all replies; π* lies 3.22 nats from the reference and earns 4.38. The mean over the " +
    "seeds is to be at most 0.45 nats after 40 rounds and 0.35 after 60; the table counts single seeds.",
  seeds: { smoke: 1, quick: 5, full: 5 },
  run(seed): Values {
    const lab = replyRun();
    const rng = new Rng(seed);
    const values: Record<string, number> = {};
    lab.restart();
    for (let round = 0; round <= 60; round++) {
      if (moments.includes(round)) {
        const logp = lab.table();
        const { kl, reward } = frontierPoint(logp, lab.reference, lab.gold);
        values[`missing${round}`] = distanceToOptimum(logp, lab.reference, lab.gold, 0.5);
        values[`gold${round}`] = reward;
        values[`kl${round}`] = kl;
      }
      if (round < 60) lab.round(lab.gold, 0.5, rng);
    }
    return values;
  },
  report(rows) {
    const figures: Record<string, Figure> = {};
    for (const t of moments) {
      const bar = t in bars ? { atMost: bars[t] } : {};
      figures[`missing${t}`] = { title: `round ${t}: KL(π‖π*) (nats)`, digits: 2, ...bar };
    }
    for (const t of moments) figures[`gold${t}`] = { title: `round ${t}: gold reward`, digits: 2 };
    for (const t of moments)
      figures[`kl${t}`] = { title: `round ${t}: KL(π‖π_ref) (nats)`, digits: 2 };
    return summary(rows, figures);
  },
};
