import {
  accuracyCeiling,
  bagOfCounts,
  calibrationSlope,
  drawReplyPairs,
  expectedCalibrationError,
  fitReplyReward,
  pairAccuracy,
  reliability,
  Rng,
  sigmoid,
  trainNetworkReward,
  trueFeatures,
} from "../lib/index";
import { pairDifferences, replyWorld } from "./replyWorld";
import { summary, sweep, type Recipe } from "./recipe";

const sizes = [100, 300, 1000, 3000, 10000, 30000];
const small = [50, 100, 200, 400, 1000];
const judges = {
  network: "network",
  counting: "counting",
  ece: "network: ECE",
  slope: "network: true nats per promised nat",
};

export const recipe: Recipe = {
  title: "Reward models by the number of verdicts: a simple judge first, a flexible one later",
  about:
    "Reply language, verdicts σ(Δr) on pairs of the reference's answers. Share of 20,000 fresh verdicts foretold by a network (46–64–64–1), by a bag of " +
    "seven counts, and by the thirteen features of the gold reward; calibration of the network: expected calibration error in ten bins, and the slope " +
    "of true on promised differences. ± is the standard deviation over seeds.",
  seeds: { smoke: 1, quick: 5, full: 10 },
  async run(seed) {
    const { reference, gold, fresh, differences } = replyWorld();
    const all = drawReplyPairs(reference, gold, sizes[sizes.length - 1], new Rng(`size ${seed}`));
    const values: Record<string, number> = { ceiling: accuracyCeiling(differences) };
    for (const M of small)
      values[`form ${M}`] = pairAccuracy(fitReplyReward(trueFeatures, all.slice(0, M)).tables, fresh); // prettier-ignore
    for (const M of sizes) {
      const pairs = all.slice(0, M);
      const tables = await trainNetworkReward(pairs, new Rng(`net ${seed}`));
      const promised = pairDifferences(tables, fresh);
      // every other pair is shown the other way round, so that promises below one half are tested too
      const bins = reliability(promised.map((d, i) => sigmoid(i % 2 ? d : -d)), promised.map((_, i) => i % 2)); // prettier-ignore
      values[`network ${M}`] = pairAccuracy(tables, fresh);
      values[`counting ${M}`] = pairAccuracy(fitReplyReward(bagOfCounts, pairs).tables, fresh);
      values[`ece ${M}`] = expectedCalibrationError(bins);
      values[`slope ${M}`] = calibrationSlope(promised, differences);
    }
    return values;
  },
  report: (rows) =>
    [
      sweep(rows, judges, sizes, { head: "verdicts", digits: 3 }),
      sweep(rows, { form: "the right form" }, small, { head: "verdicts", digits: 3 }),
      summary(rows, {
        ceiling: { title: "ceiling E σ(\\|Δr\\|)", digits: 4, atLeast: 0.797, atMost: 0.807 },
        "form 400": { title: "the right form, 400 verdicts", digits: 3, atLeast: 0.78 },
        "counting 1000": { title: "counting, 1,000 verdicts", digits: 3, atLeast: 0.65, atMost: 0.68 }, // prettier-ignore
      }),
    ].join("\n\n"),
};
