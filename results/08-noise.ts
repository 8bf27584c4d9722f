import {
  accuracyCeiling,
  bagOfCounts,
  drawReplyPairs,
  fitReplyReward,
  pairAccuracy,
  Rng,
  trainNetworkReward,
  type AnnotatorOptions,
} from "../lib/index";
import { replyWorld } from "./replyWorld";
import { sweep, type Recipe } from "./recipe";

const people: Record<string, AnnotatorOptions> = {
  ...Object.fromEntries([0.25, 0.5, 1, 2, 4].map((temperature) => [`τ = ${temperature}`, { temperature }])), // prettier-ignore
  ...Object.fromEntries([0.1, 0.2, 0.3, 0.4, 0.5].map((flips) => [`ε = ${flips}`, { flips }])),
};
const lines = {
  ceiling: "ceiling of the verdicts",
  "network verdicts": "network, noisy verdicts",
  "network truth": "network, truth",
  "counting verdicts": "counting, noisy verdicts",
  "counting truth": "counting, truth",
};

export const recipe: Recipe = {
  title: "Guesses lower the accuracy that can be measured more than the true one; slips lower both",
  about:
    "Reply language, 3,000 verdicts P = ε + (1 − 2ε)·σ(Δr/τ); where only one of the two is named, the other is τ = 1 or ε = 0. Shares of pairs judged right: " +
    "5,000 fresh verdicts of the same annotators, and against the truth (which of two answers has the larger gold reward).",
  seeds: { smoke: 1, quick: 3, full: 5 },
  async run(seed) {
    const { reference, gold, fresh, differences } = replyWorld();
    const truth = fresh.flatMap((pair, i) => {
      if (differences[i] === 0) return [];
      return differences[i] > 0 ? [pair] : [{ ...pair, chosen: pair.rejected, rejected: pair.chosen }]; // prettier-ignore
    });
    const values: Record<string, number> = {};
    for (const [who, options] of Object.entries(people)) {
      const rng = new Rng(`noise ${seed}`);
      const pairs = drawReplyPairs(reference, gold, 3000, rng, options);
      const unseen = drawReplyPairs(reference, gold, 5000, rng, options);
      const network = await trainNetworkReward(pairs, rng);
      const counting = fitReplyReward(bagOfCounts, pairs).tables;
      values[`ceiling ${who}`] = accuracyCeiling(differences, options);
      for (const [name, tables] of Object.entries({ network, counting })) {
        values[`${name} verdicts ${who}`] = pairAccuracy(tables, unseen);
        values[`${name} truth ${who}`] = pairAccuracy(tables, truth);
      }
    }
    return values;
  },
  report(rows) {
    const names = Object.keys(people);
    const part = (letter: string): string =>
      sweep(rows, lines, names.filter((name) => name.startsWith(letter)), { head: "", digits: 3 }); // prettier-ignore
    return `${part("τ")}\n\n${part("ε")}`;
  },
};
