import {
  bagOfCounts,
  drawReplyPairs,
  ExactBestOfN,
  expectation,
  fitShortReplyReward,
  orders,
  Rng,
  rubric,
  shortDemonstratorLogProbabilities,
  shortGoldTables,
  shortReplyLengths,
  shortRewardTable,
  tiltedPolicy,
  withLength,
} from "../lib/index";
import { heldMean, sweep, type Recipe } from "./recipe";

const lambdas = [0, 0.5, 1, 1.5];
const reference = orders.map(shortDemonstratorLogProbabilities);
const gold = shortGoldTables();
const lengths = shortReplyLengths();
const features = withLength(rubric);
const lines = {
  found: "length weight found",
  um: "worth of “um”, by counting (nats)",
  "counting tilt length": "β = 0.3, counting: words",
  "fitted tilt length": "β = 0.3, with a length term: words",
  "controlled tilt length": "β = 0.3, length set to 0: words",
  "counting best length": "best of 16, counting: words",
  "counting best gold": "best of 16, counting: gold",
  "fitted best length": "best of 16, with a length term: words",
  "fitted best gold": "best of 16, with a length term: gold",
  "controlled best length": "best of 16, length set to 0: words",
  "controlled best gold": "best of 16, length set to 0: gold",
};

/** Mean length and gold reward of what a judge makes of the assistant, exactly, for the first order. */
function outcome(name: string, rewards: Float64Array): Record<string, number> {
  const tilted = tiltedPolicy(reference[0], rewards, 0.3);
  const best = new ExactBestOfN(reference[0], rewards);
  return {
    [`${name} tilt length`]: expectation(tilted, lengths),
    [`${name} tilt gold`]: expectation(tilted, gold[0]),
    [`${name} best length`]: best.expectation(16, lengths),
    [`${name} best gold`]: best.expectation(16, gold[0]),
  };
}

export const recipe: Recipe = {
  title: "A liking for length enters a reward model, and is taken out again",
  about:
    "Reply language with an end (0 to 5 words); 2,000 verdicts σ(Δr + λ·Δlength). A bag of counts, and the lines of the annotators' instruction sheet with a " +
    "length term, that can be set to 0. What each makes of the assistant, exactly: the best policy at β = 0.3, and the best of 16. ± is the " +
    "standard deviation over seeds.",
  seeds: { smoke: 2, quick: 5, full: 20 },
  run(seed) {
    const values: Record<string, number> = {};
    for (const lambda of lambdas) {
      const felt = gold.map((table) => table.map((reward, y) => reward + lambda * lengths[y]));
      const pairs = drawReplyPairs(reference, felt, 2000, new Rng(`λ ${seed}`));
      const counted = fitShortReplyReward(bagOfCounts, pairs);
      const weights = fitShortReplyReward(features, pairs);
      const found = weights[features.names.indexOf("length")];
      const without = weights.map((w, f) => (features.names[f] === "length" ? 0 : w));
      const all = {
        found,
        error: found - lambda,
        um: counted[bagOfCounts.names.indexOf("um")],
        ...outcome("counting", shortRewardTable(bagOfCounts, counted, 0)),
        ...outcome("fitted", shortRewardTable(features, weights, 0)),
        ...outcome("controlled", shortRewardTable(features, without, 0)),
      };
      for (const [name, value] of Object.entries(all)) values[`${name} ${lambda}`] = value;
    }
    return values;
  },
  report: (rows) =>
    [
      sweep(rows, lines, lambdas, { head: "λ of the annotators", digits: 2 }),
      ...lambdas.map((lambda) =>
        heldMean(rows, `error ${lambda}`, {
          title: `λ̂ − λ at λ = ${lambda}`,
          atLeast: -0.05,
          atMost: 0.25,
        }),
      ),
    ].join("\n\n"),
};
