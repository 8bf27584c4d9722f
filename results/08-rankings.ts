import {
  drawReplyPairs,
  pairAccuracy,
  Rng,
  tableSampler,
  trainNetworkReward,
  type ReplyPair,
} from "../lib/index";
import { replyWorld } from "./replyWorld";
import { summary, type Recipe } from "./recipe";

/** Four answers to one order, ranked by Plackett–Luce: its six pairs. */
function ranking(gold: Float64Array[], draws: ((rng: Rng) => number)[], rng: Rng): ReplyPair[] {
  const order = rng.integer(draws.length);
  const ranked = Array.from({ length: 4 }, () => draws[order](rng))
    .map((y) => ({ y, felt: gold[order][y] + rng.gumbel() }))
    .sort((a, b) => b.felt - a.felt);
  return ranked.flatMap((winner, i) =>
    ranked.slice(i + 1).map((loser) => ({ order, chosen: winner.y, rejected: loser.y })),
  );
}

export const recipe: Recipe = {
  title: "A ranking of four answers is worth more than one pair and less than six",
  about:
    "Reply language, network; share of 20,000 fresh verdicts foretold after 500 pairs, 500 rankings of four (3,000 pairs that share answers), and 3,000 separate pairs.",
  seeds: { smoke: 1, quick: 4, full: 10 },
  async run(seed) {
    const { reference, gold, fresh } = replyWorld();
    const draws = reference.map((logp) => tableSampler(logp));
    const rng = new Rng(`rankings ${seed}`);
    const separate = drawReplyPairs(reference, gold, 3000, rng);
    const ranked = Array.from({ length: 500 }, () => ranking(gold, draws, rng)).flat();
    const sets = { pairs: separate.slice(0, 500), rankings: ranked, separate };
    const values: Record<string, number> = {};
    for (const [name, pairs] of Object.entries(sets))
      values[name] = pairAccuracy(await trainNetworkReward(pairs, rng), fresh);
    const { pairs, rankings, separate: six } = values;
    return { pairs, rankings, separate: six, over: rankings - pairs, under: six - rankings };
  },
  report: (rows) =>
    summary(rows, {
      pairs: { title: "500 pairs", digits: 3 },
      rankings: { title: "500 rankings of four", digits: 3 },
      separate: { title: "3,000 separate pairs", digits: 3 },
      over: { title: "rankings − pairs", digits: 3, atLeast: 0 },
      under: { title: "separate pairs − rankings", digits: 3, atLeast: 0 },
    }),
};
