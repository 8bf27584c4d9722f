import assert from "node:assert/strict";
import { fitReplyReward } from "../../lib/algorithms/rewardModel/linearReward";
import { Rng } from "../../lib/core/rng";
import {
  demonstratorLogProbabilities,
  goldTable,
  orders,
} from "../../lib/environments/replyLanguage";
import { drawReplyPairs } from "../../lib/environments/replyComparisons";
import { bagOfCounts, countsAndFirstWord } from "../../lib/environments/replyFeatures";
import {
  distanceToOptimum,
  frontierPoint,
  optimalFrontier,
  tiltedPolicies,
} from "../../lib/evaluation/frontier";
import {
  bestOfNCurve,
  fitMeanCurve,
  fitOveroptimisation,
  meanOfLargestNormal,
  regressionalGoodhart,
} from "../../lib/evaluation/overoptimisation";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} for ${expected}`);

const reference = orders.map(demonstratorLogProbabilities);
const gold = orders.map(goldTable);
/** Sums of 32,768 double-precision terms. */
const rounding = 1e-9;

describe("the frontier", () => {
  it("is π_ref's own place for a large β, and rises and moves away as β falls", () => {
    const points = optimalFrontier(reference, gold, [1e6, 4, 1, 0.5, 0.1]);
    close(points[0].kl, 0, 1e-6);
    close(points[0].reward, 0.476644, 1e-5);
    for (let k = 1; k < points.length; k++) {
      assert.ok(points[k].kl > points[k - 1].kl && points[k].reward > points[k - 1].reward);
    }
  });

  it("J* − J(π) = β·KL(π‖π*), for another policy than the best", () => {
    const beta = 0.5;
    const other = tiltedPolicies(reference, gold, 1.3);
    const value = ({ kl, reward }: { kl: number; reward: number }): number => reward - beta * kl;
    const [best] = optimalFrontier(reference, gold, [beta]);
    const gap = value(best) - value(frontierPoint(other, reference, gold));
    close(gap, beta * distanceToOptimum(other, reference, gold, beta), rounding);
  });

  it("measured by another judge, is no frontier: a proxy's tilt lies below the gold's", () => {
    const pairs = drawReplyPairs(reference, gold, 1000, new Rng(1));
    const { tables } = fitReplyReward(bagOfCounts, pairs);
    for (const point of optimalFrontier(reference, tables, [1, 0.3], { judge: gold })) {
      const better = optimalFrontier(reference, gold, [4, 2, 1, 0.5, 0.25, 0.1]).filter(
        ({ kl }) => kl <= point.kl,
      );
      assert.ok(better.every(({ reward, kl }) => reward > point.reward || kl < point.kl));
    }
  });
});

describe("bestOfNCurve", () => {
  const ns = [1, 4, 16, 64, 256, 1024];
  it("against the gold reward itself never falls", () => {
    const curve = bestOfNCurve(reference, gold, gold, ns);
    curve.slice(1).forEach((point, k) => assert.ok(point.gold > curve[k].gold));
  });

  it("against a bag of counts peaks at n = 16 and falls by at least 1; with the first word at 16 or 64 by .4", () => {
    const pairs = drawReplyPairs(reference, gold, 1000, new Rng(2));
    const of = (features: typeof bagOfCounts): number[] =>
      bestOfNCurve(reference, fitReplyReward(features, pairs).tables, gold, ns).map((p) => p.gold);
    const counts = of(bagOfCounts);
    assert.equal(ns[counts.indexOf(Math.max(...counts))], 16);
    assert.ok(Math.max(...counts) - counts[5] >= 1, String(counts));
    const first = of(countsAndFirstWord);
    assert.ok([16, 64].includes(ns[first.indexOf(Math.max(...first))]), String(first));
    assert.ok(Math.max(...first) - first[5] >= 0.4, String(first));
  });
});

describe("fitOveroptimisation", () => {
  const distances = [0.3, 0.8, 1.3, 1.7, 2.2];
  it("finds the numbers that made a curve, in both forms", () => {
    const bon = fitOveroptimisation(distances, distances.map((d) => d * (2 - 0.4 * d)), "best-of-n"); // prettier-ignore
    [bon.alpha - 2, bon.beta - 0.4, bon.rSquared - 1].forEach((x) => close(x, 0, 1e-12));
    const rl = fitOveroptimisation(distances, distances.map((d) => d * (1.5 - 0.7 * Math.log(d))), "RL"); // prettier-ignore
    [rl.alpha - 1.5, rl.beta - 0.7, rl.rSquared - 1].forEach((x) => close(x, 0, 1e-12));
    close(rl.gain(2), 2 * (1.5 - 0.7 * Math.log(2)), 1e-12);
  });

  it("of noisy seeds has intervals that hold the truth and shrink with more seeds", () => {
    const rng = new Rng("seeds");
    const curve = () => {
      const alpha = 2 + 0.2 * rng.normal();
      return [0, ...distances].map((d) => ({ kl: d * d, gold: 0.5 + d * (alpha - 0.4 * d) }));
    };
    const fit = (seeds: number) =>
      fitMeanCurve(Array.from({ length: seeds }, curve), "best-of-n", new Rng("bootstrap"));
    const [few, many] = [fit(4), fit(40)];
    const width = ({ low, high }: { low: number; high: number }): number => high - low;
    assert.ok(many.alphaInterval.low < 2 && many.alphaInterval.high > 2);
    assert.ok(width(many.alphaInterval) < width(few.alphaInterval));
  });

  it("refuses what cannot be fitted", () => {
    assert.throws(() => fitOveroptimisation([1, 2], [1, 2], "RL"), /at least 3 entries/);
    assert.throws(() => fitOveroptimisation([0, 1, 2], [0, 1, 2], "RL"), /distances\[0\]/);
    const noStart = [0, 1].map(() => [{ kl: 1, gold: 1 }, { kl: 2, gold: 2 }]); // prettier-ignore
    assert.throws(() => fitMeanCurve(noStart, "RL", new Rng(1)), /a point with KL = 0/);
  });
});

describe("regressionalGoodhart", () => {
  it("meanOfLargestNormal has the tabulated values 0, 0.56419, 1.53875 and 2.50759 for n = 1, 2, 10, 100", () => {
    const tabulated: [number, number][] = [[1, 0], [2, 0.5641896], [10, 1.5387527], [100, 2.5075936]]; // prettier-ignore
    for (const [n, m] of tabulated) close(meanOfLargestNormal(n), m, 1e-6);
  });

  it("is what many draws give: the gold is 1/(1+s²) of the promise", () => {
    const rng = new Rng("goodhart");
    const [n, noise, rounds] = [16, 1.5, 20000];
    let [proxy, gold] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      let [best, worth] = [-Infinity, 0];
      for (let i = 0; i < n; i++) {
        const g = rng.normal();
        const p = g + noise * rng.normal();
        if (p > best) [best, worth] = [p, g];
      }
      proxy += best / rounds;
      gold += worth / rounds;
    }
    const exact = regressionalGoodhart(n, noise);
    close(proxy, exact.proxy, 0.03); // 4 standard errors
    close(gold, exact.gold, 0.03);
    close(exact.gold / exact.proxy, 1 / (1 + noise * noise), 1e-12);
  });
});
