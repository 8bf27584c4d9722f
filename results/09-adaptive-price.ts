import { adaptBeta, meanKl, optimalFrontier, Rng } from "../lib/index";
import { type Figure, summary, type Recipe, type Values } from "./recipe";
import { replyRun } from "./replyRun";

const targets = [2, 4];
const prices = Array.from({ length: 71 }, (_, i) => 0.3 + i / 100);

export const recipe: Recipe = {
  title: "A price that sets itself meets its target, after it has shot past",
  about:
    "Reply language, gold reward; β starts at 0.2 and follows the divergence of each batch, K = 0.2, clipped at ±0.2; 80 rounds of 256 replies. " +
    "The divergence after 80 rounds, over all replies, is to be within 15 % of its target. Beside the β that was reached: the β whose best " +
    "policy lies at this divergence.",
  seeds: { smoke: 1, quick: 5, full: 5 },
  run(seed): Values {
    const lab = replyRun();
    const frontier = optimalFrontier(lab.reference, lab.gold, prices);
    const values: Record<string, number> = {};
    for (const target of targets) {
      const rng = new Rng(`target ${target} ${seed}`);
      const path: number[] = [];
      let beta = 0.2;
      lab.restart();
      for (let round = 0; round < 80; round++) {
        path.push(lab.round(lab.gold, beta, rng));
        beta = adaptBeta(beta, path[round], target, { gain: 0.2 });
      }
      const kl = meanKl(lab.table(), lab.reference);
      const off = (point: { kl: number }): number => Math.abs(point.kl - kl);
      values[`top ${target}`] = Math.max(...path);
      values[`kl ${target}`] = kl;
      values[`beta ${target}`] = beta;
      values[`best ${target}`] = frontier.reduce((a, b) => (off(b) < off(a) ? b : a)).beta;
    }
    return values;
  },
  report(rows) {
    const figures: Record<string, Figure> = {};
    for (const target of targets) {
      const bar = { atLeast: 0.85 * target, atMost: 1.15 * target };
      figures[`top ${target}`] = { title: `target ${target}: largest KL on the way (nats)`, digits: 2 }; // prettier-ignore
      figures[`kl ${target}`] = { title: `target ${target}: KL after 80 rounds (nats)`, digits: 2, ...bar }; // prettier-ignore
      figures[`beta ${target}`] = { title: `target ${target}: β after 80 rounds`, digits: 2 };
      figures[`best ${target}`] = { title: `target ${target}: β of the best policy at that KL`, digits: 2 }; // prettier-ignore
    }
    return summary(rows, figures);
  },
};
