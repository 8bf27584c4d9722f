import {
  bestOfNCurve,
  cautiousReward,
  centredRewards,
  drawReplyPairs,
  expectation,
  mean,
  pairAccuracy,
  Rng,
  trainNetworkReward,
  worstCaseReward,
} from "../lib/index";
import { replyWorld } from "./replyWorld";
import { summary, sweep, type Recipe } from "./recipe";

const sizes = [1, 16, 256, 4096, 65536];
const judges = {
  alone: "one judge (mean over the five)",
  mean: "mean of five",
  careful: "mean − sd",
  lowest: "lowest of five",
};

export const recipe: Recipe = {
  title: "Five judges of the same verdicts: their zeros, their votes, and what a panel is good for",
  about:
    "Reply language; five networks trained on the same 1,000 verdicts from other starting weights, a new set of verdicts for each seed. Zeros: what an ordinary answer " +
    "earns from each before centring. Votes: on 20,000 fresh verdicts. Below: exact gold reward of the best of n by one judge and by panels of the centred five. " +
    "± is the standard deviation over sets of verdicts.",
  seeds: { smoke: 1, quick: 5, full: 10 },
  async run(seed) {
    const { reference, gold, fresh } = replyWorld();
    const pairs = drawReplyPairs(reference, gold, 1000, new Rng(`panel ${seed}`));
    const panel: Float64Array[][] = [];
    for (let member = 0; member < 5; member++)
      panel.push(await trainNetworkReward(pairs, new Rng(`member ${seed} ${member}`)));
    const zeros = panel.map((tables) => mean(reference.map((logp, x) => expectation(logp, tables[x])))); // prettier-ignore
    const centred = panel.map((tables) => centredRewards(tables, reference));
    const together = (combine: (opinions: Float64Array[]) => Float64Array): Float64Array[] =>
      reference.map((_, x) => combine(centred.map((tables) => tables[x])));
    const goldOf = (tables: Float64Array[]): number[] =>
      bestOfNCurve(reference, tables, gold, sizes).map((point) => point.gold);
    const panels = {
      mean: together((opinions) => cautiousReward(opinions, 0)),
      careful: together((opinions) => cautiousReward(opinions, 1)),
      lowest: together(worstCaseReward),
    };
    const alone = centred.map(goldOf);
    const values: Record<string, number> = {
      zeros: Math.max(...zeros) - Math.min(...zeros),
      "right alone": mean(centred.map((tables) => pairAccuracy(tables, fresh))),
      "right mean": pairAccuracy(panels.mean, fresh),
    };
    const votes = fresh.map(({ order, chosen, rejected }) => centred.filter((tables) => tables[order][chosen] > tables[order][rejected]).length); // prettier-ignore
    for (const most of [5, 4, 3]) {
      const right = votes.filter((v) => v === most).length;
      values[`votes ${most}`] = right / (right + votes.filter((v) => v === 5 - most).length);
    }
    sizes.forEach((n, k) => (values[`alone ${n}`] = mean(alone.map((curve) => curve[k]))));
    for (const [name, tables] of Object.entries(panels))
      goldOf(tables).forEach((reward, k) => {
        values[`${name} ${sizes[k]}`] = reward;
        values[`${name} gain ${sizes[k]}`] = reward - values[`alone ${sizes[k]}`];
      });
    return values;
  },
  report: (rows) =>
    [
      summary(rows, {
        zeros: { title: "highest less lowest zero of the five (nats)", digits: 2 },
        "right alone": { title: "fresh verdicts foretold by one judge", digits: 3 },
        "right mean": { title: "fresh verdicts foretold by the mean of five", digits: 3 },
        "votes 5": { title: "majority right at 5 to 0", digits: 3 },
        "votes 4": { title: "majority right at 4 to 1", digits: 3 },
        "votes 3": { title: "majority right at 3 to 2", digits: 3 },
        "mean gain 256": { title: "gold, best of 256: mean of five less one judge", digits: 2, atLeast: 0 }, // prettier-ignore
        "careful gain 256": { title: "gold, best of 256: mean − sd less one judge", digits: 2, atLeast: 0 }, // prettier-ignore
        "lowest gain 256": { title: "gold, best of 256: lowest of five less one judge", digits: 2, atLeast: 0 }, // prettier-ignore
      }),
      sweep(rows, judges, sizes, { head: "gold of the best of n =", digits: 2 }),
    ].join("\n\n"),
};
